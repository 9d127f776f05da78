/*
 * Two clocks that the system gives or refuses, one by one.
 *
 * Linked with -Wl,--wrap=clock_gettime.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "port/port.h"

static clockid_t refused;
static struct timespec mono, real;

int __wrap_clock_gettime(clockid_t id, struct timespec *t);

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
    if (id == refused) {
        errno = EPERM;
        return -1;
    }
    *t = id == CLOCK_MONOTONIC ? mono : real;
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    refused = -1;
    mono = (struct timespec){7, 9999999};
    real = (struct timespec){CILP_PORT_CLOCK_FLOOR_S, 0};
    return 0;
}

static void both_are_read(void **state)
{
    struct cilp_now now = cilp_port_now();

    (void)state;
    assert_int_equal(now.mono_ms, 7009);
    assert_int_equal(now.unix_s, CILP_PORT_CLOCK_FLOOR_S);
    assert_true(now.trusted);
    assert_false(now.unreadable);
}

static void milliseconds_wrap(void **state)
{
    (void)state;
    mono = (struct timespec){4294968, 0};
    assert_int_equal(cilp_port_now().mono_ms, 4294968000u - 4294967296u);
}

static void a_clock_from_before_the_source_is_unset(void **state)
{
    (void)state;
    real.tv_sec = CILP_PORT_CLOCK_FLOOR_S - 1;
    assert_false(cilp_port_now().trusted);
    assert_false(cilp_port_now().unreadable);
}

static void one_that_is_refused_is_told(void **state)
{
    (void)state;
    refused = CLOCK_MONOTONIC;
    assert_true(cilp_port_now().unreadable);
    refused = CLOCK_REALTIME;
    assert_true(cilp_port_now().unreadable);
    assert_false(cilp_port_now().trusted);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, set_up)
    const struct CMUnitTest tests[] = {
        T(both_are_read),
        T(milliseconds_wrap),
        T(a_clock_from_before_the_source_is_unset),
        T(one_that_is_refused_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
