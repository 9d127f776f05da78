#include "port/awscli/kind.h"

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    c->path = cilp_chain_value(c, p, CILP_PROFILE_WEB_TOKEN_FILE);
    c->web.role = (struct cilp_role){
        cilp_chain_value(c, p, CILP_PROFILE_ROLE_ARN),
        cilp_chain_value(c, p, CILP_PROFILE_SESSION_NAME), NULL, 0};
    if (!c->web.role.arn)
        return cilp_chain_stop(
            c,
            "a web identity without a role: set AWS_ROLE_ARN,"
            " or role_arn in the @",
            NULL);
    c->web.sts_endpoint = c->sts_endpoint;
    c->arg = &c->web;
    return NULL;
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    cilp_chain_name_session(c, &c->web.role, call->now);
    c->web.token = c->text;
    return cilp_chain_read_token(c, c->path, CILP_WEB_TOKEN_MAX, 0x21);
}

const struct cilp_kind cilp_kind_web_identity = {&cilp_creds_web_identity, take,
                                                 prepare};
