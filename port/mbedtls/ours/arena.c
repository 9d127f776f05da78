#include "port/mbedtls/ours/arena.h"

#include <stdint.h>

#include "mbedtls/build_info.h"
#include "mbedtls/memory_buffer_alloc.h"
#include "psa/crypto.h"

/* Uninitialised on purpose: a page of it is real only once it is used. */
static union {
    uint64_t align;
    unsigned char bytes[CILP_TLS_ARENA];
} arena;

static enum { ARENA_FRESH, ARENA_SET, ARENA_RUNS } phase;

/* see arena.h */
bool cilp_arena_start(void)
{
    if (phase == ARENA_RUNS)
        return true;
    if (phase == ARENA_FRESH)
        mbedtls_memory_buffer_alloc_init(arena.bytes, sizeof arena.bytes);
    phase = ARENA_SET;
    if (psa_crypto_init() != PSA_SUCCESS)
        return false; /* entropy may come later: it can be tried again */
    phase = ARENA_RUNS;
    return true;
}

/* see arena.h */
size_t cilp_arena_high_water(void)
{
    size_t n = sizeof arena.bytes;

    /* The allocator takes the first block that fits and writes a header in
     * front of each, so that what was never used is still zero. */
    while (n > 0 && arena.bytes[n - 1] == 0)
        n--;
    return n;
}
