#include "boards/linux/batch.h"

#include <string.h>
#include <unistd.h>

#include "boards/linux/region_names.h"
#include "boards/linux/say/json.h"
#include "boards/linux/stop.h"
#include "boards/linux/verify.h"
#include "core/text.h"

#define ODD_SHOWN 10 /* lines that are no ids */

static const char MANY_REGIONS[] = "a batch is of " CILP_STRINGIFY(
    REGIONS_MAX) " Regions at most; give what is left to another";

struct cancel {
    struct witness *witness;
    struct verify verify;

    /* of a batch */
    const char *region; /* of ids that have none behind them */
    struct ids *ids;
    uint32_t done;                  /* images that were tried */
    uint32_t odd;                   /* lines that are no ids */
    uint32_t same;                  /* repeated ids that were passed over */
    uint32_t by[CILP_NOT_SENT + 1]; /* how many of each outcome, */
    uint32_t in_use;                /* and left alone as they are in use */
    int code;                       /* the worst so far */
    bool use_told; /* the user knows that it cannot be asked what is in use */
    bool is_over;  /* no further list of ids is of use */
    bool shows_progress;
};

static const struct settings *settings_of(const struct cancel *c)
{
    return c->witness->session->set;
}

static const struct report *report_of(const struct cancel *c)
{
    return &c->witness->report;
}

/* What is not known is no reason to stop; that is said once. */
static void tell_unknown_use(struct cancel *c)
{
    const struct cilp_errand *e = &c->witness->errand;
    struct out o;

    if (e->use != CILP_USE_UNKNOWN || c->use_told)
        return;
    c->use_told = true;
    say_note(&o);
    out_str(&o, "whether it is in use could not be checked: ");
    report_cause(&o, &c->witness->use_report);
    out_str(&o, "; --require-in-use-check stops where that is so");
    say_end(&o);
}

/* False: it did not come to that, and there is no report. */
static bool cancel(struct cancel *c, const char *image_id)
{
    enum cilp_errand_step step;

    witness_begin(c->witness, CILP_ERRAND_TO_CANCEL, image_id);
    step = witness_cancel(c->witness);
    if (step == CILP_ERRAND_CANCEL)
        tell_unknown_use(c);
    return step != CILP_ERRAND_DONE;
}

/* To be looked at afterwards, if that is wished for. */
static void remember(struct cancel *c)
{
    enum cilp_outcome outcome = report_of(c)->result.outcome;

    if ((outcome == CILP_CANCELLED || outcome == CILP_GONE) &&
        settings_of(c)->options->verify != CHOICE_NO)
        verify_add(&c->verify, report_of(c)->image_id);
}

static int signal_code(void)
{
    return EXIT_SIGNAL + stop_signal();
}

/* Why there is nothing to cancel, after the line that says so; what is
 * unavailable has had its word in there. */
static void explain_nothing(const struct cancel *c)
{
    enum cilp_verdict verdict = c->witness->errand.verdict;
    struct out o;

    if (report_of(c)->result.outcome != CILP_NOTHING || stop_signal() ||
        verdict == CILP_VERDICT_NONE || verdict == CILP_VERDICT_UNAVAILABLE)
        return;
    say_error(&o, SPELLING_OWN);
    witness_say(&o, c->witness, report_of(c)->image_id);
    say_end(&o);
}

/* What is wished for beside the call itself. */
static void wish(struct cancel *c)
{
    const struct options *o = settings_of(c)->options;
    struct cilp_errand *e = &c->witness->errand;
    bool is_own = settings_of(c)->spelling == SPELLING_OWN;

    e->dry_run = o->dry_run == CHOICE_YES;
    e->explains = is_own;
    if (is_own && !o->even_if_in_use)
        witness_ask_use(c->witness, o->require_in_use_check);
}

static struct cancel self;

static struct cancel *begin(struct witness *w)
{
    self.witness = self.verify.witness = w;
    return &self;
}

/* ---- One --------------------------------------------------------------- */

/* see batch.h */
int batch_one(struct witness *w, const char *image_id)
{
    struct cancel *c = begin(w);
    enum exit_code code;

    wish(c);
    if (!cancel(c, image_id))
        return stop_signal() ? signal_code()
                             : (int)witness_tell_account(c->witness);
    code = report_code(report_of(c));
    report(report_of(c));
    if (settings_of(c)->spelling == SPELLING_AWS)
        return (int)code;
    witness_finish(c->witness);
    explain_nothing(c);
    remember(c);
    verify_run(&c->verify);
    return stop_signal() ? signal_code() : (int)code;
}

/* ---- Many: what is said ------------------------------------------------ */

