/*
 * sha256_model.c - a hash that may be anything, in place of a port's: what is
 * added has to be readable, the digest is any, and the provider may fail.
 */
#include <string.h>

#include "core/sha256.h"
#include "tests/proof/proof.h"

/* see sha256.h */
void cilp_sha256_add(struct cilp_sha256 *h, const void *p, size_t n)
{
    prove(n == 0 || __CPROVER_r_ok(p, n), "what is hashed can be read");
    h->running = true;
}

/* see sha256.h */
bool cilp_sha256_end(struct cilp_sha256 *h, uint8_t digest[CILP_SHA256_LEN])
{
    bool ok = nondet_bool();

    memset(h, 0, sizeof *h);
    if (ok)
        __CPROVER_havoc_slice(digest, CILP_SHA256_LEN);
    else
        memset(digest, 0, CILP_SHA256_LEN);
    return ok;
}
