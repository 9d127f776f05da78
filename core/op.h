/*
 * op.h - what the crank turns: exchanges, flows and sources as data.
 *
 * An exchange is one request and its reply. op.c runs any of them the same
 * way; what differs is a const row of this struct.
 *
 * Knows:  cilp.h.
 */
#ifndef CILP_OP_H
#define CILP_OP_H

#include "core/cilp.h"
#include "core/text.h"

/* What a judge says of an attempt that has ended. The classes of retry.h, so
 * that they need no translation. */
enum cilp_step {
    CILP_STEP_FINISH = CILP_RETRY_NEVER,              /* the call is over */
    CILP_STEP_RETRY = CILP_RETRY_TRANSIENT,           /* once more if quota and
                                                         time allow */
    CILP_STEP_RETRY_THROTTLED = CILP_RETRY_THROTTLED, /* the same, later */
    CILP_STEP_NEXT /* on to op->ex, which the judge may have changed:
                      after a whole reply alone; attempts anew */
};

/* Where a reply goes. */
struct cilp_reader {
    /* Room for it, what is kept of it included; and how large it is. */
    uint8_t *(*room)(struct cilp_op *op, size_t *cap);
    /* Use up the piece of the body at op->rx, op->body_at to op->body_end. False
     * if it goes no further: an item is to be handed out, or the attempt was
     * failed. */
    bool (*body)(struct cilp_op *op);
};

/* As XML, with fields into request.memory. */
extern const struct cilp_reader cilp_reads_xml;

uint8_t *cilp_room_for_xml(struct cilp_op *op, size_t *cap);

struct cilp_exchange {
    const char *service;          /* "ec2": in the host and in the scope */
    struct cilp_reply_form reply; /* what is read of a success reply */
    const struct cilp_reader *reader;

    /* Whom to talk to. *to is all zero. NONE, or what is wrong. */
    enum cilp_what (*aim)(const struct cilp_op *op, struct cilp_peer *to);

    /* Write the request: http_req.h. The same bytes each time, for each window
     * is a run of its own. False: the hash provider failed. */
    bool (*write)(struct cilp_op *op, struct cilp_text *out);

    /* For cilp_http_req_form(): write the form body. Called several times for
     * one request: for its length, its hash and each window. */
    void (*form)(const struct cilp_op *op, struct cilp_text *out);

    /* The attempt has ended: op->result.err is CILP_OK if a complete reply
     * came (op->result, op->reply), or what broke. Set outcome, err and what;
     * when no retry is left the outcome must already be right. */
    enum cilp_step (*judge)(struct cilp_op *op);

    /* Empty the memory that the reply is read into, before each attempt; or
     * NULL. */
    void (*prepare)(struct cilp_op *op);
};

/* For judges: an attempt broke before its reply was complete. Is it worth
 * another one? */
enum cilp_step cilp_judge_broken(const struct cilp_op *op);

/* For aim: op->ex->service in the request's Region, or at its endpoint. */
enum cilp_what cilp_aim_service(const struct cilp_op *op, struct cilp_peer *to);

/* Set op->ex, with the limits of the request. */
void cilp_op_turn_to(struct cilp_op *op, const struct cilp_exchange *ex);

/* The attempt has ended, well (CILP_OK) or badly. */
void cilp_op_settle(struct cilp_op *op, enum cilp_err err, enum cilp_what what);

void cilp_op_wipe_creds(struct cilp_op *op);

/* Have keys for op->req: those that are there, or the source turns to its first
 * exchange. NONE, or what is wrong. */
enum cilp_what cilp_op_take_keys(struct cilp_op *op);

struct cilp_flow {
    const char *action; /* of EC2 or STS; "": of neither */
    const struct cilp_exchange *first;
    /* NONE, or what is wrong with the request. */
    enum cilp_what (*check)(const struct cilp_request *req);
    bool keyless; /* needs no credentials */
};

struct cilp_source {
    /* Check arg. Fill op->creds at once, or turn to the first of exchanges that
     * will: source.h. NONE, or what is wrong. */
    enum cilp_what (*take)(struct cilp_op *op, const void *arg);
};

struct cilp_clock {
    /* A whole reply came: note its Date. False if op->asking, and it told no
     * time. */
    bool (*heard)(struct cilp_op *op);
    /* Was a request refused for its date? Then the right one is known now. */
    bool (*corrects)(struct cilp_op *op);
    /* Write a request that changes nothing and reveals nothing. */
    void (*ask)(struct cilp_op *op, struct cilp_text *out);
};

#endif
