/*
 * pem.h - the blocks of a PEM text that is there as a whole. Private to
 * port/mbedtls. (A bundle of roots, which can be of any length, is read as a
 * stream by bundle.c.)
 *
 * Source: RFC 7468.
 * Knows:  nothing.
 */
#ifndef CILP_PEM_H
#define CILP_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cilp_pem_block {
    const char *label; /* "RSA PRIVATE KEY", without a NUL */
    size_t label_len;
    const char *body; /* NULL: the block has no end of its own */
    size_t body_len;
};

/* Take the next block off the text at *p[0..*n). False: there is none. */
bool cilp_pem_next(const char **p, size_t *n, struct cilp_pem_block *b);

bool cilp_pem_is(const struct cilp_pem_block *b, const char *label);

/* Whether `s` is somewhere in the block. */
bool cilp_pem_has(const struct cilp_pem_block *b, const char *s);

/* Decode a body's base64 into out[0..cap), which may be where it stands itself.
 * How many bytes; 0: it is not base64, or empty; more than cap: it does not
 * fit. */
size_t cilp_pem_decode(const struct cilp_pem_block *b, uint8_t *out,
                       size_t cap);

#endif
