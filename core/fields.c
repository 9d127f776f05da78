#include "core/fields.h"

#include <string.h>

static uint8_t find(const struct cilp_reply *r, uint8_t from)
{
    const struct cilp_fields *more = r->form->fields;

    for (size_t i = 0; i < more->n_steps; i++)
        if (more->steps[i].from == from &&
            cilp_text_equal(r->xml.name, r->xml.name_len, more->steps[i].name))
            return more->steps[i].to;
    return 0;
}

/* see fields.h: every place is entered once, but an item may come again, and
 * its places with it. */
uint8_t cilp_fields_enter(struct cilp_reply *r, uint8_t from)
{
    const struct cilp_fields *more = r->form->fields;
    const struct cilp_reply_field *f = more->fields;
    uint8_t to = find(r, from);

    if (to && to == more->item) {
        r->item = to;
        r->seen &= (1u << CILP_PLACE_OWN) - 1;
        memset(r->memory + more->item_offset, 0, more->item_len);
    }
    if (!to || ((r->seen >> to) & 1))
        return 0;
    r->seen |= 1u << to;
    cilp_reply_aim_at(r, NULL, 0);
    for (size_t n = more->n_fields; n > 0; n--, f++)
        if (f->place == to)
            cilp_reply_aim_at(r, r->memory + f->offset, f->max);
    return to;
}
