/*
 * doctor.h - the verb `doctor`: what a cancel would meet, from the choice of
 * credentials to EC2's clock. Changes nothing: EC2 is sent an unsigned GET, STS
 * GetCallerIdentity, and the source of credentials what it is always sent.
 */
#ifndef LINUX_DOCTOR_H
#define LINUX_DOCTOR_H

#include "boards/linux/probe.h"
#include "core/identity.h"

/* Set `session`; all else zero at first. */
struct doctor {
    struct session *session;
    bool me_asked;           /* STS was asked, whatever came of it */
    struct cilp_identity me; /* account "": not known */
    struct report me_report; /* why it is not */
    struct probe probe;      /* what a cancel would meet */
    struct probe again; /* without a look at dates, if those were in the way */
    struct report ec2;
    struct report time; /* the one that came to know the time, or did not */
};

/* All findings on standard output, as text or one JSON object, also of what
 * comes behind a step that failed. Returns the code with which a cancel would
 * have ended before it was sent; EXIT_DONE: it would have been sent. */
int doctor(struct doctor *d);

#endif
