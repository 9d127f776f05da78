/*
 * arena.h - the one piece of memory that mbedTLS allocates from.
 *
 * Static, of a size fixed by the board; there is no other heap. Every TLS
 * operation of the image shares it.
 */
#ifndef CILP_ARENA_H
#define CILP_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes. Measured with the default record sizes and chains of three: 35,600
 * for RSA-2048, 39,900 for RSA-4096, 41,300 for ECDSA P-256. Pages that are
 * never touched cost nothing where there is an MMU. */
#ifndef CILP_TLS_ARENA
#define CILP_TLS_ARENA 65536
#endif

/* Hand the arena to mbedTLS and start PSA, once; later calls cost nothing.
 * False: PSA did not start (no entropy, or an arena that is too small). */
bool cilp_arena_start(void);

/* Bytes of the arena from its start to the last one ever used: what a board
 * would have to give, fragmentation included. A few dozen less than that where
 * the last block was wiped, or freed into the one before it. */
size_t cilp_arena_high_water(void);

#ifdef __cplusplus
}
#endif

#endif
