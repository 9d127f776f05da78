/*
 * The five promises of core/cilp.h, over every cut and every fault point, and
 * the one behind them all: the outcome is the server's truth, or unknown.
 *
 * A failure prints the scenario, the fault, its place and the seed: what
 * set_up() and the five lines of sweep() need to run it again alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/prop/script.h"

#define KEY_ID "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TOKEN  "IQoJb3JpZ2luX2VjEXAMPLETOKENthatIsNotVeryLong=="

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct cilp_static_creds keys = {KEY_ID, SECRET, TOKEN};

static const struct cilp_request request = {
    .flow = &cilp_cancel,
    .image_id = "ami-0abcdef1234567890",
    .region = "us-east-1",
    .source = &cilp_creds_static,
    .source_arg = &keys,
    .random = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
};

struct scenario {
    const char *name;
    bool granted, close_after;
    enum answer answers[4];
    size_t n;
    enum cilp_outcome undisturbed;   /* what comes of it without a fault */
    uint8_t attempts;                /* and after how many attempts */
};

static const struct scenario scenarios[] = {
    {"granted", true, false, {ANSWER_TRUTH}, 1, CILP_CANCELLED, 1},
    {"granted, close", true, true, {ANSWER_TRUTH}, 1, CILP_CANCELLED, 1},
    {"no grant", false, false, {ANSWER_TRUTH}, 1, CILP_NOTHING, 1},
    {"acts, 500", true, true, {ANSWER_ACT_500, ANSWER_TRUTH}, 2, CILP_GONE, 2},
    {"idle 500", true, false, {ANSWER_IDLE_500, ANSWER_TRUTH}, 2,
     CILP_CANCELLED, 2},
    {"500 for ever", true, false, {ANSWER_IDLE_500}, 1, CILP_UNKNOWN, 3},
    {"throttled once", true, true, {ANSWER_THROTTLE, ANSWER_TRUTH}, 2,
     CILP_CANCELLED, 2},
    {"throttled for ever", true, false, {ANSWER_THROTTLE}, 1, CILP_REFUSED, 3},
    {"500, then throttled", true, false, {ANSWER_ACT_500, ANSWER_THROTTLE}, 2,
     CILP_UNKNOWN, 3},
    {"denied", true, true, {ANSWER_DENY}, 1, CILP_REFUSED, 1},
    {"500, then denied", true, false, {ANSWER_ACT_500, ANSWER_DENY}, 2,
     CILP_UNKNOWN, 2},
    {"garbage, then truth", true, false, {ANSWER_GARBAGE, ANSWER_TRUTH}, 2,
     CILP_GONE, 2},
    {"garbage for ever", true, false, {ANSWER_GARBAGE}, 1, CILP_UNKNOWN, 3},
    {"false", true, false, {ANSWER_FALSE}, 1, CILP_UNKNOWN, 1},
};

static struct cilp_op op;
static struct script script;

static void set_up(const struct scenario *sc)
{
    memset(&script, 0, sizeof script);
    script.granted = sc->granted;
    script.answers = sc->answers;
    script.n_answers = sc->n;
    script.close_after = sc->close_after;
    script.now.mono_ms = 0xFFFFFF00u;      /* wraps in the middle of the call */
    script.now.unix_s = 1768478400;
    script.now.trusted = true;
}

static const char *place(const struct scenario *sc)
{
    static char text[128];

    snprintf(text, sizeof text, "%s, fault %d at %u every %u, piece %u, "
             "seed %u, cut %u, acts %d", sc->name, (int)script.fault,
             script.fault_at, script.fault_every, script.piece, script.seed,
             script.first_cut, script.acts_at_death);
    return text;
}

/* Every event there is, on a call that is done. */
static void poke(struct cilp_op *o)
{
    cilp_opened(o);
    cilp_sent(o, 5);
    cilp_received(o, 5);
    cilp_idle(o);
    cilp_eof(o);
    cilp_closed(o);
    cilp_failed(o, CILP_E_CLOSED, 1);
    cilp_stop(o);
}

