/*
 * tcp.h - TCP as a stream, on plain BSD sockets.
 *
 * For what has socket(), fcntl(), poll() and getaddrinfo(), and perhaps no signals,
 * no SOCK_CLOEXEC and no second socket to spare: lwIP's sockets (NO_SYS=0), ESP-IDF,
 * Zephyr, NuttX. The clock and the random bytes, cilp_port_now() and
 * cilp_port_entropy(), are the board's to write (port.h).
 *
 * A host is a numeric address, "localhost" (this machine: RFC 6761 section 6.3) or
 * a name for getaddrinfo(), which gets it as it stands: that one call blocks, by the
 * resolver's own limit. Up to CILP_BSD_TCP_ADDR_MAX addresses are kept and tried one
 * after the other, in its order: the next one when the one before has failed, or has
 * said nothing for CILP_BSD_TCP_TRY_MS. One socket is in use at most.
 *
 * One thread at a time for one stream.
 *
 * Errors: CILP_E_RESOLVE (native: EAI_*), CILP_E_REACH, CILP_E_CONNECT and
 * CILP_E_CLOSED (native: errno).
 * Knows: port.h.
 */
#ifndef CILP_BSD_TCP_H
#define CILP_BSD_TCP_H

#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_BSD_TCP_ADDR_MAX 4

/* Milliseconds; less than core's connect_ms, or only the first address counts. */
#ifndef CILP_BSD_TCP_TRY_MS
#define CILP_BSD_TCP_TRY_MS 2000
#endif

struct cilp_bsd_addr {
    uint8_t len; /* 4 or 16 */
    uint8_t ip[16];
};

/* Contents are private. */
struct cilp_bsd_tcp {
    struct cilp_stream s; /* s.why: yours to set, after cilp_bsd_tcp_init() */
    int fd;               /* the socket, or -1 */
    bool is_opening;
    bool wants_write; /* what the last CILP_STREAM_AGAIN waits for */
    uint8_t n;        /* addresses there are */
    uint8_t next;     /* the one after that which is in use */
    uint16_t port;
    uint32_t started_ms; /* when the try began */
    struct cilp_bsd_addr addr[CILP_BSD_TCP_ADDR_MAX];
};

void cilp_bsd_tcp_init(struct cilp_bsd_tcp *t);

/* Sleep until `t` may have made progress since its last CILP_STREAM_AGAIN, for at
 * most `ms`: cilp_drive_idle_ms(). Other tasks run meanwhile. Of a stream that is closed
 * only the time counts. */
void cilp_bsd_wait(const struct cilp_bsd_tcp *t, uint32_t ms);

#ifdef __cplusplus
}
#endif

#endif
