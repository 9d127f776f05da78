/*
 * hmac.h - HMAC-SHA256.
 *
 * The text goes straight into the hash that the caller lends, with
 * cilp_sha256_add() or a cilp_text that hashes:
 *
 *     cilp_hmac_init(&mac, &hash, key, sizeof key);
 *     cilp_sha256_add(&hash, text, len);
 *     ok = cilp_hmac_end(&mac, out);
 *
 * Source: RFC 2104. Vectors: RFC 4231, in tests/unit/test_sigv4.c.
 * Knows:  sha256, text.
 */
#ifndef CILP_HMAC_H
#define CILP_HMAC_H

#include "core/sha256.h"

#define CILP_HMAC_BLOCK 64 /* of SHA-256: FIPS 180-4 section 1 */

struct cilp_hmac {
    struct cilp_sha256 *hash; /* borrowed */
    uint8_t key[CILP_HMAC_BLOCK];
    bool failed;
};

/* Begin with a key of any length. It is copied, so the MAC may be written over
 * it. *hash is fresh before, and fresh again after cilp_hmac_end(). */
void cilp_hmac_init(struct cilp_hmac *m, struct cilp_sha256 *hash,
                    const void *key, size_t n);

/* Write the MAC and wipe *m. False: the hash failed, and mac is no MAC. */
bool cilp_hmac_end(struct cilp_hmac *m, uint8_t mac[CILP_SHA256_LEN]);

#endif
