/*
 * paths.h - which of several issuers mbedTLS goes on with.
 *
 * From a certificate it goes to the first that may have issued it, and never
 * back: another one of the same name that is expired, or was signed by a stranger,
 * hides the one that would do, and so does one that came in the wrong order.
 *
 * Source: RFC 4158 sections 3.5 and 3.6 (what to prefer).
 * Knows:  mbedTLS, trust, dates, verify.
 */
#ifndef CILP_PATHS_H
#define CILP_PATHS_H

#include "mbedtls/x509_crt.h"

#include "port/mbedtls/trust.h"

/* Certificates of a peer that are looked at; those behind them keep their
 * place. */
#define CILP_PATHS_MAX 32

/* Whether `name`, an encoded one, is an anchor's. */
typedef bool cilp_paths_knows(const struct cilp_trust *t,
                              const mbedtls_x509_buf *name);

/* Put the best issuer of `child` among those behind it right behind it: one
 * whose key it does not rule out; if there are several, one from which names
 * lead on to an anchor; then one that is valid and may issue for TLS
 * servers. */
void cilp_paths_arrange(const struct cilp_trust *t, mbedtls_x509_crt *child,
                        cilp_paths_knows *knows);

/* If the first of a list is not valid, or not for TLS servers, make it the
 * last. */
void cilp_paths_sink(const struct cilp_trust *t, mbedtls_x509_crt **list);

#endif
