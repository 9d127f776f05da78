/*
 * tally.h - how many AMIs there are, by Region and owner: one table at the end, in
 * constant memory.
 */
#ifndef LINUX_TALLY_H
#define LINUX_TALLY_H

#include <stdint.h>

/* Pairs of a Region and an owner that have a line of their own. */
#define TALLY_MAX 256

struct tally_row {
    const char *region;
    char owner[13];
    uint32_t n;
};

/* All zero at first. */
struct tally {
    struct tally_row rows[TALLY_MAX];
    uint32_t n;      /* of rows */
    uint32_t others; /* AMIs of further pairs */
    uint32_t last;   /* the row that was added to last */
};

/* region: the same pointer for the same Region, and it stays. */
void tally_add(struct tally *t, const char *region, const char *owner);

/* The table on standard error, Region by Region in the order of their names;
 * nothing of an empty one. */
void tally_show(struct tally *t);

#endif
