/*
 * explain.c - what stands between an account and a cancel: a dry run, a look, and
 * who is calling; the verdict on standard output. EXIT_DONE if a cancel may find
 * a permission to remove, EXIT_NOTHING if there is none.
 */
#include <unistd.h>

#include "boards/linux/regions.h"
#include "boards/linux/say/json.h"
#include "boards/linux/stop.h"
#include "boards/linux/verbs/verbs.h"
#include "boards/linux/witness.h"

/* With --regions: an errand in each of them. */
struct across {
    struct witness *witness; /* of the run */
    bool is_worth_it;        /* in some Region */
    bool is_lost;            /* standard output cannot be written */
    struct witness parts[REGIONS_AT_ONCE];
};

static bool is_permitted(const struct witness *w)
{
    return w->report.result.outcome == CILP_PERMITTED;
}

/* Permitted, and it may be there: then a cancel is worth trying. */
static enum exit_code code_of(const struct witness *w)
{
    switch (w->errand.verdict) {
    case CILP_VERDICT_SHARED:
    case CILP_VERDICT_PUBLIC_OR_SHARED:
    case CILP_VERDICT_PUBLIC_AND_SHARED: return EXIT_DONE;
    case CILP_VERDICT_UNSEEN: return is_permitted(w) ? EXIT_DONE : EXIT_NOTHING;
    case CILP_VERDICT_NONE:
    case CILP_VERDICT_ENDED:
    case CILP_VERDICT_STILL_SHARED:
    case CILP_VERDICT_STILL_PUBLIC:
    case CILP_VERDICT_OWN:
    case CILP_VERDICT_PUBLIC:
    case CILP_VERDICT_ORGANIZATION:
    case CILP_VERDICT_NOT_VISIBLE:
    case CILP_VERDICT_UNCHECKED:
    case CILP_VERDICT_UNAVAILABLE: break;
    }
    return EXIT_NOTHING;
}

static void put_image(struct out *o, const struct cilp_image *image)
{
    out_str(o, "  owner ");
    out_str(o, image->owner);
    out_str(o, ", name ");
    out_str(o, image->name);
    out_str(o, ", state ");
    out_str(o, image->state);
    out_str(o, ", created ");
    out_str(o, image->created);
    if (image->deprecated[0]) {
        out_str(o, ", deprecated ");
        out_str(o, image->deprecated);
    }
    out_char(o, '\n');
}

/* Nothing that is asked about: a script may hold its id as well. */
static void put_use(struct out *o, const struct witness *w)
{
    switch (w->errand.use) {
    case CILP_USE_UNASKED: return;
    case CILP_USE_FOUND:
        out_str(o, "  in use by ");
        use_say(o, &w->use);
        break;
    case CILP_USE_NONE:
        out_str(o, "  not in use by instances, launch templates, SSM parameters"
                   " and Image Builder recipes of this account");
        break;
    case CILP_USE_UNKNOWN:
        out_str(o, "  whether it is in use could not be checked: ");
        report_cause(o, &w->use_report);
        break;
    }
    out_char(o, '\n');
}

static void put_text(struct out *o, const struct witness *w, const char *region)
{
    const struct cilp_errand *e = &w->errand;

    if (region) {
        out_quoted(o, region);
        out_str(o, ": ");
    }
    if (e->verdict == CILP_VERDICT_UNSEEN && is_permitted(w)) {
        out_quoted(o, w->report.image_id);
        out_str(o, ": the call is permitted; whether there is anything to"
                   " cancel could not be checked: ");
        if (e->denied)
            out_str(o, "ec2:DescribeImages is not allowed");
        else
            report_cause(o, &w->look_report);
    } else {
        witness_say(o, w, w->report.image_id);
    }
    out_char(o, '\n');
    put_use(o, w);
    if (e->sight == CILP_SIGHT_SEEN)
        put_image(o, &e->look.image);
    if (!e->me.account[0])
        return;
    out_str(o, "  asked as account ");
    out_str(o, e->me.account);
    out_str(o, ", ");
    out_str(o, e->me.arn);
    out_char(o, '\n');
}

