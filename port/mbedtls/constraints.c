#include "port/mbedtls/constraints.h"

#include <stdbool.h>
#include <string.h>

#include "mbedtls/asn1.h"
#include "mbedtls/oid.h"

#include "port/mbedtls/names.h"
#include "port/mbedtls/trust.h"

#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)
#define BRANCH   (MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED)

static const char forbidden[] =
    "is for a name that a CA above it may not vouch for (name constraints)";
static const char unjudged[] =
    "has a CA above it whose name constraints are of a kind that is not judged"
    " here";

struct piece {
    const uint8_t *p;
    size_t len;
};

/* Take the next element off x, if it has that tag. */
static bool take(struct piece *x, int tag, struct piece *content)
{
    unsigned char *p = (unsigned char *)x->p;
    const unsigned char *end = x->p + x->len;
    size_t len;

    if (x->len == 0 || mbedtls_asn1_get_tag(&p, end, &len, tag) != 0)
        return false;
    *content = (struct piece){p, len};
    *x = (struct piece){p + len, (size_t)(end - p) - len};
    return true;
}

/* ---- A name and a subtree ------------------------------------------------ */

static bool ends_with(const struct piece *name, const struct piece *base)
{
    size_t before = name->len - base->len;

    if (name->len < base->len ||
        !cilp_trust_name_may_equal(name->p + before, base->len, base->p,
                                   base->len))
        return false;
    return before == 0 || base->len == 0 || base->p[0] == '.' ||
           name->p[before - 1] == '.';
}

/* base: address and mask. */
static bool is_in_net(const struct piece *ip, const struct piece *base)
{
    if (base->len != 2 * ip->len)
        return false;
    for (size_t i = 0; i < ip->len; i++)
        if ((ip->p[i] ^ base->p[i]) & base->p[ip->len + i])
            return false;
    return true;
}

/* A name of the directory is its relative names from the root on. */
static bool is_below(const struct piece *name, const struct piece *base)
{
    struct piece whole = *base, rest;

    return take(&whole, SEQUENCE, &rest) && rest.len <= name->len &&
           cilp_trust_name_may_equal(name->p, rest.len, rest.p, rest.len);
}

static bool is_within(int kind, const struct piece *name,
                      const struct piece *base)
{
    switch (kind) {
    case MBEDTLS_X509_SAN_DNS_NAME: return ends_with(name, base);
    case MBEDTLS_X509_SAN_IP_ADDRESS: return is_in_net(name, base);
    default: return is_below(name, base);
    }
}

/* Whether it is known how names of this kind compare. What is excluded must be
 * found in any spelling, which a directory's names have too many of. */
static bool is_judged(int kind, bool excluded)
{
    return kind == MBEDTLS_X509_SAN_DNS_NAME ||
           kind == MBEDTLS_X509_SAN_IP_ADDRESS ||
           (kind == MBEDTLS_X509_SAN_DIRECTORY_NAME && !excluded);
}

/* ---- A name and all subtrees --------------------------------------------- */

/* GeneralSubtree: a base and nothing else (RFC 5280: minimum 0, no maximum).
 * Returns the base's kind, -1 if it is none. */
static int subtree(struct piece *trees, struct piece *base)
{
    struct piece tree;
    int kind;

    if (!take(trees, SEQUENCE, &tree) || tree.len == 0)
        return -1;
    kind = tree.p[0] & MBEDTLS_ASN1_TAG_VALUE_MASK;
    if (!take(&tree, tree.p[0], base) || tree.len > 0)
        return -1;
    return kind;
}

/* One list, permitted or excluded, and one name. */
static const char *judge_list(struct piece trees, bool excluded, int kind,
                              const struct piece *name)
{
    bool any = false, within = false;

    while (trees.len > 0) {
        struct piece base;
        int of = subtree(&trees, &base);

        if (of < 0 || (of == kind && !is_judged(kind, excluded)))
            return unjudged;
        if (of != kind)
            continue;
        any = true;
        within = within || is_within(kind, name, &base);
    }
    return any && within == excluded ? forbidden : NULL;
}

/* NameConstraints: permittedSubtrees [0], excludedSubtrees [1]. */
static const char *judge_name(const struct cilp_constraints *c, int kind,
                              const uint8_t *p, size_t len)
{
    struct piece name = {p, len};
    const char *fault = NULL;

    for (size_t i = 0; i < c->n && !fault; i++) {
        struct piece whole = {c->of[i].p, c->of[i].len}, lists, list;

        if (!take(&whole, SEQUENCE, &lists) || whole.len > 0)
            return unjudged;
        if (take(&lists, BRANCH | 0, &list))
            fault = judge_list(list, false, kind, &name);
        if (!fault && take(&lists, BRANCH | 1, &list))
            fault = judge_list(list, true, kind, &name);
        if (lists.len > 0)
            return unjudged;
    }
    return fault;
}

