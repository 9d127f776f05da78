#include <string.h>

#include "port/awscli/kind.h"

#define CONTAINER "AWS_CONTAINER_CREDENTIALS_"

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *relative = cilp_chain_variable(CONTAINER "RELATIVE_URI");
    const char *full = cilp_chain_variable(CONTAINER "FULL_URI");

    (void)p;
    c->container.uri = relative ? relative : full;
    if (relative && *relative != '/')
        return cilp_chain_stop(
            c, CONTAINER "RELATIVE_URI does not begin with a /", NULL);
    if (!relative && strncmp(full, "http://", 7) != 0 &&
        strncmp(full, "https://", 8) != 0)
        return cilp_chain_stop(c,
                               CONTAINER "FULL_URI begins with neither http://"
                                         " nor https://",
                               NULL);
    if (!relative && !cilp_chain_check_url(c, full, CONTAINER "FULL_URI"))
        return cilp_chain_stopped;
    c->arg = &c->container;
    return NULL;
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    const char *path =
        cilp_chain_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");

    (void)call;
    c->container.authorization =
        cilp_chain_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!path)
        return true;
    c->path = path;
    c->container.authorization = c->text;
    return cilp_chain_read_token(c, path, CILP_TOKEN_MAX,
                                 ' '); /* "Basic ..." */
}

const struct cilp_kind cilp_kind_container = {&cilp_creds_container, take,
                                              prepare};
