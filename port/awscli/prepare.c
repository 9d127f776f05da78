#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"
#include "core/utc.h"
#include "port/awscli/chain.h"
#include "port/posix/file.h"
#include "port/posix/why.h"

/* ---- Files -------------------------------------------------------------- */

/* A file of at most max bytes into c->text, with a NUL. */
static bool read_file(struct cilp_chain *c, const char *path, size_t max)
{
    struct cilp_posix_file f;
    const char *fault = cilp_posix_file_open(&f, path, max);
    size_t n = 0;

    c->len = 0;
    while (!fault && (n = cilp_posix_file_read(&f, (uint8_t *)c->text + c->len,
                                               max + 1 - c->len)) != 0) {
        if (n == CILP_POSIX_FILE_FAILED)
            fault = "cannot be read";
        else
            c->len += n;
    }
    c->text[c->len] = '\0';
    cilp_posix_file_close(&f);
    if (!fault)
        return true;
    cilp_chain_stop(c, "% ", path);
    cilp_why_add(c->why, fault);
    return false;
}

/* One line of text, of bytes from `least` on, without the line end that editors
 * put. Read anew each time: whoever gives such tokens gives new ones. */
static bool read_token(struct cilp_chain *c, const char *path, size_t max,
                       char least)
{
    char *s = c->text;

    if (!read_file(c, path, max + 8))
        return false;
    while (c->len > 0 && strchr(" \t\r\n", s[c->len - 1]))
        s[--c->len] = '\0';
    while (*s >= least && *s < 0x7F)
        s++;
    if (s == c->text + c->len && c->len > 0 && c->len <= max)
        return true;
    cilp_chain_stop(c, "% does not hold one line of printable text as a token",
                    path);
    return false;
}

/* A cache file that a login elsewhere left; also told is how to log in. */
static bool read_cache(struct cilp_chain *c, const char *login)
{
    if (read_file(c, c->path, CILP_CHAIN_OUTPUT_MAX))
        return true;
    cilp_why_add(c->why, login);
    return false;
}

/* ---- Each kind ---------------------------------------------------------- */

static bool prepare_web_identity(struct cilp_chain *c)
{
    c->web.token = c->text;
    return read_token(c, c->path, CILP_WEB_TOKEN_MAX, 0x21);
}

static bool prepare_container(struct cilp_chain *c)
{
    const char *path = getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN");

    c->container.authorization = token && *token ? token : NULL;
    if (!path || !*path)
        return true;
    c->path = path;
    c->container.authorization = c->text;
    return read_token(c, path, CILP_TOKEN_MAX, ' '); /* "Basic ..." */
}

#define SSO_LOGIN "; run 'aws sso login' where a browser is"

/* What is no time has expired, too. */
static bool has_expired(const char *s, struct cilp_now now)
{
    int64_t at;

    return !cilp_utc_from_iso(s, strlen(s), &at) ||
           (now.trusted && at <= now.unix_s);
}

static bool prepare_sso(struct cilp_chain *c, struct cilp_now now)
{
    static const struct cilp_json_field fields[] = {
        {"accessToken", CILP_JSON_STRING}, {"expiresAt", CILP_JSON_STRING}};
    const char *v[2];
    enum cilp_what what;

    if (!read_cache(c, SSO_LOGIN))
        return false;
    what = cilp_json_read(c->text, c->len, sizeof c->text, fields, 2, v, NULL);
    c->sso.access_token = v[0];
    if (!what && v[0] && v[1] && !has_expired(v[1], now))
        return true;
    cilp_chain_stop(c, "% ", c->path);
    cilp_why_add(c->why, what           ? cilp_what_text(what)
                         : v[0] && v[1] ? "holds a session that has expired"
                                        : "holds no accessToken and expiresAt");
    cilp_why_add(c->why, SSO_LOGIN);
    return false;
}

static bool have_json(struct cilp_chain *c, size_t len,
                      enum cilp_json_form form)
{
    c->json = (struct cilp_json_creds){c->text, len, sizeof c->text, form};
    return true;
}

static bool prepare_login(struct cilp_chain *c)
{
    return read_cache(c, "; run 'aws login' where a browser is") &&
           have_json(c, c->len, CILP_JSON_LOGIN);
}

