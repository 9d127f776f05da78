#include "port/awscli/chain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "port/awscli/kind.h"
#include "port/why.h"

/* see kind.h */
const char cilp_chain_stopped[] = "";

static const char not_linked[] = "this program was built without that source";

/* see kind.h */
const char *cilp_chain_stop(struct cilp_chain *c, const char *form,
                            const char *x)
{
    char one[2] = "";

    cilp_why_clear(c->why);
    for (; *form; form++) {
        one[0] = *form;
        if (*form == '@') {
            cilp_why_add(c->why, "profile '");
            cilp_why_add(c->why, c->at);
            one[0] = '\'';
        }
        cilp_why_add(c->why, *form == '%' ? x : one);
    }
    return cilp_chain_stopped;
}

/* see kind.h */
const char *cilp_chain_look(struct cilp_chain *c, const struct cilp_profile *p,
                            enum cilp_chain_kind kind)
{
    const struct cilp_kind *row = cilp_chain_linked[kind];
    const char *reason = cilp_chain_unasked(c, p, kind);

    c->base = kind;
    if (!reason && !row)
        return kind == CILP_CHAIN_IMDS /* nobody asks for the last resort */
                   ? not_linked
                   : cilp_chain_stop(
                         c,
                         "'%' has the credentials, and this program was built"
                         " without that source",
                         cilp_chain_kind_name(kind));
    if (reason)
        return reason;
    c->source = row->source; /* unless take() finds another one in its place */
    return row->take(c, p);
}

/* see kind.h */
bool cilp_chain_read_other(struct cilp_chain *c, const char *kind,
                           const char *name)
{
    if (!cilp_profiles_read_other(&c->files, &c->other, kind, name))
        cilp_chain_stop(c, "%", c->files.why);
    else if (!c->other.found)
        cilp_chain_stop(c, "the @ names '%', for which there is no section",
                        name);
    else
        return true;
    return false;
}

/* ---- The choice --------------------------------------------------------- */

/* A file that is there and cannot be read might have named who is to be used:
 * nobody else is. One that was asked for and is missing is told. */
static bool check_file(struct cilp_chain *c, const struct cilp_profile_file *f,
                       const char *names, const char *way_out)
{
    if (f->seen == CILP_PROFILE_BAD) {
        cilp_chain_stop(c, "% ", f->path);
        cilp_why_add(c->why, f->fault);
        cilp_why_add(c->why, way_out);
        return false;
    }
    if (f->variable && c->note &&
        (f->seen == CILP_PROFILE_NOTHING || f->seen == CILP_PROFILE_NO_HOME))
        c->note(names, f->path,
                f->seen == CILP_PROFILE_NOTHING
                    ? ", which does not exist: nothing is read there"
                    : ", and HOME is not set: nothing is read there");
    return true;
}

static bool check_files(struct cilp_chain *c)
{
    if (c->files.is_loose && c->note)
        c->note("", c->files.credentials,
                " can be read by others than its owner; chmod 600 mends that");
    return check_file(c, &c->files.files[0], "AWS_CONFIG_FILE names ",
                      "; AWS_CONFIG_FILE=/dev/null leaves it out") &&
           check_file(c, &c->files.files[1],
                      "AWS_SHARED_CREDENTIALS_FILE names ",
                      "; AWS_SHARED_CREDENTIALS_FILE=/dev/null leaves it out");
}

/* Where it was looked for. */
static void stop_unfound(struct cilp_chain *c, const char *name)
{
    cilp_chain_stop(c, "The config profile (%) could not be found", name);
    for (int i = 0; i < 2; i++) {
        const struct cilp_profile_file *f = &c->files.files[i];

        cilp_why_add(c->why, i == 0 ? " in " : " or ");
        cilp_why_add(c->why, f->path);
        if (f->seen == CILP_PROFILE_NOTHING)
            cilp_why_add(c->why, " (which does not exist)");
        if (f->seen == CILP_PROFILE_NO_HOME)
            cilp_why_add(c->why, " (HOME is not set)");
    }
    cilp_why_add(c->why, "; give --profile or AWS_PROFILE another name");
}

