#include "port/awscli/profile.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "port/posix/file.h"
#include "port/why.h"

/* In one text, without pointers, which would be as long again. */
static const char names[] =
    /* with a variable of the same name */
    "region\0"
    "endpoint_url\0"
    "ignore_configured_endpoint_urls\0"
    "ca_bundle\0"
    "use_fips_endpoint\0"
    "use_dualstack_endpoint\0"
    "max_attempts\0"
    "retry_mode\0"
    "sdk_ua_app_id\0"
    "ec2_metadata_service_endpoint\0"
    "ec2_metadata_service_endpoint_mode\0"
    "imds_use_ipv6\0"
    "metadata_service_timeout\0"
    "metadata_service_num_attempts\0"
    "role_arn\0"
    "web_identity_token_file\0"
    "role_session_name\0"
    "cilp_iot_endpoint\0"
    "cilp_iot_role_alias\0"
    "cilp_iot_thing_name\0"
    "cilp_rolesanywhere_trust_anchor_arn\0"
    "cilp_rolesanywhere_profile_arn\0"
    "cilp_certificate\0"
    "cilp_private_key\0"
    /* without */
    "aws_access_key_id\0"
    "aws_secret_access_key\0"
    "aws_session_token\0"
    "aws_security_token\0"
    "source_profile\0"
    "credential_source\0"
    "external_id\0"
    "duration_seconds\0"
    "mfa_serial\0"
    "sso_session\0"
    "sso_account_id\0"
    "sso_role_name\0"
    "sso_start_url\0"
    "sso_region\0"
    "login_session\0"
    "credential_process\0"
    "output\0"
    "proxy_ca_bundle\0"
    "proxy_client_cert\0"
    "services\0"
    /* blocks */
    "ec2\0"
    "sts\0"
    "sso\0"
    "rolesanywhere";

/* see profile.h */
const char *cilp_profile_key_name(enum cilp_profile_key key)
{
    const char *s = names;

    for (int i = 0; i < (int)key; i++)
        s += strlen(s) + 1;
    return s;
}

/* CILP_PROFILE_KEYS: none of them. */
static enum cilp_profile_key find(const char *name)
{
    int key = 0;

    while (key < CILP_PROFILE_KEYS &&
           strcasecmp(cilp_profile_key_name((enum cilp_profile_key)key),
                      name) != 0)
        key++;
    return (enum cilp_profile_key)key;
}

/* see profile.h */
void cilp_profile_variable(char name[CILP_PROFILE_NAME_MAX],
                           enum cilp_profile_key key)
{
    const char *s = cilp_profile_key_name(key);

