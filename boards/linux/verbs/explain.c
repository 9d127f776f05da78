#include "boards/linux/verbs/explain.h"

#include <unistd.h>

#include "boards/linux/say/json.h"
#include "boards/linux/stop.h"

/* Permitted, and it may be there: then a cancel is worth trying. */
static enum exit_code code_of(const struct report *r, enum cilp_verdict verdict)
{
    if (verdict == CILP_VERDICT_SHARED)
        return EXIT_DONE;
    if (verdict == CILP_VERDICT_UNSEEN && r->result.outcome == CILP_PERMITTED)
        return EXIT_DONE;
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

static void put_text(struct out *o, const struct witness *w,
                     const struct report *r, enum cilp_verdict verdict)
{
    if (verdict == CILP_VERDICT_UNSEEN && r->result.outcome == CILP_PERMITTED) {
        out_quoted(o, r->image_id);
        out_str(o, ": the call is permitted; whether there is anything to"
                   " cancel could not be checked: ");
        if (w->denied)
            out_str(o, "ec2:DescribeImages is not allowed");
        else
            report_cause(o, &w->report);
    } else {
        witness_say(o, w, r->image_id, verdict);
    }
    out_char(o, '\n');
    if (w->sight == CILP_SIGHT_SEEN)
        put_image(o, &w->look.image);
    if (!w->me.account[0])
        return;
    out_str(o, "  asked as account ");
    out_str(o, w->me.account);
    out_str(o, ", ");
    out_str(o, w->me.arn);
    out_char(o, '\n');
}

static void put_json(struct out *o, const struct witness *w,
                     const struct report *r, enum cilp_verdict verdict)
{
    bool seen = w->sight == CILP_SIGHT_SEEN;
    struct json j;

    json_begin(&j, o);
    json_str(&j, "image", r->image_id);
    json_str(&j, "verdict", cilp_verdict_word(verdict));
    json_str(&j, "dry_run", report_word(r));
    json_str(&j, "seen",
             w->sight == CILP_SIGHT_UNKNOWN ? "unknown"
             : seen                         ? "yes"
                                            : "no");
    json_str(&j, "owner", seen ? w->look.image.owner : NULL);
    json_str(&j, "name", seen ? w->look.image.name : NULL);
    json_str(&j, "state", seen ? w->look.image.state : NULL);
    json_str(&j, "account", w->me.account);
    json_str(&j, "principal", w->me.arn);
    json_end(&j);
}

static bool tell(const struct witness *w, const struct report *r,
                 enum cilp_verdict verdict)
{
    struct out o;

    out_init(&o, STDOUT_FILENO);
    if (r->set->output == OUTPUT_JSON)
        put_json(&o, w, r, verdict);
    else if (r->set->output != OUTPUT_OFF)
        put_text(&o, w, r, verdict);
    return out_flush(&o);
}

/* see explain.h */
int explain(struct session *session, struct witness *w, struct report *r,
            const char *image_id)
{
    enum cilp_verdict verdict;
    enum cilp_outcome outcome;

    session_request(session, &cilp_cancel, image_id, NULL)->dry_run = true;
    session_run(session, r);
    outcome = r->result.outcome;
    if (outcome != CILP_PERMITTED && outcome != CILP_NOTHING) {
        report(r);
        return (int)report_code(r);
    }
    witness_look(w, image_id);
    verdict = witness_judge(w, outcome);
    if (stop_signal())
        return EXIT_SIGNAL + stop_signal();
    if (!tell(w, r, verdict))
        return (int)complain(SPELLING_OWN, EXIT_NETWORK,
                             "standard output could not be written", NULL, "");
    return (int)code_of(r, verdict);
}
