#include <stdlib.h>
#include <string.h>

#include "core/utc.h"
#include "port/awscli/kind.h"

static const char BLANKS[] = " \t\r\n";

static const char *const names[CILP_PROFILE_STATIC_KEYS] = {
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN"};

/* The variable's value without blanks around it (a line end out of a file or a
 * secret store is the usual one); NULL if nothing is left. */
static const char *trimmed(struct cilp_chain *c, const char *name)
{
    char *value = getenv(name), *end;

    if (!value)
        return NULL;
    end = value + strlen(value);
    while (end > value && strchr(BLANKS, end[-1]))
        end--;
    if (end == value)
        return NULL;
    if ((*end || strchr(BLANKS, *value)) && c->note)
        c->note("blanks around the value of ", name, " were left out");
    *end = '\0';
    return value + strspn(value, BLANKS);
}

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *v[CILP_PROFILE_STATIC_KEYS];

    (void)p;
    for (int i = 0; i < CILP_PROFILE_STATIC_KEYS; i++)
        v[i] = trimmed(c, names[i]);
    return cilp_written_take(c, v, "env", names);
}

/* Told by who has put keys into the environment: nobody can be asked for new
 * ones, so it is a remark and no more. */
static void read_expiry(struct cilp_chain *c)
{
    const char *s = getenv("AWS_CREDENTIAL_EXPIRATION");

    c->expires_s = 0;
    if (s)
        (void)cilp_utc_from_iso(s, strlen(s), &c->expires_s);
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    (void)call;
    if (c->kind == CILP_CHAIN_ENVIRONMENT) /* else a role's keys are used */
        read_expiry(c);
    return cilp_written_check(c, NULL);
}

const struct cilp_kind cilp_kind_environment = {&cilp_creds_static, take,
                                                prepare};
