/*
 * promises.h - the five promises of core/cilp.h, checked on one call, and on
 * every cut and every fault of a call.
 *
 * A failure prints the scenario, the fault, its place and the seed: what
 * promises_set_up() and the lines of promises_sweep() need to run it again.
 */
#ifndef PROMISES_H
#define PROMISES_H

#include "tests/prop/script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* What a source is shown: a token of whatever kind. */
#define PROOF "aProofOfWhoAsks/0123456789"

/* What the call's clock shows, beside the server's. */
enum clock { CLOCK_RIGHT, CLOCK_UNSET, CLOCK_DAY_SLOW, CLOCK_DAY_FAST };

struct scenario {
    const char *name;
    bool granted, close_after;
    enum answer answers[4];
    size_t n;
    enum cilp_outcome undisturbed; /* what comes of it without a fault */
    uint8_t attempts;              /* and after how many attempts */
    const struct cilp_flow *flow;
    enum clock clock;
    /* Where keys come from; NULL: the static ones. */
    const struct cilp_source *source;
    const void *source_arg;
    const char *key_id; /* that EC2 is asked with */
    enum source_answer answer;
    uint32_t refusals;
};

/* The end of a scenario without one. */
#define STATIC NULL, NULL, NULL, SOURCE_KEYS, 0

extern struct cilp_op op;
extern struct script script;
extern const struct cilp_request cancel_request;

/* The script's beginning, for the caller to add its fault or its cut to. */
void promises_set_up(const struct scenario *sc);

/* One call from cilp_init() to after cilp_end(), with every promise checked on
 * the way; look_into_memory: wiped, too, which takes its time. */
void promises_run(const struct scenario *sc, bool look_into_memory);

/* cilp_end() and what follows it. */
void promises_end(const struct scenario *sc);

/* Break the k-th touch of the wire, until there is no k-th one: `every` 0: that
 * one; n: and each n-th after it. Wire pieces of `bytes`, or 0: whole. Returns the number of runs. */
unsigned promises_sweep(const struct scenario *sc, enum fault fault,
                        uint32_t every, uint32_t bytes, bool acts);

/* Of n scenarios: undisturbed, each ends as it says. */
void promises_undisturbed(const struct scenario *scenarios, size_t n);

/* Every first cut of a reply, every even and some ragged pieces: the result is
 * the same. Prints how many runs that took, as the next one does. */
void promises_any_split(const struct scenario *scenarios, size_t n);

/* All faults, once and again and again, in whole and in pieces. */
void promises_all_faults(const struct scenario *scenarios, size_t n);

#endif
