/*
 * why.h - put together the one sentence that explains a failure.
 *
 * A sentence is appended piece by piece to a buffer of CILP_STREAM_WHY_MAX bytes
 * (port.h) and is cut there. No stdio: printf alone would be a tenth of the
 * static program.
 */
#ifndef CILP_POSIX_WHY_H
#define CILP_POSIX_WHY_H

#include <netinet/in.h>
#include <stdint.h>

#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Every kind of address that is connected to. */
union cilp_posix_addr {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* All take why == NULL for "nobody wants to know". Bytes of `s` outside
 * 0x20..0x7E are shown as '?'. */
void cilp_why_clear(char *why);
void cilp_why_add(char *why, const char *s);
void cilp_why_add_uint(char *why, uint32_t v);
/* "127.0.0.1:443", "[::1]:443" (RFC 5952, first run of zeros shortened). */
void cilp_why_add_addr(char *why, const union cilp_posix_addr *a);

#ifdef __cplusplus
}
#endif

#endif
