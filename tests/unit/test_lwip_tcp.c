/*
 * The lwIP stream against lwIP itself, on its loopback interface. The clock is
 * ours. After each test no connection, no parked byte and no segment is left.
 */
#include "tests/unit/rows.h"

#include "lwip/dns.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"

#include "port/lwip/tcp.h"

static struct cilp_lwip_tcp t;
static char why[CILP_STREAM_WHY_MAX];
static u32_t now_ms = 1000;

u32_t sys_now(void);

u32_t sys_now(void)
{
    return now_ms;
}

void test_core_is_locked(void)
{
}

/* Let packets go round and time pass. */
static void turn(u32_t ms)
{
    for (u32_t end = now_ms + ms; now_ms < end; now_ms += 50) {
        netif_poll_all();
        cilp_lwip_tcp_before_timers();
        sys_check_timeouts();
    }
    netif_poll_all();
}

/* ---- The other side ----------------------------------------------------- */

static struct {
    struct tcp_pcb *listener, *pcb;
    size_t got;
    bool done; /* a FIN came */
    err_t broke;
} peer;

static err_t peer_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
                           err_t e)
{
    (void)arg;
    (void)e;
    if (!p) {
        peer.done = true;
        return ERR_OK;
    }
    peer.got += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
}

static void peer_broke(void *arg, err_t e)
{
    (void)arg;
    peer.pcb = NULL;
    peer.broke = e;
}

static err_t peer_accepted(void *arg, struct tcp_pcb *pcb, err_t e)
{
    (void)arg;
    (void)e;
    peer.pcb = pcb;
    tcp_recv(pcb, peer_received);
    tcp_err(pcb, peer_broke);
    return ERR_OK;
}

static void peer_say(size_t n)
{
    static const char bytes[4000];

    assert_int_equal(tcp_write(peer.pcb, bytes, (u16_t)n, TCP_WRITE_FLAG_COPY),
                     ERR_OK);
    tcp_output(peer.pcb);
    turn(100);
}

/* ---- Set up and tear down ----------------------------------------------- */

static int set_up(void **state)
{
    struct tcp_pcb *pcb = tcp_new();

    (void)state;
    memset(&peer, 0, sizeof peer);
    tcp_bind(pcb, IP_ANY_TYPE, 443);
    peer.listener = tcp_listen(pcb);
    tcp_accept(peer.listener, peer_accepted);
    cilp_lwip_tcp_init(&t);
    t.s.why = why;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    t.s.ops->close(&t.s);
    t.s.ops->close(&t.s); /* any number of times */
    assert_true(cilp_lwip_tcp_is_closed(&t));
    if (peer.pcb)
        tcp_abort(peer.pcb);
    tcp_close(peer.listener);
    turn(150000); /* TIME_WAIT, too */
    assert_int_equal(lwip_stats.memp[MEMP_TCP_PCB]->used, 0);
    assert_int_equal(lwip_stats.memp[MEMP_TCP_SEG]->used, 0);
    assert_int_equal(lwip_stats.memp[MEMP_PBUF_POOL]->used, 0);
    assert_int_equal(lwip_stats.mem.used, 0);
    return 0;
}

static const struct cilp_peer *at(const char *host, enum cilp_reach reach)
{
    static struct cilp_peer to;

    memset(&to, 0, sizeof to);
    to.port = 443;
    to.reach = reach;
    memcpy(to.host, host, strlen(host) + 1);
    return &to;
}

static enum cilp_stream_rc open_to(const char *host)
{
    const struct cilp_peer *to = at(host, CILP_ANYWHERE);
    enum cilp_stream_rc rc = CILP_STREAM_AGAIN;

    for (int i = 0; i < 10 && rc == CILP_STREAM_AGAIN; i++) {
        rc = t.s.ops->open(&t.s, to);
        turn(50);
    }
    return rc;
}

static void connect_it(void)
{
    assert_int_equal(open_to("127.0.0.1"), CILP_STREAM_OK);
    assert_non_null(peer.pcb);
}

