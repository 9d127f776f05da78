#include "port/lwip/tcp.h"

#include <string.h>

#include "lwip/dns.h"
#include "lwip/opt.h"
#include "lwip/priv/tcp_priv.h"

#include "port/reach.h"
#include "port/why.h"

_Static_assert(LWIP_DNS, "port/lwip needs LWIP_DNS 1");
_Static_assert(LWIP_CALLBACK_API, "port/lwip needs LWIP_CALLBACK_API 1");
_Static_assert(TCP_WND <= 0xFFFF, "TCP_WND: a chain of parked pbufs counts its "
                                  "bytes in 16 bits");

/* More than this much unacknowledged at a close is no TLS goodbye (a record of
 * some 30 bytes) but a request that was given up. */
#define GOODBYE_MAX 64

enum state {
    IDLE,
    NAMING, /* from a name to an address */
    NAMED,
    CONNECTING,
    OPEN,
    BROKEN /* until close() */
};

static struct cilp_lwip_tcp *self(struct cilp_stream *s)
{
    return (struct cilp_lwip_tcp *)s; /* its first member */
}

/* ---- Failing ------------------------------------------------------------ */

static void explain(struct cilp_lwip_tcp *t, const char *text)
{
    cilp_why_clear(t->s.why);
    cilp_why_add(t->s.why, text);
}

/* The text, and whom it is about. lwIP keeps addresses in network order. */
static void explain_peer(struct cilp_lwip_tcp *t, const char *text)
{
    explain(t, text);
#if LWIP_IPV6
    if (IP_IS_V6(&t->addr)) {
        cilp_why_add_v6(t->s.why, (const uint8_t *)ip_2_ip6(&t->addr)->addr,
                        t->port);
        return;
    }
#endif
    cilp_why_add_v4(t->s.why, (const uint8_t *)ip_2_ip4(&t->addr), t->port);
}

static const char *cause(err_t e)
{
    switch (e) {
    case ERR_RST: return "connection reset by ";
    case ERR_ABRT: return "no answer from "; /* it gave up repeating */
    case ERR_RTE: return "no network, or no route to ";
    case ERR_CLSD: return "connection closed by ";
    case ERR_VAL:
    case ERR_ARG: return "not an address to connect to: ";
    default: return "lwIP failed for ";
    }
}

static enum cilp_stream_rc fail(struct cilp_lwip_tcp *t, enum cilp_err err,
                                err_t native)
{
    t->state = BROKEN;
    t->s.err = err;
    t->s.native = native;
    return CILP_STREAM_FAIL;
}

static enum cilp_stream_rc broken(struct cilp_lwip_tcp *t)
{
    explain_peer(t, cause(t->broke));
    return fail(t, CILP_E_CLOSED, t->broke);
}

/* ---- What lwIP calls: each only notes what happened --------------------- */

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t e)
{
    struct cilp_lwip_tcp *t = arg;

    (void)pcb;
    (void)e; /* always ERR_OK */
    t->state = OPEN;
    return ERR_OK;
}

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
                         err_t e)
{
    struct cilp_lwip_tcp *t = arg;

    (void)pcb;
    (void)e; /* always ERR_OK */
    if (!p)
        t->peer_done = true;
    else if (t->parked)
        pbuf_cat(t->parked, p);
    else
        t->parked = p;
    return ERR_OK;
}

/* lwIP has freed the pcb already. */
static void on_broken(void *arg, err_t e)
{
    struct cilp_lwip_tcp *t = arg;

    t->pcb = NULL;
    t->broke = e;
}

static void on_found(const char *name, const ip_addr_t *a, void *arg)
{
    struct cilp_lwip_ask *ask = arg;
    struct cilp_lwip_tcp *t = ask->owner;

    (void)name;
    ask->out = false;
    if (t->ask != ask)
        return; /* the call that asked is over */
    if (a)
        ip_addr_copy(t->addr, *a);
    else
        ip_addr_set_any(false, &t->addr);
}

/* ---- From a name to an address ------------------------------------------ */

static struct cilp_lwip_ask *free_ask(struct cilp_lwip_tcp *t)
{
    for (size_t i = 0; i < CILP_LWIP_TCP_ASKS; i++)
        if (!t->asks[i].out)
            return &t->asks[i];
    return NULL;
}

static enum cilp_stream_rc unresolved(struct cilp_lwip_tcp *t, err_t e)
{
    explain(t, e == ERR_VAL ? "no name server is known"
                            : "the name server knows no address, or is silent");
    return fail(t, CILP_E_RESOLVE, e);
}

