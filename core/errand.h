/*
 * errand.h - from what was learnt to the next flow to run. Pure: it calls no
 * loop and knows no wire; one cilp_start() after the other is the caller's.
 *
 *     cilp_errand_init(&e);                       // once for a run, then
 *     e.explains = e.verifies = true;             // what is wished for
 *
 *     cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, "ami-...");
 *     last = NULL;
 *     while ((step = cilp_errand_next(&e, last, wants, now())) !=
 *            CILP_ERRAND_DONE) {
 *         last = NULL;
 *         if (step == CILP_ERRAND_WAIT) {
 *             sleep_ms(e.wait_ms);
 *             continue;
 *         }
 *         cilp_errand_request(&e, &request);      // flow, memory, keys, ...
 *         cilp_start(&op, &request, now());
 *         ...                                     // to CILP_DONE
 *         last = cilp_result(&op);
 *     }
 *
 * After CILP_ERRAND_CANCEL `last` tells the outcome, which nothing that follows
 * changes. One errand serves a run of any number of images, one after the
 * other; it remembers whose the keys are and what makes further images useless.
 *
 * Whose the keys are. Keys belong to an account for as long as they are used;
 * a source may give another one's the next time. So the account is asked for
 * (STS GetCallerIdentity) before the first write if e.account names the one that
 * is expected; and when keys are to be renewed between two images, first with
 * the old ones, if it is not known, and then with the new ones. Another account
 * ends the run, whether one was named or not, and so does one that nobody tells.
 * What follows is signed with the very keys that were asked about
 * (request.keys) or not at all.
 *
 * In use. With e.asks_use and e.references the account's own resources that
 * refer to the image are asked for before the cancel. If there are any, DONE
 * comes instead of it, with e.use FOUND. If EC2 will not tell (IAM does not allow
 * it), that is no reason to stop unless e.must_know_use says so; a question that
 * got no answer (network, throttled, trouble of EC2's) is: `last` says why. TO_EXPLAIN asks, and goes on
 * whatever the answer is.
 */
#ifndef CILP_ERRAND_H
#define CILP_ERRAND_H

#include "core/cilp.h"
#include "core/identity.h"
#include "core/image.h"
#include "core/references.h"
#include "core/verdict.h"

enum cilp_errand_step {
    CILP_ERRAND_DONE,        /* with this image: verdict, over */
    CILP_ERRAND_WHO,         /* run cilp_identity */
    CILP_ERRAND_IN_USE,      /* run e.asks_use; its items are the caller's */
    CILP_ERRAND_CANCEL,      /* run cilp_cancel */
    CILP_ERRAND_LOOK,        /* run cilp_look */
    CILP_ERRAND_LOOK_SHARED, /* run cilp_look_shared */
    CILP_ERRAND_WAIT         /* nothing for wait_ms */
};

enum cilp_errand_aim {
    CILP_ERRAND_TO_CANCEL,  /* and what is wished for besides */
    CILP_ERRAND_TO_EXPLAIN, /* a dry run, and a look whatever came of it */
    CILP_ERRAND_TO_VERIFY,  /* only the looks at an image that was cancelled:
                               of many, all at their end */
    CILP_ERRAND_TO_KNOW     /* only whose the keys are, for a call of the
                               caller's own: request.keys is then me_keys */
};

/* Why the run is over: every further image would meet the same. */
enum cilp_errand_over {
    CILP_ERRAND_GOES_ON,
    CILP_ERRAND_HOPELESS,      /* the last result is of keys, Region, ... */
    CILP_ERRAND_OTHER_ACCOUNT, /* the keys are of account me.account, and not
                                  of `account` */
    CILP_ERRAND_NO_ACCOUNT     /* whose they are could not be found out: the
                                  last result says why */
};

/* Do resources of the account refer to the image? */
enum cilp_errand_use {
    CILP_USE_UNASKED,
    CILP_USE_NONE,   /* nothing that is asked about does */
    CILP_USE_FOUND,  /* references->pages.count do */
    CILP_USE_UNKNOWN /* there was no answer to that */
};

/* Looks at an image that was cancelled, at most: EC2 is slow to forget. They
 * are at 0, 1 and 3 seconds. */
#define CILP_ERRAND_LOOKS 3

struct cilp_errand {
    /* Yours to set after cilp_errand_init(); borrowed. */
    bool dry_run;        /* CANCEL only asks */
    bool explains;       /* a look after a NotFound: why? */
    bool verifies;       /* looks after a cancel: can it still be seen? */
    const char *account; /* 12 digits; NULL: whichever it is */
    const struct cilp_flow *asks_use;   /* &cilp_image_references; NULL: it is
                                           not asked whether it is in use */
    struct cilp_references *references; /* with asks_use: what is read into */
    bool must_know_use;                 /* no cancel unless that was told */

    /* Read it. */
    enum cilp_errand_over over;
    enum cilp_verdict verdict; /* after DONE. NONE: nothing was looked at */
    enum cilp_sight sight;     /* of the last look, held by look.image */
    enum cilp_errand_use use;  /* of this image */
    uint32_t wait_ms;          /* with WAIT */
    uint8_t looks;             /* at an image that was cancelled: how many.
                                  Yours to set before a first _next() that
                                  goes on with them */
    bool denied;               /* ec2:DescribeImages is not allowed: there are
                                  no more looks in this run */
    bool use_denied;           /* it is not allowed to ask whether images are in
                                  use: that is done no more in this run, but
                                  with must_know_use */
    uint32_t keys;             /* result.keys that signed last; 0: none */
    uint32_t me_keys;          /* the keys that me was asked about; 0: none */
    struct cilp_identity me;   /* account "": not known */
    struct cilp_look look;

    /* private */
    uint8_t step, then, aim;
    bool pins;                 /* `keys` sign, and no others */
    bool hurries;              /* who it is would merely be good to know */
    bool is_unavailable;       /* so EC2 said */
    bool paces;                /* EC2 has throttled */
    uint32_t began_ms;         /* when the last cancel began */
    enum cilp_outcome outcome; /* of the cancel */
    const char *image_id;
    char first[13]; /* the account that all keys have to be of */
};

/* All zero, and no wishes. */
void cilp_errand_init(struct cilp_errand *e);

/* Turn to an image; image_id is borrowed until DONE. After e->over all that
 * comes is DONE. */
void cilp_errand_begin(struct cilp_errand *e, enum cilp_errand_aim aim,
                       const char *image_id);

/* What is to be done next. last: the result of the step before, NULL if that
 * was WAIT or none. wants: cilp_wants_keys() for any request with the source
 * that will be used; asked for with the first step of an image alone.
 * A step that did not come to its end (a signal) may be followed by
 * cilp_errand_begin(). */
enum cilp_errand_step cilp_errand_next(struct cilp_errand *e,
                                       const struct cilp_result *last,
                                       bool wants, struct cilp_now now);

/* Fill in what the step needs: flow, image_id, memory, dry_run, keys; and for
 * what would merely be good to know, less attempts and time. The rest of *req is
 * the caller's, an endpoint of STS's own as well. */
void cilp_errand_request(struct cilp_errand *e, struct cilp_request *req);

/* The account that keys have to be of: the one that is expected, or that of the
 * keys that came first; "": not known. */
const char *cilp_errand_account(const struct cilp_errand *e);

/* Does the account in e->me belong to the keys of this result? */
bool cilp_errand_knows(const struct cilp_errand *e,
                       const struct cilp_result *r);

#endif
