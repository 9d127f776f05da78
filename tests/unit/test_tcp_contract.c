/*
 * A TCP stream on sockets, against listeners of this test on loopback: the contract of
 * port/port.h, row by row. Built once for each port that has one (tcp_stream.h).
 */
#include "tests/unit/rows.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

#include "tests/unit/listener.h"
#include "tests/unit/tcp_stream.h"

static tcp_stream tcp;
static char why[CILP_STREAM_WHY_MAX];

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

static enum cilp_stream_rc open_fully(const char *host, uint16_t port,
                                      enum cilp_reach reach)
{
    struct cilp_peer to = peer_of(host, port, reach);
    enum cilp_stream_rc rc;

    tcp_stream_init(&tcp);
    tcp.s.why = why;
    while ((rc = tcp.s.ops->open(&tcp.s, &to)) == CILP_STREAM_AGAIN)
        tcp_stream_wait(&tcp, 5000);
    return rc;
}

static int descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int n = 0;

    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
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
    tcp_stream_wait(&tcp, 5000);
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_OK);
    assert_int_equal(n, 5);
    assert_int_equal(tcp.s.ops->send(&tcp.s, got, 5, &n), CILP_STREAM_OK);
    assert_int_equal(n, 5);
    close(peer);
    tcp_stream_wait(&tcp, 5000);
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
    tcp_stream_wait(&tcp, 5000); /* for room */
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
    tcp_stream_wait(&tcp, 5000);
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

/* What was said before the end is had before the end is told. */
static void bytes_come_before_the_end(void **state)
{
    uint16_t port;
    int server = listener(AF_INET, &port), peer;
    uint8_t got[8];
    size_t n, all = 0;
    enum cilp_stream_rc rc;

    (void)state;
    assert_int_equal(open_fully("127.0.0.1", port, CILP_ANYWHERE),
                     CILP_STREAM_OK);
    peer = accept(server, NULL, NULL);
    assert_int_equal(write(peer, "hello", 5), 5);
    close(peer);
    while ((rc = tcp.s.ops->recv(&tcp.s, got, 2, &n)) != CILP_STREAM_EOF) {
        assert_true(rc == CILP_STREAM_OK || rc == CILP_STREAM_AGAIN);
        if (rc == CILP_STREAM_AGAIN)
            tcp_stream_wait(&tcp, 5000);
        else
            all += n;
    }
    assert_int_equal(all, 5);
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
    assert_non_null(strstr(why, ", connection refused by [::1]:"));
    close_it();
}

/* Time that runs out while connecting: the one who kept silent is named. A close in
 * any state leaves no descriptor, and the next open begins anew. */
static void it_closes_in_any_state(void **state)
{
    struct silence quiet;
    struct cilp_peer to;
    char text[64];
    uint16_t port;
    int server, before = descriptors();

    (void)state;
    tcp_stream_init(&tcp);
    tcp.s.why = why;
    close_it();
    silence_begin(&quiet);
    to = peer_of("127.0.0.1", quiet.port, CILP_ANYWHERE);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tcp.s.ops->open(&tcp.s, &to), CILP_STREAM_AGAIN);
        close_it();
        snprintf(text, sizeof text, "no answer from 127.0.0.1:%u", quiet.port);
        assert_string_equal(why, text);
    }
    silence_end(&quiet);
    server = listener(AF_INET, &port);
    assert_int_equal(open_fully("127.0.0.1", port, CILP_ANYWHERE),
                     CILP_STREAM_OK);
    close_it();
    close(server);
    assert_int_equal(open_fully("127.0.0.1", port, CILP_ANYWHERE),
                     CILP_STREAM_FAIL);
    close_it();
    assert_int_equal(descriptors(), before);
}

/* Nobody wants to know why. */
static void it_fails_without_a_word(void **state)
{
    struct cilp_peer far = peer_of("192.0.2.1", 80, CILP_LOCAL),
                     none = peer_of("no such name", 80, CILP_ANYWHERE);

    (void)state;
    tcp_stream_init(&tcp);
    assert_int_equal(tcp.s.ops->open(&tcp.s, &far), CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_REACH);
    close_it();
    assert_int_equal(tcp.s.ops->open(&tcp.s, &none), CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_RESOLVE);
    close_it();
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
        cmocka_unit_test(bytes_come_before_the_end),
        cmocka_unit_test(the_next_address_is_tried),
        cmocka_unit_test(it_closes_in_any_state),
        cmocka_unit_test(it_fails_without_a_word),
        cmocka_unit_test(a_far_address_is_not_even_tried),
        cmocka_unit_test(a_name_that_is_none_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
