/*
 * outcome.h - how a call ended as an exit code, as a word and in order of
 * gravity: the same on every board, so that whoever reads one has read all.
 */
#ifndef BOARDS_OUTCOME_H
#define BOARDS_OUTCOME_H

#include "core/cilp.h"

/* What a script learns. The ones that the AWS CLI has too mean the same. */
enum exit_code {
    EXIT_DONE = 0,      /* cancelled, gone, or a dry run that would succeed;
                           a question was answered */
    EXIT_UNKNOWN = 250, /* sent, and nobody could be asked how it ended */
    EXIT_NOTHING = 251, /* nothing to cancel */
    EXIT_USAGE = 252,   /* arguments; nothing was sent */
    EXIT_CONFIG = 253,  /* Region, endpoint, credentials, random bytes; nothing
                           was sent */
    EXIT_REFUSED = 254, /* EC2 said no */
    EXIT_NETWORK = 255, /* nothing was sent: network or TLS */
    EXIT_SIGNAL = 128   /* and the number of the signal that ended it */
};

/* The code of a call that no signal ended. */
enum exit_code outcome_code(const struct cilp_result *r);

/* A short word for machines, static: "cancelled", "not-sent", ... */
const char *outcome_word(enum cilp_outcome outcome);

/* The worse of two codes, for a run of several calls. From bad to worse: 0, 251,
 * 254, 252, 253, 255, 250, signals; of two signals the first one, a. */
int outcome_worse(int a, int b);

#endif
