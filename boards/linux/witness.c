#include "boards/linux/witness.h"

#include "boards/linux/stop.h"

/* ---- Steps --------------------------------------------------------------- */

/* see witness.h */
void witness_begin(struct witness *w, enum cilp_errand_aim aim,
                   const char *image_id)
{
    cilp_errand_begin(&w->errand, aim, image_id);
    w->last = NULL;
    w->made = CILP_ERRAND_DONE;
    w->report.use = NULL;
}

/* see witness.h */
void witness_ask_use(struct witness *w, bool must)
{
    w->errand.asks_use = &cilp_image_references;
    w->errand.references = &w->use.references;
    w->errand.must_know_use = must;
}

/* see witness.h */
struct report *witness_report(struct witness *w, enum cilp_errand_step step)
{
    if (step == CILP_ERRAND_WHO)
        return &w->me_report;
    if (step == CILP_ERRAND_IN_USE)
        return &w->use_report;
    return step == CILP_ERRAND_CANCEL ? &w->report : &w->look_report;
}

/* see witness.h */
enum cilp_errand_step witness_step(struct witness *w)
{
    struct session *c = w->session;
    struct cilp_request *req = session_request(c, &cilp_cancel, NULL, NULL);
    enum cilp_errand_step step;
    struct report *r;

    if (stop_signal())
        return CILP_ERRAND_DONE;
    step = cilp_errand_next(&w->errand, w->last, session_wants_keys(c),
                            cilp_port_now());
    w->last = NULL;
    if (step == CILP_ERRAND_DONE || step == CILP_ERRAND_WAIT)
        return step;
    r = witness_report(w, step);
    cilp_errand_request(&w->errand, req);
    if (step == CILP_ERRAND_IN_USE) {
        c->item = use_take;
        c->item_arg = &w->use;
    }
    session_run(c, r);
    w->last = &r->result;
    w->made = step;
    return step;
}

static enum cilp_errand_step step_or_wait(struct witness *w)
{
    enum cilp_errand_step step = witness_step(w);

    if (step == CILP_ERRAND_WAIT)
        (void)session_sleep(w->session, w->errand.wait_ms);
    return step;
}

/* The question was the last step: its report is that of the image. */
static enum cilp_errand_step leave_alone(struct witness *w)
{
    w->report = w->use_report;
    w->report.use = w->errand.use == CILP_USE_FOUND ? &w->use : NULL;
    session_audit(w->session, &w->report, true);
    return CILP_ERRAND_IN_USE;
}

/* see witness.h */
enum cilp_errand_step witness_cancel(struct witness *w)
{
    enum cilp_errand_step step;

    do
        step = step_or_wait(w);
    while (step != CILP_ERRAND_DONE && step != CILP_ERRAND_CANCEL);
    if (w->made != CILP_ERRAND_IN_USE)
        return step;
    return stop_signal() && !w->use_report.signal ? step : leave_alone(w);
}

/* see witness.h */
void witness_finish(struct witness *w)
{
    while (step_or_wait(w) != CILP_ERRAND_DONE)
        ;
}

/* ---- Whose the keys are -------------------------------------------------- */

static enum exit_code tell_other_account(const struct witness *w)
{
    const struct cilp_errand *e = &w->errand;
    struct out o;

    say_fault(&o, w->session->set->spelling, EXIT_CONFIG);
    out_str(&o, "these keys belong to account ");
    out_str(&o, e->me.account);
    out_str(&o, " (");
    out_str(&o, e->me.arn);
    out_str(&o, "), not to ");
    out_str(&o, cilp_errand_account(e));
    out_str(&o, e->account ? " as --expect-account or the plan says"
                           : " like those that they were renewed for");
    out_str(&o, "; EC2 was sent nothing with them");
    say_end(&o);
    return EXIT_CONFIG;
}

/* see witness.h */
enum exit_code witness_tell_account(const struct witness *w)
{
    if (w->errand.over == CILP_ERRAND_OTHER_ACCOUNT)
        return tell_other_account(w);
    if (w->errand.over != CILP_ERRAND_NO_ACCOUNT)
        return EXIT_DONE;
    report(&w->me_report);
    return report_code(&w->me_report);
}

/* see witness.h */
enum exit_code witness_know(struct witness *w)
{
    witness_begin(w, CILP_ERRAND_TO_KNOW, NULL);
    witness_finish(w);
    if (stop_signal())
        return (enum exit_code)(EXIT_SIGNAL + stop_signal());
    return witness_tell_account(w);
}

/* ---- Verdicts ------------------------------------------------------------ */

/* The verdict that hangs on whose image it is, without knowing who we are. */
static bool is_shaky(const struct witness *w)
{
    switch (w->errand.verdict) {
    case CILP_VERDICT_ORGANIZATION:
    case CILP_VERDICT_PUBLIC:
    case CILP_VERDICT_SHARED:
    case CILP_VERDICT_PUBLIC_OR_SHARED:
    case CILP_VERDICT_PUBLIC_AND_SHARED: return !w->errand.me.account[0];
    case CILP_VERDICT_NONE:
    case CILP_VERDICT_ENDED:
    case CILP_VERDICT_STILL_SHARED:
    case CILP_VERDICT_STILL_PUBLIC:
    case CILP_VERDICT_OWN:
    case CILP_VERDICT_NOT_VISIBLE:
    case CILP_VERDICT_UNSEEN:
    case CILP_VERDICT_UNCHECKED:
    case CILP_VERDICT_UNAVAILABLE: break;
    }
    return false;
}

/* Not for lack of permission, then: the verdict's own words are wrong. */
static bool is_broken_look(const struct witness *w)
{
    enum cilp_verdict verdict = w->errand.verdict;

    return !w->errand.denied && (verdict == CILP_VERDICT_UNSEEN ||
                                 verdict == CILP_VERDICT_UNCHECKED);
}

/* see witness.h */
void witness_say(struct out *o, const struct witness *w, const char *image_id)
{
    out_quoted(o, image_id);
    out_str(o, ": ");
    if (is_broken_look(w)) {
        out_str(o, "what can be seen of it could not be checked: ");
        report_cause(o, &w->look_report);
        return;
    }
    out_str(o, cilp_verdict_text(w->errand.verdict));
    if (!is_shaky(w))
        return;
    out_str(o, " (that it is not this account's own could not be checked: ");
    report_cause(o, &w->me_report);
    out_char(o, ')');
}
