/* Config and credentials files as they stream: one section's pairs. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/ini.h"
#include "tests/unit/split.h"

struct row {
    const char *name;
    const char *kind, *section;
    const char *text;
    const char *pairs;   /* "key=value|block.key=value|"; NULL: not found */
    enum cilp_ini_rc rc; /* MORE, or what is bad */
    uint32_t line;       /* in that case */
};

struct run {
    const struct row *row;
    struct cilp_ini x;
    enum cilp_ini_rc rc;
    char pairs[3 * CILP_INI_MAX];
    char why[600];
};

static void begin(void *ctx)
{
    struct run *r = ctx;

    cilp_ini_init(&r->x, r->row->kind, r->row->section);
    r->x.whole = strstr(r->row->text, "raw") ? "raw" : NULL;
    r->rc = CILP_INI_MORE;
    r->pairs[0] = '\0';
}

static void tell(struct run *r)
{
    size_t len = strlen(r->pairs);

    snprintf(r->pairs + len, sizeof r->pairs - len, "%s%s%s=%s|", r->x.block,
             r->x.block[0] ? "." : "", r->x.key, r->x.value);
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    struct run *r = ctx;
    size_t used;

    while ((r->rc = cilp_ini_feed(&r->x, p, n, &used)) == CILP_INI_PAIR) {
        assert_true(used <= n);
        p += used;
        n -= used;
        tell(r);
    }
    if (r->rc == CILP_INI_MORE)
        assert_int_equal(used, n);
}

