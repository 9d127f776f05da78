/*
 * The socket stream, against listeners of this test on loopback.
 */
#include "tests/unit/rows.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/time.h>

#include "port/posix/tcp.h"

/* ---- How far is local -------------------------------------------------- */

/* clang-format off */
static const struct { const char *text; bool is_local, is_agent; } REACH[] = {
    { "127.0.0.1", true, true },        { "127.255.255.255", true, true },
    { "169.254.169.254", true, false }, { "169.254.170.2", true, true },
    { "169.254.170.23", true, true },   { "169.254.170.3", true, false },
    { "169.254.171.2", true, false },   { "169.1.170.2", false, false },
    { "128.0.0.1", false, false },      { "126.255.255.255", false, false },
    { "169.253.0.1", false, false },    { "10.0.0.1", false, false },
    { "0.0.0.0", false, false },        { "192.168.1.1", false, false },
    { "::1", true, true },              { "fe80::1", true, false },
    { "febf::1", true, false },         { "fd00:ec2::254", true, false },
    { "fd00:ec2::23", true, true },     { "fd00:ec2:1::23", true, false },
    { "::ffff:127.0.0.1", true, true },
    { "::ffff:169.254.169.254", true, false },
    { "::ffff:169.254.170.23", true, true },
    { "::", false, false },             { "::2", false, false },
    { "fec0::1", false, false },        { "fd00:ec3::254", false, false },
    { "2001:db8::1", false, false },    { "::ffff:10.0.0.1", false, false },
    { "::127.0.0.1", false, false },
};
/* clang-format on */

static union cilp_posix_addr address(const char *text, uint16_t port)
{
    union cilp_posix_addr a;

    memset(&a, 0, sizeof a);
    if (inet_pton(AF_INET, text, &a.v4.sin_addr) == 1) {
        a.v4.sin_family = AF_INET;
        a.v4.sin_port = htons(port);
        return a;
    }
    assert_int_equal(inet_pton(AF_INET6, text, &a.v6.sin6_addr), 1);
    a.v6.sin6_family = AF_INET6;
    a.v6.sin6_port = htons(port);
    return a;
}

static void local_addresses_are_told_from_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REACH); i++) {
        union cilp_posix_addr a = address(REACH[i].text, 80);

        CHECK_ROW(REACH[i].text, cilp_posix_tcp_is_within(&a, CILP_LOCAL) ==
                                     REACH[i].is_local);
        CHECK_ROW(REACH[i].text, cilp_posix_tcp_is_within(&a, CILP_AGENT) ==
                                     REACH[i].is_agent);
        CHECK_ROW(REACH[i].text, cilp_posix_tcp_is_within(&a, CILP_ANYWHERE));
    }
}

static void addresses_are_written_as_people_do(void **state)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"127.0.0.1", "127.0.0.1:443"},
        {"::", "[::]:443"},
        {"::1", "[::1]:443"},
        {"fe80::", "[fe80::]:443"},
        {"2001:db8::ff:0:0:1", "[2001:db8::ff:0:0:1]:443"},
        {"1:2:3:4:5:6:7:8", "[1:2:3:4:5:6:7:8]:443"},
        {"1:0:3:4:5:6:7:8", "[1:0:3:4:5:6:7:8]:443"},
        {"1:2:3:4:5:6::", "[1:2:3:4:5:6::]:443"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char why[CILP_STREAM_WHY_MAX] = "";
        union cilp_posix_addr a = address(rows[i].text, 443);

        cilp_why_add_addr(why, &a);
        CHECK_ROW(rows[i].shown, strcmp(why, rows[i].shown) == 0);
    }
}

static void a_sentence_is_cut_at_its_end(void **state)
{
    char *why = guarded(NULL, CILP_STREAM_WHY_MAX);

    (void)state;
    for (int i = 0; i < 100; i++)
        cilp_why_add(why, "abc\x1b");
    assert_int_equal(strlen(why), CILP_STREAM_WHY_MAX - 1);
    assert_null(strchr(why, '\x1b'));
}

/* ---- Connections ------------------------------------------------------- */

static struct cilp_posix_tcp tcp;
static char why[CILP_STREAM_WHY_MAX];

static int listener(uint16_t *port)
{
    union cilp_posix_addr a = address("127.0.0.1", 0);
    socklen_t len = sizeof a.v4;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, &a.any, len), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, &a.any, &len), 0);
    *port = ntohs(a.v4.sin_port);
    return fd;
}

static enum cilp_stream_rc open_fully(const char *host, uint16_t port,
                                      enum cilp_reach reach)
{
    struct cilp_peer to;
    enum cilp_stream_rc rc;

    memset(&to, 0, sizeof to);
    strcpy(to.host, host);
    to.port = port;
    to.reach = reach;
    cilp_posix_tcp_init(&tcp);
    tcp.s.why = why;
    while ((rc = tcp.s.ops->open(&tcp.s, &to)) == CILP_STREAM_AGAIN)
        cilp_posix_wait(&tcp, 5000, NULL);
    return rc;
}

static void bytes_go_there_and_back(void **state)
{
    uint16_t port;
    int server = listener(&port), peer, on = 0;
    socklen_t len = sizeof on;
    uint8_t got[8];
    size_t n;

    (void)state;
    assert_int_equal(open_fully("localhost", port, CILP_LOCAL), CILP_STREAM_OK);
    peer = accept(server, NULL, NULL);
    getsockopt(tcp.fd, IPPROTO_TCP, TCP_NODELAY, &on, &len);
    assert_true(on);
    assert_true(fcntl(tcp.fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_AGAIN);
    assert_int_equal(write(peer, "hello", 5), 5);
    cilp_posix_wait(&tcp, 5000, NULL);
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_OK);
    assert_int_equal(n, 5);
    assert_int_equal(tcp.s.ops->send(&tcp.s, got, 5, &n), CILP_STREAM_OK);
    close(peer);
    cilp_posix_wait(&tcp, 5000, NULL);
    /* "hello" was never read there: that end is a reset */
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_CLOSED);
    assert_int_equal(tcp.s.native, ECONNRESET);
    assert_non_null(strstr(why, "connection reset by 127.0.0.1:"));
    tcp.s.ops->close(&tcp.s);
    tcp.s.ops->close(&tcp.s);
    close(server);
}

