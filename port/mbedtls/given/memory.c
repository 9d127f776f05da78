/* An mbedTLS of the user's brings its own allocator, entropy and sizes: there
 * is nothing to hand to it, and nothing to count. */
#include "port/mbedtls/arena.h"
#include "port/mbedtls/needs.h"
#include "port/mbedtls/tls_session.h"
#include "psa/crypto.h"

const char cilp_arena_too_small[] =
    "out of TLS memory (the allocator of the program's mbedTLS refused)";
const char cilp_arena_no_slots[] =
    "out of TLS memory or key slots (MBEDTLS_PSA_KEY_SLOT_COUNT)";

/* see arena.h */
bool cilp_arena_start(void)
{
    bool runs;

    cilp_arena_lock();
    runs = psa_crypto_init() == PSA_SUCCESS;
    cilp_arena_unlock();
    return runs;
}

/* see arena.h */
unsigned cilp_arena_refused(void)
{
    return 0;
}

/* see tls_session.h */
unsigned cilp_tls_random_refused(void)
{
    return 0;
}

/* see arena.h */
size_t cilp_arena_high_water(void)
{
    return 0;
}
