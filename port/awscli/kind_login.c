#include "port/awscli/kind.h"

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *folder = cilp_chain_variable("AWS_LOGIN_CACHE_DIRECTORY");

    if (!cilp_cache_find(c, folder ? folder : "~/.aws/login/cache",
                         CILP_PORT_SHA256,
                         p->value[CILP_PROFILE_LOGIN_SESSION]))
        return cilp_chain_stopped;
    c->arg = &c->json;
    return NULL;
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    (void)call;
    if (!cilp_cache_read(c, "; run 'aws login' where a browser is"))
        return false;
    c->json = (struct cilp_json_creds){c->text, c->len, sizeof c->text,
                                       CILP_JSON_LOGIN};
    return true;
}

const struct cilp_kind cilp_kind_login = {&cilp_creds_json, take, prepare};
