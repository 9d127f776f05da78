/*
 * The five promises of core/cilp.h, over every cut and every fault point of a
 * cancel, and the one behind them all: the outcome is the server's truth, or
 * unknown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/prop/promises.h"

#define CANCEL &cilp_cancel, CLOCK_RIGHT, STATIC

/* clang-format off */
static const struct scenario scenarios[] = {
    {"granted", true, false, {ANSWER_TRUTH}, 1,
     CILP_CANCELLED, 1, CANCEL},
    {"granted, close", true, true, {ANSWER_TRUTH}, 1,
     CILP_CANCELLED, 1, CANCEL},
    {"no grant", false, false, {ANSWER_TRUTH}, 1,
     CILP_NOTHING, 1, CANCEL},
    {"acts, 500", true, true, {ANSWER_ACT_500, ANSWER_TRUTH}, 2,
     CILP_GONE, 2, CANCEL},
    {"idle 500", true, false, {ANSWER_IDLE_500, ANSWER_TRUTH}, 2,
     CILP_CANCELLED, 2, CANCEL},
    {"500 for ever", true, false, {ANSWER_IDLE_500}, 1,
     CILP_UNKNOWN, 3, CANCEL},
    {"throttled once", true, true, {ANSWER_THROTTLE, ANSWER_TRUTH}, 2,
     CILP_CANCELLED, 2, CANCEL},
    {"throttled for ever", true, false, {ANSWER_THROTTLE}, 1,
     CILP_REFUSED, 3, CANCEL},
    {"500, then throttled", true, false, {ANSWER_ACT_500, ANSWER_THROTTLE}, 2,
     CILP_UNKNOWN, 3, CANCEL},
    {"denied", true, true, {ANSWER_DENY}, 1,
     CILP_REFUSED, 1, CANCEL},
    {"500, then denied", true, false, {ANSWER_ACT_500, ANSWER_DENY}, 2,
     CILP_UNKNOWN, 2, CANCEL},
    {"garbage, then truth", true, false, {ANSWER_GARBAGE, ANSWER_TRUTH}, 2,
     CILP_GONE, 2, CANCEL},
    {"garbage for ever", true, false, {ANSWER_GARBAGE}, 1,
     CILP_UNKNOWN, 3, CANCEL},
    {"false", true, false, {ANSWER_FALSE}, 1,
     CILP_UNKNOWN, 1, CANCEL},
};
/* clang-format on */

static void undisturbed_scenarios_end_as_they_should(void **state)
{
    (void)state;
    promises_undisturbed(scenarios, COUNT(scenarios));
}

static void any_split(void **state)
{
    (void)state;
    promises_any_split(scenarios, COUNT(scenarios));
}

static void every_fault_at_every_point_ends_in_the_truth(void **state)
{
    (void)state;
    promises_all_faults(scenarios, COUNT(scenarios));
}

static void every_byte_position_of_death_ends_in_the_truth(void **state)
{
    unsigned runs = 0;

    (void)state;
    for (int acts = 0; acts < 2; acts++) {
        runs += promises_sweep(&scenarios[0], FAULT_FAIL, 0, 1, acts);
        runs += promises_sweep(&scenarios[0], FAULT_EOF, 0, 1, acts);
        runs += promises_sweep(&scenarios[0], FAULT_STALL, 0, 1, acts);
    }
    print_message("             byte by byte: %u runs\n", runs);
}

/* ---- bounded ----------------------------------------------------------- */

/* Nobody answers anything, and time passes: in every want the deadline comes
 * through. */
static void a_caller_who_only_lets_time_pass_is_done_by_the_deadline(void **st)
{
    enum cilp_want want;
    uint32_t start;

    (void)st;
    promises_set_up(&scenarios[0]);
    start = script.now.mono_ms;
    assert_true(cilp_init(&op, sizeof op));
    cilp_start(&op, &cancel_request, script.now);
    while ((want = cilp_next(&op, script.now)) != CILP_DONE) {
        if (want == CILP_CLOSE)
            cilp_closed(&op);
        script.now.mono_ms += 10;
        assert_true(script.now.mono_ms - start < 61000);
    }
    assert_int_equal(cilp_result(&op)->err, CILP_E_TIMEOUT);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
}

