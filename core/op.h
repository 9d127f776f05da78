/*
 * op.h - what the crank turns: exchanges, flows and sources as data.
 *
 * An exchange is one request and its reply. op.c runs any of them the same
 * way; what differs is a const row of this struct.
 *
 * Knows:  cilp.h.          Known by: cancel, creds_*, http_req.
 */
#ifndef CILP_OP_H
#define CILP_OP_H

#include "core/cilp.h"
#include "core/text.h"

/* What a judge says of an attempt that has ended. The classes of retry.h, so
 * that they need no translation. */
enum cilp_step {
    CILP_STEP_FINISH          = CILP_RETRY_NEVER,     /* the call is over */
    CILP_STEP_RETRY           = CILP_RETRY_TRANSIENT, /* once more if quota and
                                                         time allow */
    CILP_STEP_RETRY_THROTTLED = CILP_RETRY_THROTTLED, /* the same, later */
    CILP_STEP_NEXT                     /* the same exchange again, for the next
                                          part: attempts and deadline anew */
};

struct cilp_exchange {
    const char *service;        /* "ec2": in the host and in the scope */
    struct cilp_reply_form reply;    /* what is read of a success reply */

    /* Write the form body. Called several times for one request: for its
     * length, its hash and each window, so it depends on req alone. */
    void (*form)(const struct cilp_request *req, struct cilp_text *out);

    /* The attempt has ended: op->result.err is CILP_OK if a complete reply
     * came (op->result, op->reply), or what broke. Set outcome, err and what;
     * when no retry is left the outcome must already be right. */
    enum cilp_step (*judge)(struct cilp_op *op);

    /* Empty the memory that the reply is read into, before each attempt; or
     * NULL. */
    void (*prepare)(struct cilp_op *op);

    /* With reply.item: one has been read. Is it to be handed out? */
    bool (*item)(struct cilp_op *op);
};

/* For judges: an attempt broke before its reply was complete. Is it worth
 * another one? */
enum cilp_step cilp_judge_broken(const struct cilp_op *op);

struct cilp_flow {
    const struct cilp_exchange *first;
    /* NONE, or what is wrong with the request. */
    enum cilp_what (*check)(const struct cilp_request *req);
};

struct cilp_source {
    /* Fill *creds, all zero so far. NONE, or what is wrong. */
    enum cilp_what (*take)(struct cilp_creds *creds, const void *arg);
};

#endif
