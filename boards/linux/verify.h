/*
 * verify.h - after cancels: can the images still be seen, and why?
 *
 * The looks are the errand's (core/errand.h); a round is made over all images
 * that are left before the next pause. Never changes the exit code.
 */
#ifndef LINUX_VERIFY_H
#define LINUX_VERIFY_H

#include "boards/linux/witness.h"

/* Ids that are remembered at most: a longer batch is verified in parts. */
#define VERIFY_MAX    1000
#define VERIFY_ID_MAX 21 /* "ami-" and 17 digits */

/* Set `witness`; all else zero. */
struct verify {
    struct witness *witness;
    bool given_up;     /* a look failed, and that was said */
    uint32_t pause_ms; /* before the next round */
    size_t n;
    const char *region[VERIFY_MAX];
    char id[VERIFY_MAX][VERIFY_ID_MAX + 1];
};

/* This image was cancelled, in the Region of the settings. */
void verify_add(struct verify *v, const char *image_id);

/* Look at all that were added, say what is seen, and forget them. */
void verify_run(struct verify *v);

#endif
