/*
 * FOR QEMU ONLY. Its boards have no place for a secret: the key is a file of the
 * host (the 32 bytes of a P-256 scalar), read through semihosting and put into a
 * volatile slot of PSA's. identity.h says what a product does instead.
 */
#include "boards/firmware/identity.h"

#include "mbedtls/platform_util.h"
#include "psa/crypto.h"

#include "boards/firmware/semihost.h"
#include "port/mbedtls/client_cert.h"

#define SCALAR 32

/* How many bytes; 0: it cannot be read, or is too long. */
static size_t read_all(const char *path, uint8_t *p, size_t cap)
{
    int file = semihost_open(path);
    size_t n;

    if (file < 0)
        return 0;
    n = semihost_read(file, p, cap);
    semihost_close(file);
    return n < cap ? n : 0;
}

static bool import(const char *path, mbedtls_svc_key_id_t *id)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    uint8_t scalar[SCALAR + 1];
    bool good = read_all(path, scalar, sizeof scalar) == SCALAR;

    psa_set_key_type(&a, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&a, 256);
    psa_set_key_usage_flags(&a, PSA_KEY_USAGE_SIGN_HASH);
    psa_set_key_algorithm(&a, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH));
    good = good && psa_import_key(&a, scalar, SCALAR, id) == PSA_SUCCESS;
    mbedtls_platform_zeroize(scalar, sizeof scalar);
    return good;
}

/* see identity.h */
const struct cilp_x509_identity *board_identity(const char *cert,
                                                const char *key,
                                                const char **fault)
{
    static struct cilp_client_cert me;
    static uint8_t text[4096]; /* PEM, or DER */
    static mbedtls_svc_key_id_t id;
    size_t n;

    if (me.is.leaf)
        return &me.is;
    if (!id && !import(key, &id)) {
        *fault = "the device's key cannot be read, or is none of P-256's";
        return NULL;
    }
    n = read_all(cert, text, sizeof text);
    *fault = cilp_client_cert_use(&me, text, n, id);
    return *fault ? NULL : &me.is;
}
