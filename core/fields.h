/*
 * fields.h - what an exchange wants to know of a success reply, beyond yes.
 *
 * Elements lead from place to place; a place can have text, which goes into a
 * field of the exchange's memory. One place may come again and again: an item.
 * An image that only cancels has none of this.
 *
 * Knows:  reply.
 */
#ifndef CILP_FIELDS_H
#define CILP_FIELDS_H

#include "core/reply.h"
#include "core/text.h"

enum {
    CILP_PLACE_OWN = 16 /* the first of the exchange's own; to 31 */
};

struct cilp_reply_field {
    uint8_t place;
    uint16_t max;    /* bytes that are kept, NUL excluded */
    uint16_t offset; /* in the exchange's memory */
};

struct cilp_fields {
    const struct cilp_reply_step *steps;
    const struct cilp_reply_field *fields;
    uint8_t n_steps, n_fields;
    uint8_t item; /* place that comes again and again, or 0: its end
                     stops the reading, its start empties the fields
                     from item_offset on */
    uint16_t item_offset, item_len;
};

/* For struct cilp_reply_form. */
uint8_t cilp_fields_enter(struct cilp_reply *r, uint8_t from);

#endif
