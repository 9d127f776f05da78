/*
 * arena_check.h - what TLS used of its arena, and whether it gave all back.
 *
 * cilp_arena_high_water() cannot tell the first: mbedTLS clears the headers of
 * blocks that it joins, so that what was used and freed may look untouched.
 * Here what is free is painted first.
 */
#ifndef FIRMWARE_ARENA_CHECK_H
#define FIRMWARE_ARENA_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Before anything else uses the arena: note how much it can give in one piece,
 * and paint that. */
void arena_watch(void);

/* Bytes from the arena's start to the last one used since it was painted. */
size_t arena_used(void);

/* True if it can give as much as in the beginning. Paints it anew. */
bool arena_is_empty(void);

/* Take bytes away, or give them back (0). False: there are not so many. */
bool arena_hold(size_t n);

#endif
