/*
 * chain_text.h - a choice of the chain as one line of text.
 */
#ifndef CHAIN_TEXT_H
#define CHAIN_TEXT_H

#include <stdio.h>
#include <string.h>

#include "port/awscli/chain.h"

static inline const char *or_none(const char *s)
{
    return s ? s : "-";
}

/* What the source of that kind was given. */
static inline int chain_arg(const struct cilp_chain *c,
                            enum cilp_chain_kind kind, char *to, size_t cap)
{
    switch (kind) {
    case CILP_CHAIN_ENVIRONMENT:
    case CILP_CHAIN_CREDENTIALS_FILE:
    case CILP_CHAIN_CONFIG_FILE:
        return snprintf(to, cap, "%s %s %s", c->keys.key_id, c->keys.secret,
                        or_none(c->keys.token));
    case CILP_CHAIN_WEB_IDENTITY:
        return snprintf(to, cap, "%s %s %s", c->path, c->web.role.arn,
                        or_none(c->web.role.session_name));
    case CILP_CHAIN_SSO:
        return snprintf(to, cap, "%s %s %s %.13s", c->sso.account_id,
                        c->sso.role_name, c->sso.region,
                        strrchr(c->path, '/') + 1);
    case CILP_CHAIN_LOGIN:
        return snprintf(to, cap, "%.13s", strrchr(c->path, '/') + 1);
    case CILP_CHAIN_PROCESS: return snprintf(to, cap, "%s", c->command);
    case CILP_CHAIN_CONTAINER: return snprintf(to, cap, "%s", c->container.uri);
    case CILP_CHAIN_IOT:
        return snprintf(to, cap, "%s %s %s %s %s", c->iot.endpoint,
                        c->iot.role_alias, or_none(c->iot.thing_name),
                        c->certificate, c->private_key);
    case CILP_CHAIN_ROLES_ANYWHERE:
        return snprintf(
            to, cap, "%s %s %s %s %u %s %s %s",
            strrchr(c->anywhere.trust_anchor_arn, ':') + 1,
            strrchr(c->anywhere.profile_arn, ':') + 1,
            strrchr(c->anywhere.role_arn, ':') + 1,
            or_none(c->anywhere.session_name), (unsigned)c->anywhere.duration_s,
            or_none(c->anywhere.endpoint), c->certificate, c->private_key);
    case CILP_CHAIN_IMDS:
        return snprintf(to, cap, "%s %u %u", or_none(c->imds.endpoint),
                        (unsigned)c->imds.timeout_ms,
                        (unsigned)c->imds.attempts);
    case CILP_CHAIN_ASSUME_ROLE:
    case CILP_CHAIN_KINDS: break;
    }
    return snprintf(to, cap, "?");
}

/* "assume-role(environment: ID SECRET -) ARN NAME EXTERNAL SECONDS; ARN ..." */
static inline const char *chain_text(const struct cilp_chain *c)
{
    static char text[2048];
    int n = snprintf(text, sizeof text, "%s%s", cilp_chain_kind_name(c->kind),
                     c->kind == c->base ? ": " : "(");

    if (c->kind != c->base)
        n += snprintf(text + n, sizeof text - (size_t)n,
                      "%s: ", cilp_chain_kind_name(c->base));
    n += chain_arg(c, c->base, text + n, sizeof text - (size_t)n);
    for (int i = 0; c->kind != c->base && i < c->assume.n_roles; i++) {
        const struct cilp_role *r = &c->assume.roles[i];

        n += snprintf(text + n, sizeof text - (size_t)n, "%s%s %s %s %u",
                      i ? "; " : ") ", r->arn, or_none(r->session_name),
                      or_none(r->external_id), (unsigned)r->duration_s);
    }
    return text;
}

#endif
