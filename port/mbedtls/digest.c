#include "port/digest.h"

#include <string.h>

#include "mbedtls/build_info.h"
#include "psa/crypto.h"

#include "port/mbedtls/arena.h"

/* see port/digest.h */
bool cilp_port_digest_hex(enum cilp_port_digest kind, const char *s,
                          char hex[65])
{
    psa_algorithm_t alg = kind == CILP_PORT_SHA1 ? PSA_ALG_SHA_1
                                                 : PSA_ALG_SHA_256;
    uint8_t digest[32];
    size_t n = 0;

    hex[0] = '\0';
    if (!cilp_arena_start() ||
        psa_hash_compute(alg, (const uint8_t *)s, strlen(s), digest,
                         sizeof digest, &n) != PSA_SUCCESS)
        return false;
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hex[2 * n] = '\0';
    return true;
}
