/*
 * explain.h - one printable sentence about why a handshake failed.
 *
 * What comes out of a certificate is shown with '?' for every byte that is not
 * printable ASCII, and cut to what fits.
 */
#ifndef CILP_EXPLAIN_H
#define CILP_EXPLAIN_H

#include <stdbool.h>

#include "mbedtls/x509_crt.h"

#include "port/mbedtls/tls.h"

/* A certificate of the peer's chain was refused for `flags`
 * (MBEDTLS_X509_BADCERT_...). `ends`: it is the last that was found, the anchor
 * or whoever lacks one. `fault`: what the anchors' holder has against it, or
 * NULL. Writes to t->stream.why, unless a certificate nearer to the root has
 * been explained there already. */
void cilp_explain_certificate(struct cilp_tls *t, const mbedtls_x509_crt *crt,
                              bool ends, uint32_t flags, const char *fault);

/* A certificate of the chain as it was judged, the anchor first and the leaf
 * (depth 0) last: put it into the facts. `ends` as above. */
void cilp_explain_link(struct cilp_tls_facts *f, const mbedtls_x509_crt *crt,
                       int depth, bool ends, uint32_t flags);

/* An allocation was refused, or no key slot was left: whatever has been written
 * is replaced. */
void cilp_explain_memory(struct cilp_tls *t);

/* Whether an error of mbedTLS is about a certificate or its key. */
bool cilp_explain_is_x509(int rc);

/* mbedTLS failed with `rc`. Writes to t->stream.why, unless something more
 * exact is there already. */
void cilp_explain_failure(struct cilp_tls *t, int rc);

#endif
