/*
 * split.h - feed one text to a reader in every way of cutting it.
 *
 * The promise any_split, for one reader: the outcome does not depend on how
 * the bytes were cut. Each piece lies right before an unmapped page, so that
 * reading one byte too far kills the test. Nothing of cmocka in here: fuzz
 * targets use it too.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include <stddef.h>
#include <stdint.h>

/* A reader under test. `check` says what is wrong after all was fed, or NULL;
 * it may return a buffer of its own. */
struct split_reader {
    void (*begin)(void *ctx);
    void (*feed)(void *ctx, const uint8_t *p, size_t n);
    const char *(*check)(void *ctx);
    void *ctx;
};

/* Longest piece. */
#define SPLIT_MAX (1u << 20)

/* A copy of p[0..n) that ends where an unmapped page begins; good until the
 * next call. */
const uint8_t *split_guarded(const void *p, size_t n);

/* Each returns NULL, or what `check` said and how the text had been cut, with
 * the seed if there was one. */
const char *split_whole(const struct split_reader *r, const void *p, size_t n);
const char *split_two(const struct split_reader *r, const void *p, size_t n,
                      size_t cut);
const char *split_bytes(const struct split_reader *r, const void *p, size_t n);
const char *split_ragged(const struct split_reader *r, const void *p, size_t n,
                         uint32_t seed);

/* Whole, every two pieces, byte by byte, 200 ragged seeds. */
const char *any_split(const struct split_reader *r, const void *p, size_t n);

/* The same for a text too long for every two pieces: 64 cuts, 20 seeds. */
const char *some_split(const struct split_reader *r, const void *p, size_t n);

#endif
