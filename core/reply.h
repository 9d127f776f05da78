/*
 * reply.h - what an EC2 or STS reply says: request id, error, <return>, and the
 * fields that an exchange names.
 *
 * Fills code, message and request_id of a result from the two error shapes
 *   EC2  <Response><Errors><Error><Code/><Message/></Error></Errors>
 *        <RequestID/></Response>
 *   STS  <ErrorResponse><Error><Type/><Code/><Message/></Error>
 *        <RequestId/></ErrorResponse>
 * and from <NameResponse><requestId/><return/></NameResponse>. The first of
 * several errors counts. Text is made safe to print on its way in: TAB, CR and
 * LF become a space; controls, C1, bidirectional controls, line and paragraph
 * separators and whatever is no UTF-8 become "?"; no character is cut in two.
 *
 * Source: EC2 Developer Guide, "Error responses".
 * Knows:  xml, text, cilp.h (the result).      Known by: cancel, op.
 */
#ifndef CILP_REPLY_H
#define CILP_REPLY_H

#include "core/xml.h"

struct cilp_result;

enum cilp_return {
    CILP_RETURN_NONE,    /* no <return> at all */
    CILP_RETURN_TRUE,
    CILP_RETURN_FALSE,
    CILP_RETURN_OTHER    /* neither word, or twice */
};

/* Where a success reply keeps what an exchange wants to know. Elements lead
 * from place to place; a place can have text, which goes into a field. */
enum {
    CILP_PLACE_SUCCESS = 1,  /* the root */
    CILP_PLACE_OWN     = 16  /* the first of the exchange's own; to 31 */
};

struct cilp_reply_step {
    uint8_t     from, to;
    const char *name;        /* local name of the element */
};

struct cilp_reply_field {
    uint8_t  place;
    uint16_t max;            /* bytes that are kept, NUL excluded */
    uint16_t offset;         /* in the exchange's memory */
};

struct cilp_reply_form {
    const char *root;        /* success element: its local name */
    const struct cilp_reply_step  *steps;
    const struct cilp_reply_field *fields;
    uint8_t     n_steps, n_fields;
    uint8_t     item;        /* place that comes again and again, or 0: its end
                                stops the reading, its start empties the fields
                                from item_offset on */
    uint16_t    item_offset, item_len;
};

struct cilp_reply {
    enum cilp_return ret;
    bool             is_error;   /* an <Error> with a <Code> was seen */
    bool             is_expected;/* root is the success element asked for */
    bool             bad;        /* not one whole XML document */
    bool             has_item;   /* the last feed stopped behind an item */

    /* private */
    uint8_t          places[5];  /* enum place in reply.c, by depth */
    uint8_t          seq_len;    /* bytes of the UTF-8 sequence so far, */
    uint8_t          more;       /* its bytes in all */
    char             seq[4];     /* and they themselves */
    uint16_t         len;        /* of the field that is being read */
    uint16_t         max;        /* its room */
    uint32_t         seen;       /* a bit for each place that was entered */
    uint32_t         point;      /* the sequence's code point */
    char             word[8];    /* what <return> says */
    char            *to;         /* the field, or NULL */
    char            *memory;     /* the exchange's */
    const struct cilp_reply_form *form;
    struct cilp_xml  xml;
};

/* Both are borrowed until the reply is over. memory may be NULL if the form has
 * no fields; those that it has are to be empty before the first call. */
void cilp_reply_init(struct cilp_reply *r, const struct cilp_reply_form *form,
                     void *memory);

/* Body bytes in any pieces; after the first bad byte the rest is skipped. Only
 * code, message, message_cut and request_id of *into are written, and only if
 * the reply says something: they are to be empty before the first call. A
 * field's first occurrence counts. A code keeps A-Z a-z 0-9 . _ - and is cut,
 * like a request id, to its room.
 * Returns how many bytes were taken: fewer than n only with has_item set. */
size_t cilp_reply_feed(struct cilp_reply *r, struct cilp_result *into,
                       const uint8_t *p, size_t n);

/* The body is over. False if it was not one whole XML document: half an answer
 * is none, so code and message are emptied again, and ret, is_error and
 * is_expected mean nothing. */
bool cilp_reply_end(struct cilp_reply *r, struct cilp_result *into);

#endif
