/*
 * served.h - a call with a peer that answers from a list, in pieces of any
 * size.
 */
#ifndef TEST_SERVED_H
#define TEST_SERVED_H

#include "core/cilp.h"

struct reply {
    const char *head; /* "HTTP/1.1 200 OK\r\nDate: ...\r\n", no length */
    const char *body; /* \x02 stands for a NUL */
    bool cut;         /* only half of the body comes, then the end */
};

#define REQUESTS 12
#define OPENS    12

struct wire {
    const struct reply *replies;
    size_t n, next; /* of them; the next one */
    size_t piece;   /* bytes that come at once; 0: all */
    char requests[REQUESTS][65536];
    size_t request_len;
    char reply[16384];
    size_t at, len;
    bool cut;
    unsigned opens, closes;
    int standing; /* opens less closes, also of the calls before */
    struct cilp_peer peers[OPENS]; /* whom each open was for */
};

extern struct wire wire;
extern struct cilp_op op;
extern struct cilp_now now;

/* Forget the last call's wire; these are the replies of the next one. */
void serve(const struct reply *replies, size_t n, size_t piece);

/* Oblige until DONE. `item` takes what CILP_ITEM hands out; NULL: none comes. */
void drive(void (*item)(void));

#endif
