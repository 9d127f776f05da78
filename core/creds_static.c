#include "core/op.h"

/* At most max bytes of 0x21..0x7E to the zeroes at `to`: a space inside is a
 * slip of the clipboard, and anything else could not enter a header. NULL is
 * "". False if `from` is too long or no key. */
static bool copy(char *to, size_t max, const char *from)
{
    for (; from && *from; from++, max--) {
        if (max == 0 || *from <= 0x20 || *from >= 0x7F)
            return false;
        *to++ = *from;
    }
    return true;
}

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_static_creds *in = arg;
    struct cilp_creds *creds = &op->creds;

    cilp_op_wipe_creds(op);
    if (!in || !copy(creds->key_id, CILP_KEY_MAX, in->key_id) ||
        !creds->key_id[0])
        return CILP_WHAT_KEY_ID;
    if (!copy(creds->secret, CILP_KEY_MAX, in->secret) || !creds->secret[0])
        return CILP_WHAT_SECRET;
    if (!copy(creds->token, CILP_TOKEN_MAX, in->token))
        return CILP_WHAT_TOKEN;
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_source cilp_creds_static = {take};
