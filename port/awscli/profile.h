/*
 * profile.h - what a profile, and the sections it names, say.
 *
 * Two files are read, the AWS CLI's own: AWS_CONFIG_FILE or ~/.aws/config, and
 * AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials. "~" and $NAME are expanded
 * in both variables, of which an empty one counts as unset. HOME unset: no "~",
 * nothing is guessed. Nothing at a path, and /dev/null, is no file. What is there
 * and cannot be read (not by this user, a folder, a pipe, a link to nothing,
 * whatever is below a folder that may not be entered) is an error, where the AWS
 * CLI takes it for no file and goes on to another identity.
 *
 * Of a section the keys below are kept, the credentials file's over those of
 * the config file. Texts lie in the struct until cilp_profiles_forget(), secrets
 * apart from the rest, so that one call wipes them.
 *
 * Limits: a file has CILP_PROFILE_FILE_MAX bytes; what is kept of all sections that
 * are read CILP_PROFILE_TEXT_MAX, its secrets CILP_PROFILE_SECRET_MAX.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials
 * files", "Location of the shared config and credentials files".
 * Knows: file, why, core/ini.
 */
#ifndef CILP_PROFILE_H
#define CILP_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ini.h"
#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_PROFILE_FILE_MAX   (64u << 20) /* it streams */
#define CILP_PROFILE_TEXT_MAX   16384
#define CILP_PROFILE_SECRET_MAX (3 * CILP_TOKEN_MAX)

/* The order is that of the names in profile.c. */
enum cilp_profile_key {
    /* settings: the variable of the same name wins */
    CILP_PROFILE_REGION,
    CILP_PROFILE_ENDPOINT_URL,
    CILP_PROFILE_IGNORE_ENDPOINTS,
    CILP_PROFILE_CA_BUNDLE,
    CILP_PROFILE_FIPS,
    CILP_PROFILE_DUAL_STACK,
    CILP_PROFILE_MAX_ATTEMPTS,
    CILP_PROFILE_RETRY_MODE,
    CILP_PROFILE_APP_ID,
    CILP_PROFILE_IMDS_ENDPOINT,
    CILP_PROFILE_IMDS_MODE,
    CILP_PROFILE_IMDS_IPV6,
    CILP_PROFILE_IMDS_TIMEOUT,
    CILP_PROFILE_IMDS_ATTEMPTS,
    CILP_PROFILE_ROLE_ARN, /* of a web identity; */
    CILP_PROFILE_WEB_TOKEN_FILE,
    CILP_PROFILE_SESSION_NAME,
    CILP_PROFILE_IOT_ENDPOINT, /* names of our own: CILP_IOT_ENDPOINT... */
    CILP_PROFILE_IOT_ROLE_ALIAS,
    CILP_PROFILE_IOT_THING_NAME,
    CILP_PROFILE_TRUST_ANCHOR_ARN,
    CILP_PROFILE_ANYWHERE_PROFILE_ARN,
    CILP_PROFILE_CERTIFICATE,
    CILP_PROFILE_PRIVATE_KEY,
    /* no variable, or it means something else */
    CILP_PROFILE_KEY_ID,
    CILP_PROFILE_SECRET,
    CILP_PROFILE_TOKEN,
    CILP_PROFILE_LEGACY_TOKEN,
    CILP_PROFILE_SOURCE_PROFILE,
    CILP_PROFILE_CREDENTIAL_SOURCE,
    CILP_PROFILE_EXTERNAL_ID,
    CILP_PROFILE_DURATION,
    CILP_PROFILE_MFA_SERIAL,
    CILP_PROFILE_SSO_SESSION,
    CILP_PROFILE_SSO_ACCOUNT,
    CILP_PROFILE_SSO_ROLE,
    CILP_PROFILE_SSO_START_URL,
    CILP_PROFILE_SSO_REGION,
    CILP_PROFILE_LOGIN_SESSION,
    CILP_PROFILE_PROCESS,
    CILP_PROFILE_OUTPUT,
    CILP_PROFILE_PROXY_CA_BUNDLE,
    CILP_PROFILE_PROXY_CLIENT_CERT,
    CILP_PROFILE_SERVICES,
    /* endpoint_url in the blocks of a [services NAME] */
    CILP_PROFILE_EC2,
    CILP_PROFILE_STS,
    CILP_PROFILE_SSO,
    CILP_PROFILE_ROLES_ANYWHERE,
    CILP_PROFILE_KEYS
};

