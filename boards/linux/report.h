/*
 * report.h - from an outcome to words and an exit code.
 *
 * Success goes to standard output, everything else to standard error, one line
 * each: the cause, and the next step. The exit code tells EC2's outcome, also
 * when standard output cannot be written: then the outcome is repeated on
 * standard error.
 */
#ifndef LINUX_REPORT_H
#define LINUX_REPORT_H

#include "boards/linux/settings.h"

struct report {
    const struct settings *set;
    const struct cilp_result *result;
    const struct cilp_peer *peer; /* whom the last attempt was for */
    const char *why;              /* the stream's sentence, or "" */
    int signal;                   /* that ended the call; 0: none */
};

/* Print it all. Returns the exit code. */
int report(const struct report *r);

#endif
