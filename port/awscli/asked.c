/*
 * asked.c - what asks for each kind of source. Of those, too, that the image was
 * built without: whoever asks for one is told so, and gets no other in its place.
 */
#include "port/awscli/kind.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef bool is_asked(struct cilp_chain *c, const struct cilp_profile *p);

/* see kind.h */
const char *cilp_chain_value(struct cilp_chain *c, const struct cilp_profile *p,
                             enum cilp_profile_key key)
{
    return c->by_profile || p != &c->profile
               ? p->value[key]
               : cilp_profile_setting(p, key, c->from);
}

static bool asks_roles_anywhere(struct cilp_chain *c,
                                const struct cilp_profile *p)
{
    return cilp_chain_value(c, p, CILP_PROFILE_TRUST_ANCHOR_ARN) ||
           cilp_chain_value(c, p, CILP_PROFILE_ANYWHERE_PROFILE_ARN);
}

/* see kind.h */
bool cilp_chain_has_role(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *const *v = p->value;

    if (!v[CILP_PROFILE_ROLE_ARN] || v[CILP_PROFILE_WEB_TOKEN_FILE])
        return false;
    /* a certificate's, unless it is said whose keys assume it */
    return v[CILP_PROFILE_SOURCE_PROFILE] ||
           v[CILP_PROFILE_CREDENTIAL_SOURCE] || !asks_roles_anywhere(c, p);
}

/* Blanks alone are nothing. */
static bool has_text(const char *name)
{
    const char *value = getenv(name);

    return value && value[strspn(value, " \t\r\n")];
}

static bool asks_environment(struct cilp_chain *c, const struct cilp_profile *p)
{
    (void)c;
    (void)p;
    return has_text("AWS_ACCESS_KEY_ID") || has_text("AWS_SECRET_ACCESS_KEY");
}

static bool asks_assume_role(struct cilp_chain *c, const struct cilp_profile *p)
{
    return cilp_chain_has_role(c, p);
}

static bool asks_web_identity(struct cilp_chain *c,
                              const struct cilp_profile *p)
{
    return cilp_chain_value(c, p, CILP_PROFILE_WEB_TOKEN_FILE) != NULL;
}

static bool asks_sso(struct cilp_chain *c, const struct cilp_profile *p)
{
    (void)c;
    return p->value[CILP_PROFILE_SSO_ACCOUNT] ||
           p->value[CILP_PROFILE_SSO_ROLE];
}

static bool asks_credentials_file(struct cilp_chain *c,
                                  const struct cilp_profile *p)
{
    (void)c;
    return p->value[CILP_PROFILE_KEY_ID] || p->value[CILP_PROFILE_SECRET];
}

static bool asks_login(struct cilp_chain *c, const struct cilp_profile *p)
{
    (void)c;
    return p->value[CILP_PROFILE_LOGIN_SESSION] != NULL;
}

static bool asks_process(struct cilp_chain *c, const struct cilp_profile *p)
{
    (void)c;
    return p->value[CILP_PROFILE_PROCESS] != NULL;
}

static bool asks_config_file(struct cilp_chain *c, const struct cilp_profile *p)
{
    (void)c;
    return p->config[0] || p->config[1];
}

static bool asks_container(struct cilp_chain *c, const struct cilp_profile *p)
{
    (void)c;
    (void)p;
    return cilp_chain_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
           cilp_chain_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

static bool asks_iot(struct cilp_chain *c, const struct cilp_profile *p)
{
    return cilp_chain_value(c, p, CILP_PROFILE_IOT_ENDPOINT) ||
           cilp_chain_value(c, p, CILP_PROFILE_IOT_ROLE_ALIAS);
}

/* The last resort. */
static bool asks_imds(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *off = getenv("AWS_EC2_METADATA_DISABLED");

    (void)c;
    (void)p;
    return !off || strcasecmp(off, "true") != 0;
}

static const struct {
    is_asked *asks;
    const char *if_not;
} rows[CILP_CHAIN_KINDS] = {
    [CILP_CHAIN_ENVIRONMENT] = {asks_environment,
                                "AWS_ACCESS_KEY_ID is not set"},
    [CILP_CHAIN_ASSUME_ROLE] = {asks_assume_role,
                                "there is no role_arn to be assumed with other"
                                " keys"},
    [CILP_CHAIN_WEB_IDENTITY] = {asks_web_identity,
                                 "there is no web_identity_token_file"},
    [CILP_CHAIN_SSO] = {asks_sso, "there is no sso_account_id"},
    [CILP_CHAIN_CREDENTIALS_FILE] = {asks_credentials_file,
                                     "there is no aws_access_key_id"},
    [CILP_CHAIN_LOGIN] = {asks_login, "there is no login_session"},
    [CILP_CHAIN_PROCESS] = {asks_process, "there is no credential_process"},
    [CILP_CHAIN_CONFIG_FILE] = {asks_config_file,
                                "there is no aws_access_key_id"},
    [CILP_CHAIN_CONTAINER] = {asks_container,
                              "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and"
                              " ..._FULL_URI are not set"},
    [CILP_CHAIN_IOT] = {asks_iot, "there is no cilp_iot_endpoint"},
    [CILP_CHAIN_ROLES_ANYWHERE] = {asks_roles_anywhere,
                                   "there is no cilp_rolesanywhere_"
                                   "trust_anchor_arn"},
    [CILP_CHAIN_IMDS] = {asks_imds, "AWS_EC2_METADATA_DISABLED is true"},
};

/* see kind.h */
const char *cilp_chain_unasked(struct cilp_chain *c,
                               const struct cilp_profile *p,
                               enum cilp_chain_kind kind)
{
    return rows[kind].asks(c, p) ? NULL : rows[kind].if_not;
}