/* ---- A certificate ------------------------------------------------------- */

static const char *judge_alternatives(const struct cilp_constraints *c,
                                      const mbedtls_x509_crt *crt)
{
    const mbedtls_x509_sequence *s = &crt->subject_alt_names;
    const char *fault = NULL;

    for (; s && s->buf.p && !fault; s = s->next) {
        struct piece whole = {s->buf.p, s->buf.len}, name = whole;
        int kind = cilp_names_kind(&s->buf);

        if (kind == MBEDTLS_X509_SAN_DIRECTORY_NAME &&
            !take(&whole, SEQUENCE, &name))
            return unjudged;
        fault = judge_name(c, kind, name.p, name.len);
    }
    return fault;
}

/* The subject: a name of the directory, and an e-mail address in it. */
static const char *judge_subject(const struct cilp_constraints *c,
                                 const mbedtls_x509_crt *crt)
{
    struct piece whole = {crt->subject_raw.p, crt->subject_raw.len}, name;
    const char *fault;

    if (!take(&whole, SEQUENCE, &name) || name.len == 0)
        return NULL; /* nameless */
    fault = judge_name(c, MBEDTLS_X509_SAN_DIRECTORY_NAME, name.p, name.len);
    for (const mbedtls_x509_name *n = &crt->subject; n && !fault; n = n->next)
        if (MBEDTLS_OID_CMP(MBEDTLS_OID_PKCS9_EMAIL, &n->oid) == 0)
            fault = judge_name(c, MBEDTLS_X509_SAN_RFC822_NAME, n->val.p,
                               n->val.len);
    return fault;
}

static bool is_self_issued(const mbedtls_x509_crt *crt)
{
    return cilp_trust_name_may_equal(crt->issuer_raw.p, crt->issuer_raw.len,
                                     crt->subject_raw.p, crt->subject_raw.len);
}

/* A wildcard may stand for a host that is excluded: the host counts as well. */
static const char *judge_all(const struct cilp_constraints *c,
                             const mbedtls_x509_crt *crt, int depth,
                             const char *host)
{
    const char *fault = judge_subject(c, crt);

    if (!fault)
        fault = judge_alternatives(c, crt);
    if (!fault && depth == 0 && cilp_names_have_host(crt, host))
        fault = judge_name(c, MBEDTLS_X509_SAN_DNS_NAME, (const uint8_t *)host,
                           strlen(host));
    return fault;
}

/* see constraints.h */
int cilp_constraints_are(void *context, const mbedtls_x509_crt *crt,
                         const mbedtls_x509_buf *oid, int critical,
                         const unsigned char *p, const unsigned char *end)
{
    (void)context;
    (void)crt;
    (void)critical;
    (void)p;
    (void)end;
    return MBEDTLS_OID_CMP(MBEDTLS_OID_NAME_CONSTRAINTS, oid) == 0
               ? 0
               : MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE;
}

/* Extension: OID, whether it is critical, and what it is. False: no room. */
static bool keep_own(struct cilp_constraints *c, const mbedtls_x509_crt *crt)
{
    struct piece whole = {crt->v3_ext.p, crt->v3_ext.len}, all, one, x;

    if (!whole.p || !take(&whole, SEQUENCE, &all))
        return true;
    while (take(&all, SEQUENCE, &one)) {
        if (!take(&one, MBEDTLS_ASN1_OID, &x) ||
            x.len != MBEDTLS_OID_SIZE(MBEDTLS_OID_NAME_CONSTRAINTS) ||
            memcmp(x.p, MBEDTLS_OID_NAME_CONSTRAINTS, x.len) != 0)
            continue;
        (void)take(&one, MBEDTLS_ASN1_BOOLEAN, &x);
        if (!take(&one, MBEDTLS_ASN1_OCTET_STRING, &x))
            continue;
        if (c->n == CILP_CONSTRAINTS_MAX)
            return false;
        c->of[c->n].p = x.p;
        c->of[c->n++].len = x.len;
    }
    return true;
}

/* see constraints.h */
const char *cilp_constraints_judge(struct cilp_constraints *c,
                                   const mbedtls_x509_crt *crt, int depth,
                                   const char *host)
{
    const char *fault = NULL;

    if (c->n > 0 && (depth == 0 || !is_self_issued(crt)))
        fault = judge_all(c, crt, depth, host);
    return keep_own(c, crt) ? fault : unjudged;
}