static void worsen(struct cancel *c, int code)
{
    c->code = outcome_worse(c->code, code);
}

static void put_text_line(struct out *o, const struct report *r,
                          const char *region)
{
    const char *word = report_word(r), *id = r->result.request_id;

    out_quoted(o, r->image_id);
    out_pad(o, strlen(r->image_id), VERIFY_ID_MAX);
    out_str(o, "  ");
    if (region[0]) {
        out_str(o, region);
        out_pad(o, strlen(region), 14);
        out_str(o, "  ");
    }
    out_str(o, word);
    out_pad(o, strlen(word), 9);
    out_str(o, "  ");
    out_str(o, id[0] ? id : "-");
    if (r->result.code[0] && r->result.outcome != CILP_PERMITTED) {
        out_str(o, "  ");
        out_str(o, r->result.code);
    }
    out_char(o, '\n');
}

static void put_json_line(struct out *o, const struct report *r,
                          const char *region, const char *verdict)
{
    struct json j;

    json_begin(&j, o);
    json_str(&j, "image", r->image_id);
    if (region[0])
        json_str(&j, "region", region);
    json_str(&j, "outcome", report_word(r));
    json_str(&j, "code", r->result.code);
    json_str(&j, "message", report_message(r));
    json_str(&j, "verdict", verdict);
    if (r->use)
        use_json(&j, r->use, CILP_USE_FOUND);
    json_str(&j, "request_id", r->result.request_id);
    json_int(&j, "attempts", r->result.attempts);
    json_count(&j, "http_status", r->result.http_status);
    json_end(&j);
}

/* One line on standard output; if that cannot be written, on standard error:
 * an outcome is not lost. */
static void tell_line(const struct cancel *c, const char *verdict)
{
    const struct settings *s = settings_of(c);
    struct out o;

    if (s->output == OUTPUT_OFF)
        return;
    if (c->shows_progress)
        say_progress_end();
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
        out_init(&o, fd);
        if (s->output == OUTPUT_JSON)
            put_json_line(&o, report_of(c), c->ids->region, verdict);
        else
            put_text_line(&o, report_of(c), c->ids->region);
        if (out_flush(&o))
            return;
    }
}

/* In JSON the line says it all; in text the cause and the next step follow on
 * standard error. */
static void tell(struct cancel *c)
{
    const struct report *r = report_of(c);
    enum cilp_verdict verdict = CILP_VERDICT_NONE;

    if (settings_of(c)->output == OUTPUT_JSON) {
        witness_finish(c->witness);
        if (r->result.outcome == CILP_NOTHING)
            verdict = c->witness->errand.verdict;
        tell_line(c, verdict ? cilp_verdict_word(verdict) : NULL);
    } else {
        tell_line(c, NULL);
        if (report_code(r) != EXIT_DONE)
            report(r);
        witness_finish(c->witness);
        explain_nothing(c);
    }
}

static void tell_progress(const struct cancel *c)
{
    if (c->shows_progress)
        say_progress(c->done, " tried");
}

static void tell_summary(const struct cancel *c)
{
    struct out o;

    say_error(&o, SPELLING_OWN);
    out_uint(&o, c->done);
    out_str(&o, c->done == 1 ? " AMI tried" : " AMIs tried");
    say_part(&o, c->by[CILP_CANCELLED], " cancelled");
    say_part(&o, c->by[CILP_PERMITTED], " permitted");
    say_part(&o, c->by[CILP_GONE], " gone");
    say_part(&o, c->by[CILP_NOTHING], " with nothing to cancel");
    say_part(&o, c->in_use, " in use");
    say_part(&o, c->by[CILP_REFUSED], " refused");
    say_part(&o, c->by[CILP_UNKNOWN], " with an unknown outcome");
    say_part(&o, c->by[CILP_NOT_SENT], " not sent");
    say_part(&o, c->odd, " not an id");
    say_part(&o, c->same, " repeated and passed over");
    say_end(&o);
}

static void tell_stop(const struct cancel *c, const char *why)
{
    struct out o;

    say_error(&o, SPELLING_OWN);
    out_str(&o, why);
    if (c->ids->is_input) {
        out_str(&o, "; standard input was read to line ");
        out_uint(&o, c->ids->line);
    } else {
        out_str(&o, "; not tried: ");
        out_uint(&o, (uint32_t)ids_left(c->ids));
    }
    say_end(&o);
}

/* "line 7: " and what is wrong with it. */
static void tell_line_fault(const struct cancel *c, bool names_id)
{
    struct out o;

    say_error(&o, SPELLING_OWN);
    out_str(&o, "line ");
    out_uint(&o, c->ids->line);
    if (names_id) {
        out_str(&o, ": '");
        out_quoted(&o, c->ids->id);
        out_char(&o, '\'');
    }
    out_str(&o, *c->ids->fault == ' ' ? "" : " ");
    out_str(&o, c->ids->fault);
    say_end(&o);
}

