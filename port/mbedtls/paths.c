#include "port/mbedtls/paths.h"

#include <string.h>

#include "port/mbedtls/dates.h"
#include "port/mbedtls/verify.h"

static bool is_fine(const struct cilp_trust *t, const mbedtls_x509_crt *crt)
{
    return cilp_verify_usage(crt) == 0 &&
           (!t->judge_dates || cilp_dates_judge(crt, t->unix_s) == 0);
}

static bool is_named(const mbedtls_x509_buf *subject,
                     const mbedtls_x509_buf *issuer)
{
    return cilp_trust_name_may_equal(subject->p, subject->len, issuer->p,
                                     issuer->len);
}

/* ---- Where names lead ---------------------------------------------------- */

/* One of the marked ones bears this name. */
static bool is_marked(const mbedtls_x509_crt *first, uint32_t marks,
                      const mbedtls_x509_buf *name)
{
    for (; first && marks; first = first->next, marks >>= 1)
        if ((marks & 1) && is_named(&first->subject_raw, name))
            return true;
    return false;
}

/* Bit n: the n-th is fine, and so are those that lead from it to an anchor. In
 * each round the marks spread by one step. */
static uint32_t leading(const struct cilp_trust *t,
                        const mbedtls_x509_crt *first, cilp_paths_knows *knows)
{
    uint32_t marks = 0, before;

    do {
        const mbedtls_x509_crt *c = first;

        before = marks;
        for (int n = 0; c && n < CILP_PATHS_MAX; c = c->next, n++)
            if (!(marks >> n & 1) && is_fine(t, c) &&
                (knows(t, &c->issuer_raw) ||
                 is_marked(first, marks, &c->issuer_raw)))
                marks |= (uint32_t)1 << n;
    } while (marks != before);
    return marks;
}

/* ---- The best ------------------------------------------------------------ */

/* The child says whose key signed it, and it is not this one's. */
static bool is_other_key(const mbedtls_x509_crt *child,
                         const mbedtls_x509_crt *crt)
{
    const mbedtls_x509_buf *a = &child->authority_key_id.keyIdentifier;
    const mbedtls_x509_buf *b = &crt->subject_key_id;

    return a->len > 0 && b->len > 0 &&
           (a->len != b->len || memcmp(a->p, b->p, a->len) != 0);
}

static int rate(const struct cilp_trust *t, const mbedtls_x509_crt *child,
                const mbedtls_x509_crt *crt, bool leads)
{
    if (!is_named(&crt->subject_raw, &child->issuer_raw) ||
        mbedtls_x509_crt_get_ca_istrue(crt) != 1)
        return 0;
    return 1 + 4 * !is_other_key(child, crt) + 2 * leads + is_fine(t, crt);
}

/* see paths.h */
void cilp_paths_arrange(const struct cilp_trust *t, mbedtls_x509_crt *child,
                        cilp_paths_knows *knows)
{
    uint32_t marks = leading(t, child->next, knows);
    mbedtls_x509_crt **at = &child->next, **best = NULL, *found;
    int most = 0;

    for (int n = 0; *at && n < CILP_PATHS_MAX; at = &(*at)->next, n++) {
        int rating = rate(t, child, *at, marks >> n & 1);

        if (rating > most) {
            most = rating;
            best = at;
        }
    }
    if (!best)
        return;
    found = *best;
    *best = found->next;
    found->next = child->next;
    child->next = found;
}

/* see paths.h */
void cilp_paths_sink(const struct cilp_trust *t, mbedtls_x509_crt **list)
{
    mbedtls_x509_crt *first = *list, **at = list;

    if (is_fine(t, first))
        return;
    while (*at)
        at = &(*at)->next;
    *at = first;
    *list = first->next;
    first->next = NULL;
}
