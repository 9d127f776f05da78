/*
 * Plans: what is written is read again; rows of what is none, each with its line and
 * what is said of it; and where its limits are.
 */
#include "tests/unit/rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "boards/linux/plan_file.h"

#define HEAD                                    \
    "{\"plan\":1,\"account\":\"123456789012\"," \
    "\"time\":\"2026-01-15T12:00:00Z\"}\n"
#define OF(id, region)                           \
    "{\"image\":\"" id "\",\"region\":\"" region \
    "\",\"owner\":\"111122223333\"}\n"
#define A      OF("ami-12345678", "eu-west-1")
#define B      OF("ami-0abcdef1234567890", "us-east-2")
#define END(n) "{\"end\":" #n "}\n"

static struct plan_file plan;
static char path[] = "/tmp/test_plan_file-XXXXXX";

static void put(const char *text, size_t n)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static const char *open_it(void)
{
    memset(&plan, 0, sizeof plan);
    return plan_open(&plan, path);
}

/* All of what is at the path: NULL if it is a plan, or what is wrong with it. */
static const char *read_all(void)
{
    const char *fault = open_it();
    enum plan_rc rc = PLAN_BAD;

    while (!fault && (rc = plan_next(&plan)) == PLAN_IMAGE)
        ;
    plan_close(&plan);
    return fault ? fault : rc == PLAN_BAD ? plan.fault : NULL;
}

struct row {
    const char *name, *text;
    uint32_t line;    /* of the fault */
    const char *says; /* NULL: it is a plan */
};

/* clang-format off */
static const struct row ROWS[] = {
    { "whole", HEAD A B END(2), 0, NULL },
    { "lines deleted", HEAD B END(2), 0, NULL },
    { "no images", HEAD END(0), 0, NULL },
    { "other members", HEAD "{\"image\":\"ami-12345678\",\"x\":[{}],\"region\":\"eu-west-1\","
      "\"owner\":\"111122223333\"}\n" END(1), 0, NULL },
    { "Regions that failed", HEAD A "{\"end\":1,\"failed\":\"eu-west-1,us-east-2\"}\n", 0, NULL },
    { "failed is null", HEAD A "{\"end\":1,\"failed\":null}\n", 0, NULL },
    { "nine digits", HEAD A "{\"end\":999999999}\n", 0, NULL },

    { "empty", "", 1, "is not there: the plan is empty" },
    { "no end", HEAD A, 3, "is not there: the plan was cut" },
    { "a line without its end", HEAD A "{\"end\":1}", 3, "is cut: it has no line end" },
    { "behind the end", HEAD A END(1) A, 4, "stands behind the end" },
    { "a blank line behind it", HEAD A END(1) "\n", 4, "stands behind the end" },
    { "no head", A END(1), 1, "does not begin a plan" },
    { "two heads", HEAD HEAD END(0), 2, "begins a second plan" },
    { "format 2", "{\"plan\":2}\n", 1, "in another format than 1: make it anew" },
    { "format 01", "{\"plan\":01}\n", 1, "is no JSON object" },
    { "twice", HEAD A A END(2), 3, "stands in the plan before" },
    { "counts too few", HEAD A B END(1), 4, "counts fewer images than there are" },
    { "counts -1", HEAD A END(-1), 3, "has a value of another type" },
    { "counts -0", HEAD A END(-0), 3, "has a value of another type" },
    { "counts 1.0", HEAD A END(1.0), 3, "has a value of another type" },
    { "counts 1e9", HEAD A END(1e9), 3, "has a value of another type" },
    { "counts \"1\"", HEAD A END("1"), 3, "has a value of another type" },
    { "ten digits", HEAD A END(4294967297), 3, "counts fewer" },
    { "twenty digits", HEAD A END(18446744073709551617), 3, "counts fewer" },
    { "null for an end", HEAD A END(null), 3, "has no \"image\"" },
    { "no AMI", HEAD OF("i-12345678", "eu-west-1") END(1), 2, "has no \"image\"" },
    { "no Region", HEAD OF("ami-12345678", "here/") END(1), 2, "has no \"region\"" },
    { "an array", HEAD "[]\n" END(0), 2, "is no JSON object" },
};
/* clang-format on */

static void what_is_no_plan_has_its_line_and_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct row *row = &ROWS[i];
        const char *fault;

        put(row->text, strlen(row->text));
        fault = read_all();
        CHECK_ROW(row->name, !fault == !row->says);
        if (!fault)
            continue;
        CHECK_ROW(row->name, strstr(fault, row->says) != NULL);
        CHECK_ROW(row->name, plan.line == row->line);
    }
}

/* Cut anywhere it is none, and nothing is read that is not there. */
static void a_plan_that_is_cut_is_none(void **state)
{
    static const char text[] = HEAD A B END(2);

    (void)state;
    for (size_t n = 0; n < sizeof text - 1; n++) {
        put(text, n);
        assert_non_null(read_all());
    }
}

