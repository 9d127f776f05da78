/*
 * Functions: cilp_fields_enter
 * Property: what is read of a reply by any flow fits in the flow's memory: each
 *   field with its NUL, beside the others, and the item that is emptied; each place has a bit
 * Bound: none: the tables, as they are, all of their rows
 * With: core/image.c core/references.c core/regions.c core/identity.c
 *   core/paging.c core/ask.c core/text.c tests/proof/sha256_model.c
 * Options: --unwind 20
 * Run: suite
 */
#include "core/fields.h"
#include "core/identity.h"
#include "core/image.h"
#include "core/op.h"
#include "core/references.h"
#include "core/regions.h"

#include "tests/proof/proof.h"

static size_t end_of(const struct cilp_reply_field *f)
{
    return f->offset + f->max + (size_t)1; /* with its NUL */
}

static void check(const struct cilp_flow *flow, size_t size)
{
    const struct cilp_fields *f = flow->first->reply.fields;

    for (size_t i = 0; i < f->n_fields; i++) {
        prove(end_of(&f->fields[i]) <= size,
              "a field and its NUL are within the memory");
        for (size_t k = 0; k < i; k++)
            prove(end_of(&f->fields[i]) <= f->fields[k].offset ||
                      end_of(&f->fields[k]) <= f->fields[i].offset,
                  "and beside all others");
        prove(f->fields[i].place >= CILP_PLACE_OWN && f->fields[i].place < 32,
              "its place has a bit");
    }
    for (size_t i = 0; i < f->n_steps; i++)
        prove(f->steps[i].to >= CILP_PLACE_OWN && f->steps[i].to < 32,
              "a step leads to a place that has a bit");
    prove(f->item_offset + (size_t)f->item_len <= size,
          "an item that is emptied is within the memory");
    can_be(f->n_fields > 0, "a field");
}

void harness(void)
{
    check(&cilp_look, sizeof(struct cilp_look));
    check(&cilp_look_shared, sizeof(struct cilp_look));
    check(&cilp_list, sizeof(struct cilp_list));
    check(&cilp_image_references, sizeof(struct cilp_references));
    check(&cilp_regions, sizeof(struct cilp_regions));
    check(&cilp_identity, sizeof(struct cilp_identity));
}
