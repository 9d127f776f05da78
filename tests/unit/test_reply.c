/* What a reply of EC2 or STS says, and that its text is safe to print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/cilp.h"
#include "core/fields.h"
#include "core/reply.h"
#include "tests/unit/split.h"

#define ROOT "CancelImageLaunchPermissionResponse"

static const struct cilp_reply_form form = {.root = ROOT};

struct row {
    const char *name;
    const char *text;
    const char *code, *message, *id; /* NULL: "" */
    enum cilp_return ret;
    bool is_error, is_expected, cut, bad;
};

struct run {
    const struct row *row;
    struct cilp_reply r;
    struct cilp_result into;
    char why[400];
};

static void begin(void *ctx)
{
    struct run *r = ctx;

    cilp_reply_init(&r->r, &form, NULL);
    memset(&r->into, 0, sizeof r->into);
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    struct run *r = ctx;

    cilp_reply_feed(&r->r, &r->into, p, n);
}

static const char *differs(struct run *r, const char *of, const char *is,
                           const char *want)
{
    want = want ? want : "";
    if (!strcmp(is, want))
        return NULL;
    snprintf(r->why, sizeof r->why, "%s is \"%.150s\", not \"%.150s\"", of, is,
             want);
    return r->why;
}

static const char *check_flags(const struct run *r)
{
    const struct row *w = r->row;

    if (r->r.ret != w->ret)
        return "another <return>";
    if (r->r.is_error != w->is_error)
        return "is_error";
    if (r->r.is_expected != w->is_expected)
        return "is_expected";
    return r->into.message_cut == w->cut ? NULL : "message_cut";
}

static const char *check(void *ctx)
{
    struct run *r = ctx;
    const struct row *w = r->row;
    bool good = cilp_reply_end(&r->r, &r->into);
    const char *bad;

    if (good == w->bad || good == r->r.bad)
        return good ? "it is good" : cilp_xml_what(&r->r.xml);
    bad = differs(r, "code", r->into.code, w->code);
    if (!bad)
        bad = differs(r, "message", r->into.message, w->message);
    if (!bad)
        bad = differs(r, "id", r->into.request_id, w->id);
    if (!bad && w->bad) /* nothing else of it counts */
        return r->into.message_cut ? "message_cut" : NULL;
    return bad ? bad : check_flags(r);
}

static struct run the_run;
static const struct split_reader reader = {begin, feed, check, &the_run};

static void run_row(const struct row *row)
{
    size_t n = strlen(row->text);
    const char *bad;

    the_run.row = row;
    bad = n > 700 ? some_split(&reader, row->text, n)
                  : any_split(&reader, row->text, n);
    if (bad)
        fail_msg("%s: %s", row->name, bad);
}

static void run_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        run_row(&rows[i]);
}
#define RUN(rows) run_rows(rows, sizeof(rows) / sizeof *(rows))

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define YES(inner)                                                         \
    XML "<" ROOT                                                           \
        " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n    " inner \
        "\n</" ROOT ">"
#define EC2(inner) XML "<Response><Errors>" inner "</Errors></Response>"

/* ---- Shapes ------------------------------------------------------------ */

