/*
 * core/json against tables: each row before a guard page, in every capacity
 * from its length up, and each good one cut after every byte.
 */
#include "tests/unit/rows.h"

#include <limits.h>
#include <stdio.h>

#include "core/json.h"

enum { TOKEN, N, ABC, AN, FIELDS };

static const struct cilp_json_field fields[FIELDS] = {
    [TOKEN] = {"Token", CILP_JSON_STRING},
    [N] = {"n", CILP_JSON_INTEGER},
    [ABC] = {"a.b.c", CILP_JSON_STRING},
    [AN] = {"a.n", CILP_JSON_INTEGER},
};

struct row {
    const char *name;
    const char *text;
    size_t len;
    enum cilp_what what;
    size_t at;                  /* if what is not NONE */
    const char *values[FIELDS]; /* if it is */
};

/* clang-format off */
#define OK(name, text, ...) \
    {name, text, sizeof(text) - 1, CILP_WHAT_NONE, FIELDS, {__VA_ARGS__}}
#define BAD(text)  {text, text, sizeof(text) - 1, CILP_WHAT_JSON, FIELDS, {0}}
#define TYPE(at, text) \
    {text, text, sizeof(text) - 1, CILP_WHAT_JSON_TYPE, at, {0}}
#define TWICE(at, text) \
    {text, text, sizeof(text) - 1, CILP_WHAT_JSON_TWICE, at, {0}}
/* clang-format on */

/* ---- How a row is run -------------------------------------------------- */

#define CANARY 64

static char *text;
static const char *values[FIELDS];
static size_t at;

static enum cilp_what read_within(const char *from, size_t len, size_t cap)
{
    char *room = guarded(NULL, CANARY + cap);
    enum cilp_what what;

    memset(room, '!', CANARY + cap);
    text = room + CANARY;
    memcpy(text, from, len);
    at = FIELDS + 1;
    for (size_t i = 0; i < FIELDS; i++)
        values[i] = "not set";
    what = cilp_json_read(text, len, cap, fields, FIELDS, values, &at);
    for (size_t i = 0; i < CANARY; i++)
        assert_int_equal(room[i], '!');
    return what;
}

static void check_value(const struct row *row, const char *value,
                        const char *expected)
{
    if (!expected) {
        CHECK_ROW(row->name, value == NULL);
        return;
    }
    CHECK_ROW(row->name, value != NULL);
    CHECK_ROW(row->name, value > text && value < text + row->len);
    CHECK_ROW(row->name, strcmp(value, expected) == 0);
    CHECK_ROW(row->name, value + strlen(value) < text + row->len);
}

static void check(const struct row *row, enum cilp_what what)
{
    if (what != row->what)
        fail_msg("row \"%s\": \"%s\", not \"%s\"", row->name,
                 cilp_what_text(what), cilp_what_text(row->what));
    CHECK_ROW(row->name, at == row->at);
    for (size_t i = 0; i < FIELDS; i++)
        check_value(row, values[i], row->values[i]);
}

static void run_row(const struct row *row)
{
    const size_t enough = row->len + CILP_JSON_ROOM(60);
    bool had_room = false;

    for (size_t cap = row->len; cap <= enough; cap++) {
        enum cilp_what what = read_within(row->text, row->len, cap);

        if (what == CILP_WHAT_JSON_ROOM) {
            CHECK_ROW(row->name, !had_room); /* more room is no less room */
            CHECK_ROW(row->name, at == FIELDS);
            for (size_t i = 0; i < FIELDS; i++)
                CHECK_ROW(row->name, values[i] == NULL);
            continue;
        }
        had_room = true;
        check(row, what);
    }
    CHECK_ROW(row->name, had_room);
}

static void run_prefixes(const struct row *row)
{
    size_t end = row->len;

    while (row->text[end - 1] != '}')
        end--;
    for (size_t n = 0; n < end; n++) {
        enum cilp_what what = read_within(row->text, n, n + CILP_JSON_ROOM(60));

        if (what != CILP_WHAT_JSON || at != FIELDS)
            fail_msg("row \"%s\", cut after %zu bytes: \"%s\"", row->name, n,
                     cilp_what_text(what));
    }
}

