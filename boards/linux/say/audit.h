/*
 * audit.h - --audit: one line of JSON for each attempt to cancel, and for each
 * AMI that was left alone because it is, or may be, in use.
 */
#ifndef LINUX_AUDIT_H
#define LINUX_AUDIT_H

#include "boards/linux/say/report.h"
#include "core/errand.h"

struct audit {
    struct out out;
    const char *key_id;               /* the access key id */
    const struct cilp_errand *errand; /* that knows whose the keys are */
    bool told;                        /* that a line could not be written */
    char buf[4096];                   /* a whole line leaves in one write */
};

/* Append to a regular file, made if need be (mode 0600); "-" is standard
 * output. NULL, or a static text that follows the path in a sentence. */
const char *audit_open(struct audit *a, const char *path);

/* What became of the attempt that r tells of, at this time (UTC), after so many
 * milliseconds; is_last: no other one follows, the outcome stands. A line that
 * cannot be written is complained of, once. */
void audit_line(struct audit *a, const struct report *r, int64_t unix_s,
                uint32_t ms, bool is_last);

#endif