/* Those that a file must give as a set: the credentials file's or the config
 * file's, never one of each. */
#define CILP_PROFILE_STATIC_KEYS 4

struct cilp_profile {
    bool found;                           /* in either file */
    const char *value[CILP_PROFILE_KEYS]; /* NULL: not there; maybe "" */
    const char *config[CILP_PROFILE_STATIC_KEYS]; /* from KEY_ID on: the config
                                  file's; those in value are the other's */
};

/* Texts, one behind the other. */
struct cilp_profile_room {
    char *text;
    size_t cap, start, used;
    bool full;
};

/* What became of one of the two files. */
enum cilp_profile_seen {
    CILP_PROFILE_NOTHING, /* nothing is there */
    CILP_PROFILE_NULL,    /* /dev/null: it is left out on purpose */
    CILP_PROFILE_NO_HOME, /* its path has a "~" */
    CILP_PROFILE_FOUND,   /* it is read */
    CILP_PROFILE_BAD      /* something is there that cannot be */
};

struct cilp_profile_file {
    enum cilp_profile_seen seen;
    const char *path;     /* "~" is left in it after NO_HOME */
    const char *variable; /* that names it; NULL: it is the usual one */
    const char *fault;    /* of NOTHING and BAD: follows path in a sentence */
};

struct cilp_profiles {
    const char *config; /* the files' paths; NULL: there is none to be read */
    const char *credentials;
    struct cilp_profile_file files[2]; /* more about the two, in that order */
    bool is_loose; /* others than its owner may read the latter */
    char why[CILP_STREAM_WHY_MAX];

    struct cilp_profile_room room, secrets;
    struct cilp_ini ini;
    char piece[1024];
    char text[CILP_PROFILE_TEXT_MAX];
    char secret_text[CILP_PROFILE_SECRET_MAX];
};

/* Find the files. One of them may be BAD: the caller's to refuse. */
void cilp_profiles_open(struct cilp_profiles *f);

/* [profile NAME], or [default], and the credentials file's [NAME]. False:
 * f->why says what is wrong, in which file, and in which line. */
bool cilp_profiles_read(struct cilp_profiles *f, struct cilp_profile *p,
                        const char *name);

/* [sso-session NAME] or [services NAME], kind is the first word. */
bool cilp_profiles_read_other(struct cilp_profiles *f, struct cilp_profile *p,
                              const char *kind, const char *name);

/* Wipe the secrets, and all that the reader has kept. What else was read of
 * profiles stays; their pointers to keys do not. */
void cilp_profiles_forget(struct cilp_profiles *f);

/* A setting: of the environment, or else of the profile. An empty one counts as
 * unset, CILP_PROFILE_CA_BUNDLE apart: there it would turn a wish for one's own
 * roots into the built-in ones. from: the variable or key that it is of. */
#define CILP_PROFILE_NAME_MAX 48
const char *cilp_profile_setting(const struct cilp_profile *p,
                                 enum cilp_profile_key key,
                                 char from[CILP_PROFILE_NAME_MAX]);

/* "use_fips_endpoint" is AWS_USE_FIPS_ENDPOINT, "ec2" AWS_ENDPOINT_URL_EC2, and
 * "cilp_certificate" CILP_CERTIFICATE. */
void cilp_profile_variable(char name[CILP_PROFILE_NAME_MAX],
                           enum cilp_profile_key key);

/* "role_arn" */
const char *cilp_profile_key_name(enum cilp_profile_key key);

/* Append to the text that is being written; "~" and $NAME expanded; end it and
 * have it, NULL if there was no room. "~" without HOME is no room either. */
void cilp_profile_put(struct cilp_profile_room *r, const char *s);
void cilp_profile_expand(struct cilp_profile_room *r, const char *s);
const char *cilp_profile_end(struct cilp_profile_room *r);

/* HOME; NULL if it is not set, or /dev/null: some systems' way to say so. */
const char *cilp_profile_home(void);

#ifdef __cplusplus
}
#endif

#endif
