/*
 * platform.h - the one thing mbedTLS reads from a platform that differs from
 * call to call: the time by which certificate dates are judged.
 */
#ifndef CILP_TLS_PLATFORM_H
#define CILP_TLS_PLATFORM_H

#include <stdint.h>

/* Set it, UTC, before every step of a handshake: mbedTLS's clock has no
 * context to keep it in, and two handshakes may take turns. */
void cilp_tls_set_time(int64_t unix_s);

#endif
