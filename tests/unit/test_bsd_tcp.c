/*
 * The stream on plain BSD sockets, against listeners of this test on loopback: the
 * contract of port.h, row by row.
 */
#include "tests/unit/rows.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port/bsd/tcp.h"

static struct cilp_bsd_tcp tcp;
static char why[CILP_STREAM_WHY_MAX];

static int listener(int family, uint16_t *port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool is_v4 = family == AF_INET;
    void *a = is_v4 ? (void *)&v4 : (void *)&v6;
    socklen_t len = is_v4 ? sizeof v4 : sizeof v6;
    int fd = socket(family, SOCK_STREAM, 0);

    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, a, len), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, a, &len), 0);
    *port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
    return fd;
}

static struct cilp_peer peer_of(const char *host, uint16_t port,
                                enum cilp_reach reach)
{
    struct cilp_peer to;

    memset(&to, 0, sizeof to);
    strcpy(to.host, host);
    to.port = port;
    to.reach = reach;
    return to;
}

static enum cilp_stream_rc go_on(const struct cilp_peer *to)
{
    enum cilp_stream_rc rc;

    while ((rc = tcp.s.ops->open(&tcp.s, to)) == CILP_STREAM_AGAIN)
        cilp_bsd_wait(&tcp, 5000);
    return rc;
}

static enum cilp_stream_rc open_fully(const char *host, uint16_t port,
                                      enum cilp_reach reach)
{
    struct cilp_peer to = peer_of(host, port, reach);

    cilp_bsd_tcp_init(&tcp);
    tcp.s.why = why;
    return go_on(&to);
}

static void close_it(void)
{
    tcp.s.ops->close(&tcp.s);
    tcp.s.ops->close(&tcp.s);
    assert_int_equal(tcp.fd, -1);
}

static void bytes_go_there_and_back(void **state)
{
    uint16_t port;
    int server = listener(AF_INET, &port), peer, on = 0;
    socklen_t len = sizeof on;
    uint8_t got[8];
    size_t n;

    (void)state;
    assert_int_equal(open_fully("localhost", port, CILP_LOCAL), CILP_STREAM_OK);
    assert_string_equal(why, "");
    peer = accept(server, NULL, NULL);
    getsockopt(tcp.fd, IPPROTO_TCP, TCP_NODELAY, &on, &len);
    assert_true(on);
    assert_true(fcntl(tcp.fd, F_GETFL) & O_NONBLOCK);
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_AGAIN);
    assert_int_equal(write(peer, "hello", 5), 5);
    cilp_bsd_wait(&tcp, 5000);
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_OK);
    assert_int_equal(n, 5);
    assert_int_equal(tcp.s.ops->send(&tcp.s, got, 5, &n), CILP_STREAM_OK);
    assert_int_equal(n, 5);
    close(peer);
    cilp_bsd_wait(&tcp, 5000);
    /* "hello" was never read there: that end is a reset */
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_CLOSED);
    assert_int_equal(tcp.s.native, ECONNRESET);
    assert_non_null(strstr(why, "connection reset by 127.0.0.1:"));
    close_it();
    close(server);
}

static void what_is_full_takes_the_rest_later(void **state)
{
    static uint8_t block[65536];
    uint16_t port;
    int server = listener(AF_INET, &port), peer;
    enum cilp_stream_rc rc;
    size_t n, sent = 0, there = 0;

    (void)state;
    assert_int_equal(open_fully("127.0.0.1", port, CILP_ANYWHERE),
                     CILP_STREAM_OK);
    peer = accept(server, NULL, NULL);
    for (;;) {
        rc = tcp.s.ops->send(&tcp.s, block, sizeof block, &n);
        if (rc != CILP_STREAM_OK)
            break;
        assert_in_range(n, 1, sizeof block);
        sent += n;
    }
    assert_int_equal(rc, CILP_STREAM_AGAIN);
    while (there < sent)
        there += (size_t)read(peer, block, sizeof block);
    cilp_bsd_wait(&tcp, 5000); /* for room */
    assert_int_equal(tcp.s.ops->send(&tcp.s, block, 1, &n), CILP_STREAM_OK);
    close(peer);
    close_it();
    close(server);
}

