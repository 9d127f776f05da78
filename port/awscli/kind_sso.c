#include <string.h>

#include "core/json.h"
#include "core/utc.h"
#include "port/awscli/kind.h"
#include "port/why.h"

/* The four values, of the profile or the sso-session, which must not differ. */
static bool read_values(struct cilp_chain *c, const struct cilp_profile *p,
                        const char *v[4])
{
    static const uint8_t keys[] = {
        CILP_PROFILE_SSO_ROLE, CILP_PROFILE_SSO_ACCOUNT,
        CILP_PROFILE_SSO_START_URL, CILP_PROFILE_SSO_REGION};

    for (int i = 0; i < 4; i++) {
        const char *name =
            cilp_profile_key_name((enum cilp_profile_key)keys[i]);
        const char *of_session = c->other.value[keys[i]];

        v[i] = p->value[keys[i]];
        if (v[i] && of_session && strcmp(v[i], of_session) != 0) {
            cilp_chain_stop(c, "the @ and its sso-session differ in %", name);
            return false;
        }
        if (!v[i])
            v[i] = of_session;
        if (!v[i]) {
            cilp_chain_stop(c, "the @ is to use SSO, but has no %", name);
            return false;
        }
    }
    return true;
}

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *session = p->value[CILP_PROFILE_SSO_SESSION], *v[4];

    memset(&c->other, 0, sizeof c->other);
    if ((session && !cilp_chain_read_other(c, "sso-session", session)) ||
        !read_values(c, p, v) ||
        !cilp_chain_check_url(c, c->sso_endpoint, "the endpoint of SSO") ||
        !cilp_cache_find(c, "~/.aws/sso/cache", CILP_PORT_SHA1,
                         session ? session : v[2]))
        return cilp_chain_stopped;
    c->sso = (struct cilp_sso){NULL, v[1], v[0], v[3], c->sso_endpoint};
    c->arg = &c->sso;
    return NULL;
}

#define LOGIN "; run 'aws sso login' where a browser is"

/* What is no time has expired, too. */
static bool has_expired(const char *s, struct cilp_now now)
{
    int64_t at;

    return !cilp_utc_from_iso(s, strlen(s), &at) ||
           (now.trusted && at <= now.unix_s);
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    static const struct cilp_json_field fields[] = {
        {"accessToken", CILP_JSON_STRING}, {"expiresAt", CILP_JSON_STRING}};
    const char *v[2];
    enum cilp_what what;

    if (!cilp_cache_read(c, LOGIN))
        return false;
    what = cilp_json_read(c->text, c->len, sizeof c->text, fields, 2, v, NULL);
    c->sso.access_token = v[0];
    if (!what && v[0] && v[1] && !has_expired(v[1], call->now))
        return true;
    cilp_chain_stop(c, "% ", c->path);
    cilp_why_add(c->why, what           ? cilp_what_text(what)
                         : v[0] && v[1] ? "holds a session that has expired"
                                        : "holds no accessToken and expiresAt");
    cilp_why_add(c->why, LOGIN);
    return false;
}

const struct cilp_kind cilp_kind_sso = {&cilp_creds_sso, take, prepare};
