/*
 * A batch: rows of what becomes of its images, and the exit code, the summary and the
 * reason for an early end that they come to. Who asks EC2 is played here; so is what is
 * said of one image.
 */
#include "tests/unit/rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "boards/linux/batch.h"
#include "boards/linux/region_names.h"
#include "boards/linux/stop.h"
#include "boards/linux/verify.h"

#define HOME  "eu-west-1"
#define IMAGE "ami-0abcdef1234567890"

/* What the list gives, and what becomes of an image. */
struct step {
    enum ids_rc rc;
    enum cilp_outcome outcome;
    enum cilp_err err;
    const char *region; /* NULL: none stands behind it */
    enum cilp_errand_over over;
    bool in_use;
    int signal;    /* that came meanwhile */
    int no_report; /* it did not come to a cancel */
};

#define STEPS_MAX 132

/* ---- What is played ---------------------------------------------------------- */

static struct {
    const struct step *steps;
    uint32_t n, at;
    int signal;
    uint32_t looked, added; /* runs of verify, images given to it */
    char regions[STEPS_MAX]
                [IDS_REGION_MAX + 1]; /* in which they were asked for */
    uint32_t tried, paced;            /* cancels; of them with another's pace */
} world;

static struct use uses;

int stop_signal(void)
{
    return world.signal;
}

const sigset_t *stop_mask(void)
{
    return NULL;
}

void witness_ask_use(struct witness *w, bool must)
{
    w->errand.must_know_use = must;
}

void witness_begin(struct witness *w, enum cilp_errand_aim aim,
                   const char *image_id)
{
    assert_int_equal(aim, CILP_ERRAND_TO_CANCEL);
    memset(&w->report, 0, sizeof w->report);
    w->report.image_id = image_id;
}

enum cilp_errand_step witness_cancel(struct witness *w)
{
    const struct step *s = &world.steps[world.at - 1];

    strcpy(world.regions[world.tried++], w->session->set->req.region);
    world.paced += w->errand.paces;
    w->errand.paces = true;
    w->errand.over = s->over;
    world.signal = s->signal;
    w->report.result.outcome = s->outcome;
    w->report.result.err = s->err;
    w->report.use = s->in_use ? &uses : NULL;
    if (s->no_report)
        return CILP_ERRAND_DONE;
    return s->in_use ? CILP_ERRAND_IN_USE : CILP_ERRAND_CANCEL;
}

void witness_finish(struct witness *w)
{
    (void)w;
}

enum exit_code witness_tell_account(const struct witness *w)
{
    return w->errand.over ? EXIT_CONFIG : EXIT_DONE;
}

void witness_say(struct out *o, const struct witness *w, const char *image_id)
{
    (void)w;
    out_str(o, image_id);
}

enum exit_code report_code(const struct report *r)
{
    return r->use ? EXIT_CONFIG : outcome_code(&r->result);
}

const char *report_word(const struct report *r)
{
    return r->use ? "in-use" : outcome_word(r->result.outcome);
}

const char *report_message(const struct report *r)
{
    (void)r;
    return "";
}

void report(const struct report *r)
{
    (void)r;
}

void report_cause(struct out *o, const struct report *r)
{
    (void)r;
    out_str(o, "a cause");
}

void verify_add(struct verify *v, const char *image_id)
{
    (void)image_id;
    world.added++;
    v->n++;
}

void verify_run(struct verify *v)
{
    world.looked += v->n > 0;
    v->n = 0;
}

void cilp_chain_forget_said(struct cilp_chain *c)
{
    (void)c;
}

static enum ids_rc next(struct ids *ids)
{
    const struct step *s;

    if (world.at == world.n)
        return IDS_END;
    s = &world.steps[world.at++];
    ids->line++;
    ids->id = IMAGE;
    ids->region = s->region ? s->region : "";
    ids->fault = " is a fault";
    return s->rc;
}

/* ---- A run, in a process of its own: it is one of a program ------------------- */

static struct options options;
static char said[16384];

static int run_there(const struct step *steps, uint32_t n)
{
    static struct settings set;
    static struct session session;
    static struct witness w;
    static struct ids ids;

    world.steps = steps;
    world.n = n;
    set.options = &options;
    set.req.region = HOME;
    session.set = &set;
    w.session = &session;
    ids.next = next;
    ids.n_words = n;
    batch_begin(&w);
    (void)batch_go_on(&ids);
    return batch_end();
}

/* What it has to leave behind beside its words. */
struct left {
    uint32_t looked, added, paced, tried;
    char regions[STEPS_MAX][IDS_REGION_MAX + 1];
};

