/*
 * reply.h - what an EC2 or STS reply says: request id, error, <return>; and by
 * fields.h what an exchange names.
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
 * Knows:  xml, text, cilp.h (the result).
 */
#ifndef CILP_REPLY_H
#define CILP_REPLY_H

#include "core/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cilp_result;

enum cilp_return {
    CILP_RETURN_NONE, /* no <return> at all */
    CILP_RETURN_TRUE,
    CILP_RETURN_FALSE,
    CILP_RETURN_OTHER /* neither word, or twice */
};

/* The root of a success reply, as a place: where the exchange's own begin. */
#define CILP_PLACE_SUCCESS 1

struct cilp_reply_step {
    uint8_t from, to; /* places */
    const char *name; /* local name of the element that leads there */
};

struct cilp_fields;
struct cilp_reply;

/* What an exchange wants to know of a success reply. */
struct cilp_reply_form {
    const char *root; /* success element: its local name */

    /* NULL, or cilp_fields_enter() and what it looks up: an element begins, in
     * a place that the two error shapes do not have. Its place; 0: none. */
    uint8_t (*enter)(struct cilp_reply *r, uint8_t from);
    const struct cilp_fields *fields;
};

struct cilp_reply {
    enum cilp_return ret;
    bool is_error;    /* an <Error> with a <Code> was seen */
    bool is_expected; /* root is the success element asked for */
    bool bad;         /* not one whole XML document */
    bool has_item;    /* the last feed stopped behind an item */
    bool cut;         /* something was longer than its field */

    /* private */
    uint8_t item;      /* the place that is one, or 0 */
    uint8_t places[5]; /* enum place in reply.c, by depth */
    uint8_t seq_len;   /* bytes of the UTF-8 sequence so far, */
    uint8_t more;      /* its bytes in all */
    char seq[4];       /* and they themselves */
    uint16_t len;      /* of the field that is being read */
    uint16_t max;      /* its room */
    uint32_t seen;     /* a bit for each place that was entered */
    uint32_t point;    /* the sequence's code point */
    char word[8];      /* what <return> says */
    char *to;          /* the field, or NULL */
    char *memory;      /* the exchange's */
    const struct cilp_reply_form *form;
    struct cilp_xml xml;
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

/* For cilp_reply_form.enter: where the text of the place goes; NULL: nowhere. */
void cilp_reply_aim_at(struct cilp_reply *r, char *to, size_t max);

/* A code or message that came in another way, made safe to print like the others:
 * `to`, of max bytes and a NUL, is one of *into's, and empty. text may be NULL. */
void cilp_reply_note(struct cilp_reply *r, struct cilp_result *into, char *to,
                     size_t max, const char *text);

/* The body is over. False if it was not one whole XML document: half an answer
 * is none, so code and message are emptied again, and ret, is_error and
 * is_expected mean nothing. */
bool cilp_reply_end(struct cilp_reply *r, struct cilp_result *into);

#ifdef __cplusplus
}
#endif

#endif
