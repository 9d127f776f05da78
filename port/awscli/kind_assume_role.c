#include <string.h>

#include "port/awscli/kind.h"
#include "port/why.h"

static bool has_keys(const struct cilp_profile *p)
{
    return p->value[CILP_PROFILE_KEY_ID] || p->value[CILP_PROFILE_SECRET] ||
           p->config[0] || p->config[1];
}

/* The first role that is assumed comes last: from the array's end. */
static bool add_role(struct cilp_chain *c, const struct cilp_profile *p)
{
    struct cilp_role *r;
    const char *const *v = p->value;

    if (v[CILP_PROFILE_MFA_SERIAL]) {
        cilp_chain_stop(
            c,
            "the @ has mfa_serial, and this program asks nobody for a"
            " code",
            NULL);
        return false;
    }
    if (c->assume.n_roles == CILP_ROLES_MAX) {
        cilp_chain_stop(
            c, "too many roles one after the other, with that of the @", NULL);
        return false;
    }
    r = &c->roles[CILP_ROLES_MAX - ++c->assume.n_roles];
    *r = (struct cilp_role){v[CILP_PROFILE_ROLE_ARN],
                            v[CILP_PROFILE_SESSION_NAME],
                            v[CILP_PROFILE_EXTERNAL_ID], 0};
    return cilp_chain_number(c, v[CILP_PROFILE_DURATION], 43200,
                             "duration_seconds", &r->duration_s);
}

/* credential_source */
static const char *take_named(struct cilp_chain *c, const char *name)
{
    const char *reason;

    if (strcmp(name, "Environment") == 0)
        reason = cilp_chain_look(c, &c->profile, CILP_CHAIN_ENVIRONMENT);
    else if (strcmp(name, "EcsContainer") == 0)
        reason = cilp_chain_look(c, &c->profile, CILP_CHAIN_CONTAINER);
    else if (strcmp(name, "Ec2InstanceMetadata") == 0)
        reason = cilp_chain_look(c, &c->profile, CILP_CHAIN_IMDS);
    else
        reason = "it is not Environment, EcsContainer or Ec2InstanceMetadata";
    return reason && *reason
               ? cilp_chain_stop(c, "credential_source of the @: %", reason)
               : reason;
}

/* What a profile gives by itself, without its role. */
static const char *take_profile(struct cilp_chain *c,
                                const struct cilp_profile *p)
{
    for (int i = CILP_CHAIN_WEB_IDENTITY; i <= CILP_CHAIN_ROLES_ANYWHERE; i++) {
        const char *reason;

        if (i == CILP_CHAIN_CONTAINER) /* the environment's */
            continue;
        reason = cilp_chain_look(c, p, (enum cilp_chain_kind)i);

        if (!reason || !*reason)
            return reason;
    }
    return cilp_chain_stop(c, "the source @ has no credentials", NULL);
}

/* "a -> b -> a": the way from the first profile to `again`. */
static const char *stop_loop(struct cilp_chain *c, const char *const *names,
                             int n, const char *again)
{
    cilp_chain_stop(c, "source_profile leads in a circle: ", NULL);
    for (int i = 0; i < n; i++) {
        cilp_why_add(c->why, names[i]);
        cilp_why_add(c->why, " -> ");
    }
    cilp_why_add(c->why, again);
    return cilp_chain_stopped;
}

/* Go from the profile at c->at to its source_profile. */
static const char *follow(struct cilp_chain *c, const char *source,
                          const char **names, int n)
{
    bool is_same = strcmp(source, c->at) == 0, was_there = false;

    for (int i = 0; i < n; i++)
        was_there |= strcmp(source, names[i]) == 0;
    if (!cilp_profiles_read(&c->files, &c->sourced, source))
        return cilp_chain_stop(c, "%", c->files.why);
    if (!c->sourced.found)
        return cilp_chain_stop(
            c,
            "the @ names the source_profile '%', which does not"
            " exist",
            source);
    /* a profile may have the keys for its own role */
    if (was_there && !(is_same && has_keys(&c->sourced)))
        return stop_loop(c, names, n, source);
    c->at = source;
    return NULL;
}

/* From the profile to the one that has no role to be assumed first. */
static const char *find_base(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *names[CILP_ROLES_MAX + 1];

    for (int n = 0;; p = &c->sourced) {
        const char *source = p->value[CILP_PROFILE_SOURCE_PROFILE];
        const char *named = p->value[CILP_PROFILE_CREDENTIAL_SOURCE];

        if (!add_role(c, p))
            return cilp_chain_stopped;
        if ((source != NULL) == (named != NULL))
            return cilp_chain_stop(
                c, "the @ with its role_arn has %",
                source ? "both source_profile and credential_source"
                       : "neither source_profile nor credential_source");
        if (named)
            return take_named(c, named);
        names[n++] = c->at;
        if (follow(c, source, names, n))
            return cilp_chain_stopped;
        if (has_keys(&c->sourced) || !cilp_chain_has_role(c, &c->sourced))
            return take_profile(c, &c->sourced);
    }
}

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    struct cilp_assume_role *a = &c->assume;
    const char *reason;

    a->n_roles = 0;
    reason = find_base(c, p);
    if (reason)
        return reason;
    a->base = c->source;
    a->base_arg = c->arg;
    a->roles = &c->roles[CILP_ROLES_MAX - a->n_roles];
    a->sts_endpoint = c->sts_endpoint;
    c->source = &cilp_creds_assume_role; /* and no more that of the base */
    c->arg = a;
    return NULL;
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    for (int i = 0; i < CILP_ROLES_MAX; i++)
        cilp_chain_name_session(c, &c->roles[i], call->now);
    return true;
}

const struct cilp_kind cilp_kind_assume_role = {&cilp_creds_assume_role, take,
                                                prepare};