static void what_is_written_is_read_again(void **state)
{
    const struct plan_about about = {"123456789012", "arn:aws:iam::1:user/u",
                                     "all",          "111122223333",
                                     NULL,           30,
                                     1768478400};
    const struct cilp_image image = {
        .id = "ami-0abcdef1234567890", .owner = "111122223333", .name = "a\"b"};
    int fd = open(path, O_WRONLY | O_TRUNC);
    struct out o;

    (void)state;
    out_init(&o, fd);
    plan_put_head(&o, &about);
    plan_put_image(&o, &image, "eu-west-1", -1);
    plan_put_end(&o, 1, "us-east-2");
    assert_true(out_flush(&o));
    assert_int_equal(close(fd), 0);

    assert_null(open_it());
    assert_string_equal(plan.account, "123456789012");
    assert_int_equal(plan.time_s, 1768478400);
    assert_int_equal(plan_next(&plan), PLAN_IMAGE);
    assert_string_equal(plan.image, image.id);
    assert_string_equal(plan.owner, image.owner);
    assert_string_equal(plan.region, "eu-west-1");
    assert_int_equal(plan_next(&plan), PLAN_END);
    assert_int_equal(plan.n, 1);
    assert_string_equal(plan.failed, "us-east-2");
    plan_close(&plan);
}

/* Once for each Region: from behind the head, and what was judged is not judged
 * again. */
static void it_is_read_again_from_the_first_image_on(void **state)
{
    static const char text[] = HEAD A B END(2);

    (void)state;
    put(text, sizeof text - 1);
    assert_null(open_it());
    for (int turn = 0; turn < 3; turn++) {
        assert_int_equal(plan_next(&plan), PLAN_IMAGE);
        assert_string_equal(plan.image, "ami-12345678");
        assert_int_equal(plan.line, 2);
        assert_int_equal(plan_next(&plan), PLAN_IMAGE);
        assert_int_equal(plan.n, 2);
        if (turn) /* from anywhere: here at the end, and before it */
            assert_int_equal(plan_next(&plan), PLAN_END);
        assert_true(plan_rewind(&plan));
    }
    plan_close(&plan);
}

static void a_file_that_changes_is_noticed(void **state)
{
    static const char text[] = HEAD A END(1), other[] = HEAD A B END(2);

    (void)state;
    put(text, sizeof text - 1);
    assert_null(open_it());
    assert_true(plan_is_same(&plan));
    put(other, sizeof other - 1);
    assert_false(plan_is_same(&plan));
    plan_close(&plan);
}

/* The longest line is one, a byte more is none. */
static void a_line_has_8192_bytes_at_most(void **state)
{
    static char text[16384];
    size_t head = sizeof HEAD - 1, n;

    (void)state;
    for (size_t more = 0; more < 2; more++) {
        n = head + PLAN_LINE_MAX + more;
        memcpy(text, HEAD A, sizeof HEAD + sizeof A - 2);
        memset(text + head + sizeof A - 2, ' ', n);
        text[n] = '\n';
        memcpy(text + n + 1, END(1), sizeof END(1) - 1);
        put(text, n + sizeof END(1));
        if (!more) {
            assert_null(read_all());
            continue;
        }
        assert_string_equal(read_all(),
                            "has more than 8192 bytes, as no line of a plan"
                            " has: make it anew");
        assert_int_equal(plan.line, 2);
    }
}

/* Which have their number in what is said, and what to do. */
static void a_plan_has_100000_images_at_most(void **state)
{
    FILE *f = fopen(path, "w");

    (void)state;
    fputs(HEAD, f);
    for (unsigned i = 0; i <= PLAN_IMAGES_MAX; i++)
        fprintf(f,
                "{\"image\":\"ami-%08x\",\"region\":\"eu-west-1\","
                "\"owner\":\"111122223333\"}\n",
                i);
    assert_int_equal(fclose(f), 0);
    assert_string_equal(read_all(),
                        "is one AMI too many: a plan has 100000 at most; make"
                        " two, each with its --owner or --regions");
    assert_int_equal(plan.line, PLAN_IMAGES_MAX + 2);
}

/* The last test: names of Regions are kept for good. */
static void a_plan_is_of_128_regions_at_most(void **state)
{
    FILE *f = fopen(path, "w");

    (void)state;
    fputs(HEAD, f);
    for (unsigned i = 0; i <= REGIONS_MAX; i++)
        fprintf(f,
                "{\"image\":\"ami-12345678\",\"region\":\"xx-west-%u\","
                "\"owner\":\"111122223333\"}\n",
                i);
    assert_int_equal(fclose(f), 0);
    assert_string_equal(read_all(),
                        "is of one Region too many: a plan is of 128 at most;"
                        " make two, each with its --regions");
    assert_int_equal(region_names_count(), REGIONS_MAX);
}

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_plan_has_its_line_and_fault),
        cmocka_unit_test(a_plan_that_is_cut_is_none),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(it_is_read_again_from_the_first_image_on),
        cmocka_unit_test(a_file_that_changes_is_noticed),
        cmocka_unit_test(a_line_has_8192_bytes_at_most),
        cmocka_unit_test(a_plan_has_100000_images_at_most),
        cmocka_unit_test(a_plan_is_of_128_regions_at_most),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
