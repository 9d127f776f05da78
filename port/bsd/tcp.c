#include "port/bsd/tcp.h"

#include <string.h>

#include "port/bsd/sockets.h"
#include "port/reach.h"
#include "port/why.h"

/* ---- Saying why ---------------------------------------------------------- */

static void say_addr(struct cilp_bsd_tcp *t, const struct cilp_bsd_addr *a)
{
#if CILP_BSD_V6
    if (a->len == 16) {
        cilp_why_add_v6(t->s.why, a->ip, t->port);
        return;
    }
#endif
    cilp_why_add_v4(t->s.why, a->ip, t->port);
}

static const char *cause(int number)
{
    switch (number) {
    case ECONNREFUSED: return "connection refused by ";
    case ECONNRESET: return "connection reset by ";
    case ECONNABORTED: return "connection given up with ";
    case ETIMEDOUT: return "no answer from ";
    case ENETUNREACH: return "no route to the network of ";
    case EHOSTUNREACH: return "no route to ";
    case EPIPE:
    case ENOTCONN: return "connection closed by ";
    case ENFILE:
    case EMFILE:
    case ENOBUFS:
    case ENOMEM: return "no memory or no socket left for ";
    default: return NULL;
    }
}

/* Added to what is there: each address that was tried has its reason. */
static void explain(struct cilp_bsd_tcp *t, int number,
                    const struct cilp_bsd_addr *a)
{
    cilp_why_add_reason(t->s.why);
    if (cause(number)) {
        cilp_why_add(t->s.why, cause(number));
    } else {
        cilp_why_add(t->s.why, "errno ");
        cilp_why_add_uint(t->s.why, (uint32_t)number);
        cilp_why_add(t->s.why,
                     " with "); /* who is to blame was not found out */
    }
    say_addr(t, a);
}

static enum cilp_stream_rc fail(struct cilp_bsd_tcp *t, enum cilp_err err,
                                int32_t native)
{
    t->s.err = err;
    t->s.native = native;
    return CILP_STREAM_FAIL;
}

/* ---- Addresses ------------------------------------------------------------ */

/* For the C library's types, and back. */
union address {
    struct sockaddr any;
    struct sockaddr_in v4;
#if CILP_BSD_V6
    struct sockaddr_in6 v6;
#endif
};

static void add(struct cilp_bsd_tcp *t, const void *ip, uint8_t len)
{
    struct cilp_bsd_addr *a = &t->addr[t->n];

    if (t->n == CILP_BSD_TCP_ADDR_MAX)
        return;
    t->n++;
    a->len = len;
    memcpy(a->ip, ip, len);
}

static void add_found(struct cilp_bsd_tcp *t, const struct addrinfo *found)
{
    union address a;

    if (found->ai_addrlen > sizeof a)
        return;
    memcpy(&a, found->ai_addr, found->ai_addrlen);
    if (found->ai_family == AF_INET)
        add(t, &a.v4.sin_addr, 4);
#if CILP_BSD_V6
    if (found->ai_family == AF_INET6)
        add(t, &a.v6.sin6_addr, 16);
#endif
}

/* The length of the union's part that is in use. */
static socklen_t write_address(union address *to, const struct cilp_bsd_tcp *t,
                               const struct cilp_bsd_addr *a)
{
    const uint8_t port[2] = {(uint8_t)(t->port >> 8), (uint8_t)t->port};

    memset(to, 0, sizeof *to);
#if CILP_BSD_V6
    if (a->len == 16) {
        to->v6.sin6_family = AF_INET6;
        memcpy(&to->v6.sin6_port, port, 2);
        memcpy(&to->v6.sin6_addr, a->ip, 16);
        return sizeof to->v6;
    }
#endif
    to->v4.sin_family = AF_INET;
    memcpy(&to->v4.sin_port, port, 2);
    memcpy(&to->v4.sin_addr, a->ip, 4);
    return sizeof to->v4;
}

