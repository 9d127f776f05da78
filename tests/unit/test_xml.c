/* XML as it streams: what is told, what is skipped, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/xml.h"
#include "tests/unit/split.h"

struct row {
    const char *name;
    const char *text;
    const char *events; /* "(name" START, "text", ")name" END */
    const char *what;   /* of a bad or incomplete document; NULL: good */
};

/* A run of the reader over a row; the events as one text. */
struct run {
    const struct row *row;
    struct cilp_xml x;
    enum cilp_xml_rc rc;
    size_t len;
    unsigned depth;
    char events[20000];
    char why[600];
};

static void begin(void *ctx)
{
    struct run *r = ctx;

    cilp_xml_init(&r->x);
    r->len = 0;
    r->depth = 0;
}

static void add(struct run *r, const char *p, size_t n)
{
    assert_true(r->len + n < sizeof r->events);
    memcpy(r->events + r->len, p, n);
    r->len += n;
}

static void tell(struct run *r)
{
    const struct cilp_xml *x = &r->x;

    if (r->rc == CILP_XML_START) {
        assert_int_equal(x->depth, ++r->depth);
        add(r, "(", 1);
        add(r, x->name, strlen(x->name));
        add(r, " ", 1);
    } else if (r->rc == CILP_XML_TEXT) {
        assert_int_equal(x->depth, r->depth);
        assert_true(x->text_len > 0 && x->text_len <= sizeof x->text);
        add(r, x->text, x->text_len);
    } else if (r->rc == CILP_XML_END) {
        assert_int_equal(x->depth, r->depth--);
        add(r, ")", 1);
        add(r, x->name, strlen(x->name));
    }
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    struct run *r = ctx;
    size_t used;

    do {
        r->rc = cilp_xml_feed(&r->x, p, n, &used);
        assert_true(used <= n);
        p += used;
        n -= used;
        tell(r);
    } while (r->rc != CILP_XML_MORE && r->rc != CILP_XML_BAD);
    if (r->rc == CILP_XML_MORE)
        assert_int_equal(n, 0);
}

static const char *check(void *ctx)
{
    struct run *r = ctx;
    const struct row *w = r->row;
    const char *what = w->what ? w->what : "";

    r->events[r->len] = '\0';
    if (cilp_xml_is_complete(&r->x) != !w->what)
        return w->what ? "it is complete" : cilp_xml_what(&r->x);
    if (strcmp(cilp_xml_what(&r->x), what)) {
        snprintf(r->why, sizeof r->why, "\"%s\", not \"%s\"",
                 cilp_xml_what(&r->x), what);
        return r->why;
    }
    if (w->events && strcmp(r->events, w->events)) {
        snprintf(r->why, sizeof r->why, "%.250s, not %.250s", r->events,
                 w->events);
        return r->why;
    }
    return NULL;
}

static struct run the_run;
static const struct split_reader reader = {begin, feed, check, &the_run};

static void run_row(const struct row *row, size_t n)
{
    const char *bad;

    the_run.row = row;
    bad = n > 3000 ? some_split(&reader, row->text, n)
                   : any_split(&reader, row->text, n);
    if (bad)
        fail_msg("%s: %s", row->name, bad);
}

static void run_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        run_row(&rows[i], strlen(rows[i].text));
}
#define RUN(rows) run_rows(rows, sizeof(rows) / sizeof *(rows))

/* ---- Told -------------------------------------------------------------- */

static void elements_and_text_are_told(void **state)
{
    static const struct row rows[] = {
        {"one element", "<a></a>", "(a )a", NULL},
        {"text", "<a>x y\n z</a>", "(a x y\n z)a", NULL},
        {"nesting", "<a>1<b>2<c>3</c>4</b>5</a>", "(a 1(b 2(c 3)c4)b5)a", NULL},
        {"self-closing elements begin and end", "<a><b/><c />x<d\n/></a>",
         "(a (b )b(c )cx(d )d)a", NULL},
        {"a self-closing root", "<a/>", "(a )a", NULL},
        {"space in tags", "<a \t\r\n><b\n></b \t></a\r\n>", "(a (b )b)a", NULL},
        {"names", "<_a-1.b2><Z\xc3\xa9/></_a-1.b2>",
         "(_a-1.b2 (Z\xc3\xa9 )Z\xc3\xa9)_a-1.b2", NULL},
        {"text longer than the window",
         "<a>0123456789012345678901234567890123456789012345678901234567890123"
         "4567890123456789012345678901234567890123456789</a>",
         "(a 0123456789012345678901234567890123456789012345678901234567890123"
         "4567890123456789012345678901234567890123456789)a",
         NULL},
        {"brackets and angles in text", "<a>] ]] ]x]]]&gt;></a>",
         "(a ] ]] ]x]]]>>)a", NULL},
        {"bytes beyond ASCII pass", "<a>\xc3\xa9\xff\x7f</a>",
         "(a \xc3\xa9\xff\x7f)a", NULL},
    };

    (void)state;
    RUN(rows);
}

