#include "core/hmac.h"

#include <string.h>

#include "core/text.h"

#define IPAD 0x36
#define OPAD 0x5C

static void add_key(struct cilp_hmac *m, uint8_t pad)
{
    for (size_t i = 0; i < sizeof m->key; i++)
        m->key[i] ^= pad;
    cilp_sha256_add(m->hash, m->key, sizeof m->key);
}

/* see hmac.h */
void cilp_hmac_init(struct cilp_hmac *m, struct cilp_sha256 *hash,
                    const void *key, size_t n)
{
    memset(m, 0, sizeof *m);
    m->hash = hash;
    if (n > sizeof m->key) { /* RFC 2104 section 3: its digest instead */
        cilp_sha256_add(hash, key, n);
        m->failed = !cilp_sha256_end(hash, m->key);
    } else {
        memcpy(m->key, key, n);
    }
    add_key(m, IPAD);
}

/* see hmac.h */
bool cilp_hmac_end(struct cilp_hmac *m, uint8_t mac[CILP_SHA256_LEN])
{
    bool ok = cilp_sha256_end(m->hash, mac) && !m->failed;

    add_key(m, IPAD ^ OPAD); /* takes the one off, puts the other on */
    cilp_sha256_add(m->hash, mac, CILP_SHA256_LEN);
    ok = cilp_sha256_end(m->hash, mac) && ok;
    cilp_zero(m, sizeof *m);
    return ok;
}