static void a_success_is_read(void **state)
{
/* clang-format off */
#define R(n, t, r) {n, YES(t), .ret = r, .is_expected = true}
    /* clang-format on */
    /* clang-format off */
    static const struct row rows[] = {
        {"as EC2 sends it",
         YES("<requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>\n"
             "    <return>true</return>"),
         .id = "59dbff89-35bd-4eac-99ed-be587EXAMPLE",
         .ret = CILP_RETURN_TRUE, .is_expected = true},
        {"the other way round", YES("<return>true</return>"
         "<requestId>i</requestId>"),
         .id = "i", .ret = CILP_RETURN_TRUE, .is_expected = true},
        {"with a prefix", "<e:" ROOT " xmlns:e='u'>"
         "<e:return>true</e:return></e:" ROOT ">",
         .ret = CILP_RETURN_TRUE, .is_expected = true},
        R("true, pieced together",
          "<return>t<!-- -->r&#117;<![CDATA[e]]></return>", CILP_RETURN_TRUE),
        R("false", "<return>false</return>", CILP_RETURN_FALSE),
        R("none", "<x/>", CILP_RETURN_NONE),
        R("empty", "<return/>", CILP_RETURN_OTHER),
        R("in capitals", "<return>True</return>", CILP_RETURN_OTHER),
        R("with a space", "<return>true </return>", CILP_RETURN_OTHER),
        R("the beginning of a word", "<return>tru</return>", CILP_RETURN_OTHER),
        R("a longer word", "<return>truefalse</return>", CILP_RETURN_OTHER),
        R("a much longer word", "<return>true,true,true,true</return>",
          CILP_RETURN_OTHER),
        R("a longer word in pieces",
          "<return>tr<!-- -->uefal<!-- -->se<!-- -->x</return>",
          CILP_RETURN_OTHER),
        R("a word, and more than there is room for",
          "<return>true<!-- -->, true, true</return>", CILP_RETURN_OTHER),
        R("the other word, and more",
          "<return>false<![CDATA[ and more]]></return>", CILP_RETURN_OTHER),
        R("1", "<return>1</return>", CILP_RETURN_OTHER),
        R("twice", "<return>true</return><return>true</return>",
          CILP_RETURN_OTHER),
        R("with an element inside", "<return><b/>true</return>",
          CILP_RETURN_OTHER),
        R("under another parent", "<a><return>true</return></a>",
          CILP_RETURN_NONE),
        R("under itself", "<return><return>true</return></return>",
          CILP_RETURN_OTHER),
        {"elements inside an id are skipped, their text too",
         YES("<requestId>a<b>x<c>y</c></b>b</requestId>"), .id = "ab",
         .is_expected = true},
        R("another word like it", "<returned>true</returned>",
          CILP_RETURN_NONE),
        {"under another root", "<OtherResponse><return>true</return>"
         "<requestId>i</requestId></OtherResponse>", .id = NULL},
        {"at the root", "<return>true</return>", .id = NULL},
        {"the root deeper down", "<a><" ROOT "><return>true</return></" ROOT
         "></a>", .id = NULL},
        {"a root that is longer", "<" ROOT "s><return>true</return></" ROOT
         "s>", .id = NULL},
    };
    /* clang-format on */
#undef R

    (void)state;
    RUN(rows);
}

static void an_error_is_read(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"as EC2 sends it", XML "<Response><Errors><Error>"
         "<Code>InvalidAMIID.NotFound</Code><Message>The image id "
         "'[ami-12345678]' does not exist</Message></Error></Errors>"
         "<RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>",
         "InvalidAMIID.NotFound",
         "The image id '[ami-12345678]' does not exist",
         "ea966190-f9aa-478e-9ede-example", .is_error = true},
        {"as STS sends it", "<ErrorResponse xmlns=\"u\">\n <Error>\n"
         "  <Type>Sender</Type>\n  <Code>ExpiredToken</Code>\n"
         "  <Message>no</Message>\n </Error>\n"
         " <RequestId>42</RequestId>\n</ErrorResponse>\n",
         "ExpiredToken", "no", "42", .is_error = true},
        {"the first of several counts",
         EC2("<Error><Code>A</Code><Message>a</Message></Error>"
             "<Error><Code>B</Code><Message>b</Message></Error>"),
         "A", "a", .is_error = true},
        {"even if it says nothing",
         EC2("<Error/><Error><Code>B</Code><Message>b</Message></Error>"),
         .is_error = false},
        {"the first code of one error counts",
         EC2("<Error><Code>A</Code><Code>B</Code><Message>a</Message>"
             "<Message>b</Message></Error>"), "A", "a", .is_error = true},
        {"an empty code is a code", EC2("<Error><Code/></Error>"),
         .is_error = true},
        {"an error without a code is none",
         EC2("<Error><Message>m</Message></Error>"), .message = "m"},
        {"of several ids the first counts",
         "<Response><RequestID>a</RequestID><RequestID>b</RequestID>"
         "</Response>",
         .id = "a"},
        {"STS's spelling of the id is not EC2's",
         "<Response><RequestId>a</RequestId></Response>", .id = NULL},
        {"an Error right below EC2's root does not count",
         "<Response><Error><Code>A</Code></Error></Response>", .id = NULL},
        {"an Error deeper down does not count",
         EC2("<x><Error><Code>A</Code></Error></x>"), .id = NULL},
        {"an Error in a success does not count",
         YES("<Errors><Error><Code>A</Code></Error></Errors>"),
         .is_expected = true},
        {"a Code deeper down does not count",
         EC2("<Error><x><Code>A</Code></x></Error>"), .id = NULL},
        {"elements inside a message are skipped, their text too",
         EC2("<Error><Code>A</Code><Message>a<b>x<c>y</c></b>b"
             "<Message>z</Message></Message></Error>"),
         "A", "ab", .is_error = true},
        {"a page of a proxy", "<html><head><title>502</title></head>"
         "<body><Error><Code>A</Code></Error></body></html>", .id = NULL},
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void what_is_not_xml_says_nothing(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"HTML", "<!DOCTYPE html><html>", .bad = true},
        {"nothing", "", .bad = true},
        {"JSON", "{}", .bad = true},
        {"text behind it", YES("<return>true</return>") "x", .bad = true},
        {"cut short", XML "<Response><Errors><Error><Code>A</Code>"
         "<Message>half a mess", .bad = true},
        {"cut short behind the id", XML "<Response><RequestID>i</RequestID>"
         "<Errors><Error><Code>A</Code></Error></Errors>", .id = "i",
         .bad = true},
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void what_follows_a_bad_byte_is_skipped(void **state)
{
    static const char text[] = "x<a/>";
    struct run *r = &the_run;

    (void)state;
    begin(r);
    feed(r, (const uint8_t *)text, sizeof text - 1);
    assert_true(r->r.bad);
    feed(r, (const uint8_t *)YES("<return>true</return>"), 100);
    assert_false(cilp_reply_end(&r->r, &r->into));
    assert_false(r->r.is_expected);
    assert_string_equal(cilp_xml_what(&r->r.xml), "text outside the root");
}