/* ---- standing connections ---------------------------------------------- */

static void start_again(void)
{
    script.granted = true;
    script.requests = 0;
    cilp_start(&op, &cancel_request, script.now);
    assert_true(script_run(&script, &op));
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    assert_int_equal(cilp_result(&op)->attempts, 1);
}

static void a_kept_connection_serves_the_next_call(void **state)
{
    (void)state;
    promises_set_up(&scenarios[0]);
    assert_true(cilp_init(&op, sizeof op));
    for (int i = 0; i < 5; i++)
        start_again();
    assert_int_equal(script.opens, 1);
    promises_end(&scenarios[0]);
}

static void a_closed_connection_is_opened_anew_without_an_attempt(void **state)
{
    (void)state;
    promises_set_up(&scenarios[1]);
    assert_true(cilp_init(&op, sizeof op));
    for (int i = 0; i < 5; i++)
        start_again();
    assert_int_equal(script.opens, 5);
    promises_end(&scenarios[1]);
}

/* EOF, data, a failure and a caller who is too slow, at the one look that is
 * taken at a standing connection. */
static void a_stale_connection_is_noticed_before_anything_is_sent(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        promises_set_up(&scenarios[0]);
        assert_true(cilp_init(&op, sizeof op));
        start_again();
        script.granted = true;
        script.requests = 0;
        cilp_start(&op, &cancel_request, script.now);
        assert_int_equal(cilp_next(&op, script.now), CILP_RECV);
        assert_int_equal(cilp_idle_ms(&op), 0);
        if (kind == 0)
            cilp_eof(&op);
        if (kind == 1)
            cilp_received(&op, 1);
        if (kind == 2) {
            script.is_open = false;
            script.closes++;
            cilp_failed(&op, CILP_E_CLOSED, 0);
        }
        if (kind == 3)
            script.now.mono_ms += 31000;
        assert_true(script_run(&script, &op));
        assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
        assert_int_equal(cilp_result(&op)->attempts, 1);
        assert_int_equal(script.opens, 2);
        promises_end(&scenarios[0]);
    }
}

static void another_peer_gets_another_connection(void **state)
{
    struct cilp_request elsewhere = cancel_request;

    (void)state;
    elsewhere.region = "eu-west-1";
    promises_set_up(&scenarios[0]);
    assert_true(cilp_init(&op, sizeof op));
    start_again();
    script.granted = true;
    cilp_start(&op, &elsewhere, script.now);
    assert_true(script_run(&script, &op));
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    assert_string_equal(cilp_peer(&op)->host, "ec2.eu-west-1.amazonaws.com");
    assert_int_equal(script.opens, 2);
    promises_end(&scenarios[0]);
}

/* ---- one write --------------------------------------------------------- */

static void head_and_body_are_offered_as_one_write(void **state)
{
    (void)state;
    promises_set_up(&scenarios[0]);
    promises_run(&scenarios[0], false);
    if (script.request_len <= CILP_IO_MAX)
        assert_int_equal(script.max_write, script.request_len);
    else
        assert_int_equal(script.max_write, CILP_IO_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undisturbed_scenarios_end_as_they_should),
        cmocka_unit_test(any_split),
        cmocka_unit_test(every_fault_at_every_point_ends_in_the_truth),
        cmocka_unit_test(every_byte_position_of_death_ends_in_the_truth),
        cmocka_unit_test(
            a_caller_who_only_lets_time_pass_is_done_by_the_deadline),
        cmocka_unit_test(a_kept_connection_serves_the_next_call),
        cmocka_unit_test(a_closed_connection_is_opened_anew_without_an_attempt),
        cmocka_unit_test(a_stale_connection_is_noticed_before_anything_is_sent),
        cmocka_unit_test(another_peer_gets_another_connection),
        cmocka_unit_test(head_and_body_are_offered_as_one_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