static void a_peer_that_ends_is_eof_and_a_late_write_no_signal(void **state)
{
    uint16_t port;
    int server = listener(AF_INET, &port);
    uint8_t got[8] = "x";
    size_t n;
    enum cilp_stream_rc rc = CILP_STREAM_OK;

    (void)state;
    assert_int_equal(open_fully("127.0.0.1", port, CILP_ANYWHERE),
                     CILP_STREAM_OK);
    close(accept(server, NULL, NULL));
    cilp_bsd_wait(&tcp, 5000);
    (void)tcp.s.ops->recv(&tcp.s, got, sizeof got, &n);
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_EOF);
    for (int i = 0; i < 100 && rc == CILP_STREAM_OK; i++) {
        rc = tcp.s.ops->send(&tcp.s, got, 1, &n);
        usleep(1000);
    }
    assert_int_equal(rc, CILP_STREAM_FAIL); /* and this process lives */
    assert_int_equal(tcp.s.err, CILP_E_CLOSED);
    close_it();
    close(server);
}

static void the_next_address_is_tried(void **state)
{
    uint16_t port;
    int server = listener(AF_INET6, &port);

    (void)state;
    /* nobody listens there on 127.0.0.1 */
    assert_int_equal(open_fully("localhost", port, CILP_LOCAL), CILP_STREAM_OK);
    assert_string_equal(why, "");
    close_it();
    assert_int_equal(open_fully("::1", port, CILP_LOCAL), CILP_STREAM_OK);
    close_it();
    close(server);
    assert_int_equal(open_fully("localhost", port, CILP_LOCAL),
                     CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_CONNECT);
    assert_int_equal(tcp.s.native, ECONNREFUSED);
    assert_non_null(strstr(why, "connection refused by 127.0.0.1:"));
    assert_non_null(strstr(why, ", connection refused by [0:0:0:0:0:0:0:1]:"));
    close_it();
}

/* A listener whose queue is full answers nothing more. */
static int silent(uint16_t *port, int filler[16])
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    int fd = listener(AF_INET, port);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons(*port);
    for (size_t i = 0; i < 16; i++) {
        filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(filler[i], (struct sockaddr *)&a, sizeof a);
    }
    return fd;
}

static void a_silent_address_is_left_and_named(void **state)
{
    uint16_t port;
    int filler[16], full = silent(&port, filler);
    struct cilp_peer to = peer_of("127.0.0.1", port, CILP_ANYWHERE);
    struct cilp_now from = cilp_port_now();
    char text[64];

    (void)state;
    cilp_bsd_tcp_init(&tcp);
    tcp.s.why = why;
    assert_int_equal(tcp.s.ops->open(&tcp.s, &to), CILP_STREAM_AGAIN);
    tcp.addr[tcp.n++] = (struct cilp_bsd_addr){4, {127, 0, 0, 2}};
    assert_int_equal(go_on(&to), CILP_STREAM_FAIL);
    assert_in_range(cilp_port_now().mono_ms - from.mono_ms, CILP_BSD_TCP_TRY_MS,
                    CILP_BSD_TCP_TRY_MS + 2000);
    snprintf(text, sizeof text, "no answer from 127.0.0.1:%u", port);
    assert_non_null(strstr(why, text));
    assert_non_null(strstr(why, "connection refused by 127.0.0.2:"));
    close_it();
    /* core's time ends before ours */
    assert_int_equal(tcp.s.ops->open(&tcp.s, &to), CILP_STREAM_AGAIN);
    close_it();
    assert_string_equal(why, text);
    for (size_t i = 0; i < 16; i++)
        close(filler[i]);
    close(full);
}

static void a_far_address_is_not_even_tried(void **state)
{
    (void)state;
    assert_int_equal(open_fully("192.0.2.1", 80, CILP_LOCAL), CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_REACH);
    assert_string_equal(why,
                        "not an address of this machine or link: 192.0.2.1:80");
    close_it();
    assert_int_equal(open_fully("169.254.169.254", 80, CILP_AGENT),
                     CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_REACH);
    close_it();
}

static void a_name_that_is_none_is_named(void **state)
{
    (void)state;
    assert_int_equal(open_fully("no such name", 80, CILP_ANYWHERE),
                     CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_RESOLVE);
    assert_non_null(strstr(why, "no such name"));
    close_it();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_there_and_back),
        cmocka_unit_test(what_is_full_takes_the_rest_later),
        cmocka_unit_test(a_peer_that_ends_is_eof_and_a_late_write_no_signal),
        cmocka_unit_test(the_next_address_is_tried),
        cmocka_unit_test(a_silent_address_is_left_and_named),
        cmocka_unit_test(a_far_address_is_not_even_tried),
        cmocka_unit_test(a_name_that_is_none_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
