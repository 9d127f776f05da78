/*
 * creds_web_identity.c - a token of an OpenID Connect provider for the keys of
 * a role. The request is not signed: the token is all the proof there is, and
 * leaves from where it lies.
 */
#include "core/sts.h"

#include "core/http_req.h"

static enum cilp_what aim(const struct cilp_op *op, struct cilp_peer *to)
{
    const struct cilp_web_identity *in = op->arg;

    return cilp_source_aim(op, to, op->req->region, in->sts_endpoint);
}

static void form(const struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_web_identity *in = op->arg;

    cilp_text_str(out, "Action=AssumeRoleWithWebIdentity");
    cilp_sts_put(out, &in->role);
    cilp_text_str(out, "&WebIdentityToken=");
    cilp_text_percent(out, in->token);
}

static bool write(struct cilp_op *op, struct cilp_text *out)
{
    struct cilp_text counted;

    cilp_text_init(&counted, NULL, 0);
    form(op, &counted);
    cilp_text_str(out, "POST ");
    cilp_text_str(out, cilp_http_req_path(op));
    cilp_source_put_head(op, out);
    cilp_text_str(out, "Content-Type: application/x-www-form-urlencoded;"
                       " charset=utf-8\r\nContent-Length: ");
    cilp_text_uint(out, (uint32_t)counted.len);
    cilp_text_str(out, "\r\n\r\n");
    form(op, out);
    return true;
}

static enum cilp_step judge(struct cilp_op *op)
{
    enum cilp_step step;

    if (!cilp_sts_took_keys(op, &step))
        return step;
    return cilp_source_done(op);
}

static const struct cilp_reply_step steps[] = {
    CILP_STS_STEPS("AssumeRoleWithWebIdentityResult")};

static const struct cilp_fields reply = {
    .steps = steps,
    .n_steps = sizeof steps / sizeof *steps,
    .fields = cilp_sts_fields,
    .n_fields = sizeof cilp_sts_fields / sizeof *cilp_sts_fields,
};

static const struct cilp_exchange exchange = {
    .service = "sts",
    .reply = {"AssumeRoleWithWebIdentityResponse", cilp_fields_enter, &reply},
    .reader = &cilp_reads_keys,
    .aim = aim,
    .write = write,
    .judge = judge,
};

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_web_identity *in = arg;
    enum cilp_what what;

    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    if (!cilp_text_is_word(in->token, 4, CILP_WEB_TOKEN_MAX))
        return CILP_WHAT_WEB_TOKEN;
    what = cilp_sts_check(&in->role);
    if (!what)
        cilp_source_begin(op, &exchange, arg);
    return what;
}

/* see creds.h */
const struct cilp_source cilp_creds_web_identity = {take};