static int run(const struct step *steps, uint32_t n, struct left *left)
{
    int words = memfd_create("words", 0), ends[2], status;
    pid_t pid;
    ssize_t got;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        struct left mine = {0};
        int code;

        dup2(words, STDOUT_FILENO);
        dup2(words, STDERR_FILENO);
        code = run_there(steps, n);
        mine.looked = world.looked;
        mine.added = world.added;
        mine.paced = world.paced;
        mine.tried = world.tried;
        memcpy(mine.regions, world.regions, sizeof mine.regions);
        _exit(write(ends[1], &mine, sizeof mine) == sizeof mine ? code : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(read(ends[0], left, sizeof *left), sizeof *left);
    got = pread(words, said, sizeof said - 1, 0);
    assert_true(got >= 0);
    said[got] = '\0';
    close(words);
    close(ends[0]);
    close(ends[1]);
    return WEXITSTATUS(status);
}

/* ---- Rows -------------------------------------------------------------------- */

struct row {
    const char *name;
    struct step steps[4];
    uint32_t max;
    int code;
    const char *says[2];
};

#define CANCELLED                 \
    {                             \
        .outcome = CILP_CANCELLED \
    }
#define REFUSED                                    \
    {                                              \
        .outcome = CILP_REFUSED, .err = CILP_E_AWS \
    }
#define UNKNOWN                                       \
    {                                                 \
        .outcome = CILP_UNKNOWN, .err = CILP_E_CLOSED \
    }
#define NOTHING                                    \
    {                                              \
        .outcome = CILP_NOTHING, .err = CILP_E_AWS \
    }
#define NO_NET                                          \
    {                                                   \
        .outcome = CILP_NOT_SENT, .err = CILP_E_CONNECT \
    }
#define IS(what)         \
    {                    \
        .rc = IDS_##what \
    }
#define NONE          \
    {                 \
        .rc = IDS_END \
    }

/* clang-format off */
static const struct row ROWS[] = {
    { "all is well", { CANCELLED, { .outcome = CILP_GONE }, { .outcome = CILP_PERMITTED }, NONE }, 0, 0,
      { "cilp: 3 AMIs tried, 1 cancelled, 1 permitted, 1 gone\n" } },
    { "one", { CANCELLED, NONE }, 0, 0, { "cilp: 1 AMI tried, 1 cancelled\n" } },
    { "none", { NONE }, 0, 0, { "cilp: 0 AMIs tried\n" } },
    { "nothing, and refused", { NOTHING, REFUSED, CANCELLED, NONE }, 0, 254,
      { "cilp: 3 AMIs tried, 1 cancelled, 1 with nothing to cancel, 1 refused\n" } },
    { "the network is worse", { NO_NET, REFUSED, NONE }, 0, 255,
      { "cilp: 2 AMIs tried, 1 refused, 1 not sent\n" } },
    { "unknown is worst", { UNKNOWN, NO_NET, CANCELLED, NONE }, 0, 250,
      { "cilp: 3 AMIs tried, 1 cancelled, 1 with an unknown outcome, 1 not sent\n" } },
    { "in use", { { .outcome = CILP_ANSWERED, .in_use = true }, CANCELLED, NONE }, 0, 253,
      { "cilp: 2 AMIs tried, 1 cancelled, 1 in use\n", "  in-use  " } },
    { "the same, and what is passed over", { IS(SAME), IS(PASSED), CANCELLED, NONE }, 0, 0,
      { "cilp: 1 AMI tried, 1 cancelled, 1 repeated and passed over\n" } },
    { "no id", { IS(BAD), CANCELLED, NONE }, 0, 252,
      { "cilp: 1 AMI tried, 1 cancelled, 1 not an id\n", "cilp: line 1: '" IMAGE "' is a fault\n" } },
    { "broken", { CANCELLED, IS(BROKEN), CANCELLED, NONE }, 0, 252,
      { "cilp: line 2 is a fault\n" } },

    { "as many as --max", { CANCELLED, CANCELLED, NONE }, 2, 0,
      { "cilp: 2 AMIs tried, 2 cancelled\n" } },
    { "more than --max", { CANCELLED, CANCELLED, CANCELLED, NONE }, 2, 252,
      { "cilp: there are more AMIs than --max allows; not tried: 1\n", "cilp: 2 AMIs tried, 2 cancelled\n" } },
    { "further ones would meet the same", { { .outcome = CILP_REFUSED, .err = CILP_E_AWS,
      .over = CILP_ERRAND_HOPELESS }, CANCELLED, NONE }, 0, 254,
      { "cilp: every further AMI would meet the same; not tried: 3\n" } },
    { "another account's keys", { CANCELLED, { .over = CILP_ERRAND_OTHER_ACCOUNT, .no_report = true },
      CANCELLED, NONE }, 0, 253,
      { "the keys were renewed, and are another account's; not tried: 2\n", "cilp: 1 AMI tried, 1 cancelled\n" } },
    { "nobody's", { CANCELLED, { .over = CILP_ERRAND_NO_ACCOUNT, .no_report = true }, CANCELLED, NONE }, 0, 253,
      { "whose they are could not be found out; not tried: 2\n", "cilp: 1 AMI tried" } },
    { "a signal", { CANCELLED, { .outcome = CILP_UNKNOWN, .err = CILP_E_STOPPED, .signal = SIGINT },
      CANCELLED, NONE }, 0, 130,
      { "cilp: stopped by a signal; not tried: 2\n", "cilp: 2 AMIs tried, 1 cancelled, 1 with an unknown outcome\n" } },
    { "a signal before a cancel", { CANCELLED, { .no_report = true, .signal = SIGTERM }, CANCELLED, NONE }, 0, 143,
      { "cilp: stopped by a signal; not tried: 2\n", "cilp: 1 AMI tried, 1 cancelled\n" } },
};
/* clang-format on */

static void what_a_batch_comes_to(void **state)
{
    struct left left;

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        options.max = ROWS[i].max;
        CHECK_ROW(ROWS[i].name, run(ROWS[i].steps, 4, &left) == ROWS[i].code);
        for (size_t k = 0; k < 2 && ROWS[i].says[k]; k++)
            if (!strstr(said, ROWS[i].says[k]))
                fail_msg("row \"%s\": not said: %s\nbut: %s", ROWS[i].name,
                         ROWS[i].says[k], said);
    }
    options.max = 0;
}

