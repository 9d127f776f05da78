#include "port/posix/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "port/posix/names.h"
#include "port/reach.h"
#include "port/why.h"

/* ---- Failing ----------------------------------------------------------- */

/* clang-format off */
static const struct { int number; const char *text; } CAUSES[] = {
    { ECONNREFUSED, "connection refused by " },
    { ECONNRESET,   "connection reset by " },
    { ETIMEDOUT,    "no answer from " },
    { ENETUNREACH,  "no route to the network of " },
    { EHOSTUNREACH, "no route to " },
    { EACCES,       "this machine forbids connecting to " },
    { EPERM,        "this machine forbids connecting to " },
    { EADDRNOTAVAIL, "no address of this machine can reach " },
    { EAFNOSUPPORT, "this machine does not speak the protocol of " },
    { EPIPE,        "connection closed by " },
    { EMFILE,       "too many files are open to connect to " },
    { ENFILE,       "too many files are open to connect to " },
    { ENOMEM,       "out of memory for " },
    { ENOBUFS,      "out of memory for " },
};
/* clang-format on */

static void say_address(char *why, const union cilp_posix_addr *a)
{
    uint8_t ip[16];

    if (a->any.sa_family == AF_INET) {
        memcpy(ip, &a->v4.sin_addr, 4);
        cilp_why_add_v4(why, ip, ntohs(a->v4.sin_port));
    } else {
        memcpy(ip, &a->v6.sin6_addr, 16);
        cilp_why_add_v6(why, ip, ntohs(a->v6.sin6_port));
    }
}

/* Added to what is there: each address that was tried has its reason. */
static void explain(struct cilp_posix_tcp *t, int number, uint8_t i)
{
    char *why = t->s.why;

    cilp_why_add_reason(why);
    for (size_t k = 0; k < sizeof CAUSES / sizeof CAUSES[0]; k++)
        if (CAUSES[k].number == number) {
            cilp_why_add(why, CAUSES[k].text);
            say_address(why, &t->addr[i]);
            return;
        }
    cilp_why_add(why, "errno ");
    cilp_why_add_uint(why, (uint32_t)number);
    cilp_why_add(why, " with "); /* who is to blame was not found out */
    say_address(why, &t->addr[i]);
}

static enum cilp_stream_rc fail(struct cilp_posix_tcp *t, enum cilp_err err,
                                int32_t native)
{
    t->s.err = err;
    t->s.native = native;
    return CILP_STREAM_FAIL;
}

/* ---- From a name to addresses ------------------------------------------ */

static void add_v4(struct cilp_posix_tcp *t, const struct in_addr *ip,
                   uint16_t port)
{
    union cilp_posix_addr *a = &t->addr[t->n++];

    memset(a, 0, sizeof *a);
    a->v4.sin_family = AF_INET;
    a->v4.sin_addr = *ip;
    a->v4.sin_port = htons(port);
}

static void add_v6(struct cilp_posix_tcp *t, const struct in6_addr *ip,
                   uint16_t port)
{
    union cilp_posix_addr *a = &t->addr[t->n++];

    memset(a, 0, sizeof *a);
    a->v6.sin6_family = AF_INET6;
    a->v6.sin6_addr = *ip;
    a->v6.sin6_port = htons(port);
}

/* Addresses that need no resolver. inet_pton() takes the plain spellings
 * alone: "127.1" and "0x7f000001" are names to it. */
static bool is_known(struct cilp_posix_tcp *t, const char *host, uint16_t port)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (strcmp(host, "localhost") == 0) {
        v4.s_addr = htonl(INADDR_LOOPBACK);
        add_v4(t, &v4, port);
        add_v6(t, &in6addr_loopback, port);
    } else if (inet_pton(AF_INET, host, &v4) == 1) {
        add_v4(t, &v4, port);
    } else if (inet_pton(AF_INET6, host, &v6) == 1) {
        add_v6(t, &v6, port);
    }
    return t->n > 0;
}

static enum cilp_stream_rc unresolved(struct cilp_posix_tcp *t,
                                      const char *host, int rc)
{
    char *why = t->s.why;

    if (rc == EAI_NONAME)
        cilp_why_add(why, "no such host: ");
    else if (rc == EAI_AGAIN)
        cilp_why_add(why, "no name server has an answer for ");
#ifdef EAI_NODATA
    else if (rc == EAI_NODATA)
        cilp_why_add(why, "there is no address for ");
#endif
    else
        cilp_why_add(why, "the resolver has failed for ");
    cilp_why_add(why, host);
    if (access("/etc/resolv.conf", R_OK) != 0)
        cilp_why_add(why, " (there is no readable /etc/resolv.conf here)");
    return fail(t, CILP_E_RESOLVE, rc);
}

static enum cilp_stream_rc resolve(struct cilp_posix_tcp *t,
                                   const struct cilp_peer *to)
{
    int rc;

    t->n = cilp_posix_names(to->host, to->full_name, t->mask, t->addr,
                            CILP_POSIX_TCP_ADDR_MAX, &rc);
    for (uint8_t i = 0; i < t->n; i++)
        if (t->addr[i].any.sa_family == AF_INET)
            t->addr[i].v4.sin_port = htons(to->port);
        else
            t->addr[i].v6.sin6_port = htons(to->port);
    return t->n > 0 ? CILP_STREAM_OK : unresolved(t, to->host, rc);
}

