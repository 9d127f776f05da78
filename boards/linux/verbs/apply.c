/*
 * apply.c - cancel what a plan names (list.c wrote it), Region by Region and image
 * by image: what has changed since is passed over.
 */
#include <string.h>
#include <unistd.h>

#include "boards/linux/batch.h"
#include "boards/linux/plan_file.h"
#include "boards/linux/say/tally.h"
#include "boards/linux/stop.h"
#include "boards/linux/verbs/verbs.h"

#define DAY_S 86400

static struct {
    struct witness *w;
    struct plan_file plan;
    struct ids ids;
    struct cilp_look look;
    struct report report;
    struct tally tally;      /* of what this run cancelled, or may cancel */
    uint32_t n[REGIONS_MAX]; /* images in each Region, in the order of
                                 region_names.h */
    uint32_t first;          /* the first Region of the plan there */
    uint32_t at;             /* the Region whose turn it is */
    uint32_t seen;           /* images whose turn has come in it */
    bool is_pending;         /* the last one was handed out, and not counted */
    uint32_t gone;           /* not to be seen any more */
    uint32_t changed;        /* another owner's now */
    uint32_t unseen;         /* that could not be looked at */
    int code;                /* beside the batch's */
} self;

static const struct options *options(void)
{
    return self.w->session->set->options;
}

static void worsen(int code)
{
    self.code = outcome_worse(self.code, code);
}

/* ---- Reading ---------------------------------------------------------------- */

static enum exit_code bad_plan(const char *fault)
{
    struct out o;

    say_fault(&o, SPELLING_OWN, EXIT_USAGE);
    out_str(&o, "the plan '");
    out_quoted(&o, options()->words[0]);
    out_str(&o, "' ");
    if (self.plan.line) {
        out_str(&o, "line ");
        out_uint(&o, self.plan.line);
        out_char(&o, ' ');
    }
    out_str(&o, fault);
    out_str(&o, "; nothing was cancelled");
    say_end(&o);
    return EXIT_USAGE;
}

/* The image of the line that was read is one of this Region's. */
static void count(void)
{
    uint32_t i = self.first;

    while (region_names_at(i) != self.plan.region)
        i++;
    self.n[i]++;
}

/* All of it, before the first call. */
static enum exit_code read_plan(void)
{
    const char *path = options()->words[0], *fault;
    enum plan_rc rc;
    uint32_t max = options()->max;

    if (strcmp(path, "-") == 0)
        return bad_plan("is to be a file: it is read whole before anything is"
                        " cancelled, and once more then");
    fault = plan_open(&self.plan, path);
    if (fault)
        return bad_plan(fault);
    self.first = region_names_count();
    while ((rc = plan_next(&self.plan)) == PLAN_IMAGE)
        count();
    if (rc == PLAN_BAD)
        return bad_plan(self.plan.fault);
    if (max && self.plan.n > max)
        return complain(SPELLING_OWN, EXIT_USAGE,
                        "the plan has more AMIs than --max allows; nothing was"
                        " cancelled",
                        NULL, "");
    self.ids.n_words = self.plan.n;
    return EXIT_DONE;
}

/* ---- Is it still of use? ---------------------------------------------------- */

/* By EC2's clock, if this machine's was found to be wrong. */
static enum exit_code check_age(void)
{
    int64_t age = session_time(self.w->session) - self.plan.time_s;
    uint32_t most = options()->max_age ? options()->max_age : DAY_S;
    struct out o;

    if (age >= -CILP_CLOCK_OFF_S && age <= (int64_t)most)
        return EXIT_DONE;
    say_fault(&o, SPELLING_OWN, EXIT_CONFIG);
    out_str(&o, "the plan is of ");
    out_utc(&o, self.plan.time_s);
    out_str(&o, age < 0 ? ", which this machine's clock has not reached"
                        : ", which is longer ago than --max-age allows (24h"
                          " without it); make it anew");
    out_str(&o, "; nothing was cancelled");
    say_end(&o);
    return EXIT_CONFIG;
}

static enum exit_code other_account(const char *has)
{
    struct out o;

    say_fault(&o, SPELLING_OWN, EXIT_CONFIG);
    out_str(&o, "the plan is of account ");
    out_str(&o, self.plan.account);
    out_str(&o, ", and not of ");
    out_str(&o, has);
    out_str(&o, "; nothing was cancelled");
    say_end(&o);
    return EXIT_CONFIG;
}

/* Whose the keys are, whatever else is wished for: asked in the Region that is
 * configured, or the plan's first. */
static enum exit_code check_account(void)
{
    struct cilp_errand *e = &self.w->errand;
    struct cilp_request *req = &self.w->session->set->req;
    enum exit_code rc;

    if (!req->region)
        req->region = region_names_at(self.first);
    if (e->account && strcmp(e->account, self.plan.account) != 0)
        return other_account(e->account);
    rc = witness_know(self.w);
    if (rc != EXIT_DONE)
        return rc;
    if (!e->me.account[0]) {
        report(&self.w->me_report);
        return report_code(&self.w->me_report);
    }
    if (strcmp(e->me.account, self.plan.account) != 0)
        return other_account(e->me.account);
    e->account = self.plan.account;
    return EXIT_DONE;
}

/* ---- Images ----------------------------------------------------------------- */

/* One that is passed over: a line of its own for machines, a sentence for people. */
static enum ids_rc pass_over(const char *word, const char *why)
{
    struct json j;
    struct out o;

