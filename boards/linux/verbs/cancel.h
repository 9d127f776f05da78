/*
 * cancel.h - the verbs that cancel: one image in either spelling, or many.
 */
#ifndef LINUX_CANCEL_H
#define LINUX_CANCEL_H

#include "boards/linux/ids.h"
#include "boards/linux/verify.h"

/* Set `witness`, and verify.witness; all else zero. */
struct cancel {
    struct witness *witness;
    struct verify verify;

    /* of a batch */
    struct ids ids;
    uint32_t done;                  /* images that were tried */
    uint32_t odd;                   /* lines that are no ids */
    uint32_t same;                  /* repeated ids that were passed over */
    uint32_t by[CILP_NOT_SENT + 1]; /* how many of each outcome */
    int code;                       /* the worst so far */
    bool throttled;                 /* EC2 has throttled some attempt */
    bool shows_progress;
};

/* `cancel` with one id, and `ec2 cancel-image-launch-permission`. Returns the
 * exit code, like cancel_many(). */
int cancel_one(struct cancel *c, const char *image_id);

/* `cancel` with several ids, or with those of standard input. */
int cancel_many(struct cancel *c);

#endif
