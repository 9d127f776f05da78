#include "core/identity.h"

#include <string.h>

#include "core/account.h"
#include "core/ask.h"
#include "core/fields.h"
#include "core/http_req.h"

#define ACTION "GetCallerIdentity"

enum { RESULT = CILP_PLACE_OWN, ACCOUNT, ARN };

static const struct cilp_reply_step steps[] = {
    {CILP_PLACE_SUCCESS, RESULT, ACTION "Result"},
    {RESULT, ACCOUNT, "Account"},
    {RESULT, ARN, "Arn"},
};

static const struct cilp_reply_field fields[] = {
    {ACCOUNT, CILP_ACCOUNT_LEN, offsetof(struct cilp_identity, account)},
    {ARN, CILP_ARN_MAX, offsetof(struct cilp_identity, arn)},
};

static enum cilp_what check(const struct cilp_request *req)
{
    return req->memory ? CILP_WHAT_NONE : CILP_WHAT_MEMORY;
}

static void prepare(struct cilp_op *op)
{
    memset(op->req->memory, 0, sizeof(struct cilp_identity));
}

static void form(const struct cilp_op *op, struct cilp_text *out)
{
    (void)op;
    cilp_text_str(out, "Action=" ACTION "&Version=2011-06-15");
}

/* "arn:aws:iam::123456789012:user/alice": the account is the fifth field. A
 * reply that names two is not one to go by. */
static bool is_of_account(const char *arn, const char *account)
{
    for (int colons = 0; colons < 4; arn++) {
        if (*arn == '\0')
            return false;
        colons += *arn == ':';
    }
    for (size_t n = 0; n < CILP_ACCOUNT_LEN; n++)
        if (arn[n] != account[n])
            return false;
    return arn[CILP_ACCOUNT_LEN] == ':';
}

static enum cilp_step judge(struct cilp_op *op)
{
    const struct cilp_identity *who = op->req->memory;
    enum cilp_step step = cilp_ask_judge(op);

    if (op->result.outcome != CILP_ANSWERED)
        return step;
    if (!cilp_is_account(who->account))
        return cilp_ask_reject(op, CILP_WHAT_NO_ACCOUNT);
    if (!is_of_account(who->arn, who->account))
        return cilp_ask_reject(op, CILP_WHAT_TWO_ACCOUNTS);
    return step;
}

static const struct cilp_fields reply = {
    .steps = steps,
    .n_steps = sizeof steps / sizeof *steps,
    .fields = fields,
    .n_fields = sizeof fields / sizeof *fields,
};

static const struct cilp_exchange exchange = {
    .service = "sts",
    .reply = {ACTION "Response", cilp_fields_enter, &reply},
    .reader = &cilp_reads_xml,
    .prepare = prepare,
    .aim = cilp_aim_service,
    .write = cilp_http_req_form,
    .form = form,
    .judge = judge,
};

/* see identity.h */
const struct cilp_flow cilp_identity = {
    .action = ACTION, .first = &exchange, .check = check};
