#define _DEFAULT_SOURCE

#include "tests/unit/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* see split.h */
const uint8_t *split_guarded(const void *p, size_t n)
{
    static uint8_t *end;

    if (!end) {
        const size_t guard = 1u << 16; /* a multiple of any page size */
        uint8_t *room = mmap(NULL, SPLIT_MAX + guard, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (room == MAP_FAILED ||
            mprotect(room + SPLIT_MAX, guard, PROT_NONE) != 0)
            abort();
        end = room + SPLIT_MAX;
    }
    if (n > SPLIT_MAX)
        abort();
    if (n > 0)
        memcpy(end - n, p, n);
    return end - n;
}

static const char *blame(const char *what, const char *how, unsigned long at)
{
    static char text[512];

    if (!what)
        return NULL;
    snprintf(text, sizeof text, "%s (%s %lu)", what, how, at);
    return text;
}

static void piece(const struct split_reader *r, const uint8_t *p, size_t n)
{
    r->feed(r->ctx, split_guarded(p, n), n);
}

/* see split.h */
const char *split_whole(const struct split_reader *r, const void *p, size_t n)
{
    r->begin(r->ctx);
    piece(r, p, n);
    return blame(r->check(r->ctx), "fed whole, bytes:", (unsigned long)n);
}

/* see split.h */
const char *split_two(const struct split_reader *r, const void *p, size_t n,
                      size_t cut)
{
    r->begin(r->ctx);
    piece(r, p, cut);
    piece(r, (const uint8_t *)p + cut, n - cut);
    return blame(r->check(r->ctx), "cut in two at", (unsigned long)cut);
}

/* see split.h */
const char *split_bytes(const struct split_reader *r, const void *p, size_t n)
{
    r->begin(r->ctx);
    for (size_t i = 0; i < n; i++)
        piece(r, (const uint8_t *)p + i, 1);
    return blame(r->check(r->ctx),
                 "fed byte by byte, bytes:", (unsigned long)n);
}

/* xorshift32: the same pieces for the same seed on every machine. */
static uint32_t dice(uint32_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 17;
    *s ^= *s << 5;
    return *s;
}

/* see split.h */
const char *split_ragged(const struct split_reader *r, const void *p, size_t n,
                         uint32_t seed)
{
    uint32_t s = seed * 2654435761u | 1;
    size_t at = 0;

    r->begin(r->ctx);
    while (at < n) {
        /* Mostly crumbs, now and then a mouthful or nothing at all. */
        uint32_t limit = dice(&s) % 8 ? 8 : 600;
        size_t len = dice(&s) % limit;

        if (len > n - at)
            len = n - at;
        piece(r, (const uint8_t *)p + at, len);
        at += len;
    }
    return blame(r->check(r->ctx), "ragged, seed", seed);
}

static const char *cuts(const struct split_reader *r, const void *p, size_t n,
                        size_t stride, uint32_t seeds)
{
    const char *bad = split_whole(r, p, n);

    for (size_t cut = 0; !bad && cut <= n; cut += stride)
        bad = split_two(r, p, n, cut);
    if (!bad)
        bad = split_bytes(r, p, n);
    for (uint32_t seed = 1; !bad && seed <= seeds; seed++)
        bad = split_ragged(r, p, n, seed);
    return bad;
}

/* see split.h */
const char *any_split(const struct split_reader *r, const void *p, size_t n)
{
    return cuts(r, p, n, 1, 200);
}

/* see split.h */
const char *some_split(const struct split_reader *r, const void *p, size_t n)
{
    return cuts(r, p, n, n / 64 + 1, 20);
}
