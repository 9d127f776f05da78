/*
 * constraints.h - name constraints: for whom a CA may vouch at most.
 *
 * mbedTLS does not know them: it refuses a certificate in which they are
 * critical, and does not look at them otherwise. Here the latter are judged, and
 * those of anchors, critical or not: names of hosts, addresses, and whole
 * branches of the directory to which something is confined. What is of another
 * kind, or is excluded from the directory, refuses whoever has a name of that
 * kind.
 *
 * Source: RFC 5280 sections 4.2.1.10 and 6.1.4 (g).
 * Knows:  mbedTLS, names, trust.
 */
#ifndef CILP_CONSTRAINTS_H
#define CILP_CONSTRAINTS_H

#include <stddef.h>
#include <stdint.h>

#include "mbedtls/x509_crt.h"

/* Of one chain; more are refused. */
#define CILP_CONSTRAINTS_MAX 12

struct cilp_constraints {
    uint8_t n;
    struct {
        const uint8_t *p; /* in the certificate */
        size_t len;
    } of[CILP_CONSTRAINTS_MAX];
};

/* One certificate of a chain, the anchor first, the leaf (depth 0) last, whose
 * host is `host`. NULL, or how "the certificate of X " goes on. What it itself
 * demands is kept for those that follow: it must stay where it is. c->n is 0 at
 * a chain's beginning. */
const char *cilp_constraints_judge(struct cilp_constraints *c,
                                   const mbedtls_x509_crt *crt, int depth,
                                   const char *host);

/* For mbedtls_x509_crt_parse_der_with_ext_cb(): this critical extension, which
 * mbedTLS does not know, is judged here. 0: it is name constraints. */
int cilp_constraints_are(void *context, const mbedtls_x509_crt *crt,
                         const mbedtls_x509_buf *oid, int critical,
                         const unsigned char *p, const unsigned char *end);

#endif
