#include "port/awscli/chain.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "port/awscli/linked.h"
#include "port/digest.h"
#include "port/posix/why.h"

/* A look at one kind answers NULL: it is taken; or why it is not; or this: no
 * other may be tried, and c->why says why. */
static const char stopped[] = "";

static const char not_linked[] = "this program was built without that source";

/* see chain.h. '@' stands for the profile that is being looked at. */
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
    return stopped;
}

/* What was found is of this kind, and nothing else will do in its place. */
static const char *take(struct cilp_chain *c, enum cilp_chain_kind kind,
                        const void *arg)
{
    c->source = cilp_chain_linked[kind];
    c->arg = arg;
    return c->source ? NULL
                     : cilp_chain_stop(
                           c,
                           "'%' has the credentials, and this program was built"
                           " without that source",
                           cilp_chain_kind_name(kind));
}

/* ---- Keys --------------------------------------------------------------- */

static const char BLANKS[] = " \t\r\n";

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

static const char *half(struct cilp_chain *c, const char *where,
                        const char *name)
{
    cilp_chain_stop(c, "Partial credentials found in %, missing: ", where);
    cilp_why_add(c->why, name);
    cilp_why_add(c->why, "; set it too");
    return stopped;
}

static bool is_same(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

/* v: both keys, and a token by its two names. where: "env", or a file. */
static const char *take_pair(struct cilp_chain *c, const char *const *v,
                             const char *where)
{
    if (!is_same(v[2], v[3]))
        return cilp_chain_stop(c,
                               "session token and security token differ in %;"
                               " leave out the wrong one",
                               where);
    c->keys = (struct cilp_static_creds){v[0], v[1], v[2] ? v[2] : v[3]};
    return take(c, c->base, &c->keys);
}

static enum cilp_profile_key missing(const char *const *v)
{
    return v[0] ? CILP_PROFILE_SECRET : CILP_PROFILE_KEY_ID;
}

static const char *take_file_keys(struct cilp_chain *c, const char *const *v,
                                  const char *file)
{
    if (!v[0] && !v[1])
        return "there is no aws_access_key_id";
    return v[0] && v[1] ? take_pair(c, v, file)
                        : half(c, file, cilp_profile_key_name(missing(v)));
}

static const char *take_environment(struct cilp_chain *c)
{
    const char *v[CILP_PROFILE_STATIC_KEYS];

    for (int i = 0; i < CILP_PROFILE_STATIC_KEYS; i++) {
        cilp_profile_variable(c->from,
                              (enum cilp_profile_key)(CILP_PROFILE_KEY_ID + i));
        v[i] = trimmed(c, c->from);
    }
    if (!v[0] && !v[1])
        return "AWS_ACCESS_KEY_ID is not set";
    cilp_profile_variable(c->from, missing(v));
    return v[0] && v[1] ? take_pair(c, v, "env") : half(c, "env", c->from);
}

static const char *try_environment(struct cilp_chain *c,
                                   const struct cilp_profile *p)
{
    (void)p;
    if (c->by_profile && !c->pinned)
        return "--profile was given";
    return take_environment(c);
}

static const char *try_credentials(struct cilp_chain *c,
                                   const struct cilp_profile *p)
{
    return take_file_keys(c, p->value + CILP_PROFILE_KEY_ID,
                          c->files.credentials);
}

static const char *try_config(struct cilp_chain *c,
                              const struct cilp_profile *p)
{
    return take_file_keys(c, p->config, c->files.config);
}

/* ---- What is asked over the network ------------------------------------- */

/* An empty variable counts as unset. */
static const char *set_variable(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static bool read_bool(struct cilp_chain *c, const struct cilp_profile *p,
                      enum cilp_profile_key key, bool *to)
{
    const char *value = cilp_profile_setting(p, key, c->from);

    *to = value && strcasecmp(value, "true") == 0;
    if (!value || *to || strcasecmp(value, "false") == 0)
        return true;
    cilp_chain_stop(c, "% is neither true nor false", c->from);
    return false;
}

static void note_cut(struct cilp_chain *c, const char *name, uint32_t max)
{
    if (!c->note)
        return;
    cilp_why_clear(c->why);
    cilp_why_add(c->why, " is more than ");
    cilp_why_add_uint(c->why, max);
    cilp_why_add(c->why, ", which is taken instead");
    c->note("", name, c->why);
}

/* s must be a number above 0, and is cut at max: what others can do with is no
 * reason not to cancel. NULL leaves *to as it is. */
static bool read_number(struct cilp_chain *c, const char *s, uint32_t max,
                        const char *name, uint32_t *to)
{
    uint32_t n = 0;

    if (!s)
        return true;
    for (; *s >= '0' && *s <= '9'; s++)
        n = n <= max ? n * 10 + (uint32_t)(*s - '0') : n;
    if (*s || n == 0) {
        cilp_chain_stop(c, "% is no number above 0", name);
        return false;
    }
    if (n > max)
        note_cut(c, name, max);
    *to = n <= max ? n : max;
    return true;
}

#define CONTAINER "AWS_CONTAINER_CREDENTIALS_"

static const char *try_container(struct cilp_chain *c,
                                 const struct cilp_profile *p)
{
    const char *relative = set_variable(CONTAINER "RELATIVE_URI");
    const char *full = set_variable(CONTAINER "FULL_URI");

    (void)p;
    c->container.uri = relative ? relative : full;
    if (!c->container.uri)
        return CONTAINER "RELATIVE_URI and ..._FULL_URI are not set";
    if (relative && *relative != '/')
        return cilp_chain_stop(
            c, CONTAINER "RELATIVE_URI does not begin with a /", NULL);
    if (!relative && strncmp(full, "http://", 7) != 0 &&
        strncmp(full, "https://", 8) != 0)
        return cilp_chain_stop(c,
                               CONTAINER "FULL_URI begins with neither http://"
                                         " nor https://",
                               NULL);
    return take(c, CILP_CHAIN_CONTAINER, &c->container);
}

/* An endpoint of one's own wins over the mode, the mode over the flag. */
static const char *take_imds(struct cilp_chain *c, bool ipv6)
{
    const struct cilp_profile *p = &c->profile;
    uint32_t seconds = 0, attempts = 0;
    const char *mode = cilp_profile_setting(p, CILP_PROFILE_IMDS_MODE, c->from);

    if (mode) {
        ipv6 = strcasecmp(mode, "ipv6") == 0;
        if (!ipv6 && strcasecmp(mode, "ipv4") != 0)
            return cilp_chain_stop(c, "% is neither IPv4 nor IPv6", c->from);
    }
    c->imds.endpoint =
        cilp_profile_setting(p, CILP_PROFILE_IMDS_ENDPOINT, c->from);
    if (!c->imds.endpoint && ipv6)
        c->imds.endpoint = CILP_IMDS_IPV6;
    mode = cilp_profile_setting(p, CILP_PROFILE_IMDS_TIMEOUT, c->from);
    if (!read_number(c, mode, 3600, c->from, &seconds))
        return stopped;
    mode = cilp_profile_setting(p, CILP_PROFILE_IMDS_ATTEMPTS, c->from);
    if (!read_number(c, mode, 10, c->from, &attempts))
        return stopped;
    c->imds.timeout_ms = seconds * 1000;
    c->imds.attempts = (uint8_t)attempts;
    return take(c, CILP_CHAIN_IMDS, &c->imds);
}

static const char *try_imds(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *off = getenv("AWS_EC2_METADATA_DISABLED");
    bool ipv6;

    (void)p;
    if (!cilp_chain_linked[CILP_CHAIN_IMDS])
        return not_linked;
    if (off && strcasecmp(off, "true") == 0)
        return "AWS_EC2_METADATA_DISABLED is true";
    if (!read_bool(c, &c->profile, CILP_PROFILE_IMDS_IPV6, &ipv6))
        return stopped;
    return take_imds(c, ipv6);
}

/* ---- What a profile says ------------------------------------------------ */

/* Each key by itself may be the environment's: as the AWS CLI has it. */
static const char *web_value(struct cilp_chain *c, const struct cilp_profile *p,
                             enum cilp_profile_key key)
{
    return c->by_profile || p != &c->profile
               ? p->value[key]
               : cilp_profile_setting(p, key, c->from);
}

static const char *try_web_identity(struct cilp_chain *c,
                                    const struct cilp_profile *p)
{
    c->path = web_value(c, p, CILP_PROFILE_WEB_TOKEN_FILE);
    if (!c->path)
        return "there is no web_identity_token_file";
    c->web.role = (struct cilp_role){web_value(c, p, CILP_PROFILE_ROLE_ARN),
                                     web_value(c, p, CILP_PROFILE_SESSION_NAME),
                                     NULL, 0};
    if (!c->web.role.arn)
        return cilp_chain_stop(
            c,
            "a web identity without a role: set AWS_ROLE_ARN,"
            " or role_arn in the @",
            NULL);
    c->web.sts_endpoint = c->sts_endpoint;
    return take(c, CILP_CHAIN_WEB_IDENTITY, &c->web);
}

/* The file FOLDER/DIGEST.json into c->path. */
static bool find_cache(struct cilp_chain *c, const char *folder,
                       enum cilp_port_digest kind, const char *of)
{
    struct cilp_profile_room *r = &c->files.room;
    char hex[65];

    if (!cilp_port_digest_hex(kind, of, hex)) {
        cilp_chain_stop(c, "% cannot be searched: no digest", folder);
        return false;
    }
    cilp_profile_expand(r, folder);
    cilp_profile_put(r, "/");
    cilp_profile_put(r, hex);
    cilp_profile_put(r, ".json");
    c->path = cilp_profile_end(r);
    if (!c->path)
        cilp_chain_stop(c, "% cannot be found: HOME is not set, or too long",
                        folder);
    return c->path != NULL;
}

static bool read_other(struct cilp_chain *c, const char *kind, const char *name)
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

/* The four values, of the profile or the sso-session, which must not differ. */
static bool read_sso(struct cilp_chain *c, const struct cilp_profile *p,
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

static const char *try_sso(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *session = p->value[CILP_PROFILE_SSO_SESSION], *v[4];

    if (!p->value[CILP_PROFILE_SSO_ACCOUNT] && !p->value[CILP_PROFILE_SSO_ROLE])
        return "there is no sso_account_id";
    memset(&c->other, 0, sizeof c->other);
    if ((session && !read_other(c, "sso-session", session)) ||
        !read_sso(c, p, v) ||
        !find_cache(c, "~/.aws/sso/cache", CILP_PORT_SHA1,
                    session ? session : v[2]))
        return stopped;
    c->sso = (struct cilp_sso){NULL, v[1], v[0], v[3], c->sso_endpoint};
    return take(c, CILP_CHAIN_SSO, &c->sso);
}

static const char *try_login(struct cilp_chain *c, const struct cilp_profile *p)
{
    const char *session = p->value[CILP_PROFILE_LOGIN_SESSION];
    const char *folder = set_variable("AWS_LOGIN_CACHE_DIRECTORY");

    if (!session)
        return "there is no login_session";
    if (!find_cache(c, folder ? folder : "~/.aws/login/cache", CILP_PORT_SHA256,
                    session))
        return stopped;
    return take(c, CILP_CHAIN_LOGIN, &c->json);
}

static const char *try_process(struct cilp_chain *c,
                               const struct cilp_profile *p)
{
    c->command = p->value[CILP_PROFILE_PROCESS];
    if (!c->command)
        return "there is no credential_process";
    return take(c, CILP_CHAIN_PROCESS, &c->json);
}

/* ---- Roles -------------------------------------------------------------- */

typedef const char *look(struct cilp_chain *c, const struct cilp_profile *p);

static bool has_role(const struct cilp_profile *p)
{
    return p->value[CILP_PROFILE_ROLE_ARN] &&
           !p->value[CILP_PROFILE_WEB_TOKEN_FILE];
}

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
    return read_number(c, v[CILP_PROFILE_DURATION], 43200, "duration_seconds",
                       &r->duration_s);
}

/* credential_source */
static const char *take_named(struct cilp_chain *c, const char *name)
{
    const char *reason;

    if (strcmp(name, "Environment") == 0) {
        c->base = CILP_CHAIN_ENVIRONMENT;
        reason = take_environment(c);
    } else if (strcmp(name, "EcsContainer") == 0) {
        c->base = CILP_CHAIN_CONTAINER;
        reason = try_container(c, NULL);
    } else if (strcmp(name, "Ec2InstanceMetadata") == 0) {
        c->base = CILP_CHAIN_IMDS;
        reason = try_imds(c, NULL);
    } else {
        reason = "it is not Environment, EcsContainer or Ec2InstanceMetadata";
    }
    return reason && *reason
               ? cilp_chain_stop(c, "credential_source of the @: %", reason)
               : reason;
}

/* What a profile gives by itself, without its role. */
static const char *take_profile(struct cilp_chain *c,
                                const struct cilp_profile *p)
{
    static look *const looks[] = {try_web_identity, try_sso,
                                  try_credentials,  try_login,
                                  try_process,      try_config};

    for (int i = 0; i < 6; i++) {
        const char *reason;

        c->base = (enum cilp_chain_kind)(CILP_CHAIN_WEB_IDENTITY + i);
        reason = looks[i](c, p);
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
    return stopped;
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
            return stopped;
        if ((source != NULL) == (named != NULL))
            return cilp_chain_stop(
                c, "the @ with its role_arn has %",
                source ? "both source_profile and credential_source"
                       : "neither source_profile nor credential_source");
        if (named)
            return take_named(c, named);
        names[n++] = c->at;
        if (follow(c, source, names, n))
            return stopped;
        if (has_keys(&c->sourced) || !has_role(&c->sourced))
            return take_profile(c, &c->sourced);
    }
}

static const char *try_assume_role(struct cilp_chain *c,
                                   const struct cilp_profile *p)
{
    struct cilp_assume_role *a = &c->assume;
    const char *reason;

    if (!has_role(p))
        return "there is no role_arn to be assumed with other keys";
    a->n_roles = 0;
    reason = find_base(c, p);
    if (reason)
        return reason;
    a->base = c->source;
    a->base_arg = c->arg;
    a->roles = &c->roles[CILP_ROLES_MAX - a->n_roles];
    a->sts_endpoint = c->sts_endpoint;
    return take(c, CILP_CHAIN_ASSUME_ROLE, a);
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
            cilp_why_add(c->why, ", which does not exist,");
        if (f->seen == CILP_PROFILE_NO_HOME)
            cilp_why_add(c->why, ", for HOME is not set,");
    }
    cilp_why_add(c->why, "; give --profile or AWS_PROFILE another name");
}

static bool read_profile(struct cilp_chain *c, const char *given)
{
    c->name = given;
    if (!c->name)
        c->name = set_variable("AWS_PROFILE");
    if (!c->name)
        c->name = set_variable("AWS_DEFAULT_PROFILE");
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
    value = set_variable(c->from);
    if (!value)
        value = set_variable("AWS_ENDPOINT_URL");
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
    if (!read_bool(c, p, CILP_PROFILE_FIPS, &c->fips) ||
        !read_bool(c, p, CILP_PROFILE_DUAL_STACK, &c->dual_stack) ||
        !read_bool(c, p, CILP_PROFILE_IGNORE_ENDPOINTS, &ignored))
        return false;
    c->ec2_endpoint = c->sts_endpoint = c->sso_endpoint = NULL;
    if (ignored)
        return true;
    if (services && !read_other(c, "services", services))
        return false;
    c->ec2_endpoint = find_endpoint(c, CILP_PROFILE_EC2);
    c->sts_endpoint = find_endpoint(c, CILP_PROFILE_STS);
    c->sso_endpoint = find_endpoint(c, CILP_PROFILE_SSO);
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

/* One kind, c->base: why it has no keys. */
static const char *look_at(struct cilp_chain *c, look *l,
                           enum cilp_chain_kind only)
{
    if (c->base == only && !cilp_chain_linked[only])
        return not_linked;
    return l(c, &c->profile);
}

/* The first kind that has keys. only: CILP_CHAIN_KINDS, or the one that may. */
static bool look_at_all(struct cilp_chain *c, enum cilp_chain_kind only)
{
    static look *const looks[] = {
        try_environment, try_assume_role, try_web_identity, try_sso,
        try_credentials, try_login,       try_process,      try_config,
        try_container,   try_imds};

    for (int i = 0; i < CILP_CHAIN_KINDS; i++) {
        const char *reason;

        c->path = NULL;
        c->skipped[i] = "--credentials names another source";
        if (only != CILP_CHAIN_KINDS && (int)only != i)
            continue;
        c->base = (enum cilp_chain_kind)i;
        reason = look_at(c, looks[i], only);
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
    const struct cilp_source *source = c->source;
    const void *arg = c->arg;
    const char *reason = try_imds(c, &c->profile);

    c->source = source; /* the choice stands */
    c->arg = arg;
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