/* ---- How far ----------------------------------------------------------- */

/* see tcp.h */
bool cilp_posix_tcp_is_within(const union cilp_posix_addr *a,
                              enum cilp_reach reach)
{
    uint8_t p[16];

    if (a->any.sa_family == AF_INET) {
        memcpy(p, &a->v4.sin_addr, 4);
        return cilp_reach_has_v4(reach, p);
    }
    memcpy(p, &a->v6.sin6_addr, 16);
    return cilp_reach_has_v6(reach, p);
}

/* ---- The race ---------------------------------------------------------- */

static void drop_try(struct cilp_posix_tcp *t, uint8_t i)
{
    if (t->try_fd[i] >= 0)
        close(t->try_fd[i]);
    t->try_fd[i] = -1;
}

/* The oldest try under way; t->next if there is none. */
static uint8_t first_racing(const struct cilp_posix_tcp *t)
{
    uint8_t i = 0;

    while (i < t->next && t->try_fd[i] < 0)
        i++;
    return i;
}

static bool is_racing(const struct cilp_posix_tcp *t)
{
    return first_racing(t) < t->next;
}

static void lose(struct cilp_posix_tcp *t, uint8_t i, int number)
{
    drop_try(t, i);
    explain(t, number, i);
    fail(t, CILP_E_CONNECT, number);
}

