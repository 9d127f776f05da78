/*
 * tcp.h - TCP as a stream, on lwIP's raw interface.
 *
 * For any firmware that runs lwIP: nothing here knows a board, a driver or an
 * lwipopts.h. With NO_SYS the firmware's loop feeds lwIP and calls cilp_drive_lap()
 * in turn, never from an interrupt or an lwIP callback; with a tcpip thread it
 * holds the core lock around cilp_drive_lap().
 *
 * What lwIP pushes is parked as it comes, and taken when core asks for it: the
 * window is opened again by what was taken, and by no more, so that a peer can
 * fill TCP_WND bytes of pbufs and nothing else.
 *
 * A host is a numeric address, "localhost" (this machine: RFC 6761 section
 * 6.3) or a name for lwIP's DNS, which gives one address.
 *
 * Errors: CILP_E_RESOLVE, CILP_E_REACH, CILP_E_CONNECT and CILP_E_CLOSED, with
 * lwIP's err_t as native. Memory that lwIP is out of just now (ERR_MEM) is
 * waited for, as long as core's deadlines allow.
 */
#ifndef CILP_LWIP_TCP_H
#define CILP_LWIP_TCP_H

#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"
#include "lwip/tcp.h"

#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* lwIP cannot be told to forget a question, and answers at last (seconds: its
 * DNS_MAX_RETRIES). So many may still be out when the next one is asked. */
#define CILP_LWIP_TCP_ASKS 3

struct cilp_lwip_tcp;

/* A question to lwIP's DNS. */
struct cilp_lwip_ask {
    struct cilp_lwip_tcp *owner;
    bool out; /* lwIP will call back */
};

/* Contents are private. It must stay where it is as long as a question may be
 * out: make it static. */
struct cilp_lwip_tcp {
    struct cilp_stream s; /* s.why: yours to set, after cilp_lwip_tcp_init() */
    struct tcp_pcb *pcb;  /* NULL: none, or lwIP has freed it */
    struct pbuf *parked;  /* received and not taken yet, oldest first */
    ip_addr_t addr;       /* of the peer */
    uint16_t port;
    uint8_t state;             /* enum state of tcp.c */
    bool peer_done;            /* FIN came */
    err_t broke;               /* why lwIP has freed the pcb */
    struct cilp_lwip_ask *ask; /* the one that is waited for, or NULL */
    struct cilp_lwip_ask asks[CILP_LWIP_TCP_ASKS];
};

void cilp_lwip_tcp_init(struct cilp_lwip_tcp *t);

/* True if nothing is held: no connection, no parked bytes. Questions that are
 * out and connections that lwIP is still taking leave of are lwIP's. */
bool cilp_lwip_tcp_is_closed(const struct cilp_lwip_tcp *t);

/* True if the address is within reach (core/cilp.h), also as an IPv4-mapped IPv6
 * address. */
bool cilp_lwip_tcp_is_within(const ip_addr_t *a, enum cilp_reach reach);

/* To be called before each sys_check_timeouts(), for all connections at once. A peer
 * with its window shut (RFC 9293 section 3.8.6.1) is probed with a byte; if that was
 * the last one, or a FIN, lwIP 2.2.1 leaves the timer of probes on, and asserts when
 * it fires that more is waiting: with asserts a peer could stop the firmware. lwIP's
 * own thread leaves no place for the call: there LWIP_NOASSERT has to be set, or an
 * LWIP_PLATFORM_ASSERT that goes on. */
void cilp_lwip_tcp_before_timers(void);

#ifdef __cplusplus
}
#endif

#endif
