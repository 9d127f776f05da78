/*
 * list.h - the verb `list`: AMIs that are shared with this account, line by
 * line as they come, in constant memory.
 */
#ifndef LINUX_LIST_H
#define LINUX_LIST_H

#include "boards/linux/witness.h"

/* Set `session` and `witness`; all else zero. */
struct listing {
    struct session *session;
    struct witness *witness;
    struct cilp_list list;
    struct report report;
    struct out out;
    uint32_t shown; /* items that passed the filter */
    bool shows_progress;
    char buf[4096];
};

/* Returns the exit code. */
int list_shared(struct listing *l);

#endif