static size_t take(size_t cap)
{
    static uint8_t room[8000];
    size_t done;

    return t.s.ops->recv(&t.s, room, cap, &done) == CILP_STREAM_OK ? done : 0;
}

/* ---- How far is local --------------------------------------------------- */

/* clang-format off */
/* Where it may be: nowhere near, on this link, an agent's place too. */
enum near { FAR, LINK, AGENT };
static const struct { const char *text; enum near near; } REACH[] = {
    { "127.0.0.1", AGENT },        { "127.255.255.255", AGENT },
    { "169.254.169.254", LINK },  { "169.254.170.2", AGENT },
    { "128.0.0.1", FAR },       { "126.255.255.255", FAR },
    { "169.253.0.1", FAR },     { "10.0.0.1", FAR },
    { "0.0.0.0", FAR },         { "192.168.1.1", FAR },
    { "::1", AGENT },              { "fe80::1", LINK },
    { "febf::1", LINK },          { "fd00:ec2::254", LINK },
    { "::ffff:7f00:1", AGENT },    { "::ffff:a00:1", FAR },
    { "::", FAR },              { "::2", FAR },
    { "fd00:ec2::23", AGENT }, { "169.254.170.23", AGENT },
    { "169.254.171.2", LINK },    { "169.254.170.3", LINK },
    { "fec0::1", FAR },         { "fd00:ec3::254", FAR },
    { "2001:db8::1", FAR },     { "::7f00:1", FAR },
};
/* clang-format on */

static void local_addresses_are_told_from_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REACH); i++) {
        ip_addr_t a;

        assert_true(ipaddr_aton(REACH[i].text, &a));
        CHECK_ROW(REACH[i].text, cilp_lwip_tcp_is_within(&a, CILP_LOCAL) ==
                                     (REACH[i].near >= LINK));
        CHECK_ROW(REACH[i].text, cilp_lwip_tcp_is_within(&a, CILP_AGENT) ==
                                     (REACH[i].near == AGENT));
        CHECK_ROW(REACH[i].text, cilp_lwip_tcp_is_within(&a, CILP_ANYWHERE));
    }
}

static void a_reach_is_enforced_on_the_address(void **state)
{
    (void)state;
    assert_int_equal(t.s.ops->open(&t.s, at("10.0.2.2", CILP_LOCAL)),
                     CILP_STREAM_FAIL);
    assert_int_equal(t.s.err, CILP_E_REACH);
    assert_string_equal(why,
                        "not an address of this machine or link: 10.0.2.2:443");
    assert_int_equal(lwip_stats.memp[MEMP_TCP_PCB]->used, 0);
    t.s.ops->close(&t.s);
    assert_int_equal(t.s.ops->open(&t.s, at("localhost", CILP_LOCAL)),
                     CILP_STREAM_AGAIN);
}

/* ---- Opening ------------------------------------------------------------ */

static void both_families_connect(void **state)
{
    (void)state;
    connect_it();
    t.s.ops->close(&t.s);
    turn(500);
    assert_true(peer.done);
    tcp_close(peer.pcb);
    peer.pcb = NULL;
    assert_int_equal(open_to("::1"), CILP_STREAM_OK);
}

static void a_refusal_is_told(void **state)
{
    struct cilp_peer to = *at("127.0.0.1", CILP_ANYWHERE);

    (void)state;
    to.port = 444;
    assert_int_equal(t.s.ops->open(&t.s, &to), CILP_STREAM_AGAIN);
    turn(100);
    assert_int_equal(t.s.ops->open(&t.s, &to), CILP_STREAM_FAIL);
    assert_int_equal(t.s.err, CILP_E_CONNECT);
    assert_int_equal(t.s.native, ERR_RST);
    t.s.ops->close(&t.s);
    assert_string_equal(why, "connection refused by 127.0.0.1:444");
}

static void no_route_is_told_at_once(void **state)
{
    (void)state;
    assert_int_equal(open_to("192.0.2.1"), CILP_STREAM_FAIL);
    assert_int_equal(t.s.err, CILP_E_CONNECT);
    assert_int_equal(t.s.native, ERR_RTE);
}