/* ---- Safe text --------------------------------------------------------- */

/* clang-format off */
#define M(n, in, out) \
    {n, EC2("<Error><Code/><Message>" in "</Message></Error>"), \
     .message = out, .is_error = true}
/* clang-format on */

static void messages_are_safe_to_print(void **state)
{
    static const struct row rows[] = {
        M("blanks of all kinds become spaces", "a\tb\nc\r\nd&#9;e&#xA;f",
          "a b c  d e f"),
        M("entities are decoded once", "&lt;a&gt; &amp;amp; &quot;",
          "<a> &amp; \""),
        M("DEL",
          "a\x7f"
          "b",
          "a?b"),
        M("C1, encoded", "a\xc2\x80\xc2\x9b[2J\xc2\x9f", "a??[2J?"),
        M("C1, as a reference", "&#x9b;", "?"),
        M("just beyond C1", "\xc2\xa0~", "\xc2\xa0~"),
        M("bidirectional controls",
          "\xd8\x9c|\xe2\x80\x8e\xe2\x80\x8f|"
          "\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae|"
          "\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9",
          "?|??|?????|????"),
        M("line and paragraph separators", "&#x2028;&#x2029;", "??"),
        M("their neighbours",
          "\xd8\x9b\xd8\x9d\xe2\x80\x8d\xe2\x80\x90"
          "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa",
          "\xd8\x9b\xd8\x9d\xe2\x80\x8d\xe2\x80\x90"
          "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa"),
        M("UTF-8 of every length", "z\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
          "z\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
        M("the ends of every length",
          "\xc2\xa1\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"
          "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
          "\xc2\xa1\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"
          "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
        M("around the surrogates", "\xed\x9f\xbf\xee\x80\x80",
          "\xed\x9f\xbf\xee\x80\x80"),
    };
    static const struct row bad[] = {
        M("a lone continuation", "a\x80z\xbf", "a?z?"),
        M("too long a form of \"/\"", "\xc0\xaf|", "??|"),
        M("another", "\xc1\xbf|", "??|"),
        M("too long a form of three bytes", "\xe0\x9f\xbf|", "?|"),
        M("too long a form of TAB", "\xe0\x80\x89|", "?|"),
        M("too long a form of four bytes", "\xf0\x8f\xbf\xbf|", "?|"),
        M("a surrogate", "\xed\xa0\x80|\xed\xbf\xbf|", "?|?|"),
        M("beyond U+10FFFF", "\xf4\x90\x80\x80|\xf5\x80|", "?|??|"),
        M("FE and FF", "\xfe\xff", "??"),
        M("cut by ASCII", "\xe2\x82z", "?z"),
        M("cut by another lead", "\xe2\x82\xc3\xa9", "?\xc3\xa9"),
        M("cut by the end", "a\xf0\x9f\x98", "a?"),
        M("cut by the end of a child", "a\xc3<b/>z", "a?z"),
        M("Latin-1", "f\xfcr", "f?r"),
    };

    (void)state;
    RUN(rows);
    RUN(bad);
}

static void codes_and_ids_are_kept_simple(void **state)
{
    static const struct row rows[] = {
        {"a code", EC2("<Error><Code>Az0.9_-z</Code></Error>"), "Az0.9_-z",
         .is_error = true},
        {"anything else in a code",
         EC2("<Error><Code>@[`{ /:&lt;\n\xc3\xa9\xff^</Code></Error>"),
         "????????????", .is_error = true},
        {"too long a form of \"A\" in a code",
         EC2("<Error><Code>\xe0\x81\x81.</Code></Error>"), "?.",
         .is_error = true},
        {"an id is text",
         "<Response><RequestID>a b\x7f\xc3\xa9\xff"
         "</RequestID></Response>",
         .id = "a b?\xc3\xa9?"},
    };

    (void)state;
    RUN(rows);
}

/* ---- Items and fields -------------------------------------------------- */

struct thing {
    char a[4], b[4];
};

static struct {
    char token[4];
    struct thing thing;
} memory;

enum { SET = CILP_PLACE_OWN, THING, A, B, TOKEN };

/* clang-format off */
static const struct cilp_reply_step thing_steps[] = {
    {CILP_PLACE_SUCCESS, SET, "set"}, {SET, THING, "item"}, {THING, A, "a"},
    {THING, B, "b"}, {CILP_PLACE_SUCCESS, TOKEN, "token"},
};
/* clang-format on */

static const struct cilp_reply_field thing_fields[] = {
    {A, 3, offsetof(struct thing, a) + sizeof memory.token},
    {B, 3, offsetof(struct thing, b) + sizeof memory.token},
    {TOKEN, 3, 0},
};

static const struct cilp_fields things_wanted = {
    .steps = thing_steps,
    .n_steps = 5,
    .fields = thing_fields,
    .n_fields = 3,
    .item = THING,
    .item_offset = sizeof memory.token,
    .item_len = sizeof(struct thing),
};

static const struct cilp_reply_form thing_form = {"R", cilp_fields_enter,
                                                  &things_wanted};

struct things {
    struct cilp_reply r;
    struct cilp_result into;
    const char *said; /* what is to be said: "a=b," for each item */
    char saying[100];
};

static void things_begin(void *ctx)
{
    struct things *t = ctx;

    memset(&memory, 0, sizeof memory);
    memset(&t->into, 0, sizeof t->into);
    t->saying[0] = '\0';
    cilp_reply_init(&t->r, &thing_form, &memory);
}

static void things_feed(void *ctx, const uint8_t *p, size_t n)
{
    struct things *t = ctx;
    size_t at = 0, len = strlen(t->saying);

    while (at < n) {
        size_t used = cilp_reply_feed(&t->r, &t->into, p + at, n - at);

        at += used;
        if (t->r.has_item)
            len += (size_t)snprintf(t->saying + len, sizeof t->saying - len,
                                    "%s=%s,", memory.thing.a, memory.thing.b);
    }
}

static const char *things_check(void *ctx)
{
    struct things *t = ctx;

    if (!cilp_reply_end(&t->r, &t->into))
        return "not XML";
    strcat(t->saying, memory.token);
    return strcmp(t->saying, t->said) ? t->saying : NULL;
}

/* Each item begins empty, nothing of the one before it is left. */
static void items_come_one_by_one(void **state)
{
    /* clang-format off */
    static const struct { const char *text, *said; } rows[] = {
        {"<R><set/></R>", ""},
        {"<R><token>t</token><set><item><a>1</a><b>2</b></item></set></R>",
         "1=2,t"},
        {"<R><set><item><a>1</a><b>2</b></item><item/><item><b>3</b></item>"
         "</set><token>t</token></R>", "1=2,=,=3,t"},
        {"<R><set><item><a>1</a><a>2</a><x><a>3</a></x></item></set></R>",
         "1=,"},
        {"<R><set><item><b>7<item><a>1</a></item></b><a>8</a></item></set></R>",
         "8=7,"},
        {"<R><set><item><a>12345</a><b>\xe2\x82\xac" "1</b></item></set>"
         "<token>t<x>y</x>u</token></R>", "123=\xe2\x82\xac,tu"},
        {"<R><item><a>1</a></item></R>", ""},
        {"<Q><set><item><a>1</a></item></set></Q>", ""},
        {"<R><x><set><item><a>1</a></item></set></x></R>", ""},
    };
    /* clang-format on */
    static struct things t;
    const struct split_reader things = {things_begin, things_feed, things_check,
                                        &t};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *bad;

        t.said = rows[i].said;
        bad = any_split(&things, rows[i].text, strlen(rows[i].text));
        if (bad)
            fail_msg("row %zu: %s", i, bad);
    }
}

/* ---- Limits ------------------------------------------------------------ */

static char text[4000], want[2000];

static void make(const char *before, size_t fill, const char *last,
                 const char *after)
{
    char *p = text + strlen(strcpy(text, before));

    memset(p, 'm', fill);
    strcpy(p + fill, last);
    strcat(text, after);
    memset(want, 'm', fill);
    want[fill] = '\0';
}

static void a_message_is_cut_between_characters(void **state)
{
    static const struct {
        const char *name, *last, *kept;
        size_t room; /* left when `last` comes */
        bool cut;
    } rows[] = {
        {"to the last byte", "x", "x", 1, false},
        {"one byte too many", "xy", "x", 1, true},
        {"two bytes fit", "\xc3\xa9", "\xc3\xa9", 2, false},
        {"two bytes do not fit", "\xc3\xa9", "", 1, true},
        {"nothing shorter comes after", "\xc3\xa9z", "", 1, true},
        {"three bytes do not fit", "\xe2\x82\xac", "", 2, true},
        {"four bytes fit", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", 4, false},
        {"four bytes do not fit", "\xf0\x9f\x98\x80", "", 3, true},
        {"a reference does not fit", "&#x20ac;", "", 2, true},
        {"what is replaced is shorter", "\xe2\x80\xae", "?", 1, false},
        {"no room even for that", "\xe2\x80\xae", "", 0, true},
        {"half a character at the end, no room", "\xe2\x80", "", 0, true},
        {"half a character within, no room", "\xe2z", "", 0, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        make(XML "<Response><Errors><Error><Message>",
             CILP_MESSAGE_MAX - rows[i].room, rows[i].last,
             "</Message><Code>C</Code></Error></Errors></Response>");
        strcat(want, rows[i].kept);
        run_row(&(struct row){rows[i].name, text, "C", want, .is_error = true,
                              .cut = rows[i].cut});
    }
}

static void nothing_is_kept_of_a_reply_that_broke_off(void **state)
{
    (void)state;
    make(XML "<Response><Errors><Error><Code>C</Code><Message>",
         CILP_MESSAGE_MAX + 1, "", "</Message>");
    run_row(&(struct row){"cut", text, .is_error = true, .bad = true});
}

static void codes_and_ids_are_cut_to_their_room(void **state)
{
    (void)state;
    for (size_t more = 0; more < 3; more++) {
        make(XML "<Response><Errors><Error><Code>", CILP_CODE_MAX + more, "",
             "</Code></Error></Errors></Response>");
        want[CILP_CODE_MAX] = '\0';
        run_row(&(struct row){"code", text, want, .is_error = true});
        make(XML "<Response><RequestID>", CILP_REQUEST_ID_MAX + more, "",
             "</RequestID></Response>");
        want[CILP_REQUEST_ID_MAX] = '\0';
        run_row(&(struct row){"id", text, .id = want});
    }
    /* a broken character where the code is full must not go elsewhere */
    make(EC2("<Error><Code>"), CILP_CODE_MAX, "", "");
    strcpy(text, XML "<Response><Errors><Error><Code>");
    strcat(text, want);
    strcat(text, "\xe2z</Code><Message>m</Message></Error></Errors>"
                 "</Response>");
    run_row(&(struct row){"full code", text, want, "m", .is_error = true});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_success_is_read),
        cmocka_unit_test(an_error_is_read),
        cmocka_unit_test(what_is_not_xml_says_nothing),
        cmocka_unit_test(what_follows_a_bad_byte_is_skipped),
        cmocka_unit_test(messages_are_safe_to_print),
        cmocka_unit_test(codes_and_ids_are_kept_simple),
        cmocka_unit_test(items_come_one_by_one),
        cmocka_unit_test(a_message_is_cut_between_characters),
        cmocka_unit_test(nothing_is_kept_of_a_reply_that_broke_off),
        cmocka_unit_test(codes_and_ids_are_cut_to_their_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
