#include <string.h>

#include "port/awscli/kind.h"
#include "port/why.h"

#define HELPER "aws_signing_helper"

/* Of its credential-process. Those that it has beside these choose where a key is
 * (a store, a token, a TPM), or do what is not done here. */
static const struct {
    const char *flag;
    enum cilp_profile_key key;
} flags[] = {
    {"--certificate", CILP_PROFILE_CERTIFICATE},
    {"--private-key", CILP_PROFILE_PRIVATE_KEY},
    {"--trust-anchor-arn", CILP_PROFILE_TRUST_ANCHOR_ARN},
    {"--profile-arn", CILP_PROFILE_ANYWHERE_PROFILE_ARN},
    {"--role-arn", CILP_PROFILE_ROLE_ARN},
    {"--role-session-name", CILP_PROFILE_SESSION_NAME},
    {"--session-duration", CILP_PROFILE_DURATION},
    {"--endpoint", CILP_PROFILE_ROLES_ANYWHERE},
};

#define FLAGS (sizeof flags / sizeof flags[0])

/* see kind.h */
const char *cilp_helper_flag(enum cilp_profile_key key)
{
    for (size_t i = 0; i < FLAGS; i++)
        if (flags[i].key == key)
            return flags[i].flag;
    return "";
}

/* The words lie in c->text until other things do. */
static size_t split(struct cilp_chain *c, const char *command,
                    char *words[CILP_PROCESS_WORDS_MAX + 1])
{
    return cilp_process_split(command, c->text, sizeof c->text, words);
}

/* see kind.h */
bool cilp_helper_is_missing(struct cilp_chain *c, const char *command)
{
    char *words[CILP_PROCESS_WORDS_MAX + 1];
    const char *name;

    if (split(c, command, words) < 2)
        return false;
    name = strrchr(words[0], '/');
    name = name ? name + 1 : words[0];
    return strcmp(name, HELPER) == 0 &&
           strcmp(words[1], "credential-process") == 0 &&
           !cilp_process_is_there(words[0]);
}

static bool stop_at(struct cilp_chain *c, const char *word, const char *what)
{
    cilp_chain_stop(c,
                    "credential_process of the @: " HELPER
                    " is not there, and this program, which does its work"
                    " then, % ",
                    what);
    cilp_why_add(c->why, word);
    return false;
}

/* A copy of the value, which outlives the words. */
static bool keep(struct cilp_chain *c, enum cilp_profile_key key,
                 const char *value)
{
    struct cilp_profile_room *r = &c->files.room;

    cilp_profile_put(r, value);
    c->other.value[key] = cilp_profile_end(r);
    if (c->other.value[key])
        return true;
    cilp_chain_stop(c, "credential_process of the @ is too long", NULL);
    return false;
}

/* "--flag" at words[0], its value behind it; or "--flag=value". How many words it
 * is; 0: c->why. */
static size_t take_flag(struct cilp_chain *c, char **words)
{
    char *equals = strchr(words[0], '=');
    const char *value = equals ? equals + 1 : words[1];
    size_t i = 0;

    if (equals)
        *equals = '\0';
    while (i < FLAGS && strcmp(words[0], flags[i].flag) != 0)
        i++;
    if (i == FLAGS) {
        stop_at(c, words[0], "has no");
        return 0;
    }
    if (!value) {
        stop_at(c, words[0], "misses the value of");
        return 0;
    }
    if (!keep(c, flags[i].key, value))
        return 0;
    return equals ? 1 : 2;
}

/* see kind.h */
bool cilp_helper_read(struct cilp_chain *c, const char *command)
{
    char *words[CILP_PROCESS_WORDS_MAX + 1];
    size_t n = split(c, command, words), used = 0;

    memset(&c->other, 0, sizeof c->other);
    for (size_t i = 2; i < n; i += used) {
        used = take_flag(c, words + i);
        if (!used)
            return false;
    }
    if (c->other.value[CILP_PROFILE_ROLES_ANYWHERE])
        c->anywhere_endpoint = c->other.value[CILP_PROFILE_ROLES_ANYWHERE];
    return true;
}
