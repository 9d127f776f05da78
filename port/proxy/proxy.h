/*
 * proxy.h - HTTP's CONNECT as a stream over a stream: a peer straight, or through
 * a proxy, as choice.h has it.
 *
 *     cilp_proxy_init(&p, &tcp.s, NULL, &ways);      http:// proxies alone
 *     cilp_tls_init(&tls, &p.s, &trust);             TLS with the peer above it
 *
 * It stands below TLS with the peer, so that the proxy sees whom the call is for
 * and nothing else; plain http goes through CONNECT as well. open() is done when
 * the proxy has said 2xx: a failure before that means that nothing was sent to the
 * peer. From then on, and straight, bytes pass as they are.
 *
 * `reach` is enforced by the stream below, on what that connects to: of a peer that
 * is reached through a proxy this is the proxy, which may be anywhere.
 *
 * Failures, each with its sentence in s.why, behind "proxy HOST:PORT: ":
 *   CILP_E_PROXY    a refusal that will be repeated (native: the HTTP status), or
 *                   no HTTP at all (native 0)
 *   CILP_E_CONNECT  the proxy does not get there just now (native: 5xx)
 *   CILP_E_CLOSED   the proxy hung up (native 0)
 * and whatever the stream below reports. A proxy that takes its time is stopped by
 * the call's own limits; close() says then that it kept silent.
 *
 * No memory but the struct's; what was sent to the proxy is wiped there.
 *
 * Source: RFC 9110 section 9.3.6; RFC 9112; RFC 7617.
 * Knows:  port.h, choice, core/http_resp.
 */
#ifndef CILP_PROXY_H
#define CILP_PROXY_H

#include "core/http_resp.h"
#include "port/port.h"
#include "port/proxy/choice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The longest CONNECT: the host twice with brackets and port, and the user's part
 * in base64. */
#define CILP_PROXY_ROOM \
    (2 * (CILP_HOST_MAX + 8) + 4 * (CILP_PROXY_USER_MAX + 2) / 3 + 80)

/* Contents are private, but for s.why: yours to set after cilp_proxy_init(). */
struct cilp_proxy {
    struct cilp_stream s;
    const struct cilp_proxy_ways *ways;
    struct cilp_stream *plain, *tls;  /* below: to http://, https:// proxies */
    struct cilp_stream *lower;        /* the one of them in use */
    const struct cilp_proxy_url *url; /* of the proxy in use; NULL: straight */
    uint8_t state;                    /* enum state of proxy.c */
    bool answered;                    /* a byte of the reply has come */
    uint16_t at, end;                 /* of io: what is to be sent */
    struct cilp_http_resp reply;
    uint8_t io[CILP_PROXY_ROOM];
};

/* All is borrowed for as long as the stream is used. plain: what goes straight
 * stands on it, too. tls: TLS over `plain`, with the roots by which an https://
 * proxy is verified; NULL: such a proxy is refused, by CILP_E_PROXY. */
void cilp_proxy_init(struct cilp_proxy *p, struct cilp_stream *plain,
                     struct cilp_stream *tls,
                     const struct cilp_proxy_ways *ways);

#ifdef __cplusplus
}
#endif

#endif
