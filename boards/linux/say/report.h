/*
 * report.h - from the outcome of one call to words and an exit code.
 *
 * Success goes to standard output, everything else to standard error, one line
 * each: the cause, and the next step. The exit code tells EC2's outcome, also
 * when standard output cannot be written: then the outcome is repeated on
 * standard error.
 */
#ifndef LINUX_REPORT_H
#define LINUX_REPORT_H

#include "boards/linux/settings.h"
#include "port/port.h"

struct use;

/* What a call left behind: a copy, for the next call overwrites it. */
struct report {
    const struct settings *set;
    const struct cilp_flow *flow;
    const char *image_id;          /* or NULL */
    const char *endpoint;          /* as it was asked for, or NULL */
    struct cilp_result result;     /* outcome and all that EC2 said */
    struct cilp_peer peer;         /* whom the last attempt was for */
    char why[CILP_STREAM_WHY_MAX]; /* the stream's sentence, or "" */
    int signal;                    /* that ended the call; 0: none */
    bool is_temporary;             /* the keys are: they have a token */
    const struct use *use;         /* NULL; or the image is used by these, and
                                      was left alone */
};

/* Take down how a call has ended. why: the stream's sentence, or "". */
void report_take(struct report *r, const struct settings *set,
                 const struct cilp_request *req, const struct cilp_op *op,
                 const char why[CILP_STREAM_WHY_MAX]);

/* The exit code alone. */
enum exit_code report_code(const struct report *r);

/* Print it all. */
void report(const struct report *r);

/* "cancelled", "not-sent": the outcome for machines. */
const char *report_word(const struct report *r);

/* What broke, and where, in one sentence without an end: of a call that did not
 * get an answer. report_what() leaves out request id and attempts. */
void report_cause(struct out *o, const struct report *r);

/* What was in the way, whoever it was that was asked, and the next step: a
 * sentence without an end, for a line of doctor's. */
void report_fault(struct out *o, const struct report *r);

/* "imds", "assume-role on web-identity" */
void report_source_name(struct out *o, const struct cilp_chain *c);

/* EC2's message, or what broke, as one text; "" after a success. */
const char *report_message(const struct report *r);

#endif