static void put_json(struct out *o, const struct witness *w, const char *region)
{
    const struct cilp_errand *e = &w->errand;
    bool seen = e->sight == CILP_SIGHT_SEEN;
    struct json j;

    json_begin(&j, o);
    if (region)
        json_str(&j, "region", region);
    json_str(&j, "image", w->report.image_id);
    json_str(&j, "verdict", cilp_verdict_word(e->verdict));
    json_str(&j, "dry_run", report_word(&w->report));
    json_str(&j, "seen",
             e->sight == CILP_SIGHT_UNKNOWN ? "unknown"
             : seen                         ? "yes"
                                            : "no");
    json_str(&j, "owner", seen ? e->look.image.owner : NULL);
    json_str(&j, "name", seen ? e->look.image.name : NULL);
    json_str(&j, "state", seen ? e->look.image.state : NULL);
    use_json(&j, &w->use, e->use);
    json_str(&j, "account", e->me.account);
    json_str(&j, "principal", e->me.arn);
    json_end(&j);
}

/* region: NULL, if there is but one. */
static bool tell(const struct witness *w, const char *region)
{
    struct out o;

    out_init(&o, STDOUT_FILENO);
    if (w->session->set->output == OUTPUT_JSON)
        put_json(&o, w, region);
    else if (w->session->set->output != OUTPUT_OFF)
        put_text(&o, w, region);
    return out_flush(&o);
}

static bool is_explained(enum cilp_outcome outcome)
{
    return outcome == CILP_PERMITTED || outcome == CILP_NOTHING;
}

/* ---- In several Regions -------------------------------------------------- */

/* Who is asking is known, or is not: it is asked once, and the keys are the
 * first ones of each lane. */
static void begin_part(struct across *a, struct witness *p)
{
    const struct witness *w = a->witness;

    p->session = w->session;
    cilp_errand_init(&p->errand);
    p->errand.me = w->errand.me;
    p->errand.me_keys = 1;
    p->me_report = w->me_report;
    witness_ask_use(p, false);
    witness_begin(p, CILP_ERRAND_TO_EXPLAIN,
                  w->session->set->options->words[0]);
}

static void end_part(struct across *a, const struct witness *p,
                     const struct lane *lane)
{
    if (code_of(p) == EXIT_DONE)
        a->is_worth_it = true;
    if (!a->is_lost && !tell(p, lane->region))
        a->is_lost = true;
}

/* False: EC2 did not say what a cancel would meet. */
static bool take_report(struct witness *p, const struct lane *lane)
{
    struct report *r = witness_report(p, p->made);

    *r = lane->report;
    p->last = &r->result;
    return p->made != CILP_ERRAND_CANCEL || is_explained(r->result.outcome);
}

/* For struct regions_job. */
static bool next_step(void *arg, struct lane *lane)
{
    struct across *a = arg;
    struct witness *p = &a->parts[lane->number];
    enum cilp_errand_step step;

    if (lane->calls == 0) {
        begin_part(a, p);
    } else if (!take_report(p, lane)) {
        lane_failed(lane);
        return false;
    }
    step = cilp_errand_next(&p->errand, p->last, false, cilp_port_now());
    p->made = step;
    if (step == CILP_ERRAND_DONE) {
        end_part(a, p, lane);
        return false;
    }
    cilp_errand_request(&p->errand, &lane->req);
    return true;
}

/* Of what is in use; nothing else has items. */
static bool take_item(void *arg, struct lane *lane)
{
    struct across *a = arg;

    use_take(&a->parts[lane->number].use);
    return true;
}

static int explain_across(struct witness *w)
{
    static struct across a;
    const struct regions_job job = {
        .arg = &a, .next = next_step, .item = take_item};
    enum exit_code rc = regions_find(w);
    int code;

    if (rc != EXIT_DONE)
        return (int)rc;
    a.witness = w;
    code = regions_run(w, &job);
    if (a.is_lost && !stop_signal())
        return (int)complain_of_output("");
    if (code != EXIT_DONE)
        return code;
    return a.is_worth_it ? EXIT_DONE : EXIT_NOTHING;
}

/* ---- The verb ------------------------------------------------------------ */

/* see verbs.h */
int verb_explain(struct witness *w)
{
    enum cilp_outcome outcome;

    if (CILP_REGIONS && w->session->set->options->regions)
        return explain_across(w);
    witness_ask_use(w, false);
    witness_begin(w, CILP_ERRAND_TO_EXPLAIN,
                  w->session->set->options->words[0]);
    if (witness_cancel(w) != CILP_ERRAND_CANCEL)
        return stop_signal() ? EXIT_SIGNAL + stop_signal()
                             : (int)witness_tell_account(w);
    outcome = w->report.result.outcome;
    if (!is_explained(outcome)) {
        report(&w->report);
        return (int)report_code(&w->report);
    }
    witness_finish(w);
    if (stop_signal())
        return EXIT_SIGNAL + stop_signal();
    if (!tell(w, NULL))
        return (int)complain_of_output("");
    return (int)code_of(w);
}