    strcpy(name, key >= CILP_PROFILE_EC2       ? "AWS_ENDPOINT_URL_"
                 : strncmp(s, "cilp_", 5) == 0 ? ""
                                               : "AWS_");
    if (strncmp(s, "aws_", 4) == 0)
        s += 4;
    name += strlen(name);
    do
        *name++ = (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
    while (*s++);
}

static bool is_set(const char *value, enum cilp_profile_key key)
{
    return value && (*value || key == CILP_PROFILE_CA_BUNDLE);
}

/* see profile.h */
const char *cilp_profile_setting(const struct cilp_profile *p,
                                 enum cilp_profile_key key,
                                 char from[CILP_PROFILE_NAME_MAX])
{
    const char *value;

    cilp_profile_variable(from, key);
    value = getenv(from);
    if (is_set(value, key))
        return value;
    if (key == CILP_PROFILE_REGION) {
        strcpy(from, "AWS_DEFAULT_REGION");
        value = getenv(from);
        if (is_set(value, key))
            return value;
    }
    strcpy(from, cilp_profile_key_name(key));
    return is_set(p->value[key], key) ? p->value[key] : NULL;
}

/* ---- Texts -------------------------------------------------------------- */

static void put(struct cilp_profile_room *r, const char *s, size_t n)
{
    if (n >= r->cap - r->used) { /* room for a NUL is always left */
        r->full = true;
        return;
    }
    memcpy(r->text + r->used, s, n);
    r->used += n;
}

/* see profile.h */
void cilp_profile_put(struct cilp_profile_room *r, const char *s)
{
    put(r, s, strlen(s));
}

/* see profile.h */
const char *cilp_profile_home(void)
{
    const char *home = getenv("HOME");

    return home && *home && strcmp(home, "/dev/null") != 0 ? home : NULL;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || c == '_';
}

/* Put what $NAME or ${NAME} at s stands for: bytes of it. What names no
 * variable stays as it is. */
static size_t put_variable(struct cilp_profile_room *r, const char *s)
{
    char name[128];
    const char *value;
    size_t from = s[1] == '{' ? 2 : 1, to = from, n;

    while (is_word(s[to]))
        to++;
    n = to - from;
    if (n == 0 || n >= sizeof name || (from == 2 && s[to] != '}')) {
        put(r, s, 1);
        return 1;
    }
    memcpy(name, s + from, n);
    name[n] = '\0';
    to += from - 1;
    value = getenv(name);
    if (value)
        cilp_profile_put(r, value);
    else
        put(r, s, to);
    return to;
}

/* see profile.h */
void cilp_profile_expand(struct cilp_profile_room *r, const char *s)
{
    if (s[0] == '~' && (s[1] == '/' || !s[1])) {
        const char *home = cilp_profile_home();

        if (!home)
            r->full = true;
        else
            cilp_profile_put(r, home);
        s++;
    }
    while (*s) {
        size_t n = 1;

        if (*s == '$')
            n = put_variable(r, s);
        else
            put(r, s, 1);
        s += n;
    }
}

/* see profile.h */
const char *cilp_profile_end(struct cilp_profile_room *r)
{
    char *text = r->text + r->start;

    if (r->full) {
        r->used = r->start;
        r->full = false;
        return NULL;
    }
    r->text[r->used++] = '\0';
    r->start = r->used;
    /* the last byte of all is kept for the NUL of put() */
    if (r->used == r->cap)
        r->used = --r->start;
    return text;
}

/* ---- Files -------------------------------------------------------------- */

/* A path that is longer than there is room for is there all the same. */
static enum cilp_profile_seen look(struct cilp_profiles *f,
                                   struct cilp_profile_file *file,
                                   const char *path)
{
    static const enum cilp_profile_seen states[] = {
        [CILP_POSIX_NOTHING] = CILP_PROFILE_NOTHING,
        [CILP_POSIX_NULL] = CILP_PROFILE_NULL,
        [CILP_POSIX_FILE] = CILP_PROFILE_FOUND,
        [CILP_POSIX_LOOSE] = CILP_PROFILE_FOUND,
        [CILP_POSIX_BAD] = CILP_PROFILE_BAD};
    enum cilp_posix_seen seen;

    f->is_loose = false;
    file->path = path;
    if (path[0] == '~' && (path[1] == '/' || !path[1]) && !cilp_profile_home())
        return CILP_PROFILE_NO_HOME;
    cilp_profile_expand(&f->room, path);
    path = cilp_profile_end(&f->room);
    file->fault = "is too long for a path";
    if (!path)
        return CILP_PROFILE_BAD;
    file->path = path;
    seen = cilp_posix_file_look(path, CILP_PROFILE_FILE_MAX, &file->fault);
    f->is_loose = seen == CILP_POSIX_LOOSE;
    return states[seen];
}

/* Its path, if there is something to read. */
static const char *find_file(struct cilp_profiles *f,
                             struct cilp_profile_file *file,
                             const char *variable, const char *usual)
{
    const char *path = getenv(variable);

    file->variable = path && *path ? variable : NULL;
    file->seen = look(f, file, file->variable ? path : usual);
    return file->seen == CILP_PROFILE_FOUND ? file->path : NULL;
}

/* see profile.h */
void cilp_profiles_open(struct cilp_profiles *f)
{
    f->room = (struct cilp_profile_room){f->text, sizeof f->text, 0, 0, false};
    f->secrets = (struct cilp_profile_room){f->secret_text,
                                            sizeof f->secret_text, 0, 0, false};
    f->config = find_file(f, &f->files[0], "AWS_CONFIG_FILE", "~/.aws/config");
    f->credentials = find_file(f, &f->files[1], "AWS_SHARED_CREDENTIALS_FILE",
                               "~/.aws/credentials");
}

static bool complain(struct cilp_profiles *f, const char *path,
                     const char *fault)
{
    cilp_why_clear(f->why);
    cilp_why_add(f->why, path);
    cilp_why_add(f->why, " ");
    cilp_why_add(f->why, fault);
    return false;
}

static bool complain_of_line(struct cilp_profiles *f, const char *path,
                             enum cilp_ini_rc rc)
{
    static const char *const faults[] = {
        "a line is too long for a key and its value",
        "a NUL byte",
        "expected a [section] first",
        "expected a ']'",
        "expected 'key = value'",
        "expected a key before '='"};

