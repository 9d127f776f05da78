/*
 * witness.h - runs an errand (core/errand.h) over the run's one session, keeps
 * what each of its calls left behind, and says in words what came out: whose the
 * keys are, and what stands between an account and a cancel.
 */
#ifndef LINUX_WITNESS_H
#define LINUX_WITNESS_H

#include "boards/linux/say/use.h"
#include "boards/linux/session.h"
#include "core/errand.h"

/* Set `session`, and wishes after cilp_errand_init(); all else zero. */
struct witness {
    struct session *session;
    struct cilp_errand errand;
    struct use use;            /* what the image is used by */
    struct report report;      /* of the last cancel; or of the question
                                       that came before it, and instead of it */
    struct report me_report;   /* of the last GetCallerIdentity */
    struct report look_report; /* of the last look */
    struct report use_report;  /* of the last question if it is in use */

    /* private */
    const struct cilp_result *last;
    enum cilp_errand_step made; /* the last step but DONE and WAIT */
};

/* From now on it is asked before each cancel whether the image is in use; must:
 * and no cancel is made where that is not told. */
void witness_ask_use(struct witness *w, bool must);

/* Where the report of a step is kept. */
struct report *witness_report(struct witness *w, enum cilp_errand_step step);

/* Turn to an image; NULL: to none (CILP_ERRAND_TO_KNOW). */
void witness_begin(struct witness *w, enum cilp_errand_aim aim,
                   const char *image_id);

/* Make the next step, and say which one it was: its report is there. WAIT is the
 * caller's to make, errand.wait_ms long. DONE also after a signal. */
enum cilp_errand_step witness_step(struct witness *w);

/* The same, and on to the cancel: CILP_ERRAND_CANCEL; IN_USE if the question
 * whether it is in use was the last one; or DONE if it did not come to that.
 * Then what follows it, to the end. */
enum cilp_errand_step witness_cancel(struct witness *w);
void witness_finish(struct witness *w);

/* Know whose the keys are, if that can be found out. EXIT_DONE, or an exit code
 * after a complaint: a signal came, or they are not, or not any more, of the
 * account that they have to be of. */
enum exit_code witness_know(struct witness *w);

/* After errand.over: the keys are not, or not known to be, of the account that
 * they have to be of. Says so, and returns the exit code; EXIT_DONE, and no
 * word, if that is not why. */
enum exit_code witness_tell_account(const struct witness *w);

/* "IMAGE: verdict", and what could not be checked. No line's end. */
void witness_say(struct out *o, const struct witness *w, const char *image_id);

#endif