static bool read_profile(struct cilp_chain *c, const char *given)
{
    c->name = given;
    if (!c->name)
        c->name = cilp_chain_variable("AWS_PROFILE");
    if (!c->name)
        c->name = cilp_chain_variable("AWS_DEFAULT_PROFILE");
    given = c->name;
    if (!given)
        c->name = "default";
    c->at = c->name;
    cilp_profiles_open(&c->files);
    if (!check_files(c))
        return false;
    if (!cilp_profiles_read(&c->files, &c->profile, c->name))
        cilp_chain_stop(c, "%", c->files.why);
    else if (given && !c->profile.found)
        stop_unfound(c, given);
    else
        return true;
    return false;
}

/* The service's own variable, the one for all, then the files in that order. */
static const char *find_endpoint(struct cilp_chain *c,
                                 enum cilp_profile_key key)
{
    const char *value;

    cilp_profile_variable(c->from, key);
    value = cilp_chain_variable(c->from);
    if (!value)
        value = cilp_chain_variable("AWS_ENDPOINT_URL");
    if (!value)
        value = c->other.value[key];
    if (!value)
        value = c->profile.value[CILP_PROFILE_ENDPOINT_URL];
    return value;
}

static bool read_settings(struct cilp_chain *c)
{
    const struct cilp_profile *p = &c->profile;
    const char *services = p->value[CILP_PROFILE_SERVICES];
    bool ignored;

    memset(&c->other, 0, sizeof c->other);
    if (!cilp_chain_bool(c, p, CILP_PROFILE_FIPS, &c->fips) ||
        !cilp_chain_bool(c, p, CILP_PROFILE_DUAL_STACK, &c->dual_stack) ||
        !cilp_chain_bool(c, p, CILP_PROFILE_IGNORE_ENDPOINTS, &ignored))
        return false;
    c->ec2_endpoint = c->sts_endpoint = c->sso_endpoint = NULL;
    c->anywhere_endpoint = NULL;
    if (ignored)
        return true;
    if (services && !cilp_chain_read_other(c, "services", services))
        return false;
    c->ec2_endpoint = find_endpoint(c, CILP_PROFILE_EC2);
    c->sts_endpoint = find_endpoint(c, CILP_PROFILE_STS);
    c->sso_endpoint = find_endpoint(c, CILP_PROFILE_SSO);
    c->anywhere_endpoint = find_endpoint(c, CILP_PROFILE_ROLES_ANYWHERE);
    return true;
}

/* CILP_CHAIN_KINDS: no such kind. */
static enum cilp_chain_kind find_kind(const char *name)
{
    int kind = 0;

    while (kind < CILP_CHAIN_KINDS &&
           strcmp(name, cilp_chain_kind_name((enum cilp_chain_kind)kind)) != 0)
        kind++;
    return (enum cilp_chain_kind)kind;
}

/* One kind: why it has no keys. */
static const char *look_at(struct cilp_chain *c, enum cilp_chain_kind kind,
                           enum cilp_chain_kind only)
{
    if (kind == only && !cilp_chain_linked[kind])
        return not_linked;
    if (kind == CILP_CHAIN_ENVIRONMENT && c->by_profile && !c->pinned)
        return "--profile was given";
    return cilp_chain_look(c, &c->profile, kind);
}

/* The first kind that has keys. only: CILP_CHAIN_KINDS, or the one that may. */
static bool look_at_all(struct cilp_chain *c, enum cilp_chain_kind only)
{
    for (int i = 0; i < CILP_CHAIN_KINDS; i++) {
        const char *reason;

        c->path = c->certificate = c->private_key = NULL;
        c->for_helper = false;
        c->skipped[i] = "--credentials names another source";
        if (only != CILP_CHAIN_KINDS && (int)only != i)
            continue;
        reason = look_at(c, (enum cilp_chain_kind)i, only);
        c->skipped[i] = reason && *reason ? reason : NULL;
        if (!reason)
            c->kind = (enum cilp_chain_kind)i;
        if (!c->skipped[i])
            return !reason;
    }
    if (only != CILP_CHAIN_KINDS)
        cilp_chain_stop(c, "no credentials from that source: %",
                        c->skipped[only]);
    else
        cilp_chain_stop(c,
                        "no credentials: the environment, the @ and a container"
                        " have none, and of instance metadata: %; set"
                        " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                        " AWS_PROFILE",
                        c->skipped[CILP_CHAIN_IMDS]);
    return false;
}

