/*
 * explain.h - one printable sentence about why a handshake failed.
 *
 * What comes out of a certificate is shown with '?' for every byte that is not
 * printable ASCII, and cut to what fits.
 */
#ifndef CILP_EXPLAIN_H
#define CILP_EXPLAIN_H

#include "mbedtls/x509_crt.h"

#include "port/mbedtls/tls.h"

/* A certificate of the peer's chain was refused for `flags`
 * (MBEDTLS_X509_BADCERT_...). Writes to t->stream.why, unless a certificate
 * nearer to the root has been explained there already. */
void cilp_explain_certificate(struct cilp_tls *t, const mbedtls_x509_crt *crt,
                              uint32_t flags);

/* A certificate of the chain as it was judged, the anchor first and the leaf
 * (depth 0) last: put it into the facts. */
void cilp_explain_link(struct cilp_tls_facts *f, const mbedtls_x509_crt *crt,
                       int depth, uint32_t flags);

/* An allocation was refused, or no key slot was left: whatever has been written
 * is replaced. */
void cilp_explain_memory(struct cilp_tls *t);

/* mbedTLS failed with `rc`. Writes to t->stream.why, unless something more
 * exact is there already. */
void cilp_explain_failure(struct cilp_tls *t, int rc);

#endif
