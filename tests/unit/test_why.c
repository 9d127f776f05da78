/*
 * The sentence that explains a failure: addresses, and where it is cut.
 */
#include "tests/unit/rows.h"

#include <arpa/inet.h>

#include "port/why.h"

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
        uint8_t ip[16];

        if (inet_pton(AF_INET, rows[i].text, ip) == 1)
            cilp_why_add_v4(why, ip, 443);
        else if (inet_pton(AF_INET6, rows[i].text, ip) == 1)
            cilp_why_add_v6(why, ip, 443);
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

static void reasons_are_held_apart(void **state)
{
    char why[CILP_STREAM_WHY_MAX] = "";

    (void)state;
    cilp_why_add_reason(why);
    cilp_why_add(why, "one");
    cilp_why_add_reason(why);
    cilp_why_add_uint(why, 4294967295u);
    assert_string_equal(why, "one, 4294967295");
    cilp_why_clear(why);
    assert_string_equal(why, "");
}

static void nobody_wants_to_know(void **state)
{
    static const uint8_t ip[16];

    (void)state;
    cilp_why_clear(NULL);
    cilp_why_add(NULL, "x");
    cilp_why_add_uint(NULL, 1);
    cilp_why_add_reason(NULL);
    cilp_why_add_v4(NULL, ip, 1);
    cilp_why_add_v6(NULL, ip, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_written_as_people_do),
        cmocka_unit_test(a_sentence_is_cut_at_its_end),
        cmocka_unit_test(reasons_are_held_apart),
        cmocka_unit_test(nobody_wants_to_know),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
