/*
 * verdict.h - what stands between an account and a cancel, from what was
 * learnt. Pure: the table, and a sentence for each row.
 *
 * EC2 gives one and the same NotFound to an image that does not exist, that was
 * never shared, and that is shared with an organization. Two facts tell them
 * apart: what the cancel said, and whether DescribeImages still sees the image.
 */
#ifndef CILP_VERDICT_H
#define CILP_VERDICT_H

#include "core/image.h"

#ifdef __cplusplus
extern "C" {
#endif

enum cilp_verdict {
    CILP_VERDICT_NONE,         /* nothing can be said: EC2 refused, or the
                                  outcome is unknown */
    CILP_VERDICT_ENDED,        /* no grant, and not visible any more */
    CILP_VERDICT_STILL_SHARED, /* no account grant, but reachable through an
                                  organization or OU */
    CILP_VERDICT_STILL_PUBLIC, /* no account grant, but public */
    CILP_VERDICT_OWN,          /* nothing to cancel: the account owns it */
    CILP_VERDICT_PUBLIC,       /* ...: it is public */
    CILP_VERDICT_ORGANIZATION, /* ...: shared through an organization or OU */
    CILP_VERDICT_NOT_VISIBLE,  /* ...: wrong Region, never shared, cancelled
                                  already, or deregistered */
    CILP_VERDICT_UNSEEN,       /* ...: and DescribeImages was not allowed, so
                                  no more can be said */
    CILP_VERDICT_UNCHECKED,    /* cancelled, and DescribeImages was not
                                  allowed */
    CILP_VERDICT_SHARED,       /* a dry run is permitted and the image is
                                  visible: by an account's grant or by an
                                  organization's, which cannot be told apart
                                  without cancelling */
    CILP_VERDICT_PUBLIC_OR_SHARED,  /* a dry run is permitted and the image is
                                   public: whether a grant stands behind that
                                   is not to be seen; cilp_look_shared tells */
    CILP_VERDICT_PUBLIC_AND_SHARED, /* it told: there is one, as of SHARED */
    CILP_VERDICT_UNAVAILABLE /* pending, failed, deregistered: EC2 cancels
                                nothing of such an image */
};

enum cilp_sight {
    CILP_SIGHT_UNKNOWN, /* not looked, or not allowed to */
    CILP_SIGHT_NONE,    /* looked, and it was not there */
    CILP_SIGHT_SEEN     /* *image holds it */
};

/* outcome: of the cancel or of its dry run. account: the caller's own, 12
 * digits; "" if not known, then an image is not called its own. */
enum cilp_verdict cilp_verdict(enum cilp_outcome outcome, enum cilp_sight sight,
                               const struct cilp_image *image,
                               const char *account);

/* One sentence, without a full stop: what is so, and what to do. */
const char *cilp_verdict_text(enum cilp_verdict verdict);

/* A short word for machines: "organization", "own", ... */
const char *cilp_verdict_word(enum cilp_verdict verdict);

#ifdef __cplusplus
}
#endif

#endif
