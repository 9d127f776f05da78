/* what.c: a text of its own for each number. */
#include "tests/unit/rows.h"

#include "core/what.h"

static void every_number_has_a_text(void **state)
{
    (void)state;
    assert_string_equal(cilp_what_text(CILP_WHAT_NONE), "");
    for (int i = CILP_WHAT_NONE + 1; i <= CILP_WHAT_TWO_ACCOUNTS; i++) {
        const char *text = cilp_what_text((enum cilp_what)i);

        assert_true(strlen(text) > 5 && strlen(text) < 80);
        for (int k = CILP_WHAT_NONE; k < i; k++)
            assert_string_not_equal(cilp_what_text((enum cilp_what)k), text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_has_a_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