static void a_peer_that_ends_is_eof_and_a_late_write_no_signal(void **state)
{
    uint16_t port;
    int server = listener(&port);
    uint8_t got[8] = "x";
    size_t n;
    enum cilp_stream_rc rc = CILP_STREAM_OK;

    (void)state;
    assert_int_equal(open_fully("127.0.0.1", port, CILP_ANYWHERE),
                     CILP_STREAM_OK);
    close(accept(server, NULL, NULL));
    cilp_posix_wait(&tcp, 5000, NULL);
    assert_int_equal(tcp.s.ops->recv(&tcp.s, got, sizeof got, &n),
                     CILP_STREAM_EOF);
    for (int i = 0; i < 100 && rc == CILP_STREAM_OK; i++) {
        rc = tcp.s.ops->send(&tcp.s, got, 1, &n);
        usleep(1000);
    }
    assert_int_equal(rc, CILP_STREAM_FAIL); /* and this process lives */
    assert_int_equal(tcp.s.err, CILP_E_CLOSED);
    tcp.s.ops->close(&tcp.s);
    close(server);
}

static void a_refusal_names_every_address(void **state)
{
    uint16_t port;

    (void)state;
    close(listener(&port));
    assert_int_equal(open_fully("localhost", port, CILP_ANYWHERE),
                     CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_CONNECT);
    assert_non_null(strstr(why, "connection refused by 127.0.0.1:"));
    assert_non_null(strstr(why, "[::1]:"));
    tcp.s.ops->close(&tcp.s);
}

static void a_far_address_is_not_even_tried(void **state)
{
    (void)state;
    assert_int_equal(open_fully("192.0.2.1", 80, CILP_LOCAL), CILP_STREAM_FAIL);
    assert_int_equal(tcp.s.err, CILP_E_REACH);
    assert_non_null(strstr(why, "192.0.2.1:80"));
    tcp.s.ops->close(&tcp.s);
}

static void a_silent_address_costs_a_quarter_of_a_second(void **state)
{
    uint16_t port, full_port;
    int server = listener(&port), full, filler[16];
    struct cilp_now from;
    struct cilp_peer to = {.host = "127.0.0.1"};
    union cilp_posix_addr good = address("127.0.0.1", 0);
    enum cilp_stream_rc rc;

    (void)state;
    /* a listener whose queue is full answers nothing more */
    full = listener(&full_port);
    for (size_t i = 0; i < COUNT(filler); i++) {
        union cilp_posix_addr a = address("127.0.0.1", full_port);

        filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(filler[i], &a.any, sizeof a.v4);
    }
    to.port = full_port;
    cilp_posix_tcp_init(&tcp);
    tcp.s.why = why;
    from = cilp_port_now();
    rc = tcp.s.ops->open(&tcp.s, &to);
    good.v4.sin_port = htons(port);
    tcp.addr[tcp.n++] = good; /* as if the name had had two */
    for (; rc == CILP_STREAM_AGAIN; rc = tcp.s.ops->open(&tcp.s, &to))
        cilp_posix_wait(&tcp, 5000, NULL);
    assert_int_equal(rc, CILP_STREAM_OK);
    assert_true(cilp_port_now().mono_ms - from.mono_ms >=
                CILP_POSIX_TCP_STAGGER_MS);
    assert_true(cilp_port_now().mono_ms - from.mono_ms < 2000);
    for (size_t i = 0; i < CILP_POSIX_TCP_ADDR_MAX; i++)
        assert_int_equal(tcp.try_fd[i], -1);
    tcp.s.ops->close(&tcp.s);
    for (size_t i = 0; i < COUNT(filler); i++)
        close(filler[i]);
    close(full);
    close(server);
}

/* ---- Signals ----------------------------------------------------------- */

static volatile sig_atomic_t rang;

static void ring(int number)
{
    (void)number;
    rang = 1;
}

static void a_signal_before_the_wait_ends_it(void **state)
{
    struct sigaction act = {.sa_handler = ring};
    struct cilp_now from = cilp_port_now();
    sigset_t alarm, open_mask;

    (void)state;
    sigaction(SIGALRM, &act, NULL);
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm, &open_mask);
    raise(SIGALRM);
    assert_false(rang);
    cilp_posix_wait(NULL, 10000, &open_mask);
    assert_true(rang);
    assert_true(cilp_port_now().mono_ms - from.mono_ms < 5000);
    sigprocmask(SIG_SETMASK, &open_mask, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_addresses_are_told_from_others),
        cmocka_unit_test(addresses_are_written_as_people_do),
        cmocka_unit_test(a_sentence_is_cut_at_its_end),
        cmocka_unit_test(bytes_go_there_and_back),
        cmocka_unit_test(a_peer_that_ends_is_eof_and_a_late_write_no_signal),
        cmocka_unit_test(a_refusal_names_every_address),
        cmocka_unit_test(a_far_address_is_not_even_tried),
        cmocka_unit_test(a_silent_address_costs_a_quarter_of_a_second),
        cmocka_unit_test(a_signal_before_the_wait_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