#define RUN(rows)                            \
    for (size_t i = 0; i < COUNT(rows); i++) \
    run_row(&(rows)[i])

/* ---- What is read ------------------------------------------------------ */

/* clang-format off */
static const struct row GOOD[] = {
    OK("nothing", "{}", 0),
    OK("nothing, with space around", " \t\r\n{ \t\r\n} \t\r\n", 0),
    OK("all", "{\"Token\":\"t\",\"n\":12,\"a\":{\"b\":{\"c\":\"v\"},\"n\":0}}",
       "t", "12", "v", "0"),
    OK("all, in another order, with space",
       "\n{ \"a\" : { \"n\" : 7 , \"b\" : { \"c\" : \"v\" } } ,\t\"n\"\r\n:"
       " 90071992547409931234567890 , \"Token\" : \"t\" } ",
       "t", "90071992547409931234567890", "v", "7"),
    OK("null is absent",
       "{\"Token\":null,\"n\":null,\"a\":{\"b\":null,\"n\":null}}", 0),
    OK("null on the way", "{\"a\":null}", 0),
    OK("an empty string", "{\"Token\":\"\"}", ""),
    OK("other members of every kind",
       "{\"x\":[],\"y\":{},\"z\":[{\"Token\":\"no\"},[[\"Token\"]],1,\"x\"],"
       "\"t\":true,\"f\":false,\"0\":null,\"Token\":\"t\"}", "t"),
    OK("names further down are others",
       "{\"x\":{\"Token\":\"no\",\"n\":[]},\"b\":{\"c\":1},\"c\":1,"
       "\"a\":{\"Token\":\"no\",\"c\":\"no\",\"b\":{\"n\":[],\"b\":1}}}", 0),
    OK("names are compared whole and in their case",
       "{\"token\":1,\"Toke\":2,\"Tokens\":3,\"\":4,\"N\":\"x\",\"a.b.c\":5,"
       "\"a.n\":{},\"a\":{\"b.c\":6,\"b\":{\"\":[],\"C\":7}}}", 0),
    OK("a name with NUL in it", "{\"n\\u0000\":\"x\",\"\\u0000\":1}", 0),
    OK("an escaped name is the same name",
       "{\"\\u0054oken\":\"t\",\"\\u0061\":{\"\\u0062\":{\"\\u0063\":\"v\"}}}",
       "t", 0, "v"),
    OK("what is no field may stand twice",
       "{\"x\":1,\"x\":2,\"y\":{\"n\":1,\"n\":2},\"a\":{\"x\":1,\"x\":1},"
       "\"z\":[{\"Token\":1,\"Token\":2}]}", 0),
    OK("the same name in other objects",
       "{\"a\":{\"a\":{\"a\":1,\"n\":2},\"b\":{\"a\":1,\"b\":2,\"n\":3},"
       "\"n\":4},\"b\":{\"b\":1},\"n\":5}", 0, "5", 0, "4"),
    OK("every escape",
       "{\"Token\":\"\\\"\\\\\\/\",\"x\":\"\\b\\f\\n\\r\\t\\u0000\\u001f\"}",
       "\"\\/"),
    OK("hexadecimal in either case",
       "{\"Token\":\"\\u004a\\u004A\\u00e9\\u00E9\"}", "JJ\xc3\xa9\xc3\xa9"),
    OK("escapes: the first and last of each length in UTF-8",
       "{\"Token\":\"\\u0020\\u007e\\u0080\\u07ff\\u0800\\ud7ff\\ue000\\uffff"
       "\\ud800\\udc00\\udbff\\udfff\"}",
       " ~\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"
       "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
    OK("the same unescaped",
       "{\"Token\":\" ~\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80"
       "\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"}",
       " ~\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"
       "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
    OK("a pair, and what follows", "{\"Token\":\"\\uD83D\\uDE00x\\\\u0041\"}",
       "\xf0\x9f\x98\x80x\\u0041"),
    OK("punctuation in strings",
       "{\"Token\":\"{\\\"n\\\":1,[]}:,\",\"{\\\"n\\\":1}\":[\"]\",\"}\"]}",
       "{\"n\":1,[]}:,"),
    OK("DEL in what is no field", "{\"x\":\"\x7f\",\"\x7f\":1}", 0),
    OK("numbers of every form",
       "{\"x\":[0,-0,1,-12,0.0,1.50,-0.1,1e1,1E1,0e0,1e+1,1e-1,1.5e10,"
       "-1.5E-007,1234567890]}", 0),
    OK("an integer before each that may follow",
       "{\"a\":{\"n\":1},\"n\":2 }", 0, "2", 0, "1"),
    OK("eight levels", "{\"x\":[[[[[[[0]]]]]],{\"y\":{\"z\":[{}]}}]}", 0),
};
/* clang-format on */

static void values_are_found(void **state)
{
    (void)state;
    RUN(GOOD);
}

static void a_text_that_is_cut_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(GOOD); i++)
        run_prefixes(&GOOD[i]);
}

