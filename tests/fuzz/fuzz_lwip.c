/*
 * The stream on lwIP, whose wire is the input: segments that a peer may send, good
 * and bad, its window, FIN and reset, time, memory that is refused, and what the
 * caller does, in any order. What is received is what the peer sent, in its order and
 * without a gap; what is on the wire is what was taken; an end is told only after a
 * FIN; and nothing is held after the close.
 */
#include <unistd.h>

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"

#include "port/lwip/tcp.h"
#include "tests/fuzz/same.h"

/* ---- The input ------------------------------------------------------------- */

static struct {
    const uint8_t *p;
    size_t n;
} input;

static uint8_t take(void)
{
    if (input.n == 0)
        return 0;
    input.n--;
    return *input.p++;
}

/* ---- What lwIP asks for ---------------------------------------------------- */

static unsigned refusals; /* of the next allocations */
static size_t held;       /* pieces of memory */
static unsigned rolled;
static u32_t now_ms = 1000;

void *fuzz_malloc(size_t n)
{
    void *p = NULL;

    if (refusals > 0)
        refusals--;
    else
        p = malloc(n);
    held += p != NULL;
    return p;
}

void *fuzz_calloc(size_t n, size_t size)
{
    void *p = fuzz_malloc(n * size);

    return p ? memset(p, 0, n * size) : NULL;
}

void fuzz_free(void *p)
{
    held -= p != NULL;
    free(p);
}

unsigned fuzz_rand(void)
{
    return rolled += 7919;
}

void fuzz_assert(const char *what)
{
    fprintf(stderr, "lwIP: %s\n", what);
    abort();
}

u32_t sys_now(void)
{
    return now_ms;
}

/* ---- The wire -------------------------------------------------------------- */

#define PEER_ISS 5000u /* the peer's first sequence number */
#define HEADERS  40u
#define PADDED   46u /* no frame brings less */

/* The byte at a place of either direction. */
static uint8_t byte_at(uint32_t at, uint8_t salt)
{
    return (uint8_t)(at * 31 + (at >> 8) + salt);
}

static struct netif netif;
static struct {
    uint16_t port;    /* ours; 0: no connection was begun */
    uint32_t iss;     /* ours */
    uint32_t next;    /* behind the last byte that was on the wire */
    uint32_t acked;   /* what lwIP wants next of the peer's */
    bool greeted;     /* the peer's SYN left */
    bool said_fin;    /* and its FIN */
    uint32_t allowed; /* bytes that may be on the wire */
} wire;

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void see_bytes(uint32_t seq, const uint8_t *p, size_t n)
{
    uint32_t at = seq - wire.iss - 1;

    MUST(n == 0 || at + n <= wire.allowed);
    for (size_t i = 0; i < n; i++)
        MUST(p[i] == byte_at(at + (uint32_t)i, 1));
    if (n > 0 && (int32_t)(seq + n - wire.next) > 0)
        wire.next = seq + (uint32_t)n;
}

/* A segment of ours leaves. One of a connection before is not looked at. */
static err_t leave(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
    uint8_t b[2048];
    size_t n = pbuf_copy_partial(p, b, sizeof b, 0);
    const uint8_t *tcp = b + 20;
    uint16_t port = (uint16_t)(tcp[0] << 8 | tcp[1]);

    (void)nif, (void)to;
    if (b[9] != IP_PROTO_TCP)
        return ERR_OK;
    MUST(n >= HEADERS && b[0] == 0x45);
    if (tcp[13] & TCP_SYN && port != wire.port) {
        memset(&wire, 0, sizeof wire);
        wire.port = port;
        wire.iss = get32(tcp + 4);
        wire.next = wire.iss + 1;
        wire.acked = PEER_ISS;
    }
    if (port != wire.port)
        return ERR_OK;
    if (tcp[13] & TCP_ACK && !(tcp[13] & TCP_RST))
        wire.acked = get32(tcp + 8);
    if (!(tcp[13] & (TCP_SYN | TCP_RST)))
        see_bytes(get32(tcp + 4), tcp + (tcp[12] >> 4) * 4,
                  n - 20 - (size_t)(tcp[12] >> 4) * 4);
    if (tcp[13] & TCP_FIN)
        wire.next = get32(tcp + 4) + 1; /* it carries nothing */
    return ERR_OK;
}