static const char *check(void *ctx)
{
    struct run *r = ctx;
    const struct row *w = r->row;

    while ((r->rc = cilp_ini_end(&r->x)) == CILP_INI_PAIR)
        tell(r);
    if (r->x.found != (w->pairs != NULL))
        return "found, or not";
    if (w->pairs && strcmp(r->pairs, w->pairs)) {
        snprintf(r->why, sizeof r->why, "%.250s, not %.250s", r->pairs,
                 w->pairs);
        return r->why;
    }
    if (r->rc != w->rc || (w->rc && r->x.line != w->line)) {
        snprintf(r->why, sizeof r->why, "rc %d line %u", r->rc,
                 (unsigned)r->x.line);
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

#define RUN(rows)                            \
    for (size_t i = 0; i < COUNT(rows); i++) \
    run_row(&(rows)[i], strlen((rows)[i].text))
#define A  "profile", "a"
#define OK CILP_INI_MORE, 0

static void sections_are_told_apart(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"an empty text", A, "", NULL, OK},
        {"an empty section", A, "[profile a]", "", OK},
        {"the last line has no end", A, "[profile a]\nx=1", "x=1|", OK},
        {"CR alone ends a line, too", A, "[profile a]\rx = 1\r\ry=2\r\n", "x=1|y=2|", OK},
        {"CR LF", A, "[profile a]\r\nx = 1\r\n\r\ny=2\r\n", "x=1|y=2|", OK},
        {"a byte order mark", A, "\xEF\xBB\xBF[profile a]\nx=1", "x=1|", OK},
        {"a broken one", A, "\xEF\xBB[profile a]\nx=1", "x=1|", OK},
        {"one that is none", A, "[profile a]\nx=1\n\xEF\xBB\xBFy=2",
         "x=1|\xEF\xBB\xBFy=2|", OK},
        {"among others", A,
         "[profile b]\nx=1\n[profile a]\ny=2\n[profile ab]\nz=3\n[a]\nv=1\n",
         "y=2|", OK},
        {"another kind", "sso-session", "a",
         "[profile a]\nx=1\n[sso-session a]\ny=2\n", "y=2|", OK},
        {"again", A, "[profile a]\nx=1\n[b]\ny=2\n[profile a]\nx=3", "x=1|x=3|",
         OK},
        {"blanks in it", A, "[ profile\t a\t ]\nx=1", "x=1|", OK},
        {"blanks in a bare one", "", "a", "[  a  ]\nx=1\n[profile a]\ny=1",
         "x=1|", OK},
        {"a bare one with a blank in its name", "", "a b", "[a b]\nx=1", "x=1|",
         OK},
        {"quoted", "profile", "a b", "[profile 'a b']\nx=1\n[profile \"a b\"]\n"
         "y=2", "x=1|y=2|", OK},
        {"two words", "profile", "a b", "[profile a b]\nx=1\n[profile a\tb]",
         NULL, OK},
        {"quotes that are none", "profile", "'", "[profile ']\nx=1", "x=1|",
         OK},
        {"quotes that differ", "profile", "'a\"", "[profile 'a\"]\nx=1", "x=1|",
         OK},
        {"the kind alone", "profile", "profile",
         "[profile]\nx=1\n[profilea]\ny=1\n[profile ]\nz=1", NULL, OK},
        {"shorter than the kind", A, "[x]\ny=1", NULL, OK},
        {"a longer kind", A, "[profiles a]\nx=1", NULL, OK},
        {"another longer kind", "profile", "y", "[profilex y]\nx=1", NULL, OK},
        {"no blank before the quotes", A, "[profile'a']\nx=1", NULL, OK},
        {"no blank behind a longer kind", A, "[profilexa]\nx=1", NULL, OK},
        {"comments behind it", A, "[profile a]; x\nx=1\n[profile b]# ]\ny=2\n"
         "[profile a] # x\nz=3", "x=1|z=3|", OK},
        {"a name of another case", A, "[profile A]\nx=1\n[Profile a]\ny=1",
         NULL, OK},
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void pairs_are_told(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"blanks around", A, "[profile a]\nkey\t =  a b \t\nk2=x", "key=a b|"
         "k2=x|", OK},
        {"nothing", A, "[profile a]\nx =\ny= \nz", "x=|y=|", CILP_INI_NO_EQUALS,
         4},
        {"more than one equals sign", A, "[profile a]\nx = a=b==", "x=a=b==|",
         OK},
        {"a command is no value to cut", A,
         "[profile a]\nRaw = a \"#1\" ; b # c \nraw = # d\nraws = a # b\n",
         "Raw=a \"#1\" ; b # c|raw=# d|raws=a|", OK},
        {"comments", A, "# a\n ; b\n[profile a]\n#x=1\n  ;y=1\nx = a # b\n"
         "y = a ;b\nz = a#b;c\nu = # a\nv =#a\nw = a\t#\n",
         "x=a|y=a|z=a#b;c|u=|v=#a|w=a|", OK},
        {"a key twice", A, "[profile a]\nx=1\nx=2", "x=1|x=2|", OK},
        {"further lines", A, "[profile a]\nx = 1\n  2 # a \n\t3\ny=1\n",
         "x=1\n2 # a\n3|y=1|", OK},
        {"further lines behind others", A,
         "[profile a]\nx = 1\n\n  2\n# a\n  # b\n  3\n[b]\n  4",
         "x=1\n2\n3|", OK},
        {"a blank line ends no pair", A, "[profile a]\nx=1\n \n\ny=2\n",
         "x=1|y=2|", OK},
        {"pairs that all are indented", A, "[profile a]\n  x=1\n  y=2\n   3\n"
         " z=3\n  4\n", "x=1|y=2\n3|z=3\n4|", OK},
        {"an indented section", A, "[profile b]\n  [profile a]\nx=1", "x=1|",
         OK},
        {"a further line that looks like one", A,
         "[profile b]\nx=1\n  [profile a]\ny=1", NULL, OK},
        {"a further line in the section that looks like one", A,
         "[profile a]\nx=1\n  [profile b]\ny=1", "x=1\n[profile b]|y=1|", OK},
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void blocks_are_told(void **state)
{
    static const struct row rows[] = {
        {"a block", "services", "s",
         "[services s]\nec2 =\n  endpoint_url = http://a\n  b=c # d\nx=1\n",
         "ec2.endpoint_url=http://a|ec2.b=c|x=1|", OK},
        {"at the end", "services", "s", "[services s]\nec2=\n x=1", "ec2.x=1|",
         OK},
        {"two, and comments between", "services", "s",
         "[services s]\na=\n\n x=1\n # b\n y=\nb = # c\n\tz=3\n[services t]",
         "a.x=1|a.y=|b.z=3|", OK},
        {"deeper and back", "services", "s",
         "[services s]\n a=\n  x=1\n   y=2\n b=3", "a.x=1|a.y=2|b=3|", OK},
        {"no block", "services", "s", "[services s]\na=\nb=1", "a=|b=1|", OK},
        {"a line that is no pair", "services", "s",
         "[services s]\na=\n x\n y=1", "", CILP_INI_NO_EQUALS, 3},
        {"a pair without a key", "services", "s", "[services s]\na=\n x=1\n =1",
         "a.x=1|", CILP_INI_NO_KEY, 4},
    };

    (void)state;
    RUN(rows);
}

static void what_is_bad_is_refused_with_its_line(void **state)
{
    static const struct row rows[] = {
        {"a pair before any section", A, "# a\n\nx=1\n[profile a]", NULL,
         CILP_INI_NO_SECTION, 3},
        {"text before any section", A, "\xEF\xBB\xBF[profile a", NULL,
         CILP_INI_NO_BRACKET, 1},
        {"a section without an end", A, "[profile a]\nx=1\n[profile b\ny=1",
         "x=1|", CILP_INI_NO_BRACKET, 3},
        {"no equals sign", A, "[profile a]\r\nx : 1\r\n", "",
         CILP_INI_NO_EQUALS, 2},
        {"no key", A, "[profile a]\n\n = 1", "", CILP_INI_NO_KEY, 3},
        {"a further line without a key", A, "[profile a]\n -more\n", "",
         CILP_INI_NO_EQUALS, 2},
        {"what is elsewhere is not judged", A,
         "[profile b]\nx\n=\n  y\n[profile a]\nx=1", "x=1|", OK},
    };
    static const char nul[] = "[profile a]\nx=1\ny=\0z=1\n";
    static const struct row with_nul = {"a NUL",      A, nul, "x=1|",
                                        CILP_INI_NUL, 3};
    static const char elsewhere[] = "[profile b]\nx=\0\n[profile a]\ny=1\n";
    static const struct row nul_elsewhere = {"a NUL elsewhere", A, elsewhere,
                                             "y=1|", OK};

    (void)state;
    RUN(rows);
    run_row(&with_nul, sizeof nul - 1);
    run_row(&nul_elsewhere, sizeof elsewhere - 1);
}

static char text[4 * CILP_INI_MAX];

/* head, then n times c, then tail. */
static size_t fill(const char *head, size_t n, char c, const char *tail)
{
    size_t len = strlen(head);

    memcpy(text, head, len);
    memset(text + len, c, n);
    strcpy(text + len + n, tail);
    return strlen(text);
}

static void long_lines_are_refused_in_the_section_alone(void **state)
{
    static char expected[CILP_INI_MAX + 100];
    struct row row = {"as long as may be", A, text, expected, OK};
    size_t n;

    (void)state;
    n = fill("[profile a]\nx=", CILP_INI_MAX - 2, 'v', "\ny=1\n");
    memcpy(expected, text + 12, CILP_INI_MAX);
    strcpy(expected + CILP_INI_MAX, "|y=1|");
    run_row(&row, n);

    row = (struct row){"too long", A, text, "", CILP_INI_LONG, 2};
    run_row(&row, fill("[profile a]\nx=", CILP_INI_MAX - 1, 'v', "\ny=1\n"));
    row.name = "too long with its further line";
    row.line = 3;
    run_row(&row, fill("[profile a]\nx=", CILP_INI_MAX - 2, 'v', "\n y\n"));
    row.name = "too long in a block";
    run_row(&row, fill("[profile a]\nb=\n x=", CILP_INI_MAX, 'v', "\n"));

    row = (struct row){"a comment", A, text, "x=1|", OK};
    run_row(&row, fill("[profile a]\n#", 2 * CILP_INI_MAX, 'v', "\nx=1\n"));
    row.name = "elsewhere";
    run_row(&row, fill("[b]\nx=", 2 * CILP_INI_MAX, 'v', "\n[profile a]\nx=1"));
    row.name = "the name of another section";
    run_row(&row, fill("[", 2 * CILP_INI_MAX, 'v', "]\ny=1\n[profile a]\nx=1"));
    row.name = "more blanks than are counted";
    row.text = memset(malloc(70100), ' ', 70100);
    memcpy((char *)(uintptr_t)row.text, "[profile a]\n", 12);
    strcpy((char *)(uintptr_t)row.text + 70000, "x=1\n");
    run_row(&row, 70004);
    free((char *)(uintptr_t)row.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_are_told_apart),
        cmocka_unit_test(pairs_are_told),
        cmocka_unit_test(blocks_are_told),
        cmocka_unit_test(what_is_bad_is_refused_with_its_line),
        cmocka_unit_test(long_lines_are_refused_in_the_section_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
