#include "core/op.h"

/* Keys are not used to their last minute; and a source that gives such keys is
 * not asked more often. */
#define MARGIN_S 60

/* see cilp.h */
int64_t cilp_expires_s(const struct cilp_op *op)
{
    return op->creds.expires_s;
}

/* see cilp.h */
const char *cilp_key_id(const struct cilp_op *op)
{
    return op->creds.key_id;
}

/* see cilp.h */
bool cilp_keys_are_temporary(const struct cilp_op *op)
{
    return op->creds.token[0] != '\0';
}

/* ---- For how long ------------------------------------------------------- */

/* Do the keys that are there last for one more call? */
static bool will_last(const struct cilp_op *op, const struct cilp_now *now)
{
    int64_t left_s = op->creds.expires_s - now->unix_s - op->offset_s;

    if (!op->creds.expires_s || left_s >= MARGIN_S)
        return true;
    if (now->mono_ms - op->t_keys >= MARGIN_S * 1000)
        return false;
    /* they came like this; but if they have expired since, new ones may help */
    return left_s > 0 || !op->came_good;
}

static bool wants_keys(const struct cilp_op *op, const struct cilp_request *req,
                       const struct cilp_now *now)
{
    if (req->keys || req->flow->keyless)
        return false;
    return !op->creds.key_id[0] || op->keys_of != req->source ||
           op->keys_arg != req->source_arg || !will_last(op, now);
}

/* see cilp.h */
bool cilp_wants_keys(const struct cilp_op *op, const struct cilp_request *req,
                     struct cilp_now now)
{
    return wants_keys(op, req, &now);
}

/* What is in creds from here on is of this source, whole or not. */
static enum cilp_what ask(struct cilp_op *op)
{
    const struct cilp_request *req = op->req;
    enum cilp_what wrong = CILP_WHAT_NO_SOURCE;

    op->keys_of = req->source;
    op->keys_arg = req->source_arg;
    op->t_keys = op->now.mono_ms;
    op->keys++;
    if (req->source)
        wrong = req->source->take(op, req->source_arg);
    if (wrong)
        op->sourcing = true; /* no half of a set is used later */
    return wrong;
}

/* see op.h */
enum cilp_what cilp_op_take_keys(struct cilp_op *op)
{
    const struct cilp_request *req = op->req;

    if (wants_keys(op, req, &op->now))
        return ask(op);
    if (req->keys && (req->keys != op->keys || !op->creds.key_id[0]))
        return CILP_WHAT_OTHER_KEYS;
    return CILP_WHAT_NONE;
}
