/* SHA-1's compression with a loop. mbedTLS has it unrolled, in 5 KB of code;
 * here it hashes one name in a run. Asked for by MBEDTLS_SHA1_PROCESS_ALT
 * (psa_config.h); where that is unknown, mbedTLS's own is linked. */
#include "mbedtls/build_info.h"

#ifdef MBEDTLS_SHA1_PROCESS_ALT
#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include "mbedtls/sha1.h"

static uint32_t turn(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

/* FIPS 180-4 section 4.1.1: of 20 rounds each. */
static uint32_t mix(int t, uint32_t b, uint32_t c, uint32_t d)
{
    if (t < 20)
        return (d ^ (b & (c ^ d))) + 0x5A827999u;
    if (t < 40)
        return (b ^ c ^ d) + 0x6ED9EBA1u;
    if (t < 60)
        return ((b & c) | (d & (b | c))) + 0x8F1BBCDCu;
    return (b ^ c ^ d) + 0xCA62C1D6u;
}

/* FIPS 180-4 section 6.1.3, with 16 words instead of 80. */
int mbedtls_internal_sha1_process(mbedtls_sha1_context *ctx,
                                  const unsigned char data[64])
{
    uint32_t w[16], v[5];

    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)data[4 * t] << 24 | (uint32_t)data[4 * t + 1] << 16 |
               (uint32_t)data[4 * t + 2] << 8 | data[4 * t + 3];
    for (int i = 0; i < 5; i++)
        v[i] = ctx->state[i];
    for (int t = 0; t < 80; t++) {
        uint32_t *word = &w[t & 15], sum;

        if (t >= 16)
            *word = turn(w[(t - 3) & 15] ^ w[(t - 8) & 15] ^ w[(t - 14) & 15] ^
                             *word,
                         1);
        sum = turn(v[0], 5) + mix(t, v[1], v[2], v[3]) + v[4] + *word;
        v[4] = v[3];
        v[3] = v[2];
        v[2] = turn(v[1], 30);
        v[1] = v[0];
        v[0] = sum;
    }
    for (int i = 0; i < 5; i++)
        ctx->state[i] += v[i];
    return 0;
}
#else
typedef int nothing_here;
#endif
