#include "core/op.h"

#include <string.h>

/* A key has 0x21..0x7E only: a space inside is a slip of the clipboard, and
 * anything else could not enter a header. */
static bool is_graphic(const char *s)
{
    for (; *s; s++)
        if (*s <= 0x20 || *s >= 0x7F)
            return false;
    return true;
}

/* max + 1 bytes at `to`; false if `from` is too long or not a key. */
static bool copy(char *to, size_t max, const char *from)
{
    if (!cilp_text_is_within(from, max) || !is_graphic(from))
        return false;
    memcpy(to, from, strlen(from) + 1);
    return true;
}

static bool is_empty(const char *s)
{
    return !s || !s[0];
}

static const char *take(struct cilp_creds *creds, const void *arg)
{
    const struct cilp_static_creds *in = arg;

    if (!in || (is_empty(in->key_id) && is_empty(in->secret)))
        return "no keys were given";
    if (is_empty(in->key_id))
        return "the access key id is missing";
    if (is_empty(in->secret))
        return "the secret access key is missing";
    if (!copy(creds->key_id, CILP_KEY_MAX, in->key_id))
        return "the access key id is too long or not printable ASCII";
    if (!copy(creds->secret, CILP_KEY_MAX, in->secret))
        return "the secret access key is too long or not printable ASCII";
    if (!copy(creds->token, CILP_TOKEN_MAX, in->token ? in->token : ""))
        return "the session token is too long or not printable ASCII";
    creds->expires_s = 0;
    return NULL;
}

/* see creds.h */
const struct cilp_source cilp_creds_static = {take};