static void check_sticky(const struct scenario *sc)
{
    static struct cilp_result before;
    struct cilp_now later = script.now;

    memcpy(&before, cilp_result(&op), sizeof before);
    later.mono_ms += 100000000;
    poke(&op);
    if (cilp_next(&op, later) != CILP_DONE ||
        memcmp(&before, cilp_result(&op), sizeof before) != 0)
        fail_msg("not sticky: %s", place(sc));
}

static bool holds(const void *where, size_t n, const char *what)
{
    size_t len = strlen(what);

    for (size_t i = 0; i + 8 <= len; i++)       /* any eight bytes of it */
        for (const char *p = where; p + 8 <= (const char *)where + n; p++)
            if (memcmp(p, what + i, 8) == 0)
                return true;
    return false;
}

static void check_wiped(const struct scenario *sc)
{
    if (holds(&op, sizeof op, SECRET) || holds(&op, sizeof op, TOKEN) ||
        holds(&op, sizeof op, KEY_ID))
        fail_msg("not wiped: %s", place(sc));
}

static void check_end(const struct scenario *sc)
{
    script.fault = FAULT_NONE;
    cilp_end(&op);
    if (!script_run(&script, &op))
        fail_msg("not bounded after cilp_end: %s", place(sc));
    if (script.is_open || script.opens != script.closes)
        fail_msg("not balanced, %u opens, %u closes: %s", script.opens,
                 script.closes, place(sc));
}

/* One call from cilp_init() to after cilp_end(), with every promise checked
 * on the way. */
static void run(const struct scenario *sc, bool look_into_memory)
{
    const char *lie;
    bool granted = script.granted;

    assert_true(cilp_init(&op, sizeof op));
    cilp_start(&op, &request, script.now);
    if (!script_run(&script, &op))
        fail_msg("not bounded: %s", place(sc));
    if (script.broke_rule)
        fail_msg("a want that cannot be: %s", place(sc));
    lie = script_lie(&script, granted, cilp_result(&op));
    if (lie)
        fail_msg("%s: %s", lie, place(sc));
    check_sticky(sc);
    check_end(sc);
    if (look_into_memory)
        check_wiped(sc);
}

static void undisturbed_scenarios_end_as_they_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(scenarios); i++) {
        const struct scenario *sc = &scenarios[i];

        set_up(sc);
        run(sc, true);
        if (cilp_result(&op)->outcome != sc->undisturbed ||
            cilp_result(&op)->attempts != sc->attempts)
            fail_msg("outcome %d after %d: %s", cilp_result(&op)->outcome,
                     cilp_result(&op)->attempts, sc->name);
    }
}

/* ---- any_split --------------------------------------------------------- */

static struct cilp_result whole;

static void check_same(const struct scenario *sc)
{
    run(sc, false);
    if (memcmp(&whole, cilp_result(&op), sizeof whole) != 0)
        fail_msg("the cut changed the result: %s", place(sc));
}

static void any_split(void **state)
{
    unsigned runs = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(scenarios); i++) {
        const struct scenario *sc = &scenarios[i];
        size_t longest;

        set_up(sc);
        run(sc, false);
        memcpy(&whole, cilp_result(&op), sizeof whole);
        longest = script.reply_len;
        for (uint32_t cut = 1; cut < longest; cut++, runs++) {
            set_up(sc);
            script.first_cut = cut;
            check_same(sc);
        }
        for (uint32_t n = 1; n <= 64; n++, runs++) {
            set_up(sc);
            script.piece = n;
            check_same(sc);
        }
        for (uint32_t seed = 1; seed <= 200; seed++, runs++) {
            set_up(sc);
            script.piece = 100;
            script.seed = seed;
            check_same(sc);
        }
    }
    print_message("             any_split: %u runs\n", runs);
}

/* ---- faults ------------------------------------------------------------ */

/* A single fault leaves time to ask again: then "unknown" is not good enough,
 * unless the script itself cannot end otherwise. */
static void check_asked(const struct scenario *sc)
{
    const struct cilp_result *r = cilp_result(&op);
    bool can_ask = script.fault_every == 0 &&
                   (sc->answers[sc->n - 1] == ANSWER_TRUTH);

    if (can_ask && r->outcome == CILP_UNKNOWN && r->err != CILP_E_STOPPED)
        fail_msg("unknown, although asking was possible: %s", place(sc));
}