static void arrive(const uint8_t *b, size_t n)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)n, PBUF_RAM);

    if (!p)
        return;
    pbuf_take(p, b, (u16_t)n);
    if (ip_input(p, &netif) != ERR_OK)
        pbuf_free(p);
}

struct segment {
    uint8_t flags;
    uint32_t seq, ack;
    uint16_t window;
    size_t n; /* bytes, each what belongs to its place */
};

static void say(const struct segment *s)
{
    uint8_t b[HEADERS + 1600] = {0x45};
    size_t n = HEADERS + s->n;
    uint8_t *tcp = b + 20;

    b[2] = (uint8_t)(n >> 8);
    b[3] = (uint8_t)n;
    b[8] = 64;
    b[9] = IP_PROTO_TCP;
    put32(b + 12, 0x0A000002); /* 10.0.0.2 to 10.0.0.1 */
    put32(b + 16, 0x0A000001);
    tcp[0] = 443 >> 8;
    tcp[1] = 443 & 0xff;
    tcp[2] = (uint8_t)(wire.port >> 8);
    tcp[3] = (uint8_t)wire.port;
    put32(tcp + 4, s->seq);
    put32(tcp + 8, s->ack);
    tcp[12] = 5 << 4;
    tcp[13] = s->flags;
    tcp[14] = (uint8_t)(s->window >> 8);
    tcp[15] = (uint8_t)s->window;
    for (size_t i = 0; i < s->n; i++)
        tcp[20 + i] = byte_at(s->seq + (uint32_t)i - PEER_ISS - 1, 2);
    wire.said_fin |= (s->flags & TCP_FIN) != 0;
    arrive(b, n);
}

/* What a peer sends, mostly in order. */
static void peer_does(uint8_t kind)
{
    struct segment s = {TCP_ACK, wire.acked, wire.next, (uint16_t)(take() * 64),
                        0};

    if (!wire.greeted && kind != 7) {
        s.flags |= TCP_SYN;
        s.seq = PEER_ISS;
        wire.greeted = true;
        say(&s);
        return;
    }
    switch (kind) {
    case 4: s.seq += take() * 4u; /* fall through: a gap, or none */
    default: s.n = take() * 4u; break;
    case 5: s.flags |= TCP_FIN; break;
    case 6:
        s.flags = TCP_RST;
        s.seq += take() % 4u;
        break;
    case 7:
        s.flags = take();
        s.seq += (uint32_t)(int8_t)take();
        s.ack += (uint32_t)(int8_t)take();
        s.n = take();
        break;
    }
    if (s.flags & TCP_SYN) { /* it begins where it begins */
        s.seq = PEER_ISS;
        s.n = 0;
    }
    say(&s);
}

/* Bytes that are no segment of this peer's, padded as Ethernet does (IEEE 802.3): of
 * less than an IP header lwIP reads what is not there, in memory of its own. */
static void noise(void)
{
    uint8_t b[256] = {0};
    size_t n = take();

    for (size_t i = 0; i < n; i++)
        b[i] = take();
    arrive(b, n < PADDED ? PADDED : n);
}

/* ---- The stream ------------------------------------------------------------ */

static struct cilp_lwip_tcp t;
static char why[CILP_STREAM_WHY_MAX + 1];
static uint32_t sent, received;
static enum {
    STREAM_CLOSED,
    STREAM_OPENING,
    STREAM_OPEN,
    STREAM_FAILED
} stream;

static void check_failure(enum cilp_stream_rc rc)
{
    if (rc != CILP_STREAM_FAIL)
        return;
    MUST(t.s.err < 0 && memchr(why, '\0', sizeof why - 1));
    stream = STREAM_FAILED;
}

