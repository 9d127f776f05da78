/*
 * tcp.h - TCP as a stream, on non-blocking sockets.
 *
 * A host is a numeric address, "localhost" (always the machine itself, with no
 * look-up: RFC 6761 section 6.3) or a name, which is looked up as names.h says:
 * that one call blocks, by the resolver's own limit. Up to CILP_POSIX_TCP_ADDR_MAX addresses are kept.
 * They are raced as RFC 8305 has it, in the resolver's order: the next one is
 * tried when the one before has failed, or after CILP_POSIX_TCP_STAGGER_MS without an
 * answer; the first that connects is used. So an address that swallows packets
 * costs a quarter of a second, not the time for connecting.
 *
 * One thread at a time for one stream.
 *
 * Errors: CILP_E_RESOLVE (native: EAI_*), CILP_E_REACH, CILP_E_CONNECT and
 * CILP_E_CLOSED (native: errno).
 * Knows: port.h, address.
 */
#ifndef CILP_POSIX_TCP_H
#define CILP_POSIX_TCP_H

#include "port/port.h"
#include "port/posix/address.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_POSIX_TCP_ADDR_MAX   16
#define CILP_POSIX_TCP_STAGGER_MS 250

/* Contents are private but for the two marked ones. */
struct cilp_posix_tcp {
    struct cilp_stream s; /* s.why: yours to set, after cilp_posix_tcp_init() */
    const void *mask;     /* yours to set: the signal mask, a sigset_t, while a
                         name is looked up; NULL: as it is. (void: strict C11
                             has no sigset_t) */
    int fd;               /* the connection, or -1 */
    bool is_opening;
    bool wants_write;    /* what the last CILP_STREAM_AGAIN waits for */
    uint8_t n;           /* addresses there are */
    uint8_t next;        /* the first that was not tried yet */
    uint32_t started_ms; /* when the last try began */
    int try_fd[CILP_POSIX_TCP_ADDR_MAX]; /* tries under way, or -1 */
    union cilp_posix_addr addr[CILP_POSIX_TCP_ADDR_MAX];
};

void cilp_posix_tcp_init(struct cilp_posix_tcp *t);

/* Whom it is connected to: "127.0.0.1:443", "[::1]:443"; "": nobody. */
void cilp_posix_tcp_address(const struct cilp_posix_tcp *t,
                            char to[CILP_STREAM_WHY_MAX]);

/* True if the address is within reach (core/cilp.h), also as an IPv4-mapped IPv6
 * address. */
bool cilp_posix_tcp_is_within(const union cilp_posix_addr *a,
                              enum cilp_reach reach);

/* Sleep until `t` may have made progress since its last CILP_STREAM_AGAIN, for at
 * most `ms`, or until a signal that `mask`, a sigset_t, lets through (NULL: the mask as it
 * is). With t NULL only time and signals count. A signal that is blocked but
 * for this call cannot be lost between a look at its flag and the sleep; but it
 * stays pending if `t` was ready at once. With ms 0 nothing but signals is looked
 * at: do that from time to time where a peer may never be out of bytes. */
void cilp_posix_wait(const struct cilp_posix_tcp *t, uint32_t ms,
                     const void *mask);

/* The same until one of n streams may have made progress, of which up to
 * CILP_POSIX_WAIT_MAX are looked at. One that is NULL counts for nothing. */
#define CILP_POSIX_WAIT_MAX 16
void cilp_posix_wait_any(const struct cilp_posix_tcp *const *t, size_t n,
                         uint32_t ms, const void *mask);

#ifdef __cplusplus
}
#endif

#endif
