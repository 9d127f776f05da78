/*
 * profile.h - what a profile, and the sections it names, say.
 *
 * Two files are read, the AWS CLI's own: AWS_CONFIG_FILE or ~/.aws/config, and
 * AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials. "~" and $NAME are expanded
 * in both variables. HOME unset: no "~", nothing is guessed. A path at which
 * no regular file is (nothing, /dev/null, a folder that may not be entered) is
 * no file, as for the AWS CLI; a file that is there and cannot be read is an
 * error, where the AWS CLI reads it as empty.
 *
 * Of a section the keys below are kept, the credentials file's over those of
 * the config file. Texts lie in the struct until profiles_forget(), secrets
 * apart from the rest, so that one call wipes them.
 *
 * Limits: a file has PROFILE_FILE_MAX bytes; what is kept of all sections that
 * are read PROFILE_TEXT_MAX, its secrets PROFILE_SECRET_MAX.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials
 * files", "Location of the shared config and credentials files".
 * Knows: file, why, core/ini.          Known by: chain.
 */
#ifndef POSIX_PROFILE_H
#define POSIX_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ini.h"
#include "port/port.h"

#define PROFILE_FILE_MAX   (1u << 20)
#define PROFILE_TEXT_MAX   16384
#define PROFILE_SECRET_MAX (3 * CILP_TOKEN_MAX)

/* The order is that of the names in profile.c. */
enum profile_key {
    /* settings: the variable of the same name wins */
    PROFILE_REGION,
    PROFILE_ENDPOINT_URL,
    PROFILE_IGNORE_ENDPOINTS,
    PROFILE_CA_BUNDLE,
    PROFILE_FIPS,
    PROFILE_DUAL_STACK,
    PROFILE_MAX_ATTEMPTS,
    PROFILE_RETRY_MODE,
    PROFILE_APP_ID,
    PROFILE_IMDS_ENDPOINT,
    PROFILE_IMDS_MODE,
    PROFILE_IMDS_IPV6,
    PROFILE_IMDS_TIMEOUT,
    PROFILE_IMDS_ATTEMPTS,
    PROFILE_ROLE_ARN, /* of a web identity; */
    PROFILE_WEB_TOKEN_FILE,
    PROFILE_SESSION_NAME,
    /* no variable, or it means something else */
    PROFILE_KEY_ID,
    PROFILE_SECRET,
    PROFILE_TOKEN,
    PROFILE_LEGACY_TOKEN,
    PROFILE_SOURCE_PROFILE,
    PROFILE_CREDENTIAL_SOURCE,
    PROFILE_EXTERNAL_ID,
    PROFILE_DURATION,
    PROFILE_MFA_SERIAL,
    PROFILE_SSO_SESSION,
    PROFILE_SSO_ACCOUNT,
    PROFILE_SSO_ROLE,
    PROFILE_SSO_START_URL,
    PROFILE_SSO_REGION,
    PROFILE_LOGIN_SESSION,
    PROFILE_PROCESS,
    PROFILE_SERVICES,
    /* endpoint_url in the blocks of a [services NAME] */
    PROFILE_EC2,
    PROFILE_STS,
    PROFILE_SSO,
    PROFILE_KEYS
};

/* Those that a file must give as a set: the credentials file's or the config
 * file's, never one of each. */
#define PROFILE_STATIC_KEYS 4

struct profile {
    bool found;                              /* in either file */
    const char *value[PROFILE_KEYS];         /* NULL: not there; maybe "" */
    const char *config[PROFILE_STATIC_KEYS]; /* from KEY_ID on: the config
                                  file's; those in value are the other's */
};

/* Texts, one behind the other. */
struct profile_room {
    char *text;
    size_t cap, start, used;
    bool full;
};

struct profiles {
    const char *config; /* the files' paths; NULL: there is none */
    const char *credentials;
    bool is_loose; /* others than its owner may read the latter */
    char why[STREAM_WHY_MAX];

    struct profile_room room, secrets;
    struct cilp_ini ini;
    char piece[1024];
    char text[PROFILE_TEXT_MAX];
    char secret_text[PROFILE_SECRET_MAX];
};

/* Find the files. */
void profiles_open(struct profiles *f);

/* [profile NAME], or [default], and the credentials file's [NAME]. False:
 * f->why says what is wrong, in which file, and in which line. */
bool profiles_read(struct profiles *f, struct profile *p, const char *name);

/* [sso-session NAME] or [services NAME], kind is the first word. */
bool profiles_read_other(struct profiles *f, struct profile *p,
                         const char *kind, const char *name);

/* Wipe the secrets, and all that the reader has kept. What else was read of
 * profiles stays; their pointers to keys do not. */
void profiles_forget(struct profiles *f);

/* A setting: of the environment, or else of the profile. An empty one counts as
 * unset, PROFILE_CA_BUNDLE apart: there it would turn a wish for one's own
 * roots into the built-in ones. from: the variable or key that it is of. */
#define PROFILE_NAME_MAX 48
const char *profile_setting(const struct profile *p, enum profile_key key,
                            char from[PROFILE_NAME_MAX]);

/* "use_fips_endpoint" is AWS_USE_FIPS_ENDPOINT, "ec2" AWS_ENDPOINT_URL_EC2. */
void profile_variable(char name[PROFILE_NAME_MAX], enum profile_key key);

/* "role_arn" */
const char *profile_key_name(enum profile_key key);

/* Append to the text that is being written; "~" and $NAME expanded; end it and
 * have it, NULL if there was no room. "~" without HOME is no room either. */
void profile_put(struct profile_room *r, const char *s);
void profile_expand(struct profile_room *r, const char *s);
const char *profile_end(struct profile_room *r);

#endif
