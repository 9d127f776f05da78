/*
 * What is port/posix's own beside the contract (test_tcp_contract.c): the race of
 * addresses, signals, whom a command does not inherit.
 */
#include "tests/unit/rows.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>

#include "port/posix/tcp.h"
#include "tests/unit/listener.h"

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

/* ---- Connections ------------------------------------------------------- */

static struct cilp_posix_tcp tcp;
static char why[CILP_STREAM_WHY_MAX];

/* A command that this program runs has none of its connections. */
static void a_socket_is_not_inherited(void **state)
{
    struct cilp_peer to = {.host = "127.0.0.1"};
    int server = listener(AF_INET, &to.port);
    enum cilp_stream_rc rc;

    (void)state;
    cilp_posix_tcp_init(&tcp);
    while ((rc = tcp.s.ops->open(&tcp.s, &to)) == CILP_STREAM_AGAIN)
        cilp_posix_wait(&tcp, 5000, NULL);
    assert_int_equal(rc, CILP_STREAM_OK);
    assert_true(fcntl(tcp.fd, F_GETFD) & FD_CLOEXEC);
    tcp.s.ops->close(&tcp.s);
    close(server);
}

static void a_silent_address_costs_a_quarter_of_a_second(void **state)
{
    struct silence quiet;
    uint16_t port;
    int server = listener(AF_INET, &port);
    struct cilp_now from;
    struct cilp_peer to = {.host = "127.0.0.1"};
    union cilp_posix_addr good = address("127.0.0.1", 0);
    enum cilp_stream_rc rc;

    (void)state;
    silence_begin(&quiet);
    to.port = quiet.port;
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
    silence_end(&quiet);
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
        cmocka_unit_test(a_socket_is_not_inherited),
        cmocka_unit_test(a_silent_address_costs_a_quarter_of_a_second),
        cmocka_unit_test(a_signal_before_the_wait_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