static void what_is_not_needed_is_skipped(void **state)
{
    static const struct row rows[] = {
        {"the declaration", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>",
         "(a )a", NULL},
        {"a byte order mark", "\xef\xbb\xbf<a/>", "(a )a", NULL},
        {"space around the root", " \r\n\t<a/> \r\n\t", "(a )a", NULL},
        {"comments", "<!-- <x> & --><a>1<!--->-->2<!-- - -- - --></a>", NULL,
         "bad comment"},
        {"comments without a double hyphen",
         "<!-- <x> & ]]> --><a>1<!---->2<!-- - -->3</a><!--- -->", "(a 123)a",
         NULL},
        {"instructions", "<?p?><a>1<?p a > ? b ?\?>2</a><?p ?>", "(a 12)a",
         NULL},
        {"attributes of any kind",
         "<a x=\"1\" y = '>\"/' z:z=\"'&x\"><b xmlns=\"http://x/\"/></a>",
         "(a (b )b)a", NULL},
        {"prefixes", "<p:a xmlns:p='u'><p:b/><q:c>x</q:c></p:a>",
         "(a (b )b(c x)c)a", NULL},
    };

    (void)state;
    RUN(rows);
}

static void references_are_decoded(void **state)
{
    static const struct row rows[] = {
        {"the five entities", "<a>&lt;&gt;&amp;&quot;&apos;</a>", "(a <>&\"')a",
         NULL},
        {"once, not twice", "<a>&amp;lt;</a>", "(a &lt;)a", NULL},
        {"decimal", "<a>&#65;&#9;&#10;&#13;&#233;</a>", "(a A\t\n\r\xc3\xa9)a",
         NULL},
        {"hexadecimal in either case", "<a>&#x4a;&#x4A;</a>", "(a JJ)a", NULL},
        {"the last of each length in UTF-8",
         "<a>&#x7f;&#x7ff;&#xfffd;&#x10ffff;</a>",
         "(a \x7f\xdf\xbf\xef\xbf\xbd\xf4\x8f\xbf\xbf)a", NULL},
        {"the first of each length in UTF-8", "<a>&#x80;&#x800;&#x10000;</a>",
         "(a \xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80)a", NULL},
        {"around the surrogates", "<a>&#xd7ff;&#xe000;</a>",
         "(a \xed\x9f\xbf\xee\x80\x80)a", NULL},
        {"ten bytes of reference", "<a>&#0000065;&#x000041;</a>", "(a AA)a",
         NULL},
        {"between brackets", "<a>]&#93;></a>", "(a ]]>)a", NULL},
    };
/* clang-format off */
#define R(n, t) {n, "<a>" t "</a>", "(a ", "bad reference"}
    /* clang-format on */
    /* clang-format off */
    static const struct row bad[] = {
        R("eleven bytes", "&#00000065;"), R("eleven in hex", "&#x0000041;"),
        R("no digits", "&#;"), R("no hexadecimal digits", "&#x;"),
        R("a capital X", "&#X41;"), R("a letter", "&#6a;"),
        R("no hexadecimal digit", "&#x4g;"), R("a space", "&#65 ;"),
        R("NUL", "&#0;"), R("a control character", "&#27;"),
        R("a surrogate", "&#xd800;"), R("the last surrogate", "&#xdfff;"),
        R("U+FFFE", "&#xfffe;"), R("U+FFFF", "&#xffff;"),
        R("beyond Unicode", "&#x110000;"), R("far beyond", "&#9999999;"),
#undef R
/* clang-format off */
#define E(n, t) {n, "<a>" t "</a>", "(a ", "unknown entity"}
        /* clang-format on */
        E("an entity of HTML", "&nbsp;"),
        E("a short one", "&l;"),
        E("no name", "&;"),
        E("in capitals", "&LT;"),
        E("a longer name", "&quotx;"),
        E("a lone ampersand", "& b;"),
        E("a hash within", "&a#;"),
#undef E
        {"before the root", "&lt;<a/>", "", "text outside the root"},
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
    RUN(bad);
}

static void cdata_is_text(void **state)
{
    static const struct row rows[] = {
        {"markup and references in it are text",
         "<a>1<![CDATA[<b>&lt;</b><!-- -->]]>2</a>",
         "(a 1<b>&lt;</b><!-- -->2)a", NULL},
        {"empty", "<a><![CDATA[]]></a>", "(a )a", NULL},
        {"brackets in it", "<a><![CDATA[]x]]y]]]>]</a>", "(a ]x]]y]])a", NULL},
        {"brackets and angles", "<a><![CDATA[]>]]]]>&gt;</a>", "(a ]>]]>)a",
         NULL},
        {"longer than the window",
         "<a><![CDATA[0123456789012345678901234567890123456789012345678901234"
         "56789]0123456789]]0123456789012345678901234567890123456789]]></a>",
         "(a 0123456789012345678901234567890123456789012345678901234"
         "56789]0123456789]]0123456789012345678901234567890123456789)a",
         NULL},
    };
    static const struct row bad[] = {
        {"outside the root", "<![CDATA[x]]><a/>", "", "bad tag"},
        {"misspelt", "<a><![cDATA[x]]></a>", "(a ", "bad tag"},
        {"not ended", "<a><![CDATA[x]]</a>", NULL, "document cut short"},
        {"its end without it", "<a>x]]></a>", NULL, "\"]]>\" in text"},
        {"its end without it, more brackets", "<a>]]]></a>", NULL,
         "\"]]>\" in text"},
    };

    (void)state;
    RUN(rows);
    RUN(bad);
}

/* ---- Refused ----------------------------------------------------------- */

static void what_is_not_well_formed_is_refused(void **state)
{
/* clang-format off */
#define B(n, t, w) {n, t, NULL, w}
    /* clang-format on */
    static const struct row rows[] = {
        B("DOCTYPE", "<!DOCTYPE a><a/>", "DOCTYPE is refused"),
        B("DOCTYPE within the root", "<a><!DOCTYPE b></a>",
          "DOCTYPE is refused"),
        B("an entity declaration", "<!ENTITY x 'y'><a/>", "bad tag"),
        B("text before the root", "x<a/>", "text outside the root"),
        B("text after the root", "<a/>x", "text outside the root"),
        B("JSON", "{\"a\": 1}", "text outside the root"),
        B("half a byte order mark", "\xef\xbb<a/>", "text outside the root"),
        B("two byte order marks", "\xef\xbb\xbf\xef\xbb\xbf<a/>",
          "text outside the root"),
        B("two roots", "<a/><b/>", "second root element"),
        B("another end tag", "<a></b>", "mismatched end tag"),
        B("end tags crossed", "<a><b></a></b>", "mismatched end tag"),
        B("an end tag too many", "<a/></a>", "mismatched end tag"),
        B("an end tag in another case", "<a></A>", "mismatched end tag"),
        B("an end tag with another prefix", "<p:a></q:a>",
          "mismatched end tag"),
        B("an end tag with a longer name", "<a></ab>", "mismatched end tag"),
        B("an end tag with an attribute", "<a></a x='y'>",
          "mismatched end tag"),
        B("an end tag without a name", "<a></>", "mismatched end tag"),
        B("a tag without a name", "<>", "bad element name"),
        B("a name after a space", "< a>", "bad element name"),
        B("a name that begins with a digit", "<1a/>", "bad element name"),
        B("a name that begins with a hyphen", "<-a/>", "bad element name"),
        B("an empty prefix", "<:a/>", "bad element name"),
        B("two prefixes", "<a:b:c/>", "bad element name"),
        B("nothing after the prefix", "<a:/>", "bad element name"),
        B("nothing after the prefix of an open tag", "<a: >",
          "bad element name"),
        B("a digit after the prefix", "<a:1/>", "bad element name"),
        B("a tag in a name", "<a<b>", "bad tag"),
        B("a slash and no end", "<a/ >", "bad tag"),
        B("an attribute without a value", "<a x>", "bad tag"),
        B("an attribute without quotes", "<a x=y>", "bad tag"),
        B("an attribute without a name", "<a ='y'>", "bad tag"),
        B("attributes without a space between", "<a x='1'y='2'>", "bad tag"),
        B("words in an attribute's name", "<a x y='1'>", "bad tag"),
        B("\"<\" in an attribute", "<a x='<'>", "\"<\" in an attribute"),
        B("a quote that stays open", "<a x=\"y'></a>", "\"<\" in an attribute"),
        B("a comment that is none", "<!-x--><a/>", "bad comment"),
        B("two hyphens in a comment", "<!-- -- --><a/>", "bad comment"),
        B("three hyphens at a comment's end", "<!-- ---><a/>", "bad comment"),
        B("a control character in text", "<a>\x01</a>", "control character"),
        B("a control character in an attribute", "<a x='\x1b'/>",
          "control character"),
        B("a control character in a comment", "<!--\x08--><a/>",
          "control character"),
    };

    (void)state;
    RUN(rows);
}

static void nul_is_refused_anywhere(void **state)
{
    static const struct row row = {"NUL", .what = "control character"};
    static const char texts[][10] = {"\0<a/>", "<a>\0</a>", "<\0/>", "<a \0>",
                                     "<a x='\0'>"};

    (void)state;
    the_run.row = &row;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *bad = any_split(&reader, texts[i], sizeof texts[i]);

        if (bad)
            fail_msg("%zu: %s", i, bad);
    }
}

