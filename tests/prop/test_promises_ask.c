/*
 * The five promises for the calls that ask, and for a clock that is wrong: no
 * item is lost or handed out twice, an answer is the server's truth, and only
 * the server's own time is learnt.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/prop/promises.h"

/* clang-format off */
static const struct scenario asks[] = {
    {"list", true, false, {ANSWER_TRUTH}, 1, CILP_ANSWERED, 1, &cilp_list,
     CLOCK_RIGHT, STATIC},
    {"list, close", true, true, {ANSWER_TRUTH}, 1, CILP_ANSWERED, 1,
     &cilp_list, CLOCK_RIGHT, STATIC},
    {"list, 500", true, true, {ANSWER_IDLE_500, ANSWER_TRUTH}, 2,
     CILP_ANSWERED, 1, &cilp_list, CLOCK_RIGHT, STATIC},
    {"list, throttled", true, false,
     {ANSWER_TRUTH, ANSWER_TRUTH, ANSWER_THROTTLE, ANSWER_TRUTH}, 4,
     CILP_ANSWERED, 2, &cilp_list, CLOCK_RIGHT, STATIC},
    {"list, 500 for ever", true, false, {ANSWER_TRUTH, ANSWER_IDLE_500}, 2,
     CILP_REFUSED, 3, &cilp_list, CLOCK_RIGHT, STATIC},
    {"look", true, false, {ANSWER_TRUTH}, 1, CILP_ANSWERED, 1, &cilp_look,
     CLOCK_RIGHT, STATIC},
    {"look, nothing there", false, true, {ANSWER_TRUTH}, 1, CILP_ANSWERED, 1,
     &cilp_look, CLOCK_RIGHT, STATIC},
    {"look, denied", true, false, {ANSWER_DENY}, 1, CILP_REFUSED, 1,
     &cilp_look, CLOCK_RIGHT, STATIC},
};
/* clang-format on */

/* clang-format off */
static const struct scenario clocks[] = {
    {"unset clock", true, false, {ANSWER_TRUTH}, 1, CILP_CANCELLED, 1,
     &cilp_cancel, CLOCK_UNSET, STATIC},
    {"unset clock, 500", true, true, {ANSWER_ACT_500, ANSWER_TRUTH}, 2,
     CILP_GONE, 2, &cilp_cancel, CLOCK_UNSET, STATIC},
    {"unset clock, list", true, true, {ANSWER_TRUTH}, 1, CILP_ANSWERED, 1,
     &cilp_list, CLOCK_UNSET, STATIC},
    {"slow clock", true, false, {ANSWER_TRUTH}, 1, CILP_CANCELLED, 1,
     &cilp_cancel, CLOCK_DAY_SLOW, STATIC},
    {"fast clock, close", true, true, {ANSWER_TRUTH}, 1, CILP_CANCELLED, 1,
     &cilp_cancel, CLOCK_DAY_FAST, STATIC},
    {"slow clock, 500", true, false, {ANSWER_ACT_500, ANSWER_TRUTH}, 2,
     CILP_GONE, 2, &cilp_cancel, CLOCK_DAY_SLOW, STATIC},
    {"slow clock, expired for ever", true, false, {ANSWER_EXPIRED}, 1,
     CILP_REFUSED, 1, &cilp_cancel, CLOCK_DAY_SLOW, STATIC},
    {"right clock, expired", true, false, {ANSWER_EXPIRED}, 1, CILP_REFUSED, 1,
     &cilp_cancel, CLOCK_RIGHT, STATIC},
    {"fast clock, list", true, false, {ANSWER_TRUTH}, 1, CILP_ANSWERED, 1,
     &cilp_list, CLOCK_DAY_FAST, STATIC},
};
/* clang-format on */

static void questions_are_answered(void **state)
{
    (void)state;
    promises_undisturbed(asks, COUNT(asks));
}

static void questions_any_split(void **state)
{
    (void)state;
    promises_any_split(asks, COUNT(asks));
}

static void no_fault_loses_an_item_or_makes_an_answer_up(void **state)
{
    (void)state;
    promises_all_faults(asks, COUNT(asks));
}

static void a_wrong_clock_is_mended(void **state)
{
    (void)state;
    promises_undisturbed(clocks, COUNT(clocks));
}

static void a_wrong_clock_any_split(void **state)
{
    (void)state;
    promises_any_split(clocks, COUNT(clocks));
}

static void no_fault_while_the_clock_is_learnt_hides_the_truth(void **state)
{
    (void)state;
    promises_all_faults(clocks, COUNT(clocks));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_answered),
        cmocka_unit_test(questions_any_split),
        cmocka_unit_test(no_fault_loses_an_item_or_makes_an_answer_up),
        cmocka_unit_test(a_wrong_clock_is_mended),
        cmocka_unit_test(a_wrong_clock_any_split),
        cmocka_unit_test(no_fault_while_the_clock_is_learnt_hides_the_truth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
