#include "core/sts.h"

#include <string.h>

#define FIELD(place, member)                               \
    {                                                      \
        place, sizeof((struct cilp_creds *)0)->member - 1, \
            offsetof(struct cilp_creds, member)            \
    }

/* see sts.h */
const struct cilp_reply_field cilp_sts_fields[4] = {
    FIELD(CILP_STS_KEY_ID, key_id),
    FIELD(CILP_STS_SECRET, secret),
    FIELD(CILP_STS_TOKEN, token),
    FIELD(CILP_STS_EXPIRES, expires),
};

static uint8_t *room(struct cilp_op *op, size_t *cap)
{
    *cap = sizeof op->io.keys.window;
    return op->io.keys.window;
}

static bool body(struct cilp_op *op)
{
    op->reply.memory = (char *)&op->io.keys.fresh;
    return cilp_reads_xml.body(op);
}

/* see sts.h */
const struct cilp_reader cilp_reads_keys = {room, body};

/* Three words, of a form that keys have. */
static enum cilp_what fault(const struct cilp_op *op)
{
    const struct cilp_creds *fresh = &op->io.keys.fresh;
    const struct cilp_static_creds keys = {fresh->key_id, fresh->secret,
                                           fresh->token};

    if (op->reply.cut || !fresh->key_id[0] || !fresh->secret[0] ||
        !fresh->token[0])
        return CILP_WHAT_NO_KEYS;
    return cilp_keys_fault(&keys);
}

/* see sts.h */
bool cilp_sts_took_keys(struct cilp_op *op, enum cilp_step *step)
{
    enum cilp_what what;

    if (cilp_source_failed(op, step))
        return false;
    *step = CILP_STEP_FINISH;
    if (op->reply.bad || !op->reply.is_expected) {
        cilp_source_reject(op, CILP_WHAT_SOURCE_FOREIGN);
        *step = CILP_STEP_RETRY;
        return false;
    }
    what = fault(op);
    if (what) {
        cilp_source_reject(op, what);
    } else {
        memcpy(&op->creds, &op->io.keys.fresh, sizeof op->creds);
        cilp_source_read_expiry(op);
    }
    return what == CILP_WHAT_NONE;
}

/* see sts.h */
enum cilp_what cilp_sts_check(const struct cilp_role *role)
{
    if (!cilp_text_is_word(role->arn, 20, 2048))
        return CILP_WHAT_ROLE_ARN;
    if (!cilp_source_is_name(role->session_name, 2, 64))
        return CILP_WHAT_SESSION_NAME;
    if (role->external_id && !cilp_text_is_word(role->external_id, 2, 1224))
        return CILP_WHAT_EXTERNAL_ID;
    if (role->duration_s &&
        (role->duration_s < 900 || role->duration_s > 43200))
        return CILP_WHAT_DURATION;
    return CILP_WHAT_NONE;
}

/* see sts.h */
void cilp_sts_put(struct cilp_text *out, const struct cilp_role *role)
{
    cilp_text_str(out, "&Version=2011-06-15&RoleArn=");
    cilp_text_percent(out, role->arn);
    cilp_text_str(out, "&RoleSessionName=");
    cilp_text_percent(out, role->session_name);
    if (role->duration_s) {
        cilp_text_str(out, "&DurationSeconds=");
        cilp_text_uint(out, role->duration_s);
    }
}
