/*
 * The roots lie in a section of flash of their own, where an update replaces
 * them without the program: PEM text from image_roots on (mps2.ld). What is
 * erased, 0xff, or was never written ends it.
 *
 * Who writes there decides whom the device believes: ../PRODUCT.md.
 */
#include "boards/firmware/trust.h"

extern const uint8_t image_roots[], image_roots_end[]; /* mps2.ld */

const char *const board_trust_place = "in a section of flash of their own";

static size_t at;

static bool to_start(struct cilp_trust_reader *r)
{
    (void)r;
    at = 0;
    return true;
}

static bool is_text(uint8_t byte)
{
    return byte != 0 && byte != 0xff;
}

static size_t read_on(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    size_t room = (size_t)(image_roots_end - image_roots) - at, n = 0;

    (void)r;
    for (; n < cap && n < room && is_text(image_roots[at + n]); n++)
        p[n] = image_roots[at + n];
    at += n;
    return n;
}

/* see trust.h */
struct cilp_trust *board_trust(const char *anchor)
{
    static struct cilp_trust_reader reader = {.rewind = to_start,
                                              .read = read_on};
    static struct cilp_trust_bundle bundle;

    if (anchor)
        return NULL; /* as trust.c */
    cilp_trust_init_bundle(&bundle, &reader);
    return &bundle.trust;
}
