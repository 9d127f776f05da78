#include "core/sigv4.h"

#include <string.h>

#include "core/hmac.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DAY_LEN   8    /* "20260115" of "20260115T120000Z" */

/* ---- Step 1: the canonical request ------------------------------------- */

static void put_signed_headers(struct cilp_text *out,
                               const struct cilp_sigv4_in *in)
{
    for (size_t i = 0; i < in->n_headers; i++) {
        if (i > 0) cilp_text_char(out, ';');
        cilp_text_str(out, in->headers[i].name);
    }
}

static void put_header(struct cilp_text *out,
                       const struct cilp_sigv4_header *h, const char *mask)
{
    cilp_text_str(out, h->name);
    cilp_text_char(out, ':');
    if (mask && cilp_text_equal(mask, strlen(mask), h->name)) {
        cilp_text_char(out, '(');
        cilp_text_uint(out, (uint32_t)strlen(h->value));
        cilp_text_str(out, " bytes)");
    } else {
        cilp_text_str(out, h->value);
    }
    cilp_text_char(out, '\n');
}

static void put_line(struct cilp_text *out, const char *s)
{
    cilp_text_str(out, s);
    cilp_text_char(out, '\n');
}

/* see sigv4.h */
void cilp_sigv4_canonical(struct cilp_text *out,
                          const struct cilp_sigv4_in *in, const char *mask)
{
    put_line(out, in->method);
    put_line(out, in->uri);
    put_line(out, in->query);
    for (size_t i = 0; i < in->n_headers; i++)
        put_header(out, &in->headers[i], mask);
    cilp_text_char(out, '\n');
    put_signed_headers(out, in);
    cilp_text_char(out, '\n');
    cilp_text_hex(out, in->payload_hash, CILP_SHA256_LEN);
}

/* ---- Step 2: its hash -------------------------------------------------- */

/* Hashed while it is written: a session token of 4 KB passes through no
 * buffer. */
static bool hash_canonical(uint8_t digest[CILP_SHA256_LEN],
                           const struct cilp_sigv4_in *in,
                           struct cilp_sha256 *hash)
{
    struct cilp_text t;

    cilp_text_init_hash(&t, hash);
    cilp_sigv4_canonical(&t, in, NULL);
    return cilp_sha256_end(hash, digest);
}

/* ---- Step 3: the string to sign ---------------------------------------- */

static void put_scope(struct cilp_text *out, const struct cilp_sigv4_in *in)
{
    cilp_text_put(out, in->date, DAY_LEN);
    cilp_text_char(out, '/');
    cilp_text_str(out, in->region);
    cilp_text_char(out, '/');
    cilp_text_str(out, in->service);
    cilp_text_str(out, "/aws4_request");
}

static void put_string_to_sign(struct cilp_text *out,
                               const struct cilp_sigv4_in *in,
                               const uint8_t canonical[CILP_SHA256_LEN])
{
    put_line(out, ALGORITHM);
    put_line(out, in->date);
    put_scope(out, in);
    cilp_text_char(out, '\n');
    cilp_text_hex(out, canonical, CILP_SHA256_LEN);
}

/* see sigv4.h */
bool cilp_sigv4_string_to_sign(struct cilp_text *out,
                               const struct cilp_sigv4_in *in,
                               struct cilp_sha256 *hash)
{
    uint8_t digest[CILP_SHA256_LEN];

    if (!hash_canonical(digest, in, hash)) return false;
    put_string_to_sign(out, in, digest);
    return true;
}

/* ---- Step 4: the signature --------------------------------------------- */

/* mac = HMAC(key, text); mac may be key. */
static bool derive(uint8_t mac[CILP_SHA256_LEN], const void *key, size_t n,
                   const char *text, size_t len, struct cilp_sha256 *hash)
{
    struct cilp_hmac m;

    cilp_hmac_init(&m, hash, key, n);
    cilp_sha256_add(hash, text, len);
    return cilp_hmac_end(&m, mac);
}

/* The secret has at most CILP_KEY_MAX bytes. */
static bool derive_signing_key(uint8_t key[CILP_SHA256_LEN],
                               const struct cilp_sigv4_in *in,
                               struct cilp_sha256 *hash)
{
    const char *const parts[] = {in->region, in->service, "aws4_request"};
    char first[4 + CILP_KEY_MAX];
    struct cilp_text t;
    bool ok;

    cilp_text_init(&t, first, sizeof first);
    cilp_text_str(&t, "AWS4");
    cilp_text_str(&t, in->secret);
    ok = derive(key, first, t.len, in->date, DAY_LEN, hash);
    cilp_zero(first, sizeof first);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ok = derive(key, key, CILP_SHA256_LEN, parts[i], strlen(parts[i]),
                    hash) && ok;
    return ok;
}

static bool sign(uint8_t signature[CILP_SHA256_LEN],
                 const struct cilp_sigv4_in *in, struct cilp_sha256 *hash)
{
    uint8_t digest[CILP_SHA256_LEN], key[CILP_SHA256_LEN];
    struct cilp_hmac m;
    struct cilp_text t;
    bool ok = hash_canonical(digest, in, hash);

    ok = derive_signing_key(key, in, hash) && ok;
    cilp_hmac_init(&m, hash, key, sizeof key);
    cilp_zero(key, sizeof key);
    cilp_text_init_hash(&t, hash);
    put_string_to_sign(&t, in, digest);
    return cilp_hmac_end(&m, signature) && ok;
}

/* ---- Step 5: the header ------------------------------------------------ */

/* see sigv4.h */
bool cilp_sigv4_authorize(struct cilp_text *out,
                          const struct cilp_sigv4_in *in,
                          struct cilp_sha256 *hash)
{
    uint8_t signature[CILP_SHA256_LEN];

    if (!cilp_text_is_within(in->secret, CILP_KEY_MAX)) return false;
    if (!sign(signature, in, hash)) return false;
    cilp_text_str(out, ALGORITHM " Credential=");
    cilp_text_str(out, in->key_id);
    cilp_text_char(out, '/');
    put_scope(out, in);
    cilp_text_str(out, ", SignedHeaders=");
    put_signed_headers(out, in);
    cilp_text_str(out, ", Signature=");
    cilp_text_hex(out, signature, sizeof signature);
    return true;
}
