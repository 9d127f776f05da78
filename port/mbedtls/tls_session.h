/*
 * tls_session.h - what of a TLS stream is mbedTLS's own. Private to
 * port/mbedtls, so that no header for others depends on mbedTLS's sizes or
 * needs its headers.
 */
#ifndef CILP_TLS_SESSION_H
#define CILP_TLS_SESSION_H

#include <stdbool.h>

#include "mbedtls/ssl.h"

#include "port/mbedtls/tls.h"

#define CILP_TLS_SCHEMES 10 /* of signatures, and the end */

struct cilp_tls_session {
    mbedtls_ssl_config conf;
    mbedtls_ssl_context ssl;
    uint16_t schemes[CILP_TLS_SCHEMES]; /* verify.h; conf points to it */
    int below; /* of the certificate that was judged last; 0: none was yet */
};

/* Whether an allocation was refused in a step of this stream. */
bool cilp_tls_is_short_of_memory(struct cilp_tls *t);

#endif
