#include "core/op.h"

#include <string.h>

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_op *from = arg;

    cilp_op_wipe_creds(op);
    if (!from || from == op || !from->creds.key_id[0])
        return CILP_WHAT_SOURCE_ARG;
    memcpy(&op->creds, &from->creds, sizeof op->creds);
    op->came_good = from->came_good;
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_source cilp_creds_shared = {take};
