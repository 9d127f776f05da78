/*
 * script.h - a whole network in one struct: plays the port and EC2 to a call,
 * cuts the bytes as told, breaks at one chosen point, keeps the books.
 *
 * Time is a variable. The server is honest: it keeps one launch permission and
 * acts when, and only when, a whole request has arrived that was signed within
 * a quarter of an hour of its own time. So the truth is known and every outcome
 * can be held against it.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "core/cilp.h"
#include "core/image.h"

#define SERVER_S 1768478401 /* the server's time: 2026-01-15T12:00:01Z */

enum fault {
    FAULT_NONE,
    FAULT_FAIL,  /* the stream breaks: cilp_failed() */
    FAULT_EOF,   /* the peer hangs up; where that cannot be told: FAIL */
    FAULT_STALL, /* nothing moves until the call gives up */
    FAULT_STOP   /* the caller gives up: cilp_stop() */
};

/* What the server answers to one whole request. */
enum answer {
    ANSWER_TRUTH,    /* act; true, or NotFound if there is no grant */
    ANSWER_ACT_500,  /* act, then say 500 InternalError */
    ANSWER_IDLE_500, /* do not act, say 500 */
    ANSWER_THROTTLE, /* do not act: 503 RequestLimitExceeded */
    ANSWER_DENY,     /* do not act: 403 UnauthorizedOperation */
    ANSWER_EXPIRED,  /* do not act: 400 RequestExpired, whatever the date */
    ANSWER_GARBAGE,  /* act, then 200 with something else */
    ANSWER_FALSE     /* do not act: 200 <return>false</return> */
};

/* What a source of credentials answers: only the last question of those on the
 * way to keys is answered otherwise, and only `refusals` times. */
enum source_answer {
    SOURCE_KEYS,
    SOURCE_500,
    SOURCE_DENY,   /* 403 */
    SOURCE_GARBAGE /* 200, and no keys */
};

/* The keys that it gives; those of a role that is assumed end with an R. */
#define SOURCED_ID     "ASIASOURCEDKEYID"
#define SOURCED_SECRET "sourced/kind+of+secret+9876543210"
#define SOURCED_TOKEN  "sourced+Kind+Of+Token/0123456789ABCDEF=="
#define IMDS_TOKEN     "AQAEAinstanceMetadataToken=="

struct script {
    /* Set by the test. */
    bool granted;                 /* the permission exists, the image is seen */
    const struct cilp_look *look; /* the memory of a flow that asks, */
    const struct cilp_list *list; /* or NULL */
    uint32_t pages, per_page;     /* how long the list is */
    bool acts_at_death;           /* a whole request is acted on although the
                                     connection breaks at that moment */
    const enum answer *answers; /* one for each request that arrives whole; the
                                   last one goes on for ever */
    size_t n_answers;
    const char *key_id; /* with which EC2 is to be asked; NULL: any */
    enum source_answer source;
    uint32_t refusals; /* 0: for ever */
    bool close_after;  /* Connection: close, and an EOF behind it */
    enum fault fault;
    uint32_t fault_at;    /* the k-th touch of the wire, from 0 */
    uint32_t fault_every; /* 0: once; else again every n-th touch */
    uint32_t piece;       /* bytes moved at once; 0: all */
    uint32_t seed;        /* not 0: ragged pieces of 1..piece bytes */
    uint32_t first_cut;   /* not 0: the reply's first piece */

    /* Kept by the run. */
    struct cilp_now now;
    bool was_hit; /* the fault point was reached */
    bool acted;   /* the grant was removed by this run */
    bool sent;    /* the stream took a whole signed request */
    bool is_open;
    bool judges; /* the stream's peer: dates are judged */
    uint32_t touches, opens, closes, events, requests;
    uint32_t refused;   /* by the source */
    uint32_t items;     /* handed out, in the server's order */
    uint32_t max_write; /* longest single write that was offered */
    size_t longest;     /* reply */
    bool broke_rule;    /* a want, a request or an item came that cannot
                           be: see script.c */
    uint8_t request[8192], reply[2048];
    size_t request_len, reply_len, reply_pos;
};

/* Oblige the call until CILP_DONE. False if it took more than a million
 * events: the call is not bounded. */
bool script_run(struct script *s, struct cilp_op *op);

/* Is the outcome what the server knows to be true? A static text if not. */
const char *script_lie(const struct script *s, bool was_granted,
                       const struct cilp_result *r);

#endif
