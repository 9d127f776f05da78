/*
 * arena.h - the memory that mbedTLS allocates from.
 *
 * With our mbedTLS it is one static piece, of a size fixed by the board; there
 * is no other heap, and every TLS stream of the image shares it. With
 * CILP_TLS_ARENA=0, allocations go to calloc() and free(), or to what
 * cilp_arena_replace() named; with an mbedTLS of the user's, to whomever that
 * asks.
 *
 * One thread at a time, unless there is a lock (cilp_arena_use_lock()): neither
 * the arena nor PSA's keys have one of their own.
 */
#ifndef CILP_ARENA_H
#define CILP_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes; 0: none, the user's allocator serves. tests/wire/arena.py measures
 * what each kind of chain needs. Pages that are never touched cost nothing
 * where there is an MMU. */
#ifndef CILP_TLS_ARENA
#define CILP_TLS_ARENA 262144
#endif

/* TLS streams that may be in a handshake, or open, at once: each takes up to
 * five of PSA's key slots. */
#ifndef CILP_TLS_STREAMS
#define CILP_TLS_STREAMS 4
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Hand the arena to mbedTLS and start PSA, once; later calls cost nothing.
 * False: PSA did not start (no entropy, or too little memory); it can be tried
 * again. Takes the lock. */
bool cilp_arena_start(void);

/* A mutex of the program's, or of its RTOS. */
struct cilp_lock {
    void (*acquire)(void *context); /* waits; the thread that has it may have */
    void (*release)(void *context); /* it again, and releases it as often */
    void *context;
};

/* From now on each step of a TLS stream, and each start of PSA, has this lock:
 * several threads may use streams of their own, one thread each at a time. A name
 * is looked up without it. `lock` is borrowed for good; before the first call of
 * any thread. Trusts may be shared; files of a bundle are read under it. */
void cilp_arena_use_lock(const struct cilp_lock *lock);

/* For what else shares this mbedTLS: PSA's keys, X.509, another stream. Nothing
 * without a lock. */
void cilp_arena_lock(void);
void cilp_arena_unlock(void);

/* Ask these, which behave as calloc() and free(), from now on. Before the first
 * call, where memory that was given has to go back to who gave it. Not there
 * with an mbedTLS of the user's, which has mbedtls_platform_set_calloc_free(). */
void cilp_arena_replace(void *(*calloc_func)(size_t n, size_t size),
                        void (*free_func)(void *p));

/* Allocations that were refused since the program began. mbedTLS takes some of
 * them for bad signatures: who fails asks here before it gives a reason. Always
 * 0 with an mbedTLS of the user's. */
unsigned cilp_arena_refused(void);

/* Bytes from the arena's start to the end of what was handed out at most: what
 * a board would have to give, fragmentation included. 0 without an arena. */
size_t cilp_arena_high_water(void);

/* Why an allocation failed; why one of PSA's key slots could not be had. */
extern const char cilp_arena_too_small[];
extern const char cilp_arena_no_slots[];

#ifdef __cplusplus
}
#endif

#endif
