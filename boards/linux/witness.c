#include "boards/linux/witness.h"

#include <string.h>

#include "boards/linux/stop.h"

/* For what would merely be good to know: a network without a way to STS must
 * not hold the verdict up for a minute. */
#define SHORT_CONNECT_MS  3000
#define SHORT_DEADLINE_MS 5000

/* see witness.h */
bool witness_ask_who(struct witness *w, bool patience)
{
    struct cilp_request *req;

    if (w->me_asked)
        return w->me.account[0] != '\0';
    w->me_asked = true;
    req = session_request(w->session, &cilp_identity, NULL, &w->me);
    if (!patience) {
        req->attempts = 1;
        req->connect_ms = SHORT_CONNECT_MS;
        req->deadline_ms = SHORT_DEADLINE_MS;
    }
    session_run(w->session, &w->me_report);
    if (w->me_report.result.outcome != CILP_ANSWERED)
        w->me.account[0] = '\0'; /* half an answer is none */
    return w->me.account[0] != '\0';
}

/* see witness.h */
void witness_look(struct witness *w, const char *image_id)
{
    const struct cilp_result *e = &w->report.result;

    w->sight = CILP_SIGHT_UNKNOWN;
    if (w->denied || stop_signal())
        return;
    session_request(w->session, &cilp_look, image_id, &w->look);
    session_run(w->session, &w->report);
    if (e->outcome == CILP_ANSWERED)
        w->sight = w->look.found ? CILP_SIGHT_SEEN : CILP_SIGHT_NONE;
    w->denied = e->outcome == CILP_REFUSED && e->means == CILP_MEANS_DENIED;
}

/* see witness.h */
enum cilp_verdict witness_judge(struct witness *w, enum cilp_outcome outcome)
{
    bool asks = outcome == CILP_NOTHING || outcome == CILP_PERMITTED;

    if (asks && w->sight == CILP_SIGHT_SEEN && !stop_signal())
        witness_ask_who(w, false);
    return cilp_verdict(outcome, w->sight, &w->look.image, w->me.account);
}

/* The verdict that hangs on whose image it is, without knowing who we are. */
static bool is_shaky(const struct witness *w, enum cilp_verdict verdict)
{
    return !w->me.account[0] &&
           (verdict == CILP_VERDICT_ORGANIZATION ||
            verdict == CILP_VERDICT_PUBLIC || verdict == CILP_VERDICT_SHARED);
}

/* Not for lack of permission, then: the verdict's own words are wrong. */
static bool is_broken_look(const struct witness *w, enum cilp_verdict verdict)
{
    return !w->denied && (verdict == CILP_VERDICT_UNSEEN ||
                          verdict == CILP_VERDICT_UNCHECKED);
}

/* see witness.h */
void witness_say(struct out *o, const struct witness *w, const char *image_id,
                 enum cilp_verdict verdict)
{
    out_quoted(o, image_id);
    out_str(o, ": ");
    if (is_broken_look(w, verdict)) {
        out_str(o, "what can be seen of it could not be checked: ");
        report_cause(o, &w->report);
        return;
    }
    out_str(o, cilp_verdict_text(verdict));
    if (!is_shaky(w, verdict))
        return;
    out_str(o, " (that it is not this account's own could not be checked");
    if (w->me_asked) {
        out_str(o, ": ");
        report_cause(o, &w->me_report);
    }
    out_char(o, ')');
}

/* see witness.h */
void witness_explain(struct witness *w, const struct report *r)
{
    enum cilp_verdict verdict;
    struct out o;

    if (r->result.means != CILP_MEANS_NOT_FOUND || stop_signal())
        return;
    witness_look(w, r->image_id);
    verdict = witness_judge(w, r->result.outcome);
    say_error(&o, SPELLING_OWN);
    witness_say(&o, w, r->image_id, verdict);
    say_end(&o);
}