/* Break the k-th touch of the wire, until there is no k-th one. */
static unsigned sweep(const struct scenario *sc, enum fault fault,
                      uint32_t every, uint32_t bytes, bool acts)
{
    for (uint32_t at = 0;; at++) {
        bool was_hit;

        set_up(sc);
        script.fault = fault;
        script.fault_at = at;
        script.fault_every = every;
        script.piece = bytes;
        script.acts_at_death = acts;
        run(sc, at % 16 == 0);
        was_hit = script.was_hit;
        script.fault = fault;
        check_asked(sc);
        if (!was_hit)
            return at + 1;
    }
}

static void every_fault_at_every_point_ends_in_the_truth(void **state)
{
    static const enum fault faults[] = {FAULT_FAIL, FAULT_EOF, FAULT_STALL,
                                        FAULT_STOP};
    unsigned runs = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(scenarios); i++)
        for (size_t f = 0; f < COUNT(faults); f++)
            for (uint32_t every = 0; every < 3; every++)
                for (int acts = 0; acts < 2; acts++) {
                    runs += sweep(&scenarios[i], faults[f], every, 0, acts);
                    runs += sweep(&scenarios[i], faults[f], every, 37, acts);
                }
    print_message("             balanced, bounded, sticky, wiped, truth: "
                  "%u runs\n", runs);
}

static void every_byte_position_of_death_ends_in_the_truth(void **state)
{
    unsigned runs = 0;

    (void)state;
    for (int acts = 0; acts < 2; acts++) {
        runs += sweep(&scenarios[0], FAULT_FAIL, 0, 1, acts);
        runs += sweep(&scenarios[0], FAULT_EOF, 0, 1, acts);
        runs += sweep(&scenarios[0], FAULT_STALL, 0, 1, acts);
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
    set_up(&scenarios[0]);
    start = script.now.mono_ms;
    assert_true(cilp_init(&op, sizeof op));
    cilp_start(&op, &request, script.now);
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
    cilp_start(&op, &request, script.now);
    assert_true(script_run(&script, &op));
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    assert_int_equal(cilp_result(&op)->attempts, 1);
}

static void a_kept_connection_serves_the_next_call(void **state)
{
    (void)state;
    set_up(&scenarios[0]);
    assert_true(cilp_init(&op, sizeof op));
    for (int i = 0; i < 5; i++)
        start_again();
    assert_int_equal(script.opens, 1);
    check_end(&scenarios[0]);
}

static void a_closed_connection_is_opened_anew_without_an_attempt(void **state)
{
    (void)state;
    set_up(&scenarios[1]);
    assert_true(cilp_init(&op, sizeof op));
    for (int i = 0; i < 5; i++)
        start_again();
    assert_int_equal(script.opens, 5);
    check_end(&scenarios[1]);
}

/* EOF, data, a failure and a caller who is too slow, at the one look that is
 * taken at a standing connection. */
static void a_stale_connection_is_noticed_before_anything_is_sent(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        set_up(&scenarios[0]);
        assert_true(cilp_init(&op, sizeof op));
        start_again();
        script.granted = true;
        script.requests = 0;
        cilp_start(&op, &request, script.now);
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
        check_end(&scenarios[0]);
    }
}

static void another_peer_gets_another_connection(void **state)
{
    struct cilp_request elsewhere = request;

    (void)state;
    elsewhere.region = "eu-west-1";
    set_up(&scenarios[0]);
    assert_true(cilp_init(&op, sizeof op));
    start_again();
    script.granted = true;
    cilp_start(&op, &elsewhere, script.now);
    assert_true(script_run(&script, &op));
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    assert_string_equal(cilp_peer(&op)->host, "ec2.eu-west-1.amazonaws.com");
    assert_int_equal(script.opens, 2);
    check_end(&scenarios[0]);
}

/* ---- one write --------------------------------------------------------- */

static void head_and_body_are_offered_as_one_write(void **state)
{
    (void)state;
    set_up(&scenarios[0]);
    run(&scenarios[0], false);
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
