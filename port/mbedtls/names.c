#include "port/mbedtls/names.h"

#include <string.h>

#include "mbedtls/asn1.h"

#include "port/mbedtls/trust.h"

/* see names.h */
int cilp_names_kind(const mbedtls_x509_buf *entry)
{
    return entry->tag & MBEDTLS_ASN1_TAG_VALUE_MASK;
}

static bool is_same(const uint8_t *a, size_t a_len, const char *b, size_t b_len)
{
    return cilp_trust_name_may_equal(a, a_len, (const uint8_t *)b, b_len);
}

static bool is_host(const mbedtls_x509_buf *name, const char *host, size_t len)
{
    const char *dot = memchr(host, '.', len);

    if (is_same(name->p, name->len, host, len))
        return true;
    if (!dot || dot == host || name->len < 2 || memcmp(name->p, "*.", 2) != 0 ||
        !memchr(name->p + 2, '.', name->len - 2))
        return false;
    return is_same(name->p + 1, name->len - 1, dot, len - (size_t)(dot - host));
}

/* see names.h */
bool cilp_names_have_host(const mbedtls_x509_crt *crt, const char *host)
{
    const mbedtls_x509_sequence *s = &crt->subject_alt_names;
    size_t len = strlen(host);

    for (; s && s->buf.p; s = s->next)
        if (cilp_names_kind(&s->buf) == MBEDTLS_X509_SAN_DNS_NAME &&
            is_host(&s->buf, host, len))
            return true;
    return false;
}

/* see names.h */
bool cilp_names_have_address(const mbedtls_x509_crt *crt, const void *ip,
                             size_t len)
{
    const mbedtls_x509_sequence *s = &crt->subject_alt_names;

    for (; s && s->buf.p; s = s->next)
        if (cilp_names_kind(&s->buf) == MBEDTLS_X509_SAN_IP_ADDRESS &&
            s->buf.len == len && memcmp(s->buf.p, ip, len) == 0)
            return true;
    return false;
}
