#include "core/op.h"

#include <string.h>

#define ID_MIN 16

/* ---- What is wrong with keys --------------------------------------------- */

/* docker's --env-file, for one, takes no quotes off. */
static bool is_quoted(const char *s)
{
    size_t n = strlen(s);

    return n > 1 && (s[0] == '"' || s[0] == '\'') && s[n - 1] == s[0];
}

static bool is_key_id(const char *s)
{
    size_t n = 0;

    while (cilp_text_is_alnum(s[n]) || s[n] == '_')
        n++;
    return !s[n] && n >= ID_MIN && n <= CILP_KEY_MAX;
}

/* An id begins as AWS's ids of long-term keys do, "AKIA", or as those of temporary
 * ones, "ASIA". */
static bool begins(const char *id, const char *with)
{
    return memcmp(id, with, 4) == 0;
}

/* A secret has letters of both cases; an id of AWS's has capitals alone. */
static bool is_id_by_mistake(const char *secret)
{
    if (!is_key_id(secret) ||
        (!begins(secret, "AKIA") && !begins(secret, "ASIA")))
        return false;
    while (*secret && *secret < 'a')
        secret++;
    return !*secret;
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* see creds.h: a space inside is a slip of the clipboard, and anything else that
 * is no word could not enter a header */
enum cilp_what cilp_keys_fault(const struct cilp_static_creds *keys)
{
    const char *id = or_empty(keys->key_id);
    const char *secret = or_empty(keys->secret);
    const char *token = or_empty(keys->token);

    if (is_quoted(id) || is_quoted(secret) || is_quoted(token))
        return CILP_WHAT_QUOTED;
    if (is_id_by_mistake(secret))
        return CILP_WHAT_SWAPPED;
    if (!is_key_id(id))
        return CILP_WHAT_KEY_ID;
    if (!cilp_text_is_word(secret, 1, CILP_KEY_MAX))
        return CILP_WHAT_SECRET;
    if (!cilp_text_is_word(token, 0, CILP_TOKEN_MAX))
        return CILP_WHAT_TOKEN;
    return begins(id, "ASIA") && !*token ? CILP_WHAT_NO_TOKEN : CILP_WHAT_NONE;
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