static void a_document_cut_short_is_not_complete(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf<?xml version='1.0'?>\n<!-- c -->"
        "<p:a x='y' z = \"1\"><b/>t&lt;&#65;&#x41;]]<![CDATA[]]]><c>"
        "</c ></p:a>";
    static const struct row row = {"cut", .what = "document cut short"};

    (void)state;
    run_row(&(struct row){"behind the root", "<a/><!-- ", "(a )a",
                          "document cut short"},
            9);
    for (size_t n = 0; n < sizeof text - 1; n++) {
        const char *bad;

        the_run.row = &row;
        bad = any_split(&reader, text, n);
        if (bad)
            fail_msg("cut after %zu bytes: %s", n, bad);
    }
    run_row(&(struct row){"whole", text, "(a (b )bt<AA]]](c )c)a", NULL},
            sizeof text - 1);
}

/* ---- Limits ------------------------------------------------------------ */

static char big[20000];

/* before, fill bytes of c, after: good, and with one more byte bad. */
static void limit(const char *before, size_t fill, char c, const char *after,
                  const char *what)
{
    for (size_t more = 0; more < 2; more++) {
        size_t n = strlen(before);

        memcpy(big, before, n);
        memset(big + n, c, fill + more);
        strcpy(big + n + fill + more, after);
        run_row(&(struct row){what, big, NULL, more ? what : NULL},
                strlen(big));
    }
}

