/*
 * tls_session.h - what of a TLS stream is mbedTLS's own. Private to
 * port/mbedtls, so that no header for others depends on mbedTLS's sizes or
 * needs its headers.
 */
#ifndef CILP_TLS_SESSION_H
#define CILP_TLS_SESSION_H

#include <stdbool.h>

#include "mbedtls/ssl.h"
#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include "mbedtls/entropy.h"
#endif

#include "port/mbedtls/constraints.h"
#include "port/mbedtls/tls.h"

#define CILP_TLS_SCHEMES 10 /* of signatures, and the end */

struct cilp_tls_session {
    mbedtls_ssl_config conf;
    mbedtls_ssl_context ssl;
    uint16_t schemes[CILP_TLS_SCHEMES]; /* verify.h; conf points to it */
    void *own; /* of the client certificate; NULL: none is offered */
    int below; /* of the certificate that was judged last; 0: none was yet */
    struct cilp_constraints constraints; /* of those above it */
};

/* What there is to be done for a client certificate. By way of this, and not by
 * name, so that an image without one links none of it. */
struct cilp_tls_own {
    /* Offer it, before the handshake: 0 with t->session->own set, or an error of
     * mbedTLS's, explained where it is not about memory. */
    int (*offer)(struct cilp_tls *t, const struct cilp_peer *to);
    /* Wipe and free t->session->own. */
    void (*withdraw)(struct cilp_tls *t);
};

/* Set by the first certificate that is made; NULL: there is none. */
extern const struct cilp_tls_own *cilp_tls_own;

/* Whether an allocation was refused in a step of this stream. */
bool cilp_tls_is_short_of_memory(struct cilp_tls *t);

/* The number of either line of mbedTLS for: no random bytes. */
#if MBEDTLS_VERSION_NUMBER < 0x04000000
#define CILP_TLS_NO_RANDOM MBEDTLS_ERR_ENTROPY_SOURCE_FAILED
#else
#define CILP_TLS_NO_RANDOM PSA_ERROR_INSUFFICIENT_ENTROPY
#endif

/* How often mbedTLS was refused random bytes since the program began: it makes
 * an error of its own of some. Always 0 with an mbedTLS of the user's. */
unsigned cilp_tls_random_refused(void);

#endif
