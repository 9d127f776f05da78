/*
 * The JSON that the program writes: rows of values and what they become.
 */
#include "tests/unit/rows.h"

#include <sys/mman.h>

#include "boards/linux/say/json.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */

/* clang-format off */
static const struct { const char *value, *text; } ROWS[] = {
    { NULL, "null" },
    { "", "null" },
    { "plain", "\"plain\"" },
    { "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
    { "\x01\t\n\x1F\x7F", "\"\\u0001\\u0009\\u000a\\u001f\\u007f\"" },
    { "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"" },
    { "\xFF", "\"" BAD "\"" },
    { "\xC0\x80", "\"" BAD BAD "\"" },                  /* overlong */
    { "\xE0\x9F\xBF", "\"" BAD BAD BAD "\"" },
    { "\xF0\x8F\xBF\xBF", "\"" BAD BAD BAD BAD "\"" },
    { "\xED\xA0\x80", "\"" BAD BAD BAD "\"" },          /* a surrogate */
    { "\xF4\x90\x80\x80", "\"" BAD BAD BAD BAD "\"" },  /* beyond U+10FFFF */
    { "\xF5\x80\x80\x80", "\"" BAD BAD BAD BAD "\"" },
    { "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF", "\"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\"" },
    { "a\xE2\x82", "\"a" BAD BAD "\"" },                /* cut */
    { "\xC3(", "\"" BAD "(\"" },
    { "Signature=abc, x", "\"Signature=[hidden], x\"" },
    { "x-amz-security-token:t\xC3\xA9k y", "\"x-amz-security-token:[hidden] y\"" },
};
/* clang-format on */

static size_t finish(struct out *o, char *text, size_t cap)
{
    ssize_t n;

    assert_true(out_flush(o));
    n = pread(o->fd, text, cap - 1, 0);
    close(o->fd);
    assert_true(n >= 0);
    text[n] = '\0';
    return (size_t)n;
}

static void every_value_becomes_valid_text(void **state)
{
    struct out o;
    struct json j;
    char text[256], expected[256];

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *value = ROWS[i].value;

        out_init(&o, memfd_create("json", 0));
        json_begin(&j, &o);
        if (value)
            value = guarded(value, strlen(value) + 1);
        json_str(&j, "v", value);
        json_end(&j);
        finish(&o, text, sizeof text);
        strcpy(expected, "{\"v\": ");
        strcat(expected, ROWS[i].text);
        strcat(expected, "}\n");
        CHECK_ROW(ROWS[i].text, strcmp(text, expected) == 0);
    }
}

static void members_of_every_kind(void **state)
{
    struct out o;
    struct json j;
    char text[256];

    (void)state;
    out_init(&o, memfd_create("json", 0));
    json_begin(&j, &o);
    json_int(&j, "a", -9223372036854775807 - 1);
    json_int(&j, "b", 0);
    json_count(&j, "c", 0);
    json_count(&j, "d", 200);
    json_bool(&j, "e", true);
    json_time(&j, "f", 951782399);
    json_end(&j);
    finish(&o, text, sizeof text);
    assert_string_equal(text,
                        "{\"a\": -9223372036854775808, \"b\": 0, \"c\": null,"
                        " \"d\": 200, \"e\": true,"
                        " \"f\": \"2000-02-28T23:59:59Z\"}\n");
}

static void a_line_within_the_buffer_is_one_write(void **state)
{
    static char buf[64];
    char text[256];
    struct out o;

    (void)state;
    out_init_with(&o, memfd_create("out", 0), buf, sizeof buf);
    for (int i = 0; i < 64; i++)
        out_char(&o, 'x');
    assert_int_equal(pread(o.fd, text, sizeof text, 0), 0);
    out_char(&o, 'y');
    assert_int_equal(pread(o.fd, text, sizeof text, 0), 64);
    assert_int_equal(finish(&o, text, sizeof text), 65);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_becomes_valid_text),
        cmocka_unit_test(members_of_every_kind),
        cmocka_unit_test(a_line_within_the_buffer_is_one_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