/* What a command printed may be a secret: it is not shown. */
static bool begins_object(const char *s, size_t n)
{
    while (n > 0 && strchr(" \t\r\n", *s)) {
        s++;
        n--;
    }
    return n > 0 && *s == '{';
}

#define SHELL                                                                \
    "; no shell runs it, so that | < > & ; and $ mean nothing: is it to be " \
    "sh -c '...'?"

static bool wants_shell(const char *command)
{
    return strpbrk(command, "|<>&;$`") && strncmp(command, "sh -c", 5) != 0;
}

static bool prepare_process(struct cilp_chain *c, uint32_t deadline_ms,
                            const void *mask)
{
    c->process.out = c->text;
    c->process.cap = CILP_CHAIN_OUTPUT_MAX;
    c->process.mask = mask;
    c->len = CILP_CHAIN_OUTPUT_MAX; /* to be wiped, however it ends */
    if (!cilp_process_run(&c->process, c->command, deadline_ms)) {
        cilp_chain_stop(c, "credential_process of the @ %", c->process.why);
        return false;
    }
    if (begins_object(c->text, c->process.len))
        return have_json(c, c->process.len, CILP_JSON_PROCESS);
    cilp_chain_stop(c, "credential_process of the @ printed no JSON object%",
                    wants_shell(c->command) ? SHELL : "");
    return false;
}

/* Keys that somebody has written down. They are looked at here so that the one
 * who did is told where they are. */
static bool check_keys(struct cilp_chain *c)
{
    enum cilp_what what = cilp_keys_fault(&c->keys);
    bool is_file = c->base != CILP_CHAIN_ENVIRONMENT;

    if (!what)
        return true;
    cilp_why_clear(c->why);
    if (is_file) {
        cilp_why_add(c->why, c->base == CILP_CHAIN_CONFIG_FILE
                                 ? c->files.config
                                 : c->files.credentials);
        cilp_why_add(c->why, ": ");
    }
    cilp_why_add(c->why, cilp_what_text(what));
    if (what == CILP_WHAT_NO_TOKEN)
        cilp_why_add(c->why, is_file ? ": set aws_session_token too"
                                     : ": set AWS_SESSION_TOKEN too");
    if (what == CILP_WHAT_QUOTED && !is_file)
        cilp_why_add(c->why, " (docker's --env-file takes none off)");
    return false;
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

static bool has_written_keys(enum cilp_chain_kind base)
{
    return base == CILP_CHAIN_ENVIRONMENT ||
           base == CILP_CHAIN_CREDENTIALS_FILE ||
           base == CILP_CHAIN_CONFIG_FILE;
}

/* ---- All ---------------------------------------------------------------- */

/* "cilp-1768478400" for roles whose session nobody named. */
static void name_session(struct cilp_chain *c, struct cilp_role *r,
                         struct cilp_now now)
{
    if (!r->session_name)
        r->session_name = c->session;
    cilp_why_clear(c->session);
    cilp_why_add(c->session, "cilp-");
    cilp_why_add_uint(c->session, (uint32_t)now.unix_s);
}

static bool prepare_base(struct cilp_chain *c, struct cilp_now now,
                         uint32_t deadline_ms, const void *mask)
{
    if (has_written_keys(c->base))
        return check_keys(c);
    if (c->base == CILP_CHAIN_WEB_IDENTITY)
        return prepare_web_identity(c);
    if (c->base == CILP_CHAIN_SSO)
        return prepare_sso(c, now);
    if (c->base == CILP_CHAIN_LOGIN)
        return prepare_login(c);
    if (c->base == CILP_CHAIN_PROCESS)
        return prepare_process(c, deadline_ms, mask);
    return c->base != CILP_CHAIN_CONTAINER || prepare_container(c);
}

/* see chain.h */
bool cilp_chain_prepare(struct cilp_chain *c, struct cilp_now now,
                        uint32_t deadline_ms, const void *mask)
{
    bool ready;

    name_session(c, &c->web.role, now);
    for (int i = 0; i < CILP_ROLES_MAX; i++)
        name_session(c, &c->roles[i], now);
    if (c->kind == CILP_CHAIN_ENVIRONMENT)
        read_expiry(c);
    cilp_chain_put_away(c);
    ready = prepare_base(c, now, deadline_ms, mask);
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
    explicit_bzero(c->process.err, sizeof c->process.err);
}