/* The table of pcbs is full of connections that are in use: it is waited for,
 * and the end of the wait is explained. */
static void pcbs_are_waited_for(void **state)
{
    struct tcp_pcb *taken[MEMP_NUM_TCP_PCB];

    (void)state;
    for (int i = 0; i < MEMP_NUM_TCP_PCB; i++)
        taken[i] = tcp_new();
    assert_int_equal(open_to("127.0.0.1"), CILP_STREAM_AGAIN);
    t.s.ops->close(&t.s);
    assert_string_equal(why, "lwIP is out of memory, or of pcbs");
    assert_int_equal(open_to("127.0.0.1"), CILP_STREAM_AGAIN);
    for (int i = 0; i < MEMP_NUM_TCP_PCB; i++)
        tcp_abort(taken[i]);
    assert_int_equal(open_to("127.0.0.1"), CILP_STREAM_OK);
}

static void a_close_while_connecting_is_silent(void **state)
{
    (void)state;
    assert_int_equal(t.s.ops->open(&t.s, at("127.0.0.1", CILP_ANYWHERE)),
                     CILP_STREAM_AGAIN);
    t.s.ops->close(&t.s);
    assert_string_equal(why, "no answer from 127.0.0.1:443");
}

/* ---- Names -------------------------------------------------------------- */

/* The last question, kept: it is answered when the test says so. */
static struct question {
    struct pbuf *text;
    ip_addr_t from;
    u16_t port;
} asked;

static void dns_asked(void *arg, struct udp_pcb *pcb, struct pbuf *p,
                      const ip_addr_t *from, u16_t port)
{
    (void)arg;
    (void)pcb;
    if (asked.text)
        pbuf_free(asked.text);
    asked.text = p;
    asked.from = *from;
    asked.port = port;
}

static struct question keep_question(void)
{
    struct question q = asked;

    assert_non_null(q.text);
    asked.text = NULL;
    return q;
}

static void dns_answer(struct udp_pcb *pcb, struct question q, uint8_t last)
{
    const uint8_t record[] = {0xC0, 0x0C, 0, 1, 0,   1, 0, 0,
                              0,    1,    0, 4, 127, 0, 0, last};
    struct pbuf *p = pbuf_alloc(
        PBUF_TRANSPORT, (u16_t)(q.text->tot_len + sizeof record), PBUF_RAM);
    const uint8_t head[] = {0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0};

    pbuf_copy_partial(q.text, p->payload, q.text->tot_len, 0);
    pbuf_take_at(p, head, sizeof head, 2);
    pbuf_take_at(p, record, sizeof record, q.text->tot_len);
    udp_sendto(pcb, p, &q.from, q.port);
    pbuf_free(p);
    pbuf_free(q.text);
    turn(100);
}

static struct udp_pcb *name_server(void)
{
    struct udp_pcb *pcb = udp_new();
    ip_addr_t loopback;

    ipaddr_aton("127.0.0.1", &loopback);
    udp_bind(pcb, &loopback, 53);
    udp_recv(pcb, dns_asked, NULL);
    dns_setserver(0, &loopback);
    return pcb;
}

static void no_name_server(void **state)
{
    ip_addr_t none;

    (void)state;
    ip_addr_set_any(false, &none);
    dns_setserver(0, &none);
    assert_int_equal(open_to("ec2.test"), CILP_STREAM_FAIL);
    assert_int_equal(t.s.err, CILP_E_RESOLVE);
    assert_string_equal(why, "no name server is known");
}

static struct question ask_for(const char *host)
{
    assert_int_equal(t.s.ops->open(&t.s, at(host, CILP_ANYWHERE)),
                     CILP_STREAM_AGAIN);
    turn(50);
    return keep_question();
}

/* An answer to a question of a call that is over changes nothing for the next
 * one, which has asked for another name: neither before its own came nor behind. */
