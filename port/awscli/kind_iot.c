#include <string.h>

#include "port/awscli/kind.h"

#define WANTED "AWS IoT's credential provider"

/* As `aws iot describe-endpoint` tells it, a host alone. */
static const char *find_url(struct cilp_chain *c, const char *endpoint)
{
    struct cilp_profile_room *r = &c->files.room;

    if (strstr(endpoint, "://"))
        return endpoint;
    cilp_profile_put(r, "https://");
    cilp_profile_put(r, endpoint);
    return cilp_profile_end(r);
}

static const char *check(struct cilp_chain *c, const struct cilp_profile *p)
{
    enum cilp_what what = cilp_iot_fault(&c->iot);

    if (!what)
        return NULL;
    return cilp_certificate_stop(c, p,
                                 what == CILP_WHAT_THING_NAME
                                     ? CILP_PROFILE_IOT_THING_NAME
                                     : CILP_PROFILE_IOT_ROLE_ALIAS,
                                 what);
}

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *endpoint =
        cilp_certificate_value(c, p, CILP_PROFILE_IOT_ENDPOINT, WANTED);
    const char *alias;

    if (!endpoint)
        return cilp_chain_stopped;
    alias = cilp_certificate_value(c, p, CILP_PROFILE_IOT_ROLE_ALIAS, WANTED);
    if (!alias || !cilp_certificate_take(c, p, WANTED))
        return cilp_chain_stopped;
    endpoint = find_url(c, endpoint);
    if (!endpoint)
        return cilp_chain_stop(c, "cilp_iot_endpoint is too long", NULL);
    if (!cilp_chain_check_url(c, endpoint, "cilp_iot_endpoint"))
        return cilp_chain_stopped;
    c->iot = (struct cilp_iot){
        endpoint, alias, cilp_chain_value(c, p, CILP_PROFILE_IOT_THING_NAME),
        NULL};
    c->arg = &c->iot;
    return check(c, p);
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    (void)call;
    c->iot.identity = c->identity;
    return true;
}

const struct cilp_kind cilp_kind_iot = {&cilp_creds_iot, take, prepare};
