#include "port/awscli/kind.h"
#include "port/why.h"

#define WANTED "IAM Roles Anywhere"

/* Where the fault is that core has found. */
static enum cilp_profile_key key_of(enum cilp_what what)
{
    if (what == CILP_WHAT_ANYWHERE_PROFILE)
        return CILP_PROFILE_ANYWHERE_PROFILE_ARN;
    if (what == CILP_WHAT_ANYWHERE_ROLE)
        return CILP_PROFILE_ROLE_ARN;
    if (what == CILP_WHAT_SESSION_NAME)
        return CILP_PROFILE_SESSION_NAME;
    if (what == CILP_WHAT_DURATION)
        return CILP_PROFILE_DURATION;
    return CILP_PROFILE_TRUST_ANCHOR_ARN;
}

/* All three, for one of them does not belong to the others. */
static const char *stop_two(struct cilp_chain *c, enum cilp_what what)
{
    const struct cilp_roles_anywhere *in = &c->anywhere;

    cilp_chain_stop(c, "%: ", cilp_what_text(what));
    cilp_why_add(c->why, in->trust_anchor_arn);
    cilp_why_add(c->why, ", ");
    cilp_why_add(c->why, in->profile_arn);
    cilp_why_add(c->why, ", ");
    cilp_why_add(c->why, in->role_arn);
    return cilp_chain_stopped;
}

static const char *check(struct cilp_chain *c, const struct cilp_profile *p)
{
    enum cilp_what what = cilp_roles_anywhere_fault(&c->anywhere);

    if (!what)
        return NULL;
    if (what == CILP_WHAT_TWO_PARTITIONS || what == CILP_WHAT_TWO_REGIONS)
        return stop_two(c, what);
    return cilp_certificate_stop(c, p, key_of(what), what);
}

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    static const uint8_t keys[] = {CILP_PROFILE_TRUST_ANCHOR_ARN,
                                   CILP_PROFILE_ANYWHERE_PROFILE_ARN,
                                   CILP_PROFILE_ROLE_ARN};
    const char *v[3];

    for (int i = 0; i < 3; i++) {
        v[i] = cilp_certificate_value(c, p, (enum cilp_profile_key)keys[i],
                                      WANTED);
        if (!v[i])
            return cilp_chain_stopped;
    }
    if (!cilp_certificate_take(c, p, WANTED) ||
        !cilp_chain_check_url(c, c->anywhere_endpoint,
                              "the endpoint of Roles Anywhere"))
        return cilp_chain_stopped;
    c->anywhere = (struct cilp_roles_anywhere){
        v[0], v[1],
        v[2], cilp_chain_value(c, p, CILP_PROFILE_SESSION_NAME),
        0,    c->anywhere_endpoint,
        NULL};
    if (!cilp_chain_number(c, p->value[CILP_PROFILE_DURATION], 43200,
                           "duration_seconds", &c->anywhere.duration_s))
        return cilp_chain_stopped;
    c->arg = &c->anywhere;
    return check(c, p);
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    (void)call;
    c->anywhere.identity = c->identity;
    return true;
}

const struct cilp_kind cilp_kind_roles_anywhere = {&cilp_creds_roles_anywhere,
                                                   take, prepare};