static enum cilp_stream_rc start_asking(struct cilp_lwip_tcp *t,
                                        const char *host)
{
    struct cilp_lwip_ask *ask = free_ask(t);
    err_t e;

    if (!ask)
        return CILP_STREAM_AGAIN;
    t->ask = ask; /* before: lwIP may call back at once */
    ask->out = true;
    e = dns_gethostbyname(host, &t->addr, on_found, ask);
    if (e == ERR_INPROGRESS)
        return CILP_STREAM_AGAIN;
    t->ask = NULL;
    ask->out = false;
    if (e == ERR_OK)
        return CILP_STREAM_OK;
    /* ERR_MEM: its table is full of older questions */
    return e == ERR_MEM ? CILP_STREAM_AGAIN : unresolved(t, e);
}

static enum cilp_stream_rc find(struct cilp_lwip_tcp *t, const char *host)
{
    if (t->ask) {
        if (t->ask->out)
            return CILP_STREAM_AGAIN;
        t->ask = NULL;
        return ip_addr_isany_val(t->addr) ? unresolved(t, ERR_ABRT)
                                          : CILP_STREAM_OK;
    }
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (ipaddr_aton(host, &t->addr))
        return CILP_STREAM_OK;
    return start_asking(t, host);
}

/* ---- How far ------------------------------------------------------------ */

/* see tcp.h */
bool cilp_lwip_tcp_is_within(const ip_addr_t *a, enum cilp_reach reach)
{
#if LWIP_IPV6
    if (IP_IS_V6(a))
        return cilp_reach_has_v6(reach, (const uint8_t *)ip_2_ip6(a)->addr);
#endif
    return cilp_reach_has_v4(reach, (const uint8_t *)ip_2_ip4(a));
}

/* ---- Opening ------------------------------------------------------------ */

static void begin(struct cilp_lwip_tcp *t)
{
    explain(t, "");
    t->peer_done = false;
    t->broke = ERR_OK;
    t->state = NAMING;
}

/* lwIP may be out of pcbs, or of memory for the SYN: both come back, for a new
 * pcb drives out what is only taking leave. */
static enum cilp_stream_rc start_connecting(struct cilp_lwip_tcp *t)
{
    struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(&t->addr));
    err_t e;

    if (!pcb)
        return CILP_STREAM_AGAIN;
    tcp_arg(pcb, t);
    tcp_recv(pcb, on_received);
    tcp_err(pcb, on_broken);
    tcp_nagle_disable(pcb); /* a request is one write */
    e = tcp_connect(pcb, &t->addr, t->port, on_connected);
    if (e == ERR_OK) {
        t->pcb = pcb;
        t->state = CONNECTING;
        return CILP_STREAM_AGAIN;
    }
    tcp_err(pcb, NULL);
    tcp_abort(pcb);
    if (e == ERR_MEM || e == ERR_BUF)
        return CILP_STREAM_AGAIN;
    explain_peer(t, cause(e));
    return fail(t, CILP_E_CONNECT, e);
}

static enum cilp_stream_rc aim(struct cilp_lwip_tcp *t,
                               const struct cilp_peer *to)
{
    enum cilp_stream_rc rc = find(t, to->host);

    if (rc != CILP_STREAM_OK)
        return rc;
    t->port = to->port;
    if (!cilp_lwip_tcp_is_within(&t->addr, to->reach)) {
        explain_peer(t, cilp_reach_refusal(to->reach));
        return fail(t, CILP_E_REACH, ERR_OK);
    }
    t->state = NAMED;
    return CILP_STREAM_OK;
}

/* Connected, on the way, or lost. */
static enum cilp_stream_rc look(struct cilp_lwip_tcp *t)
{
    if (t->state == OPEN)
        return CILP_STREAM_OK;
    if (t->pcb)
        return CILP_STREAM_AGAIN;
    explain_peer(t, t->broke == ERR_RST ? "connection refused by "
                                        : cause(t->broke));
    return fail(t, CILP_E_CONNECT, t->broke);
}

static enum cilp_stream_rc lwip_open(struct cilp_stream *s,
                                     const struct cilp_peer *to)
{
    struct cilp_lwip_tcp *t = self(s);

    if (t->state == IDLE)
        begin(t);
    if (t->state == NAMING) {
        enum cilp_stream_rc rc = aim(t, to);

        if (rc != CILP_STREAM_OK)
            return rc;
    }
    return t->state == NAMED ? start_connecting(t) : look(t);
}

/* ---- Carrying ----------------------------------------------------------- */

/* Segments are for half of the largest window that the peer has told, once it has told
 * one, and lwIP wants none waiting that is longer: made before a small window came,
 * it has to leave first. */
static bool has_longer_ones(const struct tcp_pcb *pcb)
{
    tcpwnd_size_t half = pcb->snd_wnd_max / 2;

    return pcb->unsent && half > 0 && half < pcb->mss;
}

