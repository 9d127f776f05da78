#include "tests/unit/rows.h"

#include "core/account.h"

static void twelve_digits(void **state)
{
    static const struct {
        const char *text;
        bool is;
    } rows[] = {
        {"123456789012", true},   {"000000000000", true},
        {"999999999999", true},   {"12345678901", false},
        {"1234567890123", false}, {"", false},
        {"12345678901a", false},  {"a23456789012", false},
        {"1234-5678-90", false},  {" 12345678901", false},
        {"12345678901 ", false},  {"+12345678901", false},
        {"12345678901/", false},  {"12345678901:", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(rows[i].text,
                  cilp_is_account(guarded(rows[i].text, strlen(rows[i].text) +
                                                            1)) == rows[i].is);
    assert_false(cilp_is_account(NULL));
    /* a field that ends where no NUL is */
    assert_false(cilp_is_account(guarded("x", 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twelve_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
