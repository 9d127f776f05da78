/*
 * why.h - put together the one sentence that explains a failure.
 *
 * A sentence is appended piece by piece to a buffer of CILP_STREAM_WHY_MAX bytes
 * (port.h) and is cut there. No stdio: printf alone would be a tenth of the
 * static program. Addresses are bytes in network order, whatever a platform has
 * for them; one that is not linked, IPv6 on a board without it, costs nothing.
 *
 * Knows: port.h.
 */
#ifndef CILP_WHY_H
#define CILP_WHY_H

#include <stdint.h>

#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All take why == NULL for "nobody wants to know". Bytes of `s` outside
 * 0x20..0x7E are shown as '?'. */
void cilp_why_clear(char *why);
void cilp_why_add(char *why, const char *s);
void cilp_why_add_uint(char *why, uint32_t v); /* decimal */
/* ", ", if something is said already: of several reasons each has its part. */
void cilp_why_add_reason(char *why);
/* "127.0.0.1:443", of 4 bytes and a port in host order. */
void cilp_why_add_v4(char *why, const uint8_t *ip, uint16_t port);
/* "[::1]:443", of 16 (RFC 5952, first run of zeros shortened). */
void cilp_why_add_v6(char *why, const uint8_t *ip, uint16_t port);

#ifdef __cplusplus
}
#endif

#endif