static void a_late_answer_goes_nowhere(void **state)
{
    static const char *const hosts[][2] = {{"one.test", "two.test"},
                                           {"three.test", "four.test"}};
    struct udp_pcb *server = name_server();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct question first = ask_for(hosts[i][0]), second;

        t.s.ops->close(&t.s);
        assert_string_equal(why, "the name server is silent");
        second = ask_for(hosts[i][1]);
        if (i == 0) {
            dns_answer(server, first, 99);
            assert_true(t.ask && t.ask->out); /* still waits for its own */
        }
        dns_answer(server, second, 1);
        if (i == 1)
            dns_answer(server, first, 99);
        assert_int_equal(open_to(hosts[i][1]), CILP_STREAM_OK);
        assert_string_equal(ipaddr_ntoa(&t.addr), "127.0.0.1");
        t.s.ops->close(&t.s);
        tcp_abort(peer.pcb);
        peer.pcb = NULL;
    }
    udp_remove(server);
    assert_int_equal(t.asks[0].out + t.asks[1].out + t.asks[2].out, 0);
}

/* ---- Carrying ----------------------------------------------------------- */

static void the_window_opens_for_what_was_taken(void **state)
{
    size_t sum = 0;

    (void)state;
    connect_it();
    peer_say(4000);
    assert_int_equal(t.parked->tot_len, TCP_WND);
    assert_int_equal(t.pcb->rcv_wnd, 0);
    assert_int_equal(take(2000), 2000);
    assert_int_equal(t.pcb->rcv_wnd, 2000);
    peer_say(3000);
    assert_int_equal(t.parked->tot_len, TCP_WND);
    for (size_t n = take(333); n > 0; n = take(333)) {
        sum += n;
        turn(300);
    }
    assert_int_equal(sum, 4000 + 3000 - 2000);
}

static void a_full_queue_is_waited_for(void **state)
{
    static const uint8_t bytes[3000];
    size_t done, sum = 0;
    enum cilp_stream_rc rc;

    (void)state;
    connect_it();
    do {
        rc = t.s.ops->send(&t.s, bytes, sizeof bytes, &done);
        sum += done;
    } while (rc == CILP_STREAM_OK);
    assert_int_equal(rc, CILP_STREAM_AGAIN);
    assert_int_equal(done, 0);
    assert_int_equal(sum, TCP_SND_BUF);
    turn(1000);
    assert_int_equal(peer.got, sum);
    assert_int_equal(t.s.ops->send(&t.s, bytes, 1, &done), CILP_STREAM_OK);
}

/* A peer that accepts with no window, and tells a small one when something waits. */
static void what_is_longer_than_a_small_window_leaves_first(void **state)
{
    static const uint8_t bytes[1000];
    size_t done;

    (void)state;
    connect_it();
    t.pcb->snd_wnd = t.pcb->snd_wnd_max = 0;
    assert_int_equal(t.s.ops->send(&t.s, bytes, 500, &done), CILP_STREAM_OK);
    assert_int_equal(done, 500);
    t.pcb->snd_wnd_max = 128;
    assert_int_equal(t.s.ops->send(&t.s, bytes, 500, &done), CILP_STREAM_AGAIN);
    assert_int_equal(done, 0);
    t.pcb->snd_wnd = t.pcb->snd_wnd_max = 1000;
    tcp_output(t.pcb);
    turn(1000);
    assert_int_equal(peer.got, 500);
    assert_int_equal(t.s.ops->send(&t.s, bytes, 500, &done), CILP_STREAM_OK);
}

/* The probe of a window that is shut may be all there was to say. */
static void a_last_byte_that_went_as_a_probe_stops_nobody(void **state)
{
    size_t done;

    (void)state;
    connect_it();
    t.pcb->snd_wnd = 0;
    assert_int_equal(t.s.ops->send(&t.s, (const uint8_t *)"!", 1, &done),
                     CILP_STREAM_OK);
    assert_int_equal(peer.got, 0);
    turn(5000);
    assert_int_equal(peer.got, 1);
    assert_null(t.pcb->unsent);
    assert_int_equal(t.pcb->persist_backoff, 0);
}

