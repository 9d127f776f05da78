/*
 * creds_assume_role.c - roles, one after the other, each with the keys of the
 * one before.
 */
#include "core/http_req.h"
#include "core/sts.h"

/* This source's own argument: op->arg may be the base's. */
static const struct cilp_assume_role *argument(const struct cilp_op *op)
{
    return op->req->source_arg;
}

static enum cilp_what aim(const struct cilp_op *op, struct cilp_peer *to)
{
    return cilp_source_aim(op, to, op->req->region, argument(op)->sts_endpoint);
}

static void form(const struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_role *role = &argument(op)->roles[op->round];

    cilp_text_str(out, "Action=AssumeRole");
    cilp_sts_put(out, role);
    if (!role->external_id)
        return;
    cilp_text_str(out, "&ExternalId=");
    cilp_text_percent(out, role->external_id);
}

static enum cilp_step judge(struct cilp_op *op)
{
    enum cilp_step step;

    if (!cilp_sts_took_keys(op, &step))
        return step;
    if (++op->round < argument(op)->n_roles)
        return CILP_STEP_NEXT;
    op->then = op->req->flow->first;
    return cilp_source_done(op);
}

static const struct cilp_reply_step steps[] = {
    CILP_STS_STEPS("AssumeRoleResult")};

static const struct cilp_fields reply = {
    .steps = steps,
    .n_steps = sizeof steps / sizeof *steps,
    .fields = cilp_sts_fields,
    .n_fields = sizeof cilp_sts_fields / sizeof *cilp_sts_fields,
};

static const struct cilp_exchange exchange = {
    .service = "sts",
    .reply = {"AssumeRoleResponse", cilp_fields_enter, &reply},
    .reader = &cilp_reads_keys,
    .aim = aim,
    .write = cilp_http_req_form,
    .form = form,
    .judge = judge,
};

static enum cilp_what check(const struct cilp_assume_role *in)
{
    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    /* A base that assumes roles itself would need an argument of its own. */
    if (in->base == &cilp_creds_assume_role || !in->roles || in->n_roles < 1 ||
        in->n_roles > CILP_ROLES_MAX)
        return CILP_WHAT_ROLES;
    for (size_t i = 0; i < in->n_roles; i++) {
        enum cilp_what what = cilp_sts_check(&in->roles[i]);

        if (what)
            return what;
    }
    return CILP_WHAT_NONE;
}

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_assume_role *in = arg;
    enum cilp_what what = check(in);

    if (what)
        return what;
    if (!in->base)
        return CILP_WHAT_NO_SOURCE;
    what = in->base->take(op, in->base_arg);
    op->then = &exchange;
    if (!what && !op->sourcing) /* the base's keys are there */
        (void)cilp_source_done(op);
    return what;
}

/* see creds.h */
const struct cilp_source cilp_creds_assume_role = {take};
