#include "port/mbedtls/trust.h"

#include "mbedtls/platform.h"
#include "mbedtls/x509_crt.h"

#include "port/mbedtls/arena.h"
#include "port/mbedtls/trust_parse.h"

/* ---- Names -------------------------------------------------------------- */

static uint8_t fold(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint8_t)(c + 'a' - 'A');
    /* UTF8String 0x0c, PrintableString 0x13: CAs have issued with one in the
     * root's subject and the other in its children's issuer. */
    return c == 0x13 ? 0x0c : c;
}

/* see trust.h */
bool cilp_trust_name_may_equal(const uint8_t *a, size_t a_len, const uint8_t *b,
                               size_t b_len)
{
    if (a_len != b_len)
        return false;
    for (size_t i = 0; i < a_len; i++)
        if (a[i] != b[i] && fold(a[i]) != fold(b[i]))
            return false;
    return true;
}

/* ---- Lists -------------------------------------------------------------- */

/* see trust_parse.h */
int cilp_trust_parse(mbedtls_x509_crt **list, const uint8_t *der, size_t len,
                     mbedtls_x509_crt_ext_cb_t extra, void *context)
{
    mbedtls_x509_crt *crt = mbedtls_calloc(1, sizeof *crt);
    int rc;

    if (!crt)
        return MBEDTLS_ERR_X509_ALLOC_FAILED;
    mbedtls_x509_crt_init(crt);
    rc = mbedtls_x509_crt_parse_der_with_ext_cb(crt, der, len, 0, extra,
                                                context);
    if (rc != 0) {
        cilp_trust_drop(crt);
        return rc;
    }
    crt->next = *list;
    *list = crt;
    return 0;
}

/* see trust_parse.h */
void cilp_trust_drop(mbedtls_x509_crt *list)
{
    mbedtls_x509_crt_free(list);
    mbedtls_free(list);
}

/* see trust.h */
enum cilp_trust_rc cilp_trust_add(mbedtls_x509_crt **list, const uint8_t *der,
                                  size_t len)
{
    switch (cilp_trust_parse(list, der, len, NULL, NULL)) {
    case 0: return CILP_TRUST_OK;
    case MBEDTLS_ERR_X509_ALLOC_FAILED: return CILP_TRUST_NO_MEMORY;
    default: return CILP_TRUST_UNUSABLE;
    }
}

/* ---- The built-in roots ------------------------------------------------- */

static int find_root(struct cilp_trust *t, const mbedtls_x509_crt *child,
                     mbedtls_x509_crt **found)
{
    *found = NULL;
    t->offered = 0;
    for (size_t i = 0; i < cilp_trust_roots_count; i++) {
        const struct cilp_trust_root *r = &cilp_trust_roots[i];

        if (!cilp_trust_name_may_equal(child->issuer_raw.p,
                                       child->issuer_raw.len,
                                       r->der + r->subject_at, r->subject_len))
            continue;
        if (cilp_trust_add(found, r->der, r->len) != CILP_TRUST_OK) {
            t->why = cilp_arena_too_small; /* nothing else can be amiss */
            return MBEDTLS_ERR_X509_ALLOC_FAILED;
        }
        t->offered++;
    }
    return 0;
}

static void done_root(struct cilp_trust *t)
{
    (void)t;
}

static const struct cilp_trust_ops roots_ops = {.find = find_root,
                                                .done = done_root};

/* see trust.h */
void cilp_trust_init_roots(struct cilp_trust *t)
{
    *t = (struct cilp_trust){.ops = &roots_ops,
                             .name = "the built-in Amazon roots"};
}
