/*
 * regions.h - the same job in several Regions, up to REGIONS_AT_ONCE at a time,
 * in one thread: several calls in one poll loop, and one static block for each.
 *
 * A job is a row of functions. Each Region that is begun gets a lane, and the job
 * says call after call what is to be done in it:
 *
 *     static bool next(void *arg, struct lane *lane)
 *     {
 *         if (lane->calls == 0) {             // the first call of this Region
 *             lane->req.flow = &cilp_list;    // Region, keys, limits are set
 *             lane->req.memory = &mine[lane->number];
 *             return true;
 *         }
 *         if (lane->report.result.outcome != CILP_ANSWERED)
 *             lane_failed(lane);              // told, and counted
 *         return false;                       // this Region is done
 *     }
 *
 * Keys are fetched once, by the run's session, and shared; they are renewed there
 * when they are about to expire, with no call under way, and only if they are of
 * the account of the first ones. Retry quota, pace, clock and connection are each
 * Region's own. A Region in which no connection comes to be within the time for
 * connecting is not tried again.
 *
 * One Region's failure is told ("cilp: REGION: ...") and the others go on.
 */
#ifndef LINUX_REGIONS_H
#define LINUX_REGIONS_H

#include "boards/linux/region_names.h"
#include "boards/linux/way.h"
#include "boards/linux/witness.h"

#define REGIONS_AT_ONCE 8

/* One call and what it goes over. Private but for report and req of a lane. */
struct region_call {
    struct cilp_op op;
    struct cilp_posix_tcp tcp;
    struct way_stream way;
    struct cilp_tls tls;
    struct debug_stream debug_plain, debug_tls;
    struct cilp_drive drive;
    enum cilp_want want; /* after the last lap */
    bool is_open;        /* op is between cilp_init() and cilp_end() */
    char why[CILP_STREAM_WHY_MAX];
};

/* One Region's turn. */
struct lane {
    /* read them */
    unsigned number;      /* of the lane: below REGIONS_AT_ONCE */
    const char *region;   /* until the end of the program */
    unsigned calls;       /* that have ended in this Region */
    struct report report; /* of the last of them */
    uint32_t fed_ms;      /* how long the reader of standard output, and items
                             that were being worked on, have kept the call
                             under way waiting */

    /* yours to set in next(): flow, memory, image_id, dry_run, keys, ...; all
     * else is as the settings say */
    struct cilp_request req;
    /* the same in ask(), for the question beside it; its report afterwards */
    struct cilp_request ask_req;
    struct report ask_report;

    /* private */
    struct region_call call, beside;
    bool is_busy;   /* it has a Region */
    bool is_asking; /* the call waits, in the middle, for the one beside it */
    bool is_fresh;  /* a lap can get on without a wait */
    bool is_given_up;
    uint32_t fed_from, asked_from, asked_ms;
};

/* All get `arg`. */
struct regions_job {
    void *arg;

    /* The next call in lane->region. False: that was all there. */
    bool (*next)(void *arg, struct lane *lane);

    /* An item of the call is in lane->req.memory (NULL: none comes). False: a
     * question has to be asked before it is taken: ask() comes now, and item()
     * with the same item again after the answer. */
    bool (*item)(void *arg, struct lane *lane);

    /* NULL if item() is never false. Make ready lane->ask_req; its items go to
     * ask_item(); answered() comes when lane->ask_report tells how it ended. */
    void (*ask)(void *arg, struct lane *lane);
    void (*ask_item)(void *arg, struct lane *lane);
    void (*answered)(void *arg, struct lane *lane);

    /* NULL, or: a Region is done, well or badly. */
    void (*over)(void *arg, struct lane *lane);

    struct out *feed; /* NULL, or what is flushed before each wait; the job is
                         stopped when that fails */
};

/* CILP_REGIONS, 1 or 0, comes from the build: whether there are lanes in this
 * program. Without them regions_read() refuses what would need some, and a
 * condition of CILP_REGIONS leaves out of the program what is done in them. */

/* What was asked for: --regions' value, "all" or names with commas between them,
 * or none, and --in-use. EXIT_DONE, or an exit code after a complaint about one
 * that is there twice, one that is no Region's name, or more than REGIONS_MAX; or
 * about a program that has no lanes. Before all others. */
enum exit_code regions_read(enum spelling spelling, const struct options *o);

/* The Region to ask in, if nobody names one: the first of the list. NULL: the
 * list is "all". */
const char *regions_first(void);

/* How many are done. */
uint32_t regions_done(void);

/* Whose keys are these (errand.account says whose they have to be), and which
 * Regions are there, if "all" is wished for: EC2 is asked in the session's
 * Region. EXIT_DONE, or an exit code after a complaint. */
enum exit_code regions_find(struct witness *w);

/* Do it in each of them, after regions_find(). The worst exit code of what was
 * told, or a signal's. */
int regions_run(struct witness *w, const struct regions_job *job);

/* For a job: the lane's call did not end well. Says why, with the Region in front,
 * and keeps the exit code; nothing of one that was stopped. */
void lane_failed(const struct lane *lane);
/* Keep an exit code of what was told. */
void regions_worsen(int code);

#endif
