/*
 * same.h - fuzz the promise any_split of one reader: whatever the input, its
 * outcome is the same whole, byte by byte and in ragged pieces, every piece
 * right before an unmapped page.
 */
#ifndef SAME_H
#define SAME_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/split.h"

/* What a reader said, as bytes: same for the same input. */
struct script {
    size_t len;
    unsigned char bytes[1u << 18];
};

static inline void script_add(struct script *s, const void *p, size_t n)
{
    if (n > sizeof s->bytes - s->len)
        n = sizeof s->bytes - s->len;
    memcpy(s->bytes + s->len, p, n);
    s->len += n;
}

static inline void script_add_number(struct script *s, unsigned long long v)
{
    script_add(s, &v, sizeof v);
}

/* A rule that must hold for any input. */
#define MUST(rule)                                                     \
    do {                                                               \
        if (!(rule)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #rule); \
            abort();                                                   \
        }                                                              \
    } while (0)

/* The reader's check() is to compare *s with *first if *has_first. */
static inline const char *script_check(const struct script *s,
                                       struct script *first, int *has_first)
{
    if (!*has_first) {
        first->len = s->len;
        memcpy(first->bytes, s->bytes, s->len);
        *has_first = 1;
        return NULL;
    }
    return s->len == first->len && !memcmp(s->bytes, first->bytes, s->len)
               ? NULL
               : "another outcome";
}

/* The seed comes from the input, so that a failure can be replayed. */
static inline void must_be_same(const struct split_reader *r, const uint8_t *p,
                                size_t n)
{
    uint32_t seed = (uint32_t)n;
    const char *bad;

    for (size_t i = 0; i < n && i < 64; i++)
        seed = seed * 31 + p[i];
    bad = split_whole(r, p, n);
    for (uint32_t i = 0; !bad && i < 3; i++)
        bad = split_ragged(r, p, n, seed + i);
    if (!bad)
        bad = split_bytes(r, p, n);
    if (bad) {
        fprintf(stderr, "any_split: %s\n", bad);
        abort();
    }
}

#endif
