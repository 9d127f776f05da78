#include "port/awscli/kind.h"

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    return cilp_written_take_file(c, p->config, c->files.config);
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    (void)call;
    return cilp_written_check(c, c->files.config);
}

const struct cilp_kind cilp_kind_config_file = {&cilp_creds_static, take,
                                                prepare};
