#include "port/awscli/kind.h"

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    return cilp_written_take_file(c, p->value + CILP_PROFILE_KEY_ID,
                                  c->files.credentials);
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    (void)call;
    return cilp_written_check(c, c->files.credentials);
}

const struct cilp_kind cilp_kind_credentials_file = {&cilp_creds_static, take,
                                                     prepare};
