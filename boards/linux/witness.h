/*
 * witness.h - what DescribeImages and STS tell about an image, and the verdict
 * on it (core/verdict.h). What could not be asked is said, and asked no more.
 */
#ifndef LINUX_WITNESS_H
#define LINUX_WITNESS_H

#include "boards/linux/session.h"
#include "core/identity.h"
#include "core/verdict.h"

/* Set `call`; all else zero at first. One for a whole run. */
struct witness {
    struct session *session;
    struct cilp_identity me; /* account "": not known (yet) */
    struct cilp_look look;
    enum cilp_sight sight;   /* of the last look */
    bool me_asked;           /* STS was asked, whatever came of it */
    bool denied;             /* ec2:DescribeImages is not allowed */
    struct report me_report; /* why the account is not known */
    struct report report;    /* of the last look */
};

/* Who is calling? False: not known. `patience`: wait for an answer as long as
 * for any; else a few seconds, for what would merely be good to know. */
bool witness_ask_who(struct witness *w, bool patience);

/* Look at an image; sets sight, and image if it is seen. */
void witness_look(struct witness *w, const char *image_id);

/* The verdict after a look; asks for the account if it matters. */
enum cilp_verdict witness_judge(struct witness *w, enum cilp_outcome outcome);

/* "IMAGE: verdict", and what could not be checked. No line's end. */
void witness_say(struct out *o, const struct witness *w, const char *image_id,
                 enum cilp_verdict verdict);

/* The same after a call that said NotFound, as a line on standard error. */
void witness_explain(struct witness *w, const struct report *r);

#endif
