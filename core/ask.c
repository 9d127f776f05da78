#include "core/ask.h"

/* see ask.h */
enum cilp_what cilp_ask_check_image(const struct cilp_request *req)
{
    if (!req->image_id || !req->image_id[0] ||
        !cilp_text_is_within(req->image_id, CILP_IMAGE_ID_MAX))
        return CILP_WHAT_NO_IMAGE;
    return req->memory ? CILP_WHAT_NONE : CILP_WHAT_MEMORY;
}

/* see ask.h */
enum cilp_step cilp_ask_reject(struct cilp_op *op, enum cilp_what what)
{
    op->result.outcome = CILP_NOT_SENT;
    op->result.err = CILP_E_REPLY;
    op->result.what = what;
    return CILP_STEP_FINISH;
}

static enum cilp_step judge_error(struct cilp_op *op)
{
    struct cilp_result *r = &op->result;

    r->outcome = CILP_REFUSED;
    r->err = CILP_E_AWS;
    if (op->reply.bad || !op->reply.is_error) {
        r->err = CILP_E_REPLY;
        r->what = CILP_WHAT_FOREIGN;
    }
    return (enum cilp_step)cilp_retry_classify(r->means);
}

/* see ask.h */
enum cilp_step cilp_ask_judge(struct cilp_op *op)
{
    struct cilp_result *r = &op->result;

    r->outcome = CILP_NOT_SENT;
    if (r->err != CILP_OK)
        return cilp_judge_broken(op);
    if (r->http_status > 299) /* and 200 at least, http_resp.h */
        return judge_error(op);
    if (op->reply.bad || !op->reply.is_expected || r->http_status != 200) {
        cilp_ask_reject(op, CILP_WHAT_UNREADABLE);
        return CILP_STEP_RETRY;
    }
    r->outcome = CILP_ANSWERED;
    return CILP_STEP_FINISH;
}