/* see chain.h */
bool cilp_chain_choose(struct cilp_chain *c, const char *profile,
                       const char *pin)
{
    enum cilp_chain_kind only = pin ? find_kind(pin) : CILP_CHAIN_KINDS;

    c->kind = CILP_CHAIN_KINDS;
    c->by_profile = profile != NULL;
    c->pinned = pin != NULL;
    memset(c->skipped, 0, sizeof c->skipped);
    /* what variables say holds, whatever is wrong with a file */
    memset(&c->profile, 0, sizeof c->profile);
    if (pin && only == CILP_CHAIN_KINDS) {
        cilp_chain_stop(c, "--credentials % is none of the sources; see --help",
                        pin);
        return false;
    }
    return read_settings(c) && read_profile(c, profile) && read_settings(c) &&
           look_at_all(c, only);
}

/* see chain.h */
const struct cilp_imds *cilp_chain_metadata(struct cilp_chain *c)
{
    const struct cilp_kind *imds = cilp_chain_linked[CILP_CHAIN_IMDS];
    const void *arg = c->arg;
    const char *reason;

    if (!imds || cilp_chain_unasked(c, &c->profile, CILP_CHAIN_IMDS))
        return NULL;
    reason = imds->take(c, &c->profile);
    c->arg = arg; /* the choice stands */
    return reason ? NULL : &c->imds;
}

#define WAIT_NAMED_MS 30000
#define WAIT_LAST_MS  3000

/* see chain.h */
uint32_t cilp_chain_wait_ms(const struct cilp_chain *c)
{
    bool is_named = c->pinned || c->kind == CILP_CHAIN_ASSUME_ROLE ||
                    c->imds.endpoint;

    if (c->kind == CILP_CHAIN_KINDS)
        return 0;
    if (c->base == CILP_CHAIN_CONTAINER)
        return WAIT_NAMED_MS;
    if (c->base != CILP_CHAIN_IMDS || c->imds.attempts)
        return 0;
    return is_named ? WAIT_NAMED_MS : WAIT_LAST_MS;
}

/* ---- Before and after the source is asked ------------------------------- */

static bool prepare(struct cilp_chain *c, enum cilp_chain_kind kind,
                    const struct cilp_kind_call *call)
{
    const struct cilp_kind *row = cilp_chain_linked[kind];

    return !row->prepare || row->prepare(c, call);
}

/* see chain.h */
bool cilp_chain_prepare(struct cilp_chain *c, struct cilp_now now,
                        uint32_t deadline_ms, const void *mask)
{
    struct cilp_kind_call call = {now, deadline_ms, mask};
    bool ready;

    cilp_chain_put_away(c);
    ready = prepare(c, c->base, &call) &&
            (c->kind == c->base || prepare(c, c->kind, &call));
    if (!ready) /* what was read may be a secret all the same */
        cilp_chain_put_away(c);
    return ready;
}

/* see chain.h */
void cilp_chain_put_away(struct cilp_chain *c)
{
    explicit_bzero(c->text, c->len);
    c->len = 0;
}

/* see chain.h */
void cilp_chain_forget_said(struct cilp_chain *c)
{
    explicit_bzero(c->process.err, sizeof c->process.err);
}

static bool is_secret(const char *entry)
{
    static const char *const names[] = {
        "AWS_SECRET_ACCESS_KEY=", "AWS_SESSION_TOKEN=", "AWS_SECURITY_TOKEN=",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN="};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(entry, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* see chain.h. Behind a NUL that was written over blanks there are blanks
 * alone; a name may stand in the environment twice. */
void cilp_chain_forget(struct cilp_chain *c)
{
    for (char **e = environ; e && *e; e++) {
        char *value = strchr(*e, '=');

        if (value && is_secret(*e))
            explicit_bzero(value + 1, strlen(value + 1));
    }
    cilp_profiles_forget(&c->files);
    cilp_chain_put_away(c);
    cilp_chain_forget_said(c);
}
