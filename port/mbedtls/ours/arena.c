#include "port/mbedtls/arena.h"

#include <stdint.h>

#include "mbedtls/build_info.h"
#include "mbedtls/memory_buffer_alloc.h"
#include "mbedtls/platform.h"
#include "psa/crypto.h"

#define TEXT_OF(x)  #x
#define TEXT(x)     TEXT_OF(x)
#define STREAMS_ARE "(CILP_TLS_STREAMS=" TEXT(CILP_TLS_STREAMS) ")"

const char cilp_arena_no_slots[] =
    "more TLS streams at once than were planned for " STREAMS_ARE;

static unsigned refused;

/* mbedTLS's way to say whom to ask: its allocator on our arena, or the user's
 * own. */
static void *(*give)(size_t n, size_t size);
static void (*take_back)(void *p);

/* see psa_config.h */
int mbedtls_platform_set_calloc_free(void *(*calloc_func)(size_t, size_t),
                                     void (*free_func)(void *))
{
    give = calloc_func;
    take_back = free_func;
    return 0;
}

#if CILP_TLS_ARENA > 0

const char cilp_arena_too_small[] =
    "out of TLS memory (CILP_TLS_ARENA=" TEXT(CILP_TLS_ARENA) " bytes)";

/* Uninitialised on purpose: a page of it is real only once it is used. */
static union {
    uint64_t align;
    unsigned char bytes[CILP_TLS_ARENA];
} arena;

static size_t high_water;

static void begin(void)
{
    mbedtls_memory_buffer_alloc_init(arena.bytes, sizeof arena.bytes);
}

static void note(const void *p, size_t n)
{
    size_t end = (size_t)((const unsigned char *)p - arena.bytes) + n;

    high_water = end > high_water ? end : high_water;
}

#else

#include <stdlib.h>

const char cilp_arena_too_small[] =
    "out of TLS memory (the program's allocator refused)";

static const size_t high_water = 0;

static void begin(void)
{
    if (!give)
        mbedtls_platform_set_calloc_free(calloc, free);
}

static void note(const void *p, size_t n)
{
    (void)p;
    (void)n;
}

#endif

/* see psa_config.h */
void *cilp_tls_calloc(size_t n, size_t size)
{
    void *p = give ? give(n, size) : NULL;

    if (p)
        note(p, n * size);
    else
        refused++;
    return p;
}

/* see psa_config.h */
void cilp_tls_free(void *p)
{
    if (p)
        take_back(p);
}

/* see arena.h */
bool cilp_arena_start(void)
{
    static enum { FRESH, SET, RUNS } phase;

    if (phase == RUNS)
        return true;
    if (phase == FRESH)
        begin();
    phase = SET;
    if (psa_crypto_init() != PSA_SUCCESS)
        return false; /* entropy may come later: it can be tried again */
    phase = RUNS;
    return true;
}

/* see arena.h */
unsigned cilp_arena_refused(void)
{
    return refused;
}

/* see arena.h */
size_t cilp_arena_high_water(void)
{
    return high_water;
}