static void start_next(struct cilp_posix_tcp *t, enum cilp_reach reach)
{
    uint8_t i = t->next++;
    const union cilp_posix_addr *a = &t->addr[i];
    socklen_t len = a->any.sa_family == AF_INET ? sizeof a->v4 : sizeof a->v6;

    t->started_ms = cilp_port_now().mono_ms;
    if (!cilp_posix_tcp_is_within(a, reach)) {
        cilp_why_add_reason(t->s.why);
        cilp_why_add(t->s.why, cilp_reach_refusal(reach));
        say_address(t->s.why, a);
        fail(t, CILP_E_REACH, 0);
        return;
    }
    t->try_fd[i] =
        socket(a->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (t->try_fd[i] < 0 || (connect(t->try_fd[i], &a->any, len) != 0 &&
                             errno != EINPROGRESS && errno != EINTR))
        lose(t, i, errno);
}

static void win(struct cilp_posix_tcp *t, uint8_t i)
{
    int on = 1;

    t->fd = t->try_fd[i];
    t->try_fd[i] = -1;
    for (uint8_t k = 0; k < t->next; k++)
        drop_try(t, k);
    /* addr[0] is from here on whom explain() speaks of */
    t->addr[0] = t->addr[i];
    t->is_opening = false;
    cilp_why_clear(t->s.why);
    /* a request is one write and must not wait for an ACK of the handshake */
    setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* List the tries under way in `p`, and in `which` whose they are. */
static nfds_t list_tries(const struct cilp_posix_tcp *t,
                         struct pollfd p[CILP_POSIX_TCP_ADDR_MAX],
                         uint8_t which[CILP_POSIX_TCP_ADDR_MAX])
{
    nfds_t n = 0;

    for (uint8_t i = 0; i < t->next; i++)
        if (t->try_fd[i] >= 0) {
            p[n] = (struct pollfd){.fd = t->try_fd[i], .events = POLLOUT};
            which[n++] = i;
        }
    return n;
}

/* True if one try has connected. */
static bool look_at_tries(struct cilp_posix_tcp *t)
{
    struct pollfd p[CILP_POSIX_TCP_ADDR_MAX];
    uint8_t which[CILP_POSIX_TCP_ADDR_MAX];
    nfds_t n = list_tries(t, p, which);

    if (n == 0 || poll(p, n, 0) <= 0)
        return false;
    for (nfds_t k = 0; k < n; k++) {
        int number = 0;
        socklen_t len = sizeof number;

        if (!p[k].revents)
            continue;
        if (getsockopt(p[k].fd, SOL_SOCKET, SO_ERROR, &number, &len) != 0)
            number = errno;
        if (number == 0) {
            win(t, which[k]);
            return true;
        }
        lose(t, which[k], number);
    }
    return false;
}

/* Milliseconds until the next address may be tried. */
static uint32_t stagger_left(const struct cilp_posix_tcp *t)
{
    uint32_t passed = cilp_port_now().mono_ms - t->started_ms;

    return passed < CILP_POSIX_TCP_STAGGER_MS
               ? CILP_POSIX_TCP_STAGGER_MS - passed
               : 0;
}

/* ---- The stream -------------------------------------------------------- */

static void tcp_close(struct cilp_stream *s)
{
    struct cilp_posix_tcp *t = (struct cilp_posix_tcp *)s;

    /* time ran out while connecting: say who kept silent */
    if (t->is_opening && is_racing(t))
        explain(t, ETIMEDOUT, first_racing(t));
    for (uint8_t i = 0; i < t->next; i++)
        drop_try(t, i);
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
    t->is_opening = false;
    t->next = t->n = 0;
}

static enum cilp_stream_rc begin(struct cilp_posix_tcp *t,
                                 const struct cilp_peer *to)
{
    tcp_close(&t->s);
    cilp_why_clear(t->s.why);
    t->is_opening = true;
    t->wants_write = true;
    if (is_known(t, to->host, to->port))
        return CILP_STREAM_OK;
    return resolve(t, to);
}

static enum cilp_stream_rc tcp_open(struct cilp_stream *s,
                                    const struct cilp_peer *to)
{
    struct cilp_posix_tcp *t = (struct cilp_posix_tcp *)s;

    if (!t->is_opening && begin(t, to) == CILP_STREAM_FAIL)
        return CILP_STREAM_FAIL;
    if (look_at_tries(t))
        return CILP_STREAM_OK;
    while (t->next < t->n && (!is_racing(t) || stagger_left(t) == 0))
        start_next(t, to->reach);
    return is_racing(t) ? CILP_STREAM_AGAIN : CILP_STREAM_FAIL;
}

static bool is_again(int number)
{
    return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

static enum cilp_stream_rc not_done(struct cilp_posix_tcp *t, bool was_write)
{
    t->wants_write = was_write;
    if (is_again(errno))
        return CILP_STREAM_AGAIN;
    cilp_why_clear(t->s.why);
    explain(t, errno, 0);
    return fail(t, CILP_E_CLOSED, errno);
}

static enum cilp_stream_rc tcp_send(struct cilp_stream *s, const uint8_t *p,
                                    size_t n, size_t *done)
{
    struct cilp_posix_tcp *t = (struct cilp_posix_tcp *)s;
    ssize_t sent = send(t->fd, p, n, MSG_NOSIGNAL);

    if (sent < 0)
        return not_done(t, true);
    *done = (size_t)sent;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc tcp_recv(struct cilp_stream *s, uint8_t *p, size_t n,
                                    size_t *done)
{
    struct cilp_posix_tcp *t = (struct cilp_posix_tcp *)s;
    ssize_t got = recv(t->fd, p, n, 0);

    if (got < 0)
        return not_done(t, false);
    *done = (size_t)got;
    return got == 0 ? CILP_STREAM_EOF : CILP_STREAM_OK;
}

static const struct cilp_stream_ops TCP_OPS = {tcp_open, tcp_send, tcp_recv,
                                               tcp_close};

/* see tcp.h */
void cilp_posix_tcp_init(struct cilp_posix_tcp *t)
{
    memset(t, 0, sizeof *t);
    t->s.ops = &TCP_OPS;
    t->fd = -1;
    for (size_t i = 0; i < CILP_POSIX_TCP_ADDR_MAX; i++)
        t->try_fd[i] = -1;
}

/* see tcp.h */
void cilp_posix_tcp_address(const struct cilp_posix_tcp *t,
                            char to[CILP_STREAM_WHY_MAX])
{
    cilp_why_clear(to);
    if (t->fd >= 0)
        say_address(to, &t->addr[0]); /* see win() */
}

/* ---- Waiting ----------------------------------------------------------- */

/* What one stream waits for, at `p`; *ms is cut to what it may wait at most. */
static nfds_t list_one(const struct cilp_posix_tcp *t,
                       struct pollfd p[CILP_POSIX_TCP_ADDR_MAX], uint32_t *ms)
{
    uint8_t which[CILP_POSIX_TCP_ADDR_MAX];

    if (t && t->is_opening) {
        if (t->next < t->n && stagger_left(t) < *ms)
            *ms = stagger_left(t);
        return list_tries(t, p, which);
    }
    if (!t || t->fd < 0)
        return 0;
    *p = (struct pollfd){.fd = t->fd,
                         .events = t->wants_write ? POLLOUT : POLLIN};
    return 1;
}

/* Why it ended shows in what comes next. */
static void sleep_on(struct pollfd *p, nfds_t n, uint32_t ms, const void *mask)
{
    struct timespec limit;

    limit.tv_sec = (time_t)(ms / 1000);
    limit.tv_nsec = (long)(ms % 1000) * 1000000;
    ppoll(p, n, &limit, mask);
}

/* see tcp.h */
void cilp_posix_wait(const struct cilp_posix_tcp *t, uint32_t ms,
                     const void *mask)
{
    struct pollfd p[CILP_POSIX_TCP_ADDR_MAX];
    nfds_t n = 0;

    if (ms > 0) /* else a signal comes in only if nothing is ready */
        n = list_one(t, p, &ms);
    sleep_on(p, n, ms, mask);
}

/* see tcp.h */
void cilp_posix_wait_any(const struct cilp_posix_tcp *const *t, size_t n,
                         uint32_t ms, const void *mask)
{
    struct pollfd p[CILP_POSIX_WAIT_MAX * CILP_POSIX_TCP_ADDR_MAX];
    nfds_t used = 0;

    for (size_t i = 0; ms > 0 && i < n && i < CILP_POSIX_WAIT_MAX; i++)
        used += list_one(t[i], p + used, &ms);
    sleep_on(p, used, ms, mask);
}