static bool is_within(const struct cilp_bsd_addr *a, enum cilp_reach reach)
{
    return a->len == 4 ? cilp_reach_has_v4(reach, a->ip)
                       : cilp_reach_has_v6(reach, a->ip);
}

/* ---- From a name to addresses --------------------------------------------- */

static enum cilp_stream_rc unresolved(struct cilp_bsd_tcp *t, const char *host,
                                      int rc)
{
    if (rc == EAI_NONAME)
        cilp_why_add(t->s.why, "no such host: ");
#ifdef EAI_AGAIN
    else if (rc == EAI_AGAIN)
        cilp_why_add(t->s.why, "no name server has an answer for ");
#endif
    else
        cilp_why_add(t->s.why, "the resolver has failed for ");
    cilp_why_add(t->s.why, host);
    return fail(t, CILP_E_RESOLVE, rc);
}

static enum cilp_stream_rc resolve(struct cilp_bsd_tcp *t, const char *host)
{
    struct addrinfo hints, *found = NULL;
    int rc;

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    rc = getaddrinfo(host, NULL, &hints, &found);
    for (const struct addrinfo *i = found; rc == 0 && i; i = i->ai_next)
        add_found(t, i);
    if (found)
        freeaddrinfo(found);
    return t->n > 0 ? CILP_STREAM_OK
                    : unresolved(t, host, rc == 0 ? EAI_NONAME : rc);
}

static enum cilp_stream_rc find(struct cilp_bsd_tcp *t, const char *host)
{
    static const uint8_t loopback[16] = {[15] = 1};

    if (strcmp(host, "localhost") != 0)
        return resolve(t, host);
    add(t, (const uint8_t[4]){127, 0, 0, 1}, 4);
    if (CILP_BSD_V6)
        add(t, loopback, 16);
    return CILP_STREAM_OK;
}

/* ---- One address after the other ------------------------------------------ */

static void drop(struct cilp_bsd_tcp *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}

static const struct cilp_bsd_addr *in_use(const struct cilp_bsd_tcp *t)
{
    return &t->addr[t->next - 1];
}

static void lose(struct cilp_bsd_tcp *t, int number)
{
    drop(t);
    explain(t, number, in_use(t));
    fail(t, CILP_E_CONNECT, number);
}

/* False: it blocks, and would do so for as long as a peer likes. */
static bool is_non_blocking(int fd)
{
    int flags = fcntl(fd, F_GETFL, 0);

    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

static void refuse_far(struct cilp_bsd_tcp *t, enum cilp_reach reach)
{
    cilp_why_add_reason(t->s.why);
    cilp_why_add(t->s.why, cilp_reach_refusal(reach));
    say_addr(t, in_use(t));
    fail(t, CILP_E_REACH, 0);
}

static void start_next(struct cilp_bsd_tcp *t, enum cilp_reach reach)
{
    const struct cilp_bsd_addr *a = &t->addr[t->next++];
    union address to;
    socklen_t len = write_address(&to, t, a);

    t->started_ms = cilp_port_now().mono_ms;
    if (!is_within(a, reach)) {
        refuse_far(t, reach);
        return;
    }
    t->fd = socket(to.any.sa_family, SOCK_STREAM, 0);
    if (t->fd < 0 || !is_non_blocking(t->fd) ||
        (connect(t->fd, &to.any, len) != 0 && errno != EINPROGRESS &&
         errno != EINTR))
        lose(t, errno);
}

static bool has_waited(const struct cilp_bsd_tcp *t)
{
    return cilp_port_now().mono_ms - t->started_ms >= CILP_BSD_TCP_TRY_MS;
}

/* True if the try that is under way has connected. */
static bool look(struct cilp_bsd_tcp *t)
{
    struct pollfd p = {.fd = t->fd, .events = POLLOUT};
    int number = 0;
    socklen_t len = sizeof number;

    if (t->fd < 0)
        return false;
    if (poll(&p, 1, 0) <= 0 || !p.revents) {
        if (t->next < t->n && has_waited(t))
            lose(t, ETIMEDOUT);
        return false;
    }
    if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &number, &len) != 0)
        number = errno;
    if (number == 0)
        return true;
    lose(t, number);
    return false;
}

