/* A client certificate in a TLS stream: tls_session.h says what tls.c wants. */
#include "mbedtls/asn1.h"
#include "mbedtls/platform.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/ssl.h"

#include "core/text.h"
#include "port/mbedtls/client_cert_own.h"
#include "port/mbedtls/dates.h"
#include "port/mbedtls/explain_text.h"
#include "port/mbedtls/tls_session.h"

/* In mbedTLS's memory for as long as the stream is open. Of a certificate that it
 * sends mbedTLS wants the bytes and the next one, so that none is parsed. */
struct own {
    mbedtls_pk_context key;
    size_t n;
    mbedtls_x509_crt certs[];
};

/* The key's id by PSA; it stays where it is. */
static int wrap(mbedtls_pk_context *pk, const struct cilp_client_cert *c)
{
#if MBEDTLS_VERSION_MAJOR >= 4
    return mbedtls_pk_wrap_psa(pk, cilp_client_cert_key(c));
#elif defined(MBEDTLS_USE_PSA_CRYPTO)
    return mbedtls_pk_setup_opaque(pk, cilp_client_cert_key(c));
#else /* a given one */
    (void)pk;
    (void)c;
    return MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE;
#endif
}

/* Bytes of the first certificate in p[0..n), which begins with one. */
static size_t first_of(const uint8_t *p, size_t n)
{
    unsigned char *at = (unsigned char *)p;
    size_t len = 0;

    (void)mbedtls_asn1_get_tag(
        &at, p + n, &len, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    return (size_t)(at - p) + len;
}

static size_t count(const struct cilp_x509_identity *id)
{
    size_t n = 1;

    for (size_t at = 0; at < id->chain_len; n++)
        at += first_of(id->chain + at, id->chain_len - at);
    return n;
}

static void put(mbedtls_x509_crt *crt, const uint8_t *p, size_t n)
{
    crt->raw.p = (unsigned char *)p; /* is read only */
    crt->raw.len = n;
}

/* In memory that is zeros. */
static void string_together(struct own *own,
                            const struct cilp_x509_identity *id)
{
    put(&own->certs[0], id->leaf, id->leaf_len);
    for (size_t i = 1, at = 0; i < own->n; i++) {
        size_t n = first_of(id->chain + at, id->chain_len - at);

        put(&own->certs[i], id->chain + at, n);
        own->certs[i - 1].next = &own->certs[i];
        at += n;
    }
}

static void say_dates(struct cilp_tls *t, const struct cilp_client_cert *c,
                      int64_t unix_s)
{
    bool expired = unix_s > c->until_s;
    mbedtls_x509_time d = cilp_dates_of(expired ? c->until_s : c->from_s);
    struct cilp_text x;

    if (!cilp_explain_begin(t, &x))
        return;
    cilp_explain_put(&x, "the client certificate of ");
    cilp_explain_put(&x, c->subject);
    cilp_explain_put(&x, expired ? " expired at " : " is valid only from ");
    cilp_explain_put_date(&x, &d);
    cilp_explain_put_clock(&x, unix_s);
    cilp_text_cut(&x);
}

static void withdraw(struct cilp_tls *t)
{
    struct own *own = t->session->own;

    mbedtls_pk_free(&own->key);
    mbedtls_free(own);
    t->session->own = NULL;
}

static int offer(struct cilp_tls *t, const struct cilp_peer *to)
{
    const struct cilp_client_cert *c = cilp_client_cert_of(to->identity);
    struct own *own;
    size_t n;
    int rc;

    if (!c)
        return MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED;
    if (to->judge_dates && cilp_client_cert_dates(c, to->unix_s)) {
        say_dates(t, c, to->unix_s);
        return MBEDTLS_ERR_SSL_BAD_INPUT_DATA;
    }
    n = count(&c->is);
    own = mbedtls_calloc(1, sizeof *own + n * sizeof own->certs[0]);
    if (!own)
        return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    t->session->own = own;
    own->n = n;
    mbedtls_pk_init(&own->key);
    string_together(own, &c->is);
    rc = wrap(&own->key, c);
    return rc == 0 ? mbedtls_ssl_conf_own_cert(&t->session->conf, own->certs,
                                               &own->key)
                   : rc;
}

const struct cilp_tls_own cilp_client_cert_tls = {offer, withdraw};
