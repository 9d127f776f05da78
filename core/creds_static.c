#include "core/op.h"

#include <string.h>

#define ID_MIN 16

/* ---- What is wrong with keys --------------------------------------------- */

/* docker's --env-file, for one, takes no quotes off. */
static bool is_quoted(const char *s)
{
    size_t n = s ? strlen(s) : 0;

    return n > 1 && (s[0] == '"' || s[0] == '\'') && s[n - 1] == s[0];
}

/* At most max bytes of 0x21..0x7E: a space inside is a slip of the clipboard,
 * and anything else could not enter a header. NULL is "". */
static bool is_printable(const char *s, size_t max)
{
    for (; s && *s; s++, max--)
        if (max == 0 || *s <= 0x20 || *s >= 0x7F)
            return false;
    return true;
}

static bool is_key_id(const char *s)
{
    size_t n = 0;

    while (cilp_text_is_digit(s[n]) || s[n] == '_' ||
           (cilp_text_lower(s[n]) >= 'a' && cilp_text_lower(s[n]) <= 'z'))
        n++;
    return !s[n] && n >= ID_MIN && n <= CILP_KEY_MAX;
}

/* Whether s begins as AWS's ids of keys do: 'K' for long-term ones, 'S' for
 * temporary ones. */
static bool is_awss(const char *s, char letter)
{
    return s[0] == 'A' && s[1] == letter && s[2] == 'I' && s[3] == 'A';
}

/* A secret has letters of both cases; an id of AWS's has capitals alone. */
static bool is_id_by_mistake(const char *secret)
{
    if (!is_key_id(secret) || (!is_awss(secret, 'K') && !is_awss(secret, 'S')))
        return false;
    while (*secret && *secret < 'a')
        secret++;
    return !*secret;
}

static bool has_quotes(const struct cilp_static_creds *keys)
{
    return is_quoted(keys->key_id) || is_quoted(keys->secret) ||
           is_quoted(keys->token);
}

static bool lacks_token(const struct cilp_static_creds *keys)
{
    return is_awss(keys->key_id, 'S') && (!keys->token || !*keys->token);
}

/* see creds.h */
enum cilp_what cilp_keys_fault(const struct cilp_static_creds *keys)
{
    const char *id = keys->key_id ? keys->key_id : "";
    const char *secret = keys->secret ? keys->secret : "";

    if (has_quotes(keys))
        return CILP_WHAT_QUOTED;
    if (is_id_by_mistake(secret))
        return CILP_WHAT_SWAPPED;
    if (!is_key_id(id))
        return CILP_WHAT_KEY_ID;
    if (!*secret || !is_printable(secret, CILP_KEY_MAX))
        return CILP_WHAT_SECRET;
    if (!is_printable(keys->token, CILP_TOKEN_MAX))
        return CILP_WHAT_TOKEN;
    return lacks_token(keys) ? CILP_WHAT_NO_TOKEN : CILP_WHAT_NONE;
}

/* ---- The source ---------------------------------------------------------- */

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_static_creds *in = arg;
    struct cilp_creds *creds = &op->creds;
    enum cilp_what what;

    cilp_op_wipe_creds(op);
    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    what = cilp_keys_fault(in);
    if (what && what != CILP_WHAT_NO_TOKEN)
        return what;
    memcpy(creds->key_id, in->key_id, strlen(in->key_id));
    memcpy(creds->secret, in->secret, strlen(in->secret));
    if (in->token)
        memcpy(creds->token, in->token, strlen(in->token));
    return what;
}

/* see creds.h */
const struct cilp_source cilp_creds_static = {take};