static void data_comes_before_the_end(void **state)
{
    (void)state;
    connect_it();
    peer_say(100);
    tcp_close(peer.pcb);
    peer.pcb = NULL;
    turn(100);
    assert_int_equal(take(60), 60);
    assert_int_equal(take(60), 40);
    size_t done;
    uint8_t byte;
    assert_int_equal(t.s.ops->recv(&t.s, &byte, 1, &done), CILP_STREAM_EOF);
}

static void data_comes_before_a_reset(void **state)
{
    size_t done;
    uint8_t byte;

    (void)state;
    connect_it();
    peer_say(100);
    tcp_abort(peer.pcb);
    peer.pcb = NULL;
    turn(100);
    assert_int_equal(take(200), 100);
    assert_int_equal(t.s.ops->recv(&t.s, &byte, 1, &done), CILP_STREAM_FAIL);
    assert_int_equal(t.s.err, CILP_E_CLOSED);
    assert_int_equal(t.s.native, ERR_RST);
    assert_string_equal(why, "connection reset by 127.0.0.1:443");
    assert_int_equal(t.s.ops->send(&t.s, &byte, 1, &done), CILP_STREAM_FAIL);
}

/* ---- Closing ------------------------------------------------------------ */

static void a_goodbye_is_delivered(void **state)
{
    size_t done;

    (void)state;
    connect_it();
    assert_int_equal(t.s.ops->send(&t.s, (const uint8_t *)"goodbye", 7, &done),
                     CILP_STREAM_OK);
    t.s.ops->close(&t.s);
    turn(1000);
    assert_int_equal(peer.got, 7);
    assert_true(peer.done);
}

/* What was parked and never taken: the peer hears a reset, unless it had
 * finished. */
static void bytes_that_nobody_takes(void **state)
{
    (void)state;
    connect_it();
    peer_say(100);
    t.s.ops->close(&t.s);
    turn(200);
    assert_null(peer.pcb);
    assert_int_equal(peer.broke, ERR_RST);
}

static void bytes_that_nobody_takes_after_the_end(void **state)
{
    (void)state;
    connect_it();
    peer_say(100);
    tcp_shutdown(peer.pcb, 0, 1);
    turn(200);
    t.s.ops->close(&t.s);
    turn(500);
    assert_int_equal(peer.broke, ERR_OK);
    assert_true(peer.done);
}

/* A request that the peer does not acknowledge is not repeated for minutes. */
static void a_request_given_up_is_dropped(void **state)
{
    static const uint8_t bytes[2000];
    size_t done;

    (void)state;
    connect_it();
    assert_int_equal(t.s.ops->send(&t.s, bytes, sizeof bytes, &done),
                     CILP_STREAM_OK);
    t.s.ops->close(&t.s); /* before anything could be acknowledged */
    assert_int_equal(lwip_stats.memp[MEMP_TCP_SEG]->used, 0);
    turn(200);
    assert_int_equal(peer.broke, ERR_RST);
}

#define IT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IT(local_addresses_are_told_from_others),
        IT(a_reach_is_enforced_on_the_address),
        IT(both_families_connect),
        IT(a_refusal_is_told),
        IT(no_route_is_told_at_once),
        IT(pcbs_are_waited_for),
        IT(a_close_while_connecting_is_silent),
        IT(no_name_server),
        IT(a_late_answer_goes_nowhere),
        IT(the_window_opens_for_what_was_taken),
        IT(a_full_queue_is_waited_for),
        IT(what_is_longer_than_a_small_window_leaves_first),
        IT(a_last_byte_that_went_as_a_probe_stops_nobody),
        IT(data_comes_before_the_end),
        IT(data_comes_before_a_reset),
        IT(a_goodbye_is_delivered),
        IT(bytes_that_nobody_takes),
        IT(bytes_that_nobody_takes_after_the_end),
        IT(a_request_given_up_is_dropped),
    };

    lwip_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
