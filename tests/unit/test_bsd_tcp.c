/*
 * What is port/bsd's own beside the contract (test_tcp_contract.c): one socket at a time,
 * and when the next address has its turn.
 */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <sys/socket.h>

#include "port/bsd/tcp.h"
#include "tests/unit/listener.h"

static struct cilp_bsd_tcp tcp;
static char why[CILP_STREAM_WHY_MAX];

static enum cilp_stream_rc go_on(const struct cilp_peer *to)
{
    enum cilp_stream_rc rc;

    while ((rc = tcp.s.ops->open(&tcp.s, to)) == CILP_STREAM_AGAIN)
        cilp_bsd_wait(&tcp, 5000);
    return rc;
}

static void a_silent_address_is_left_and_named(void **state)
{
    struct silence quiet;
    struct cilp_peer to = {.host = "127.0.0.1"};
    struct cilp_now from = cilp_port_now();
    char text[64];

    (void)state;
    silence_begin(&quiet);
    to.port = quiet.port;
    cilp_bsd_tcp_init(&tcp);
    tcp.s.why = why;
    assert_int_equal(tcp.s.ops->open(&tcp.s, &to), CILP_STREAM_AGAIN);
    tcp.addr[tcp.n++] = (struct cilp_bsd_addr){4, {127, 0, 0, 2}};
    assert_int_equal(go_on(&to), CILP_STREAM_FAIL);
    assert_in_range(cilp_port_now().mono_ms - from.mono_ms, CILP_BSD_TCP_TRY_MS,
                    CILP_BSD_TCP_TRY_MS + 2000);
    snprintf(text, sizeof text, "no answer from 127.0.0.1:%u", quiet.port);
    assert_non_null(strstr(why, text));
    assert_non_null(strstr(why, "connection refused by 127.0.0.2:"));
    tcp.s.ops->close(&tcp.s);
    silence_end(&quiet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_address_is_left_and_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
