/*
 * source_json.c - for services that speak JSON, of their errors too.
 */
#include "core/source_json.h"

/* The shapes in which these services speak of their errors. */
static void note_error(struct cilp_op *op)
{
    static const struct cilp_json_field fields[] = {
        {"code", CILP_JSON_STRING},    {"Code", CILP_JSON_STRING},
        {"__type", CILP_JSON_STRING},  {"message", CILP_JSON_STRING},
        {"Message", CILP_JSON_STRING},
    };
    const char *v[5];
    size_t len, cap;
    char *text = cilp_source_text(op, &len, &cap);

    if (cilp_json_read(text, len, cap, fields, 5, v, NULL))
        return;
    cilp_source_note(op, v[0] ? v[0] : v[1] ? v[1] : v[2], v[3] ? v[3] : v[4]);
}

/* see source_json.h */
enum cilp_step cilp_source_judge_json(struct cilp_op *op,
                                      const struct cilp_json_field fields[4])
{
    const char *v[4];
    size_t len, cap;
    char *text = cilp_source_text(op, &len, &cap);
    enum cilp_step step;
    enum cilp_what what;

    if (cilp_source_failed(op, &step)) {
        if (op->result.what != CILP_WHAT_SOURCE_SAID)
            return step;
        note_error(op);
        return (enum cilp_step)cilp_retry_classify(op->result.means);
    }
    what = cilp_json_read(text, len, cap, fields, 4, v, NULL);
    if (!what)
        what = cilp_source_take(op, v);
    return what ? cilp_source_reject(op, what) : cilp_source_done(op);
}
