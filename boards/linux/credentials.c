#include "boards/linux/credentials.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY_ID "AWS_ACCESS_KEY_ID"
#define SECRET "AWS_SECRET_ACCESS_KEY"
#define TOKEN  "AWS_SESSION_TOKEN"
#define LEGACY "AWS_SECURITY_TOKEN" /* what boto called it before 2014 */

static const char BLANKS[] = " \t\r\n";

/* The variable's value without blanks around it (a line end out of a file or
 * a secret store is the usual one); NULL if nothing is left. */
static const char *take(const char *name)
{
    char *value = getenv(name), *end;

    if (!value)
        return NULL;
    end = value + strlen(value);
    while (end > value && strchr(BLANKS, end[-1]))
        end--;
    if (end == value)
        return NULL;
    if (*end || strchr(BLANKS, *value))
        note("blanks around the value of ", name, " were left out");
    *end = '\0';
    return value + strspn(value, BLANKS);
}

static enum exit_code take_token(struct cilp_static_creds *c,
                                 enum spelling spelling)
{
    const char *legacy = take(LEGACY);

    c->token = take(TOKEN);
    if (c->token && legacy && strcmp(c->token, legacy) != 0)
        return complain(spelling, EXIT_CONFIG,
                        TOKEN " and " LEGACY " differ; unset the wrong one",
                        NULL, "");
    if (!c->token)
        c->token = legacy;
    return EXIT_DONE;
}

static enum exit_code no_keys(enum spelling spelling)
{
    const char *profile = getenv("AWS_PROFILE");
    struct out o;

    say_error(&o, spelling);
    out_str(&o, spelling == SPELLING_AWS
                    ? "An error occurred (NoCredentials): Unable to locate"
                      " credentials: "
                    : "no credentials: ");
    out_str(&o, "set " KEY_ID " and " SECRET " (and " TOKEN
                " for temporary ones); this program reads no other source");
    if (profile && profile[0]) {
        out_str(&o, ", so not the profile '");
        out_quoted(&o, profile);
        out_str(&o, "' that AWS_PROFILE names");
    }
    say_end(&o);
    return EXIT_CONFIG;
}

static enum exit_code half(enum spelling spelling, const char *missing)
{
    struct out o;

    say_fault(&o, spelling, EXIT_CONFIG);
    out_str(&o, "Partial credentials found in env, missing: ");
    out_str(&o, missing);
    out_str(&o, "; set it too");
    say_end(&o);
    return EXIT_CONFIG;
}

/* see credentials.h */
enum exit_code credentials_read(struct cilp_static_creds *c,
                                enum spelling spelling)
{
    c->key_id = take(KEY_ID);
    c->secret = take(SECRET);
    if (!c->key_id && !c->secret)
        return no_keys(spelling);
    if (!c->key_id)
        return half(spelling, KEY_ID);
    if (!c->secret)
        return half(spelling, SECRET);
    return take_token(c, spelling);
}

static bool is_secret(const char *entry)
{
    static const char *const names[] = {SECRET "=", TOKEN "=", LEGACY "="};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(entry, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* see credentials.h. Behind a NUL that take() wrote there are blanks alone; a
 * name may stand in the block twice. */
void credentials_forget(void)
{
    for (char **e = environ; e && *e; e++) {
        char *value = strchr(*e, '=');

        if (value && is_secret(*e))
            explicit_bzero(value + 1, strlen(value + 1));
    }
}
