#include "core/sigv4.h"

#include <string.h>

#include "core/hmac.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DAY_LEN   8 /* "20260115" of "20260115T120000Z" */
#define KEY_LEN   (sizeof "AWS4" - 1 + CILP_KEY_MAX)

_Static_assert(KEY_LEN >= CILP_SHA256_LEN, "CILP_KEY_MAX: a MAC must fit");

/* ---- Step 1: the canonical request ------------------------------------- */

static void put_signed_headers(struct cilp_text *out,
                               const struct cilp_sigv4_in *in)
{
    for (size_t i = 0; i < in->n_headers; i++) {
        if (i > 0)
            cilp_text_char(out, ';');
        cilp_text_str(out, in->headers[i].name);
    }
}

/* Each part of a path is encoded as it is, with the percent signs that it has. */
static void put_path(struct cilp_text *out, const char *path)
{
    for (; *path; path++) {
        const char part[2] = {*path, '\0'};

        if (*path == '/')
            cilp_text_char(out, '/');
        else
            cilp_text_percent(out, part);
    }
}

static void put_request(struct cilp_text *out, const struct cilp_sigv4_in *in)
{
    if (!in->path) {
        cilp_text_str(out, in->request);
        return;
    }
    cilp_text_str(out, "POST\n");
    put_path(out, in->path);
    cilp_text_str(out, "\n\n");
}

/* see sigv4.h */
void cilp_sigv4_canonical(struct cilp_text *out, const struct cilp_sigv4_in *in)
{
    put_request(out, in);
    for (size_t i = 0; i < in->n_headers; i++) {
        const char *const pair[] = {in->headers[i].name, in->headers[i].value};

        cilp_text_fill(out, "%:%\n", pair);
    }
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
    cilp_sigv4_canonical(&t, in);
    return cilp_sha256_end(hash, digest);
}

/* ---- Step 3: the string to sign ---------------------------------------- */

static void put_scope(struct cilp_text *out, const struct cilp_sigv4_in *in)
{
    const char *const parts[] = {in->region, in->service};

    cilp_text_put(out, in->date, DAY_LEN);
    cilp_text_fill(out, "/%/%/aws4_request", parts);
}

static void put_string_to_sign(struct cilp_text *out,
                               const struct cilp_sigv4_in *in,
                               const uint8_t canonical[CILP_SHA256_LEN])
{
    const char *const date = in->date;

    cilp_text_fill(out, ALGORITHM "\n%\n", &date);
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

    if (!hash_canonical(digest, in, hash))
        return false;
    put_string_to_sign(out, in, digest);
    return true;
}

/* ---- Step 4: the signature --------------------------------------------- */

/* The chain of MACs, each the key of the next: key[0..n) is "AWS4" and the
 * secret, its first bytes are the signature afterwards. */
static bool sign(uint8_t key[KEY_LEN], size_t n, const struct cilp_sigv4_in *in,
                 struct cilp_sha256 *hash)
{
    const char *const parts[] = {in->region, in->service, "aws4_request"};
    uint8_t digest[CILP_SHA256_LEN];
    bool ok = hash_canonical(digest, in, hash);
    struct cilp_text text;
    struct cilp_hmac mac;

    cilp_text_init_hash(&text, hash);
    for (size_t i = 0; i < 5; i++) {
        cilp_hmac_init(&mac, hash, key, n);
        if (i == 0)
            cilp_text_put(&text, in->date, DAY_LEN);
        else if (i < 4)
            cilp_text_str(&text, parts[i - 1]);
        else
            put_string_to_sign(&text, in, digest);
        ok = cilp_hmac_end(&mac, key) && ok;
        n = CILP_SHA256_LEN;
    }
    return ok;
}

/* ---- Step 5: the header ------------------------------------------------ */

static void put_authorization(struct cilp_text *out,
                              const struct cilp_sigv4_in *in,
                              const uint8_t signature[CILP_SHA256_LEN])
{
    cilp_text_fill(out, ALGORITHM " Credential=%/", &in->key_id);
    put_scope(out, in);
    cilp_text_str(out, ", SignedHeaders=");
    put_signed_headers(out, in);
    cilp_text_str(out, ", Signature=");
    cilp_text_hex(out, signature, CILP_SHA256_LEN);
}

/* see sigv4.h */
bool cilp_sigv4_authorize(struct cilp_text *out, const struct cilp_sigv4_in *in,
                          struct cilp_sha256 *hash)
{
    uint8_t key[KEY_LEN];
    struct cilp_text t;
    bool ok;

    cilp_text_init(&t, (char *)key, sizeof key);
    cilp_text_fill(&t, "AWS4%", &in->secret);
    ok = t.len <= sizeof key && sign(key, t.len, in, hash);
    if (ok)
        put_authorization(out, in, key);
    cilp_zero(key, sizeof key);
    return ok;
}