/* What lwIP has taken it sends, whatever becomes of us: "done" may be said.
 * ERR_MEM takes nothing, and less may fit: a heap may be smaller than what
 * tcp_sndbuf() allows. */
static enum cilp_stream_rc lwip_send(struct cilp_stream *s, const uint8_t *p,
                                     size_t n, size_t *done)
{
    struct cilp_lwip_tcp *t = self(s);
    err_t e = ERR_MEM;

    *done = 0;
    if (!t->pcb)
        return broken(t);
    if (has_longer_ones(t->pcb))
        return CILP_STREAM_AGAIN;
    if (n > tcp_sndbuf(t->pcb))
        n = tcp_sndbuf(t->pcb);
    for (; n > 0; n /= 2) {
        e = tcp_write(t->pcb, p, (u16_t)n, TCP_WRITE_FLAG_COPY);
        if (e != ERR_MEM)
            break;
    }
    if (n == 0)
        return CILP_STREAM_AGAIN;
    if (e != ERR_OK) {
        explain_peer(t, cause(e));
        return fail(t, CILP_E_CLOSED, e);
    }
    tcp_output(t->pcb); /* what it cannot send now, lwIP's timer sends */
    *done = n;
    return CILP_STREAM_OK;
}

/* What came before the end, be it a FIN or a RST, is taken before it. */
static enum cilp_stream_rc lwip_recv(struct cilp_stream *s, uint8_t *p,
                                     size_t n, size_t *done)
{
    struct cilp_lwip_tcp *t = self(s);

    *done = 0;
    if (t->parked) {
        u16_t k = n < t->parked->tot_len ? (u16_t)n : t->parked->tot_len;

        pbuf_copy_partial(t->parked, p, k, 0);
        t->parked = pbuf_free_header(t->parked, k);
        if (t->pcb)
            tcp_recved(t->pcb, k);
        *done = k;
        return CILP_STREAM_OK;
    }
    if (t->peer_done)
        return CILP_STREAM_EOF;
    return t->pcb ? CILP_STREAM_AGAIN : broken(t);
}

/* ---- Closing ------------------------------------------------------------ */

static void drop_parked(struct cilp_lwip_tcp *t)
{
    if (!t->parked)
        return;
    /* The peer has said all it had to say: it need not hear a reset, as it
     * must if it goes on sending what nobody takes. */
    if (t->pcb && t->peer_done)
        tcp_recved(t->pcb, t->parked->tot_len);
    pbuf_free(t->parked);
    t->parked = NULL;
}

static size_t unacknowledged(const struct tcp_pcb *pcb)
{
    return TCP_SND_BUF - tcp_sndbuf(pcb);
}

/* The pcb's time of leave is lwIP's: last in rank, so that a new connection
 * drives it out where pcbs are few. */
static void part(struct tcp_pcb *pcb)
{
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_setprio(pcb, TCP_PRIO_MIN);
    if (unacknowledged(pcb) > GOODBYE_MAX || tcp_close(pcb) != ERR_OK)
        tcp_abort(pcb); /* frees at once what it would repeat for minutes */
}

/* Time ran out while opening: say who kept silent. */
static void explain_silence(struct cilp_lwip_tcp *t)
{
    if (t->state == NAMING && t->ask)
        explain(t, "the name server is silent");
    else if (t->state == NAMING || t->state == NAMED)
        explain(t, "lwIP is out of memory, or of pcbs");
    else if (t->state == CONNECTING && t->pcb)
        explain_peer(t, "no answer from ");
}

static void lwip_close(struct cilp_stream *s)
{
    struct cilp_lwip_tcp *t = self(s);

    explain_silence(t);
    drop_parked(t);
    if (t->pcb)
        part(t->pcb);
    t->pcb = NULL;
    t->ask = NULL;
    t->state = IDLE;
}

static const struct cilp_stream_ops lwip_ops = {lwip_open, lwip_send, lwip_recv,
                                                lwip_close};

/* see tcp.h */
bool cilp_lwip_tcp_is_closed(const struct cilp_lwip_tcp *t)
{
    return t->state == IDLE && !t->pcb && !t->parked;
}

/* see tcp.h */
void cilp_lwip_tcp_before_timers(void)
{
    for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
        if (!pcb->unsent)
            pcb->persist_backoff = 0; /* off */
}

/* see tcp.h */
void cilp_lwip_tcp_init(struct cilp_lwip_tcp *t)
{
    memset(t, 0, sizeof *t);
    t->s.ops = &lwip_ops;
    for (size_t i = 0; i < CILP_LWIP_TCP_ASKS; i++)
        t->asks[i].owner = t;
}
