/* retry.h against the published rules, with the dice loaded to 1.0. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/retry.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void only_what_passes_is_tried_again(void **state)
{
    (void)state;
    for (int means = CILP_MEANS_UNKNOWN; means <= CILP_MEANS_UNVERIFIED;
         means++) {
        enum cilp_retry_class want = CILP_RETRY_NEVER;

        if (means == CILP_MEANS_THROTTLED)
            want = CILP_RETRY_THROTTLED;
        if (means == CILP_MEANS_TRANSIENT)
            want = CILP_RETRY_TRANSIENT;
        if (cilp_retry_classify((enum cilp_meaning)means) != want)
            fail_msg("meaning %d", means);
    }
}

static void delays_double_up_to_the_cap(void **state)
{
    static const struct {
        enum cilp_retry_class class;
        uint8_t attempt;
        uint32_t jitter, ms;
    } rows[] = {
        {CILP_RETRY_TRANSIENT, 1, CILP_RETRY_ONE, 50},
        {CILP_RETRY_TRANSIENT, 2, CILP_RETRY_ONE, 100},
        {CILP_RETRY_TRANSIENT, 3, CILP_RETRY_ONE, 200},
        {CILP_RETRY_TRANSIENT, 4, CILP_RETRY_ONE / 2, 200},
        {CILP_RETRY_TRANSIENT, 1, 0, 0},
        {CILP_RETRY_TRANSIENT, 1, CILP_RETRY_ONE - 1, 49},
        {CILP_RETRY_TRANSIENT, 9, CILP_RETRY_ONE, 12800},
        {CILP_RETRY_TRANSIENT, 10, CILP_RETRY_ONE, 20000},
        {CILP_RETRY_TRANSIENT, 99, CILP_RETRY_ONE, 20000},
        {CILP_RETRY_THROTTLED, 1, CILP_RETRY_ONE, 1000},
        {CILP_RETRY_THROTTLED, 2, CILP_RETRY_ONE / 4, 500},
        {CILP_RETRY_THROTTLED, 6, CILP_RETRY_ONE, 20000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_retry r;
        uint32_t ms = 0;

        cilp_retry_init(&r);
        assert_true(cilp_retry_ask(&r, rows[i].class, rows[i].attempt, 100, -1,
                                   rows[i].jitter, &ms));
        assert_int_equal(ms, rows[i].ms);
    }
}

static void the_servers_wish_counts_within_five_seconds(void **state)
{
    /* clang-format off */
    static const struct { int32_t after; uint32_t ms; } rows[] = {
        {-1, 50}, {0, 50}, {49, 50}, {50, 50}, {51, 51}, {1500, 1500},
        {5050, 5050}, {5051, 5050}, {86400000, 5050},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_retry r;
        uint32_t ms = 0;

        cilp_retry_init(&r);
        assert_true(cilp_retry_ask(&r, CILP_RETRY_TRANSIENT, 1, 3,
                                   rows[i].after, CILP_RETRY_ONE, &ms));
        assert_int_equal(ms, rows[i].ms);
    }
}

static void attempts_and_quota_are_finite(void **state)
{
    struct cilp_retry r;
    uint32_t ms;
    int n = 0;

    (void)state;
    cilp_retry_init(&r);
    assert_false(cilp_retry_ask(&r, CILP_RETRY_TRANSIENT, 3, 3, -1, 0, &ms));
    assert_false(cilp_retry_ask(&r, CILP_RETRY_NEVER, 1, 3, -1, 0, &ms));
    assert_int_equal(r.quota, CILP_RETRY_QUOTA);
    while (cilp_retry_ask(&r, CILP_RETRY_TRANSIENT, 1, 3, -1, 0, &ms))
        n++;
    assert_int_equal(n, 35); /* 500 / 14 */
    assert_int_equal(r.quota, 10);
    assert_true(cilp_retry_ask(&r, CILP_RETRY_THROTTLED, 1, 3, -1, 0, &ms));
    assert_true(cilp_retry_ask(&r, CILP_RETRY_THROTTLED, 1, 3, -1, 0, &ms));
    assert_false(cilp_retry_ask(&r, CILP_RETRY_THROTTLED, 1, 3, -1, 0, &ms));
    assert_int_equal(r.quota, 0);
}

static void a_success_gives_back_what_the_last_retry_took(void **state)
{
    struct cilp_retry r;
    uint32_t ms;

    (void)state;
    cilp_retry_init(&r);
    assert_true(cilp_retry_ask(&r, CILP_RETRY_TRANSIENT, 1, 3, -1, 0, &ms));
    assert_true(cilp_retry_ask(&r, CILP_RETRY_TRANSIENT, 2, 3, -1, 0, &ms));
    assert_int_equal(r.quota, 472);
    cilp_retry_succeeded(&r);
    assert_int_equal(r.quota, 486);
    cilp_retry_succeeded(&r); /* at the first try: 1 */
    assert_int_equal(r.quota, 487);
    for (int i = 0; i < 100; i++)
        cilp_retry_succeeded(&r);
    assert_int_equal(r.quota, CILP_RETRY_QUOTA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_passes_is_tried_again),
        cmocka_unit_test(delays_double_up_to_the_cap),
        cmocka_unit_test(the_servers_wish_counts_within_five_seconds),
        cmocka_unit_test(attempts_and_quota_are_finite),
        cmocka_unit_test(a_success_gives_back_what_the_last_retry_took),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