static void open_it(void)
{
    static const struct cilp_peer to = {.host = "10.0.0.2", .port = 443};
    enum cilp_stream_rc rc;

    if (stream == STREAM_OPEN || stream == STREAM_FAILED)
        return;
    if (stream == STREAM_CLOSED)
        sent = received = 0;
    rc = t.s.ops->open(&t.s, &to);
    MUST(rc == CILP_STREAM_OK || rc == CILP_STREAM_AGAIN ||
         rc == CILP_STREAM_FAIL);
    stream = rc == CILP_STREAM_OK ? STREAM_OPEN : STREAM_OPENING;
    check_failure(rc);
}

static void send_some(void)
{
    uint8_t b[4 * 255 + 1];
    size_t n = 1 + take() * 4u, done = 99999;
    enum cilp_stream_rc rc;

    if (stream != STREAM_OPEN)
        return;
    for (size_t i = 0; i < n; i++)
        b[i] = byte_at(sent + (uint32_t)i, 1);
    wire.allowed = sent + (uint32_t)n;
    rc = t.s.ops->send(&t.s, b, n, &done);
    MUST(rc != CILP_STREAM_EOF);
    MUST(rc == CILP_STREAM_OK ? done >= 1 && done <= n : done == 0);
    sent += (uint32_t)done;
    wire.allowed = sent;
    MUST((int32_t)(wire.next - wire.iss - 1 - sent) <= 0);
    check_failure(rc);
}

static void receive_some(void)
{
    uint8_t b[1024];
    size_t n = 1 + take() * 4u, done = 99999;
    enum cilp_stream_rc rc;

    if (stream != STREAM_OPEN)
        return;
    rc = t.s.ops->recv(&t.s, b, n, &done);
    MUST(rc == CILP_STREAM_OK ? done >= 1 && done <= n : done == 0);
    MUST(rc != CILP_STREAM_EOF || wire.said_fin);
    for (size_t i = 0; i < done; i++)
        MUST(b[i] == byte_at(received + (uint32_t)i, 2));
    received += (uint32_t)done;
    check_failure(rc);
}

static void close_it(void)
{
    t.s.ops->close(&t.s);
    MUST(cilp_lwip_tcp_is_closed(&t) && memchr(why, '\0', sizeof why - 1));
    stream = STREAM_CLOSED;
}

static void pass(u32_t ms)
{
    now_ms += ms;
    cilp_lwip_tcp_before_timers();
    sys_check_timeouts();
}

static void step(void)
{
    uint8_t what = take();

    switch (what % 16) {
    default: peer_does(what % 8); break; /* 0 to 7 */
    case 8: open_it(); break;
    case 9: send_some(); break;
    case 10:
    case 11: receive_some(); break;
    case 12: pass(take() * 50u); break;
    case 13: refusals = take() % 8u; break;
    case 14: noise(); break;
    case 15: close_it(); break;
    }
}

/* ---- One run --------------------------------------------------------------- */

static err_t start_netif(struct netif *nif)
{
    nif->output = leave;
    nif->mtu = 1500;
    return ERR_OK;
}

static void start_lwip(void)
{
    ip4_addr_t ip, mask, gw;

    lwip_init();
    IP4_ADDR(&ip, 10, 0, 0, 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    IP4_ADDR(&gw, 10, 0, 0, 2);
    netif_add(&netif, &ip, &mask, &gw, NULL, start_netif, ip_input);
    netif_set_default(&netif);
    netif_set_up(&netif);
    netif_set_link_up(&netif);
}

static void forget_connections(void)
{
    while (tcp_active_pcbs)
        tcp_abort(tcp_active_pcbs);
    while (tcp_tw_pcbs)
        tcp_abort(tcp_tw_pcbs);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static bool started;
    static size_t before;

    if (!started) {
        start_lwip();
        before = held;
        started = true;
    }
    input.p = p;
    input.n = n;
    rolled = 0;
    memset(&wire, 0, sizeof wire);
    cilp_lwip_tcp_init(&t);
    t.s.why = why;
    stream = STREAM_CLOSED;
    while (input.n > 0)
        step();
    refusals = 0;
    close_it();
    close_it(); /* any number of times */
    forget_connections();
    pass(500);                /* timers that nobody needs any more */
    MUST(held <= before + 1); /* lwIP's own timer of TCP may be out, or not */
    return 0;
}