/* Ten of them, and how many more there are. */
static void odd_lines_are_counted_and_ten_are_shown(void **state)
{
    struct step steps[12];
    struct left left;
    size_t shown = 0;

    (void)state;
    for (size_t i = 0; i < 12; i++)
        steps[i] = (struct step){.rc = IDS_BAD};
    assert_int_equal(run(steps, 12, &left), EXIT_USAGE);
    for (const char *s = said; (s = strstr(s, " is a fault")); s++)
        shown++;
    assert_int_equal(shown, 10);
    assert_non_null(strstr(said, "cilp: 2 more lines are no ids; "));
    assert_non_null(strstr(said, "cilp: 0 AMIs tried, 12 not an id\n"));
    assert_int_equal(run(steps, 10, &left), EXIT_USAGE);
    assert_null(strstr(said, " more lines "));
}

/* A thousand at a time, and never what was not cancelled. */
static void what_was_cancelled_is_looked_at(void **state)
{
    static struct step steps[STEPS_MAX];
    struct left left;

    (void)state;
    steps[1] = (struct step)REFUSED;
    steps[2] = (struct step){.outcome = CILP_PERMITTED};
    steps[3] = (struct step){.outcome = CILP_GONE};
    steps[4] = (struct step){.outcome = CILP_GONE};
    for (size_t i = 5; i < STEPS_MAX; i++)
        steps[i] = (struct step)UNKNOWN;
    steps[0] = (struct step)CANCELLED;
    run(steps, STEPS_MAX, &left);
    assert_int_equal(left.added, 3);
    assert_int_equal(left.looked, 1);
    options.verify = CHOICE_NO;
    run(steps, STEPS_MAX, &left);
    assert_int_equal(left.added, 0);
    options.verify = CHOICE_NONE;
    steps[5] = (struct step){.outcome = CILP_UNKNOWN, .signal = SIGINT};
    run(steps, STEPS_MAX, &left);
    assert_int_equal(left.added, 3);
    assert_int_equal(left.looked, 0); /* a signal ends the looks, too */
}

/* And EC2's pace in one is none of another's. */
static void each_goes_to_its_region(void **state)
{
    static const struct step steps[] = {
        CANCELLED,
        {.outcome = CILP_CANCELLED, .region = "us-east-2"},
        {.outcome = CILP_CANCELLED, .region = "us-east-2"},
        CANCELLED,
        CANCELLED,
    };
    static const char *const regions[] = {HOME, "us-east-2", "us-east-2", HOME,
                                          HOME};
    struct left left;

    (void)state;
    assert_int_equal(run(steps, COUNT(steps), &left), 0);
    assert_int_equal(left.tried, COUNT(steps));
    for (size_t i = 0; i < COUNT(steps); i++)
        assert_string_equal(left.regions[i], regions[i]);
    assert_int_equal(left.paced, 2); /* the second of each pair */
    assert_non_null(strstr(said, IMAGE "  us-east-2       cancelled"));
    assert_non_null(strstr(said, IMAGE "  cancelled"));
}

static void a_batch_is_of_128_regions_at_most(void **state)
{
    static struct step steps[REGIONS_MAX + 2];
    static char names[REGIONS_MAX + 2][16];
    struct left left;

    (void)state;
    for (unsigned i = 0; i < COUNT(steps); i++) {
        snprintf(names[i], sizeof names[i], "xx-west-%u", i);
        steps[i] = (struct step){.outcome = CILP_CANCELLED, .region = names[i]};
    }
    assert_int_equal(run(steps, COUNT(steps), &left), EXIT_USAGE);
    assert_int_equal(left.tried, REGIONS_MAX);
    assert_non_null(strstr(said, "cilp: a batch is of 128 Regions at most; give"
                                 " what is left to another; not tried: 1\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_batch_comes_to),
        cmocka_unit_test(odd_lines_are_counted_and_ten_are_shown),
        cmocka_unit_test(what_was_cancelled_is_looked_at),
        cmocka_unit_test(each_goes_to_its_region),
        cmocka_unit_test(a_batch_is_of_128_regions_at_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
