/*
 * A client certificate and its private key: whatever the two files hold, the key's
 * text is zeros afterwards, what failed leaves nothing behind, what is taken signs or
 * says that it does not, and ends without a byte left. The input: a byte that says
 * what is to be made of the rest, two for the certificate's length, the certificate
 * and the key.
 */
#include "port/mbedtls/client_cert.h"

#include "port/port.h"
#include "tests/fuzz/pem_text.h"
#include "tests/fuzz/same.h"

enum { CERT_DER = 1, KEY_DER = 2, SIGNS = 4, LABEL = 8 };

bool cilp_port_entropy(uint8_t *p, size_t n)
{
    static uint8_t some;

    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(++some * 5);
    return true;
}

static bool is_zero(const void *p, size_t n)
{
    const uint8_t *b = p;

    for (size_t i = 0; i < n; i++)
        if (b[i])
            return false;
    return true;
}

/* The text of one file, in memory of just its size. */
static char *file_of(const char *label, const uint8_t *p, size_t *n)
{
    static struct pem_text made;
    char *file;

    made.n = 0;
    if (label)
        pem_text_block(&made, label, p, *n);
    else
        pem_text_add(&made, p, *n);
    *n = made.n;
    file = malloc(made.n ? made.n : 1);
    memcpy(file, made.p, made.n);
    return file;
}

static void use(struct cilp_client_cert *c, bool signs)
{
    uint8_t hash[32] = {1}, sig[CILP_X509_SIG_MAX];
    size_t len = 0;

    MUST(c->is.leaf_len > 0 &&
         c->is.leaf_len + c->is.chain_len <= sizeof c->der);
    MUST(c->is.serial_len <= sizeof c->is.serial);
    for (size_t i = 0; i < strlen(c->subject); i++)
        MUST(c->subject[i] >= 0x20 && c->subject[i] < 0x7f);
    (void)cilp_client_cert_dates(c, 1768478400);
    if (!signs)
        return;
    if (c->is.sign(&c->is, hash, sig, sizeof sig, &len)) {
        MUST(len > 0 && len <= sizeof sig);
        return;
    }
    /* RSA whose numbers do not belong together: only signing tells. */
    MUST(c->is.key == CILP_X509_RSA && len == 0 && is_zero(sig, sizeof sig));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const char *const labels[] = {"PRIVATE KEY", "EC PRIVATE KEY",
                                         "RSA PRIVATE KEY"};
    static struct cilp_client_cert c;
    size_t cert_len, key_len;
    const char *fault;
    char *cert, *key;

    if (n < 3)
        return 0;
    cert_len = (size_t)p[1] << 8 | p[2];
    cert_len = cert_len < n - 3 ? cert_len : n - 3;
    key_len = n - 3 - cert_len;
    cert = file_of(p[0] & CERT_DER ? "CERTIFICATE" : NULL, p + 3, &cert_len);
    key = file_of(p[0] & KEY_DER ? labels[p[0] / LABEL % 3] : NULL,
                  p + n - key_len, &key_len);
    fault = cilp_client_cert_load(&c, cert, cert_len, key, key_len);
    MUST(is_zero(key, key_len));
    free(cert);
    free(key);
    if (!fault) {
        use(&c, p[0] & SIGNS);
        cilp_client_cert_end(&c);
    }
    MUST(!fault || !strstr(fault, "no free key slot"));
    c.is_key_fault = false;
    MUST(is_zero(&c, sizeof c));
    return 0;
}
