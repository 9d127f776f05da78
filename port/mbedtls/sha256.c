#include "core/sha256.h"

#include <string.h>

#include "mbedtls/build_info.h"
#include "mbedtls/platform_util.h"
#include "psa/crypto.h"

#include "port/mbedtls/arena.h"

_Static_assert(sizeof(psa_hash_operation_t) <= CILP_SHA256_STATE,
               "CILP_SHA256_STATE is too small for this mbedTLS");
_Static_assert(_Alignof(psa_hash_operation_t) <= _Alignof(struct cilp_sha256),
               "struct cilp_sha256 is not aligned for this mbedTLS");

static psa_hash_operation_t *operation(struct cilp_sha256 *h)
{
    return (psa_hash_operation_t *)(void *)h->state.bytes;
}

/* All zero bytes are PSA's own initial state too (PSA_HASH_OPERATION_INIT), so
 * a fresh struct needs setup alone. */
static void start(struct cilp_sha256 *h)
{
    if (h->running || h->failed)
        return;
    h->running = true;
    if (!cilp_arena_start() ||
        psa_hash_setup(operation(h), PSA_ALG_SHA_256) != PSA_SUCCESS)
        h->failed = true;
}

/* see core/sha256.h */
void cilp_sha256_add(struct cilp_sha256 *h, const void *p, size_t n)
{
    start(h);
    if (h->failed || n == 0)
        return;
    if (psa_hash_update(operation(h), p, n) != PSA_SUCCESS)
        h->failed = true;
}

/* see core/sha256.h */
bool cilp_sha256_end(struct cilp_sha256 *h, uint8_t digest[CILP_SHA256_LEN])
{
    size_t n = 0;
    bool good;

    start(h);
    good = !h->failed && psa_hash_finish(operation(h), digest, CILP_SHA256_LEN,
                                         &n) == PSA_SUCCESS;
    if (!good) {
        psa_hash_abort(operation(h));
        memset(digest, 0, CILP_SHA256_LEN);
    }
    /* What was hashed may have been a key. */
    mbedtls_platform_zeroize(h, sizeof *h);
    return good;
}
