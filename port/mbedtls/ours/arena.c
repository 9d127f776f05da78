#include "port/mbedtls/arena.h"

#include <stdint.h>
#include <string.h>

#include "mbedtls/build_info.h"
#include "mbedtls/platform.h"
#include "psa/crypto.h"

#include "core/text.h"
#include "port/port.h"

#define STREAMS_ARE "(CILP_TLS_STREAMS=" CILP_STRINGIFY(CILP_TLS_STREAMS) ")"

const char cilp_arena_no_slots[] =
    "more TLS streams at once than were planned for " STREAMS_ARE;

static unsigned refused;

/* Whom to ask. */
static void *(*give)(size_t n, size_t size);
static void (*take_back)(void *p);

/* see arena.h */
void cilp_arena_replace(void *(*calloc_func)(size_t n, size_t size),
                        void (*free_func)(void *p))
{
    give = calloc_func;
    take_back = free_func;
}

#if CILP_TLS_ARENA > 0

const char cilp_arena_too_small[] =
    "out of TLS memory (CILP_TLS_ARENA=" CILP_STRINGIFY(
        CILP_TLS_ARENA) " bytes)";

/* A piece of the arena: this, and behind it what is handed out. */
struct piece {
    size_t size;        /* bytes, this included; a multiple of its size */
    struct piece *next; /* the next free one, by address; IN_USE: is not free */
};

/* Uninitialised on purpose: a page of it is real only once it is used, and
 * mbedTLS's own allocator would begin by clearing all of it. */
static union {
    uint64_t align;
    struct piece first;
    unsigned char bytes[CILP_TLS_ARENA];
} arena;

_Static_assert(CILP_TLS_ARENA % sizeof(struct piece) == 0,
               "CILP_TLS_ARENA is no multiple of 16");

static struct piece *pieces; /* the free ones */
#define IN_USE ((struct piece *)&pieces)

static size_t high_water;

/* The first piece that is large enough, from its start. */
static void *arena_calloc(size_t n, size_t size)
{
    struct piece **at = &pieces, *p;
    size_t need = sizeof *p;

    if (size > 0 && n > CILP_TLS_ARENA / size)
        return NULL;
    need += (n * size + sizeof *p - 1) / sizeof *p * sizeof *p;
    while (*at && (*at)->size < need)
        at = &(*at)->next;
    p = *at;
    if (!p)
        return NULL;
    if (p->size > need) {
        struct piece *rest = p + need / sizeof *p;

        *rest = (struct piece){p->size - need, p->next};
        *at = rest;
        p->size = need;
    } else {
        *at = p->next;
    }
    p->next = IN_USE;
    return memset(p + 1, 0, n * size);
}

/* One piece out of two, if nothing lies between them. */
static void join(struct piece *p)
{
    if (p->next != p + p->size / sizeof *p)
        return;
    p->size += p->next->size;
    p->next = p->next->next;
}

static void arena_free(void *memory)
{
    struct piece *p = (struct piece *)memory - 1;
    struct piece **at = &pieces, *before = NULL;

    if (p->next != IN_USE)
        __builtin_trap(); /* freed twice, or written over: nothing is safe */
    while (*at && *at < p) {
        before = *at;
        at = &before->next;
    }
    p->next = *at;
    *at = p;
    join(p);
    if (before)
        join(before);
}

static void begin(void)
{
    if (give)
        return; /* somebody else's */
    arena.first = (struct piece){sizeof arena.bytes, NULL};
    pieces = &arena.first;
    cilp_arena_replace(arena_calloc, arena_free);
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
        cilp_arena_replace(calloc, free);
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

    cilp_port_tick();
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

static bool start(void)
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
bool cilp_arena_start(void)
{
    bool runs;

    cilp_arena_lock();
    runs = start();
    cilp_arena_unlock();
    return runs;
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
