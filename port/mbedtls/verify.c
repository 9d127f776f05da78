#include "port/mbedtls/verify.h"

#include "mbedtls/oid.h"
#include "mbedtls/ssl.h"

#include "port/mbedtls/dates.h"
#include "port/mbedtls/explain.h"
#include "port/mbedtls/names.h"
#include "port/mbedtls/tls_session.h"

/* ---- Signature schemes -------------------------------------------------- */

enum { ANY = 0, NONE = 1 }; /* what is no key's size */

/* PSS comes after PKCS #1 v1.5: mbedTLS 3.6.6 failed against TLS 1.2 servers
 * that took a PSS of ours because it stood first. `bits`: the key to which a
 * scheme belongs in TLS 1.3; in TLS 1.2 a curve and a hash are free. */
static const struct {
    uint16_t scheme, bits;
} schemes[] = {
    {MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256, 256},
    {MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384, 384},
#if defined(PSA_WANT_ECC_SECP_R1_521)
    {MBEDTLS_TLS1_3_SIG_ECDSA_SECP521R1_SHA512, 521},
#endif
    {MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256, NONE},
    {MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384, NONE},
    {MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512, NONE},
    {MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256, ANY},
    {MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384, ANY},
    {MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512, ANY},
};

#define COUNT (sizeof schemes / sizeof schemes[0])

_Static_assert(COUNT < CILP_TLS_SCHEMES, "room for all, and for the end");

/* see verify.h */
void cilp_verify_offer(uint16_t offered[CILP_TLS_SCHEMES])
{
    size_t i;

    for (i = 0; i < COUNT; i++)
        offered[i] = schemes[i].scheme;
    offered[i] = MBEDTLS_TLS1_3_SIG_NONE;
}

/* A scheme of ECDSA's, a key of RSA's: mbedTLS sees that itself. */
static bool is_of_key(uint16_t bits, size_t key_bits)
{
    return bits == ANY || bits == key_bits || (bits != NONE && key_bits > 521);
}

/* mbedTLS looks at the list once more, when CertificateVerify comes. */
static void keep_schemes_of(const mbedtls_x509_crt *leaf,
                            uint16_t offered[CILP_TLS_SCHEMES])
{
    size_t key_bits = mbedtls_pk_get_bitlen(&leaf->pk), n = 0;

    for (size_t i = 0; i < COUNT; i++)
        if (is_of_key(schemes[i].bits, key_bits))
            offered[n++] = schemes[i].scheme;
    offered[n] = MBEDTLS_TLS1_3_SIG_NONE;
}

/* ---- A certificate ------------------------------------------------------ */

/* see verify.h */
uint32_t cilp_verify_usage(const mbedtls_x509_crt *crt)
{
    return mbedtls_x509_crt_check_extended_key_usage(
               crt, MBEDTLS_OID_SERVER_AUTH,
               MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) == 0
               ? 0
               : MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
}

static uint32_t judge_host(const struct cilp_tls *t,
                           const mbedtls_x509_crt *leaf)
{
    bool good = t->ip_len > 0 ? cilp_names_have_address(leaf, t->ip, t->ip_len)
                              : cilp_names_have_host(leaf, t->host);

    return good ? 0 : MBEDTLS_X509_BADCERT_CN_MISMATCH;
}

/* What the leaf is asked beside. */
static uint32_t judge_leaf(struct cilp_tls *t, const mbedtls_x509_crt *leaf)
{
    if (mbedtls_ssl_get_version_number(&t->session->ssl) ==
        MBEDTLS_SSL_VERSION_TLS1_3)
        keep_schemes_of(leaf, t->session->schemes);
    return judge_host(t, leaf);
}

/* see verify.h */
int cilp_verify_link(void *tls, mbedtls_x509_crt *crt, int depth,
                     uint32_t *flags)
{
    struct cilp_tls *t = tls;
    struct cilp_trust *trust = t->trust;
    struct cilp_constraints *above = &t->session->constraints;
    bool ends = t->session->below == 0;
    const char *fault;

    t->session->below = depth;
    if (trust->has_leaf) /* then nobody has to vouch for it */
        *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_NOT_TRUSTED |
                              MBEDTLS_X509_BADCERT_BAD_MD);
    *flags &= ~CILP_DATES_FLAGS;
    if (t->judge_dates)
        *flags |= cilp_dates_judge(crt, t->unix_s);
    *flags |= cilp_verify_usage(crt);
    if (depth == 0)
        *flags |= judge_leaf(t, crt);
    fault = cilp_constraints_judge(above, crt, depth, t->host);
    if (fault)
        *flags |= MBEDTLS_X509_BADCERT_OTHER;
    if (!cilp_tls_is_short_of_memory(t)) /* else that is why: it is said so */
        cilp_explain_certificate(t, crt, ends, *flags, fault);
    if (t->facts)
        cilp_explain_link(t->facts, crt, depth, ends, *flags);
    return 0;
}

/* see verify.h */
int cilp_verify_find(void *tls, const mbedtls_x509_crt *child,
                     mbedtls_x509_crt **found)
{
    struct cilp_tls *t = tls;

    t->trust->judge_dates = t->judge_dates;
    t->trust->unix_s = t->unix_s;
    return t->trust->ops->find(t->trust, child, found);
}