static void tell_odd(struct cancel *c)
{
    c->odd++;
    worsen(c, EXIT_USAGE);
    if (c->odd <= ODD_SHOWN)
        tell_line_fault(c, true);
}

/* What thousands of lines have in common is said once. */
static void tell_odd_rest(const struct cancel *c)
{
    struct out o;

    if (c->odd <= ODD_SHOWN)
        return;
    say_error(&o, SPELLING_OWN);
    out_uint(&o, c->odd - ODD_SHOWN);
    out_str(&o, " more lines are no ids; ids alone are what cilp list --output"
                " ids writes, and the AWS CLI's --query 'Images[].ImageId'"
                " --output text");
    say_end(&o);
}

/* ---- Many: one after the other ----------------------------------------- */

/* Over before the next cancel: by a signal, or for the account's sake. */
static void tell_over(struct cancel *c)
{
    c->is_over = true;
    if (stop_signal())
        return;
    worsen(c, (int)witness_tell_account(c->witness));
    if (!c->done)
        return;
    tell_stop(c, c->witness->errand.over == CILP_ERRAND_OTHER_ACCOUNT
                     ? "the keys were renewed, and are another account's"
                     : "keys are to be renewed, and whose they are could not be"
                       " found out");
}

/* Why there is nothing to cancel, if an id stands twice in a batch. */
static void tell_repeated(const struct cancel *c)
{
    if (c->ids->is_repeated && report_of(c)->result.outcome == CILP_NOTHING)
        note("", c->ids->id,
             " stood in this batch before, and what was done then counts");
}

/* Turn to the Region of the id. What its pace was does not hold elsewhere. False:
 * there are too many. */
static bool turn_to_region(struct cancel *c)
{
    struct settings *s = c->witness->session->set;
    const char *region = c->ids->region[0] ? region_names_keep(c->ids->region)
                                           : c->region;

    if (!region)
        return false;
    if (strcmp(region, s->req.region) != 0)
        c->witness->errand.paces = false;
    s->req.region = region;
    return true;
}

/* False: it goes too far. */
static bool refuse(struct cancel *c, const char *why)
{
    tell_stop(c, why);
    worsen(c, EXIT_USAGE);
    c->is_over = true;
    return false;
}

/* False: no further one. */
static bool cancel_next(struct cancel *c)
{
    uint32_t max = settings_of(c)->options->max;

    if (!turn_to_region(c))
        return refuse(c, MANY_REGIONS);
    if (max && c->done == max)
        return refuse(c, "there are more AMIs than --max allows");
    if (!cancel(c, c->ids->id)) {
        tell_over(c);
        return false;
    }
    c->done++;
    if (report_of(c)->use)
        c->in_use++;
    else
        c->by[report_of(c)->result.outcome]++;
    worsen(c, (int)report_code(report_of(c)));
    tell(c);
    cilp_chain_forget_said(settings_of(c)->chain); /* told, too */
    tell_repeated(c);
    remember(c);
    tell_progress(c);
    if (c->verify.n == VERIFY_MAX)
        verify_run(&c->verify);
    if (stop_signal() || !c->witness->errand.over)
        return !stop_signal();
    tell_stop(c, "every further AMI would meet the same");
    return false;
}

/* False: that was the last one. */
static bool step(struct cancel *c)
{
    switch (ids_next(c->ids)) {
    case IDS_ONE: return cancel_next(c);
    case IDS_BAD: tell_odd(c); return true;
    case IDS_SAME: c->same++; return true;
    case IDS_PASSED: return true;
    case IDS_BROKEN:
        tell_line_fault(c, false);
        worsen(c, EXIT_USAGE);
        break;
    case IDS_END:
    case IDS_STOPPED: break;
    }
    return false;
}

/* see batch.h */
void batch_begin(struct witness *w)
{
    struct cancel *c = begin(w);

    wish(c);
    c->region = settings_of(c)->req.region;
    c->shows_progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
}

/* see batch.h */
bool batch_go_on(struct ids *ids)
{
    self.ids = ids;
    while (step(&self))
        ;
    return !self.is_over && !stop_signal();
}

/* see batch.h */
int batch_end(void)
{
    struct cancel *c = &self;

    tell_odd_rest(c);
    if (stop_signal())
        tell_stop(c, "stopped by a signal");
    else
        verify_run(&c->verify);
    if (c->shows_progress)
        say_progress_end();
    tell_summary(c);
    return stop_signal() ? signal_code() : c->code;
}
