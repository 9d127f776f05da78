/*
 * cancel.c - the exchange of CancelImageLaunchPermission and what its reply
 * means. One rule is behind all of it: the call has no undo and no idempotency
 * token, but removing a grant twice changes nothing. So an attempt that may
 * have been acted on is repeated, and the *report* of the repeat is read with
 * that doubt in mind.
 *
 * Source: EC2 API Reference, CancelImageLaunchPermission; EC2 Developer Guide,
 *         "Error codes for the Amazon EC2 API".
 */
#include "core/http_req.h"

#include <string.h>

#define ACTION "CancelImageLaunchPermission"

/* "ami-" and 8 digits (before 2018) or 17. */
static bool is_image_id(const char *s)
{
    size_t n = 0;

    for (const char *p = "ami-"; *p; p++)
        if (*s++ != *p)
            return false;
    while ((s[n] >= '0' && s[n] <= '9') || (s[n] >= 'a' && s[n] <= 'f'))
        n++;
    return s[n] == '\0' && (n == 8 || n == 17);
}

static enum cilp_what check(const struct cilp_request *req)
{
    const char *id = req->image_id;

    if (!id || !id[0] || !cilp_text_is_within(id, CILP_IMAGE_ID_MAX))
        return CILP_WHAT_NO_IMAGE;
    if (!req->any_image_id && !is_image_id(id))
        return CILP_WHAT_IMAGE;
    return CILP_WHAT_NONE;
}

/* The order of the AWS CLI. */
static void form(const struct cilp_op *op, struct cilp_text *out)
{
    cilp_text_fill(
        out, "Action=%&Version=2016-11-15&ImageId=", &op->req->flow->action);
    cilp_text_percent(out, op->req->image_id);
    if (op->req->dry_run)
        cilp_text_str(out, "&DryRun=true");
}

static void set(struct cilp_op *op, enum cilp_outcome outcome,
                enum cilp_err err)
{
    op->result.outcome = outcome;
    op->result.err = err;
}

/* EC2 may have acted on this attempt, and no reply will tell. A dry run has
 * nothing to leave behind. */
static enum cilp_outcome note_doubt(struct cilp_op *op)
{
    if (op->sent_now && !op->req->dry_run)
        op->doubt = true;
    return op->doubt ? CILP_UNKNOWN : CILP_NOT_SENT;
}

/* HTTP 2xx: a clear yes, a clear no, or nothing that can be read. EC2 answers
 * 200; any other may be of a part, or of something that is still to come. */
static enum cilp_step judge_success(struct cilp_op *op)
{
    enum cilp_return said = CILP_RETURN_NONE;

    if (!op->reply.bad && op->reply.is_expected &&
        op->result.http_status == 200)
        said = op->reply.ret;
    if (said == CILP_RETURN_TRUE) {
        set(op, CILP_CANCELLED, CILP_OK);
        return CILP_STEP_FINISH;
    }
    set(op, note_doubt(op), CILP_E_REPLY);
    if (said == CILP_RETURN_FALSE) {
        op->result.what = CILP_WHAT_FALSE;
        return CILP_STEP_FINISH;
    }
    op->result.what = CILP_WHAT_NOT_TRUE;
    return CILP_STEP_RETRY;
}

/* EC2 refused, completely. After a doubtful attempt that says nothing of how
 * the earlier one ended, but for the codes that tell the state of the grant. */
static void judge_refusal(struct cilp_op *op)
{
    if (cilp_means_nothing(op->result.means))
        set(op, op->doubt ? CILP_GONE : CILP_NOTHING,
            op->doubt ? CILP_OK : CILP_E_AWS);
    else if (op->req->dry_run && op->result.means == CILP_MEANS_PERMITTED)
        set(op, CILP_PERMITTED, CILP_OK);
    else
        set(op, op->doubt ? CILP_UNKNOWN : CILP_REFUSED, CILP_E_AWS);
}

/* After a 5xx the call may have been carried out; throttled, it was turned away
 * at the door, and with 501 or 505 EC2 itself says that it does no such thing.
 * Below 500 HTTP's own rules say that the request was not carried out (RFC 9110
 * section 15). */
static bool may_have_acted(const struct cilp_op *op, bool is_ec2s)
{
    const uint16_t status = op->result.http_status;

    if (status < 500 || op->result.means == CILP_MEANS_THROTTLED)
        return false;
    return !is_ec2s || (status != 501 && status != 505);
}

/* A complete reply with a status other than 2xx. */
static enum cilp_step judge_error(struct cilp_op *op)
{
    const bool is_ec2s = !op->reply.bad && op->reply.is_error;

    if (!is_ec2s) /* a proxy's page, a redirect: it is not followed */
        op->result.what = CILP_WHAT_FOREIGN;
    if (may_have_acted(op, is_ec2s))
        set(op, note_doubt(op), CILP_E_AWS);
    else if (is_ec2s)
        judge_refusal(op);
    else
        set(op, op->doubt ? CILP_UNKNOWN : CILP_REFUSED, CILP_E_REPLY);
    return (enum cilp_step)cilp_retry_classify(op->result.means);
}

static enum cilp_step judge(struct cilp_op *op)
{
    if (op->result.err != CILP_OK) {
        op->result.outcome = note_doubt(op);
        return cilp_judge_broken(op);
    }
    if (op->result.http_status < 300) /* and 200 at least, http_resp.h */
        return judge_success(op);
    return judge_error(op);
}

static const struct cilp_exchange exchange = {
    .service = "ec2",
    .reply = {.root = ACTION "Response"},
    .reader = &cilp_reads_xml,
    .aim = cilp_aim_service,
    .write = cilp_http_req_form,
    .form = form,
    .judge = judge,
};

/* see cilp.h */
const struct cilp_flow cilp_cancel = {
    .action = ACTION, .first = &exchange, .check = check};