/* ---- The stream ------------------------------------------------------------ */

static void tcp_close(struct cilp_stream *s)
{
    struct cilp_bsd_tcp *t = (struct cilp_bsd_tcp *)s;

    /* time ran out while connecting: say who kept silent */
    if (t->is_opening && t->fd >= 0)
        explain(t, ETIMEDOUT, in_use(t));
    drop(t);
    t->is_opening = false;
    t->next = t->n = 0;
}

static enum cilp_stream_rc begin(struct cilp_bsd_tcp *t,
                                 const struct cilp_peer *to)
{
    tcp_close(&t->s);
    cilp_why_clear(t->s.why);
    t->is_opening = true;
    t->wants_write = true;
    t->port = to->port;
    return find(t, to->host);
}

static enum cilp_stream_rc opened(struct cilp_bsd_tcp *t)
{
    int on = 1;

    t->is_opening = false;
    cilp_why_clear(t->s.why);
    /* a request is one write and must not wait for an ACK of the handshake */
    (void)setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc tcp_open(struct cilp_stream *s,
                                    const struct cilp_peer *to)
{
    struct cilp_bsd_tcp *t = (struct cilp_bsd_tcp *)s;

    if (!t->is_opening && begin(t, to) == CILP_STREAM_FAIL)
        return CILP_STREAM_FAIL;
    if (look(t))
        return opened(t);
    while (t->fd < 0 && t->next < t->n)
        start_next(t, to->reach);
    return t->fd >= 0 ? CILP_STREAM_AGAIN : CILP_STREAM_FAIL;
}

static enum cilp_stream_rc not_done(struct cilp_bsd_tcp *t, bool was_write)
{
    int number = errno;

    t->wants_write = was_write;
    if (number == EAGAIN || number == EWOULDBLOCK || number == EINTR)
        return CILP_STREAM_AGAIN;
    cilp_why_clear(t->s.why);
    explain(t, number, in_use(t));
    return fail(t, CILP_E_CLOSED, number);
}

static enum cilp_stream_rc tcp_send(struct cilp_stream *s, const uint8_t *p,
                                    size_t n, size_t *done)
{
    struct cilp_bsd_tcp *t = (struct cilp_bsd_tcp *)s;
    ssize_t sent = send(t->fd, p, n, MSG_NOSIGNAL);

    if (sent < 0)
        return not_done(t, true);
    *done = (size_t)sent;
    return sent == 0 ? CILP_STREAM_AGAIN : CILP_STREAM_OK;
}

static enum cilp_stream_rc tcp_recv(struct cilp_stream *s, uint8_t *p, size_t n,
                                    size_t *done)
{
    struct cilp_bsd_tcp *t = (struct cilp_bsd_tcp *)s;
    ssize_t got = recv(t->fd, p, n, 0);

    if (got < 0)
        return not_done(t, false);
    *done = (size_t)got;
    return got == 0 ? CILP_STREAM_EOF : CILP_STREAM_OK;
}

static const struct cilp_stream_ops tcp_ops = {tcp_open, tcp_send, tcp_recv,
                                               tcp_close};

/* see tcp.h */
void cilp_bsd_tcp_init(struct cilp_bsd_tcp *t)
{
    memset(t, 0, sizeof *t);
    t->s.ops = &tcp_ops;
    t->fd = -1;
}

/* ---- Waiting ---------------------------------------------------------------- */

/* see tcp.h */
void cilp_bsd_wait(const struct cilp_bsd_tcp *t, uint32_t ms)
{
    struct pollfd p = {.fd = t->fd,
                       .events = t->wants_write ? POLLOUT : POLLIN};

    if (t->is_opening && t->next < t->n && ms > CILP_BSD_TCP_TRY_MS)
        ms = CILP_BSD_TCP_TRY_MS;
    (void)poll(&p, 1, ms < INT32_MAX ? (int)ms : INT32_MAX);
}