static void no_field_and_no_at_may_be_asked_for(void **state)
{
    char room[16 + CILP_JSON_ROOM(8)] = "{\"x\":[1]}";
    size_t none = 7;

    (void)state;
    assert_int_equal(cilp_json_read(room, 9, sizeof room, NULL, 0, NULL, NULL),
                     CILP_WHAT_NONE);
    assert_int_equal(cilp_json_read(room, 8, sizeof room, NULL, 0, NULL, &none),
                     CILP_WHAT_JSON);
    assert_int_equal(none, 0);
}

/* ---- What is refused --------------------------------------------------- */

static void punctuation_is_checked(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        BAD("{\"x\":1 \"y\":2}"), BAD("{\"x\":1,,\"y\":2}"),
        BAD("{\"x\":1:\"y\":2}"), BAD("{\"x\":1,}"), BAD("{\"x\":[],}"),
        BAD("{\"x\":\"\",}"), BAD("{,}"), BAD("{,\"x\":1}"), BAD("{:}"),
        BAD("{\"x\"}"), BAD("{\"x\":}"), BAD("{\"x\",\"y\":1}"),
        BAD("{\"x\":,\"y\":1}"), BAD("{\"x\" 1}"), BAD("{\"x\" \"y\"}"),
        BAD("{\"x\"::1}"), BAD("{:\"x\":1}"), BAD("{\"x\":1:2}"),
        BAD("{\"x\":1 2}"), BAD("{\"x\":\"y\":\"z\"}"), BAD("{\"x\",1}"),
        BAD("{\"x\":1;\"y\":2}"), BAD("{\"x\":\"y\" \"z\":1}"),
        BAD("{\"x\":{} \"y\":1}"), BAD("{\"x\":{}\"y\":1}"),
        BAD("{\"x\":{}:\"y\":1}"), BAD("{\"x\":{},,\"y\":1}"),
        BAD("{\"x\":[1,]}"), BAD("{\"x\":[,1]}"), BAD("{\"x\":[,]}"),
        BAD("{\"x\":[1,,2]}"), BAD("{\"x\":[1 2]}"), BAD("{\"x\":[1:2]}"),
        BAD("{\"x\":[\"a\" \"b\"]}"), BAD("{\"x\":[\"a\":1]}"),
        BAD("{\"x\":[[] []]}"), BAD("{\"x\":[[],]}"), BAD("{\"x\":[:]}"),
        BAD("{\"x\":[1]:[2]}"), BAD("{\"x\":[{\"y\"}]}"),
        BAD("{\"x\":{\"y\":},\"z\":1}"), BAD("{\"x\":[\"y\":]}"),
        BAD("{1:2}"), BAD("{null:1}"), BAD("{true:1}"), BAD("{[]:1}"),
        BAD("{{}:1}"), BAD("{[1]}"), BAD("{1}"), BAD("{{}}"), BAD("{x:1}"),
        BAD("{'x':1}"), BAD("{\"x\":1,2:3}"), BAD("{\"x\":1,[]}"),
        BAD("{\"x\":[}"), BAD("{\"x\":[1}]"), BAD("{\"x\":{]}"), BAD("{]"),
        BAD("{\"x\":1]"), BAD("{\"x\":[1}}"), BAD("}"), BAD("{}}"),
        BAD("{\"x\":1}}"), BAD("{\"x\":1}]"), BAD("{\"x\":[1]]}"),
        BAD("{\"x\":1//\n}"), BAD("{/**/}"), BAD("{\"x\":1}#"),
        BAD("{\"x\":1\0}"), BAD("{\0}"), BAD("{\"x\"\0:1}"),
        BAD("{\"x\":[1]\0,\"y\":2}"), BAD("{\v}"), BAD("{\f}"),
        BAD("{\"x\":\xc2\xa0" "1}"), BAD("{\xa0}"),
        BAD("{{\"x\":1}"), BAD("{,\"x\":[]}"), BAD("{\"x\":1,\"y\"}"),
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void one_object_is_all(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        BAD(""), BAD(" "), BAD("\0"), BAD("[]"), BAD("[{}]"), BAD("1 "),
        BAD("\"x\""), BAD("null "), BAD("x"), BAD("{} {}"), BAD("{}{}"),
        BAD("{},"), BAD("{},{}"), BAD(",{}"), BAD(":{}"), BAD("1,{}"),
        BAD("{}1 "), BAD("{}\n\"x\""), BAD("{}\0"), BAD("{}\0{}"), BAD("{}:"),
        BAD("{\"x\":1}\0"), BAD("{}x"), BAD("\"x\":1"), BAD("\"a\" \"b\""),
        BAD("\"x\":{}"), BAD("[],{}"), BAD("{} []"), BAD("\0{}"), BAD("\"\"{}"),
        BAD("\xef\xbb\xbf{}"), BAD("{}\xef\xbb\xbf"), BAD("\xfe\xff\0{\0}"),
        BAD("{\0}\0"), BAD("<Token>x</Token>"), BAD("{}//"),
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void numbers_and_words_are_checked(void **state)
{
#define V(value) BAD("{\"x\":" value "}"), BAD("{\"x\":[" value " ,1]}")
    /* clang-format off */
    static const struct row rows[] = {
        V("01"), V("00"), V("-01"), V("-00"), V("-"), V("--1"), V("+1"),
        V("1."), V(".1"), V("-.1"), V("1.e1"), V("1e"), V("1E"), V("1e+"),
        V("1e-"), V("1e1.5"), V("1.5.5"), V("1e1e1"), V("1ee1"), V("1e+-1"),
        V("0x1"), V("0b1"), V("1_000"), V("1f"), V("1 000"), V("1-2"),
        V("0e"), V("0.e"), V("-e1"), V("1.x"), V("1e0x1"), V("-Infinity"),
        V("Infinity"), V("NaN"), V("nan"), V("True"), V("TRUE"), V("t"),
        V("tru"), V("truex"), V("true1"), V("fals"), V("falsey"), V("f"),
        V("nul"), V("nulll"), V("n"), V("none"), V("undefined"), V("x"),
        V("1\"x\""), V("1[]"), V("1{}"), V("1:2"), V("-\0"), V("1\0"),
        V("true\0"), V("1\x7f"), V("1\x01"), V("1\xe9"), V("1/2"),
    };
    /* clang-format on */
#undef V

    (void)state;
    RUN(rows);
}

static void strings_are_checked(void **state)
{
#define S(s)                                                  \
    BAD("{\"Token\":\"" s "\"}"), BAD("{\"x\":[\"" s "\"]}"), \
        BAD("{\"" s "\":1}")
    static const struct row rows[] = {
        S("\\x"),
        S("\\a"),
        S("\\0"),
        S("\\'"),
        S("\\U0041"),
        S("\\ "),
        S("\\\0"),
        S("\\\xc3\xa9"),
        S("\\"),
        S("\\u"),
        S("\\u1"),
        S("\\u12"),
        S("\\u123"),
        S("\\u123g"),
        S("\\u 123"),
        S("\\u+123"),
        S("\\uG000"),
        S("\\u12\0004"),
        S("\\u00:0"),
        S("\\u00@0"),
        S("\\u00`0"),
        S("\\u00/0"),
        /* surrogates */
        S("\\ud800"),
        S("\\udbff"),
        S("\\udc00"),
        S("\\udfff"),
        S("\\ud800x"),
        S("\\ud800\\n"),
        S("\\ud800\\u0041"),
        S("\\ud800\\ud800"),
        S("\\ud800\\ud800\\udc00"),
        S("\\udc00\\ud800"),
        S("\\ud800xudc00"),
        S("\\ud800\\udc00\\udc00"),
        S("\\ud800\\ue000"),
        S("\\uD800\\uDBFF"),
        /* control characters as they are */
        S("\x01"),
        S("\t"),
        S("\n"),
        S("\r"),
        S("\x1f"),
        S("\x1b[m"),
        S("\0"),
        S("x\0y"),
    };
#undef S

    (void)state;
    RUN(rows);
}

/* ---- Fields ------------------------------------------------------------ */

/* Escaped: as they are they are refused in any string, but for DEL. */
static void control_characters_are_no_value(void **state)
{
    char json[40];

    (void)state;
    for (unsigned c = 0; c <= 0x7f; c = c == 0x1f ? 0x7f : c + 1) {
        int n = snprintf(json, sizeof json, "{\"Token\":\"x\\u%04xy\"}", c);

        run_row(&(struct row){
            json, json, (size_t)n, CILP_WHAT_JSON_TYPE, TOKEN, {0}});
    }
}

static void types_are_checked(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        TYPE(TOKEN, "{\"Token\":1}"), TYPE(TOKEN, "{\"Token\":true}"),
        TYPE(TOKEN, "{\"Token\":{}}"), TYPE(TOKEN, "{\"Token\":[\"x\"]}"),
        TYPE(TOKEN, "{\"Token\":\"\x7f\"}"), TYPE(TOKEN, "{\"Token\":\"\\n\"}"),
        TYPE(TOKEN, "{\"n\":1,\"Token\":false}"),
        TYPE(N, "{\"n\":\"1\"}"), TYPE(N, "{\"n\":-1}"), TYPE(N, "{\"n\":1.0}"),
        TYPE(N, "{\"n\":1e3}"), TYPE(N, "{\"n\":-0}"), TYPE(N, "{\"n\":true}"),
        TYPE(N, "{\"n\":[1]}"), TYPE(N, "{\"n\":{\"n\":1}}"),
        TYPE(N, "{\"Token\":\"t\",\"n\":\"\"}"),
        TYPE(ABC, "{\"a\":\"x\"}"), TYPE(ABC, "{\"a\":[{\"b\":1}]}"),
        TYPE(ABC, "{\"a\":1}"), TYPE(ABC, "{\"a\":{\"b\":false}}"),
        TYPE(ABC, "{\"a\":{\"b\":{\"c\":{}}}}"), TYPE(ABC, "{\"a\":\"\"}"),
        TYPE(ABC, "{\"a\":{\"b\":[]}}"), TYPE(ABC, "{\"a\":{\"b\":\"null\"}}"),
        TYPE(AN, "{\"a\":{\"b\":{\"c\":\"v\"},\"n\":\"1\"}}"),
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void a_name_stands_once(void **state)
{
    static const struct row rows[] = {
        TWICE(TOKEN, "{\"Token\":\"x\",\"Token\":\"x\"}"),
        TWICE(TOKEN, "{\"Token\":\"x\",\"n\":1,\"Token\":\"y\"}"),
        TWICE(TOKEN, "{\"Token\":null,\"Token\":\"y\"}"),
        TWICE(TOKEN, "{\"Token\":\"x\",\"Token\":null}"),
        TWICE(TOKEN, "{\"Token\":\"x\",\"y\":{\"z\":[{}]},\"Token\":1}"),
        TWICE(TOKEN, "{\"Token\":\"x\",\"\\u0054oken\":\"y\"}"),
        TWICE(TOKEN, "{\"\\u0054oken\":\"x\",\"T\\u006fken\":\"y\"}"),
        TWICE(N, "{\"n\":1,\"Token\":\"t\",\"n\":1}"),
        TWICE(ABC, "{\"a\":{\"b\":{\"c\":\"v\"}},\"a\":{\"n\":1}}"),
        TWICE(ABC, "{\"a\":null,\"a\":{\"b\":{\"c\":\"v\"}}}"),
        TWICE(ABC, "{\"a\":{},\"a\":{}}"),
        TWICE(ABC, "{\"a\":{},\"a\":1}"),
        TWICE(ABC, "{\"a\":{\"b\":{},\"b\":{\"c\":\"v\"}}}"),
        TWICE(ABC, "{\"a\":{\"b\":{\"c\":\"v\",\"c\":\"v\"}}}"),
        TWICE(AN, "{\"a\":{\"n\":1,\"b\":{\"n\":2},\"n\":3}}"),
    };

    (void)state;
    RUN(rows);
}

/* ---- Limits ------------------------------------------------------------ */

static void depth_is_limited(void **state)
{
    char json[2 * CILP_JSON_DEPTH + 16];

    (void)state;
    for (size_t more = 0; more < 2; more++) {
        size_t arrays = CILP_JSON_DEPTH - 1 + more, n = 5;

        memcpy(json, "{\"x\":", n);
        memset(json + n, '[', arrays);
        memset(json + n + arrays, ']', arrays);
        n += 2 * arrays;
        json[n++] = '}';
        assert_int_equal(read_within(json, n, n + CILP_JSON_ROOM(60)),
                         more ? CILP_WHAT_JSON_ROOM : CILP_WHAT_NONE);
        assert_int_equal(at, FIELDS);
    }
}

/* Room for so many tokens suffices for so many tokens, wherever it begins. */
static void room_is_as_promised(void **state)
{
    static const char json[] = "        {\"Token\":\"t\",\"x\":[1,2]}";
    const size_t tokens = 7;

    (void)state;
    for (size_t skip = 0; skip < 8; skip++) {
        size_t n = sizeof json - 1 - skip;

        assert_int_equal(read_within(json + skip, n, n + CILP_JSON_ROOM(7)),
                         CILP_WHAT_NONE);
        assert_string_equal(values[TOKEN], "t");
        assert_int_equal(read_within(json + skip, n, n + tokens * 20 - 1),
                         CILP_WHAT_JSON_ROOM);
        assert_null(values[TOKEN]);
    }
}

static void length_is_limited(void **state)
{
    static char json[CILP_JSON_MAX + 1 + CILP_JSON_ROOM(1)];

    (void)state;
    for (size_t more = 0; more < 2; more++) {
        memset(json, ' ', sizeof json);
        json[0] = '{';
        json[CILP_JSON_MAX - 1 + more] = '}';
        assert_int_equal(cilp_json_read(json, CILP_JSON_MAX + more, sizeof json,
                                        NULL, 0, NULL, NULL),
                         more ? CILP_WHAT_JSON_ROOM : CILP_WHAT_NONE);
    }
}

/* Tokens are aligned: a room may end before its first aligned byte. */
static void a_room_may_have_no_aligned_byte(void **state)
{
    _Alignas(16) char json[16] = "{}";

    (void)state;
    for (size_t cap = 2; cap < sizeof json; cap++)
        assert_int_equal(cilp_json_read(json, 2, cap, NULL, 0, NULL, NULL),
                         CILP_WHAT_JSON_ROOM);
}

/* Lengths that are not so: refused before a byte is read. */
static void nothing_is_read_beyond_the_capacity(void **state)
{
    static const struct {
        size_t len, cap;
    } rows[] = {{1, 0},
                {3, 2},
                {SIZE_MAX, 2},
                {(size_t)INT_MAX + 1, SIZE_MAX},
                {SIZE_MAX, SIZE_MAX}};
    char *json = guarded("{}", 2);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(
            cilp_json_read(json, rows[i].len, rows[i].cap, NULL, 0, NULL, NULL),
            CILP_WHAT_JSON_ROOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found),
        cmocka_unit_test(a_text_that_is_cut_is_refused),
        cmocka_unit_test(no_field_and_no_at_may_be_asked_for),
        cmocka_unit_test(punctuation_is_checked),
        cmocka_unit_test(one_object_is_all),
        cmocka_unit_test(numbers_and_words_are_checked),
        cmocka_unit_test(strings_are_checked),
        cmocka_unit_test(control_characters_are_no_value),
        cmocka_unit_test(types_are_checked),
        cmocka_unit_test(a_name_stands_once),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(room_is_as_promised),
        cmocka_unit_test(length_is_limited),
        cmocka_unit_test(a_room_may_have_no_aligned_byte),
        cmocka_unit_test(nothing_is_read_beyond_the_capacity),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