    note("", self.plan.image, why);
    if (self.w->session->set->output != OUTPUT_JSON)
        return IDS_PASSED;
    out_init(&o, STDOUT_FILENO);
    json_begin(&j, &o);
    json_str(&j, "image", self.plan.image);
    json_str(&j, "region", self.plan.region);
    json_str(&j, "outcome", word);
    json_end(&j);
    (void)out_flush(&o); /* the sentence told it, too */
    return IDS_PASSED;
}

/* Nobody answers there, or says no to every look. */
static bool is_of_region(const struct cilp_result *r)
{
    return r->err != CILP_E_AWS || (r->means != CILP_MEANS_THROTTLED &&
                                    r->means != CILP_MEANS_TRANSIENT);
}

/* What cannot be looked at is not cancelled; where nothing can, the rest is left
 * alone as well. */
static enum ids_rc leave(struct ids *ids)
{
    uint32_t rest = 1;

    if (stop_signal())
        return IDS_STOPPED;
    worsen((int)report_code(&self.report));
    say_about(self.plan.region);
    report(&self.report);
    if (is_of_region(&self.report.result))
        rest += self.n[self.at] - self.seen;
    self.unseen += rest;
    ids->line += rest - 1;
    (void)pass_over("not-looked-at", rest == 1 ? " is left alone"
                                               : " is left alone, and so is"
                                                 " the rest there");
    say_about(NULL);
    return rest == 1 ? IDS_PASSED : IDS_END;
}

/* Only what is still there, and still the owner's. */
static enum ids_rc look(struct ids *ids)
{
    struct session *c = self.w->session;

    c->set->req.region =
        self.plan.region; /* looks behind cancels turn to others */
    session_request(c, &cilp_look, self.plan.image, &self.look)->keys =
        self.w->errand.me_keys;
    session_run(c, &self.report);
    if (self.report.result.outcome != CILP_ANSWERED)
        return leave(ids);
    if (!self.look.found) {
        self.gone++;
        return pass_over("not-visible",
                         " cannot be seen any more, and counts as done");
    }
    if (strcmp(self.look.image.owner, self.plan.owner) == 0) {
        self.is_pending = true;
        return IDS_ONE;
    }
    self.changed++;
    worsen(EXIT_CONFIG);
    return pass_over(
        "other-owner",
        " has another owner than the plan says, and is passed over");
}

/* What became of the one that was handed out last. */
static void count_last(void)
{
    enum cilp_outcome outcome = self.w->report.result.outcome;

    if (self.is_pending && !self.w->report.use &&
        (outcome == CILP_CANCELLED || outcome == CILP_GONE ||
         outcome == CILP_PERMITTED))
        tally_add(&self.tally, self.plan.region, self.plan.owner);
    self.is_pending = false;
}

/* see ids.h: of the Region whose turn it is */
static enum ids_rc next(struct ids *ids)
{
    enum plan_rc rc;

    count_last();
    do
        rc = plan_next(&self.plan);
    while (rc == PLAN_IMAGE && self.plan.region != region_names_at(self.at));
    if (stop_signal())
        return IDS_STOPPED;
    if (rc == PLAN_END)
        return IDS_END;
    if (rc == PLAN_BAD || !plan_is_same(&self.plan)) {
        ids->fault = "was changed while it was applied";
        ids->line = self.plan.line;
        return IDS_BROKEN;
    }
    ids->id = self.plan.image;
    ids->region = self.plan.region;
    ids->line++;
    self.seen++;
    return look(ids);
}

/* ---- All of it -------------------------------------------------------------- */

/* Another Region's pace and faults are its own. False: no further one. */
static bool apply_there(void)
{
    struct cilp_errand *e = &self.w->errand;

    if (!self.n[self.at])
        return true;
    if (!plan_rewind(&self.plan)) {
        worsen((int)bad_plan("cannot be read again"));
        return false;
    }
    self.seen = 0;
    if (e->over == CILP_ERRAND_HOPELESS)
        e->over = CILP_ERRAND_GOES_ON;
    if (!batch_go_on(&self.ids))
        return false;
    count_last();
    return true;
}

static void tell_passed(void)
{
    struct out o;

    if (self.gone || self.changed || self.unseen) {
        say_error(&o, SPELLING_OWN);
        out_str(&o, "of the plan's ");
        out_uint(&o, self.plan.n);
        say_part(&o, self.gone, " gone already");
        say_part(&o, self.changed, " changed");
        say_part(&o, self.unseen, " not looked at");
        say_end(&o);
    }
    if (isatty(STDERR_FILENO))
        tally_show(&self.tally);
}

/* What it lacks was told when it was made; perhaps to somebody else. */
static void tell_failed(void)
{
    if (self.plan.failed[0])
        note("the plan is not complete: it lacks AMIs of ", self.plan.failed,
             "; what it has is applied");
}

static int apply(void)
{
    int code;

    tell_failed();
    batch_begin(self.w);
    for (self.at = self.first; self.at < region_names_count(); self.at++)
        if (!apply_there())
            break;
    count_last();
    code = batch_end();
    tell_passed();
    return outcome_worse(self.code, code);
}

static int apply_nothing(void)
{
    tell_failed();
    note("the plan names no AMI", NULL, "; there is nothing to cancel");
    return EXIT_DONE;
}

/* see verbs.h */
int verb_apply(struct witness *w)
{
    enum exit_code rc;
    int code;

    self.w = w;
    ids_init(&self.ids, NULL, 0, false, -1, &w->session->waiting);
    self.ids.next = next;
    rc = read_plan();
    if (rc == EXIT_DONE && self.plan.n) {
        rc = check_account();
        if (rc == EXIT_DONE)
            rc = check_age();
    }
    if (rc != EXIT_DONE)
        code = (int)rc;
    else
        code = self.plan.n ? apply() : apply_nothing();
    plan_close(&self.plan);
    return code;
}