static void limits_are_kept_to_the_byte(void **state)
{
    (void)state;
    limit("<", CILP_XML_NAME_MAX, 'n', "/>", "element name too long");
    limit("<p:", CILP_XML_NAME_MAX, 'n', "/>", "element name too long");
    limit("<", CILP_XML_NAME_MAX, 'p', ":n/>", "element name too long");
    limit("<a", 4096 - 4, ' ', "/>", "tag too long");
    limit("<a x='", 4096 - 8, 'v',
          "'>"
          "</a>",
          "tag too long");
    limit("<a ", 4096 - 8, 'x', "=''/>", "tag too long");
    limit("<a></a", 4096 - 4, ' ', ">", "tag too long");
}

static void depth_is_limited(void **state)
{
    (void)state;
    for (size_t depth = CILP_XML_DEPTH; depth <= CILP_XML_DEPTH + 1; depth++) {
        big[0] = '\0';
        for (size_t i = 0; i < depth; i++)
            strcat(big, "<a>");
        for (size_t i = 0; i < depth; i++)
            strcat(big, "</a>");
        run_row(
            &(struct row){"depth", big, NULL,
                          depth > CILP_XML_DEPTH ? "elements too deep" : NULL},
            strlen(big));
    }
}

static void an_ending_stays(void **state)
{
    struct cilp_xml x;
    size_t used;

    (void)state;
    cilp_xml_init(&x);
    assert_int_equal(cilp_xml_feed(&x, (const uint8_t *)"x<a/>", 5, &used),
                     CILP_XML_BAD);
    assert_int_equal(cilp_xml_feed(&x, (const uint8_t *)"<a/>", 4, &used),
                     CILP_XML_BAD);
    assert_int_equal(used, 0);
    assert_false(cilp_xml_is_complete(&x));
    assert_string_equal(cilp_xml_what(&x), "text outside the root");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_and_text_are_told),
        cmocka_unit_test(what_is_not_needed_is_skipped),
        cmocka_unit_test(references_are_decoded),
        cmocka_unit_test(cdata_is_text),
        cmocka_unit_test(what_is_not_well_formed_is_refused),
        cmocka_unit_test(nul_is_refused_anywhere),
        cmocka_unit_test(a_document_cut_short_is_not_complete),
        cmocka_unit_test(limits_are_kept_to_the_byte),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(an_ending_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
