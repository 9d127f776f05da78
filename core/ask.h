/*
 * ask.h - what the exchanges that only ask have in common.
 *
 * Knows:  op.h, retry.
 */
#ifndef CILP_ASK_H
#define CILP_ASK_H

#include "core/op.h"

/* The check of a flow about one image: is it named, and is there memory? NONE, or
 * what is wrong. */
enum cilp_what cilp_ask_check_image(const struct cilp_request *req);

/* The judge of an exchange that changes nothing: ANSWERED for a readable reply
 * with the root that was asked for, REFUSED for a complete refusal, NOT_SENT
 * (nothing can have changed) for all else. */
enum cilp_step cilp_ask_judge(struct cilp_op *op);

/* Give up for a reason of the exchange's own. */
enum cilp_step cilp_ask_reject(struct cilp_op *op, enum cilp_what what);

#endif
