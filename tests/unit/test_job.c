/*
 * What an appliance shall do: a file of settings, and a kernel's command line.
 */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "boards/appliance/job.h"

static struct job job;

/* Room for a text that is taken apart; it ends at the guard page. */
static char *text(const char *s)
{
    return guarded(s, strlen(s) + 1);
}

static bool read_kernel(const char *s)
{
    job_init(&job);
    return job_read_kernel(&job, text(s));
}

static void check_list(const char *name, const char *const *got,
                       const char *wanted)
{
    char all[512] = "";

    for (; *got; got++) {
        strcat(all, *got);
        strcat(all, "|");
    }
    if (strcmp(all, wanted) != 0)
        fail_msg("row \"%s\": %s", name, all);
}

/* ---- What is understood ------------------------------------------------ */

/* clang-format off */
static const struct row {
    const char *line, *words, *env;
} ROWS[] = {
    { "", "cilp|", "" },
    { "quiet console=ttyS0 cilp cilpx.job=a", "cilp|", "" },
    { "cilp.job=list", "cilp|list|", "" },
    { "a cilp.job=\"cancel ami-1  --audit -\" b\n", "cilp|cancel|ami-1|--audit|-|", "" },
    { "\"cilp.job=cancel ami-1\"", "cilp|cancel|ami-1|", "" },
    { "cilp.job=\"cancel ami-1", "cilp|cancel|ami-1|", "" },
    { "cilp.job=a cilp.job=\"b c\"", "cilp|b|c|", "" },
    { "cilp.job=\"a b\" cilp.job=c", "cilp|c|", "" },
    { "cilp.env.A=1 cilp.env.AB=2 cilp.env.B=", "cilp|", "A=1|AB=2|B=|" },
    { "cilp.env.A=1 cilp.env.B=2 cilp.env.A=3=4", "cilp|", "A=3=4|B=2|" },
    { "\tcilp.env.A=\"x y\"\t", "cilp|", "A=x y|" },
};
/* clang-format on */

static void words_and_variables(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        CHECK_ROW(ROWS[i].line, read_kernel(ROWS[i].line));
        check_list(ROWS[i].line, job.words, ROWS[i].words);
        check_list(ROWS[i].line, job.env, ROWS[i].env);
    }
}

static void other_settings(void **state)
{
    (void)state;
    assert_true(read_kernel(""));
    assert_int_equal(job.deadline_s, 300);
    assert_int_equal(job.network_s, 30);
    assert_string_equal(job.room, "64k");
    assert_int_equal(job.exit_port, 0);
    assert_false(job.believe_clock);
    assert_true(read_kernel("cilp.deadline=86400 cilp.network=3600 cilp.room=8m"
                            " cilp.exit=isa-debug-exit cilp.clock=cmos"));
    assert_int_equal(job.deadline_s, 86400);
    assert_int_equal(job.network_s, 3600);
    assert_string_equal(job.room, "8m");
    assert_int_equal(job.exit_port, 0x501);
    assert_true(job.believe_clock);
    assert_true(job_read_kernel(
        &job, text("cilp.exit=power-off cilp.clock=unset cilp.room=4096")));
    assert_int_equal(job.exit_port, 0);
    assert_false(job.believe_clock);
}

static void the_command_line_wins_over_the_file(void **state)
{
    static char file[] = "# a remark\n\njob=cancel ami-1\r\nenv.A=1\n"
                         "env.B=two words\ndeadline=10";

    (void)state;
    job_init(&job);
    assert_true(job_read_file(&job, file));
    check_list("file", job.words, "cilp|cancel|ami-1|");
    assert_true(job_read_kernel(&job, text("cilp.job=list cilp.env.A=2")));
    check_list("both", job.words, "cilp|list|");
    check_list("both", job.env, "A=2|B=two words|");
    assert_int_equal(job.deadline_s, 10);
}

/* ---- What is refused --------------------------------------------------- */

/* clang-format off */
static const struct refused {
    const char *setting, *why;
} REFUSED[] = {
    { "jobs=x", "a setting is none of" }, { "job", "a setting is none of" },
    { "AWS_REGION=x", "a setting is none of" },
    { "env.A", "has no value" }, { "env.=1", "has no name" },
    { "deadline=0", "deadline" }, { "deadline=86401", "deadline" },
    { "deadline=", "deadline" }, { "deadline=1s", "deadline" },
    { "deadline=-1", "deadline" }, { "deadline=99999999999", "deadline" },
    { "deadline=4294967297", "deadline" }, /* 1 in 32 bits */
    { "network=3601", "network" }, { "network=x", "network" },
    { "room=", "room" }, { "room=k", "room" }, { "room=64kk", "room" },
    { "room=1,mode=7", "room" }, { "room=1234567", "room" },
    { "clock=on", "clock" }, { "exit=1", "exit" },
};
/* clang-format on */

static void what_is_wrong_is_named(void **state)
{
    char line[64];

    (void)state;
    for (size_t i = 0; i < COUNT(REFUSED); i++) {
        const struct refused *row = &REFUSED[i];

        snprintf(line, sizeof line, "cilp.%s", row->setting);
        CHECK_ROW(row->setting, !read_kernel(line));
        CHECK_ROW(row->setting, strstr(job.why, row->why) != NULL);
        job_init(&job);
        CHECK_ROW(row->setting, !job_read_file(&job, text(row->setting)));
    }
}

/* n times `each`, in which a % becomes the number. */
static bool read_many(const char *before, const char *each, int n)
{
    static char all[4096];
    size_t at = (size_t)snprintf(all, sizeof all, "%s", before);

    for (int i = 0; i < n; i++) {
        const char *mark = strchr(each, '%');

        at += (size_t)snprintf(all + at, sizeof all - at, "%.*s%d%s",
                               (int)(mark - each), each, i, mark + 1);
    }
    job_init(&job);
    return job_read_kernel(&job, all);
}

static void limits(void **state)
{
    (void)state;
    assert_true(read_many("cilp.job=\"", "w% ", JOB_WORDS_MAX - 1));
    assert_null(job.words[JOB_WORDS_MAX]);
    assert_false(read_many("cilp.job=\"", "w% ", JOB_WORDS_MAX));
    assert_non_null(strstr(job.why, "63 words"));
    assert_true(read_many("", "cilp.env.V%=1 ", JOB_ENV_MAX));
    assert_null(job.env[JOB_ENV_MAX]);
    assert_true(job_read_kernel(&job, text("cilp.env.V0=2")));
    assert_false(job_read_kernel(&job, text("cilp.env.ONE=1")));
    assert_non_null(strstr(job.why, "64 variables"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_variables),
        cmocka_unit_test(other_settings),
        cmocka_unit_test(the_command_line_wins_over_the_file),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
