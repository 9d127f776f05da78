/*
 * paging.h - what the exchanges have in common whose replies are pages of items.
 *
 * If a page breaks after some of its items were handed out it is asked for
 * again, and those are passed over.
 *
 * Knows:  op.h, pages, ask.
 */
#ifndef CILP_PAGING_H
#define CILP_PAGING_H

#include "core/op.h"
#include "core/pages.h"

/* Where a reply's nextToken goes, for the fields of an exchange whose memory
 * has a struct cilp_pages. */
#define CILP_PAGE_TOKEN_FIELD(place, type, base)                \
    {                                                           \
        place, CILP_PAGE_TOKEN_MAX + 1,                         \
            (uint16_t)(offsetof(struct type, base) +            \
                       offsetof(struct cilp_pages, next_token)) \
    }

/* Of cilp_exchange.prepare: a page is asked for, perhaps again. */
void cilp_pages_prepare(struct cilp_pages *p);

/* Of cilp_exchange.form: nothing on the first page. */
void cilp_pages_form(const struct cilp_pages *p, struct cilp_text *out);

/* Of cilp_reader.body: up to the next item that is to be handed out; then false.
 * wanted: is an item that has been read one of those? */
bool cilp_pages_body(struct cilp_op *op, struct cilp_pages *p,
                     bool (*wanted)(const struct cilp_op *op));

/* Of cilp_exchange.judge: cilp_ask_judge(), and on to the next page. */
enum cilp_step cilp_pages_judge(struct cilp_op *op, struct cilp_pages *p);

#endif