    complain(f, path, "line ");
    cilp_why_add_uint(f->why, f->ini.line);
    cilp_why_add(f->why, ": ");
    cilp_why_add(f->why, faults[rc - CILP_INI_LONG]);
    return false;
}

/* Keep a pair, if it is one of ours. */
static bool take(struct cilp_profiles *f, struct cilp_profile *p)
{
    const char *block = f->ini.block;
    enum cilp_profile_key key = find(*block ? block : f->ini.key);
    bool is_secret = key >= CILP_PROFILE_KEY_ID &&
                     key <= CILP_PROFILE_LEGACY_TOKEN;
    struct cilp_profile_room *r = is_secret ? &f->secrets : &f->room;

    if (key == CILP_PROFILE_KEYS ||
        (*block != '\0') != (key >= CILP_PROFILE_EC2))
        return true;
    if (*block && strcasecmp(f->ini.key, "endpoint_url") != 0)
        return true;
    cilp_profile_put(r, f->ini.value);
    p->value[key] = cilp_profile_end(r);
    return p->value[key] != NULL;
}

/* All pairs of one section of the file. */
static bool read_pairs(struct cilp_profiles *f, struct cilp_profile *p,
                       struct cilp_posix_file *file, const char *path)
{
    enum cilp_ini_rc rc;
    size_t n, at, used;

    do {
        n = cilp_posix_file_read(file, (uint8_t *)f->piece, sizeof f->piece);
        if (n == CILP_POSIX_FILE_FAILED)
            return complain(f, path, "cannot be read");
        at = 0;
        do {
            rc = n ? cilp_ini_feed(&f->ini, f->piece + at, n - at, &used)
                   : cilp_ini_end(&f->ini);
            at += n ? used : 0;
            if (rc == CILP_INI_PAIR && !take(f, p))
                return complain(f, path, "says more than there is room for");
        } while (rc == CILP_INI_PAIR);
        if (rc != CILP_INI_MORE)
            return complain_of_line(f, path, rc);
    } while (n);
    return true;
}

static bool read_section(struct cilp_profiles *f, struct cilp_profile *p,
                         const char *path, const char *kind, const char *name)
{
    struct cilp_posix_file file;
    const char *fault;
    bool good;

    if (!path)
        return true;
    fault = cilp_posix_file_open(&file, path, CILP_PROFILE_FILE_MAX);
    if (fault)
        return complain(f, path, fault);
    cilp_ini_init(&f->ini, kind, name);
    f->ini.whole = cilp_profile_key_name(CILP_PROFILE_PROCESS);
    good = read_pairs(f, p, &file, path);
    cilp_posix_file_close(&file);
    p->found |= f->ini.found;
    return good;
}

/* see profile.h */
bool cilp_profiles_read_other(struct cilp_profiles *f, struct cilp_profile *p,
                              const char *kind, const char *name)
{
    memset(p, 0, sizeof *p);
    return read_section(f, p, f->config, kind, name);
}

/* see profile.h. [profile default] leaves no word to [default], wherever the
 * two stand. */
bool cilp_profiles_read(struct cilp_profiles *f, struct cilp_profile *p,
                        const char *name)
{
    const char **keys = p->value + CILP_PROFILE_KEY_ID;

    if (!cilp_profiles_read_other(f, p, "profile", name))
        return false;
    if (!p->found && strcmp(name, "default") == 0 &&
        !read_section(f, p, f->config, "", name))
        return false;
    memcpy(p->config, keys, sizeof p->config);
    memset(keys, 0, sizeof p->config);
    if (!read_section(f, p, f->credentials, "", name))
        return false;
    /* a block of that name means nothing here */
    memset(p->value + CILP_PROFILE_EC2, 0,
           (CILP_PROFILE_KEYS - CILP_PROFILE_EC2) * sizeof p->value[0]);
    return true;
}

/* see profile.h */
void cilp_profiles_forget(struct cilp_profiles *f)
{
    explicit_bzero(&f->ini, sizeof f->ini);
    explicit_bzero(f->piece, sizeof f->piece);
    explicit_bzero(f->secret_text, f->secrets.used);
}
