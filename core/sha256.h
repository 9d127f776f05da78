/*
 * sha256.h - the two functions of SHA-256 that core needs.
 *
 * Core declares them, a port defines them: port/mbedtls/sha256.c does it with
 * psa_hash_*. An image has one SHA-256, so it is a function and not a table.
 *
 * One thread at a time for one struct.
 *
 * Source: FIPS 180-4.
 * Knows:  nothing.
 */
#ifndef CILP_SHA256_H
#define CILP_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cilp_config.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_SHA256_LEN 32

/* A running hash. All zero bytes are a fresh one: there is no init. */
struct cilp_sha256 {
    union {
        uint64_t align;
        void *align_ptr;
        unsigned char bytes[CILP_SHA256_STATE];
    } state;
    bool running;
    bool failed; /* sticky until the end */
};

/* Add n bytes; p may be NULL if n is 0. A failure of the provider is kept and
 * reported by cilp_sha256_end(). */
void cilp_sha256_add(struct cilp_sha256 *h, const void *p, size_t n);

/* Write the digest of all that was added and leave *h fresh, all zero.
 * False, and a digest of zeros, if the provider failed (no memory, not
 * started): to be treated as an error, never as a digest. */
bool cilp_sha256_end(struct cilp_sha256 *h, uint8_t digest[CILP_SHA256_LEN]);

#ifdef __cplusplus
}
#endif

#endif
