/*
 * roles_anywhere_case - sign requests of Roles Anywhere for conf_roles_anywhere.py.
 *
 * Standard input: a line for each, of words: RSA or ECDSA, and in hex the serial
 * number, the leaf, the chain and the signature that the key is to give ("-" for
 * nothing); then trust anchor, profile, role, session name, seconds, endpoint ("-"
 * for none) and the time, UTC. Standard output: two lines for each, the digest that
 * the key was asked to sign and the request, both in hex. Exit status 1: a line
 * cannot be read, or its request is not written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cilp.h"

enum { KEY, SERIAL, LEAF, CHAIN, SIG, ANCHOR, PROFILE, ROLE, SESSION, SECONDS };
enum { ENDPOINT = SECONDS + 1, TIME, WORDS };

static char line[65536];
static uint8_t leaf[8192], chain[8192], signature[CILP_X509_SIG_MAX];
static size_t signature_len;
static struct cilp_op op;

static void show(const uint8_t *p, size_t n)
{
    while (n-- > 0)
        printf("%02x", *p++);
}

static bool sign(const struct cilp_x509_identity *id, const uint8_t hash[32],
                 uint8_t *sig, size_t cap, size_t *len)
{
    (void)id;
    show(hash, 32);
    putchar('\n');
    *len = signature_len;
    if (cap < signature_len)
        return false;
    memcpy(sig, signature, signature_len);
    return true;
}

/* How many bytes; 0 of "-". */
static size_t from_hex(const char *hex, uint8_t *to, size_t cap)
{
    size_t n = 0;
    unsigned byte;

    while (n < cap && sscanf(hex + 2 * n, "%2x", &byte) == 1)
        to[n++] = (uint8_t)byte;
    return n;
}

static bool split(char *words[WORDS])
{
    char *at = line;

    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < WORDS; i++)
        words[i] = strsep(&at, " ");
    return words[WORDS - 1] && !at;
}

static const char *or_null(const char *s)
{
    return strcmp(s, "-") == 0 ? NULL : s;
}

/* The request as it leaves, to its last byte. */
static bool send(struct cilp_now now)
{
    const uint8_t *p;
    size_t n;

    if (cilp_next(&op, now) != CILP_OPEN)
        return false;
    cilp_opened(&op);
    while (cilp_next(&op, now) == CILP_SEND) {
        p = cilp_tx(&op, &n);
        show(p, n);
        cilp_sent(&op, n);
    }
    putchar('\n');
    return cilp_next(&op, now) == CILP_RECV;
}

static bool run(char *w[WORDS])
{
    struct cilp_x509_identity id = {
        .leaf = leaf,
        .chain = chain,
        .key = strcmp(w[KEY], "RSA") == 0 ? CILP_X509_RSA : CILP_X509_ECDSA,
        .sign = sign};
    const struct cilp_roles_anywhere in = {
        w[ANCHOR],
        w[PROFILE],
        w[ROLE],
        or_null(w[SESSION]),
        (uint32_t)strtoul(w[SECONDS], NULL, 10),
        or_null(w[ENDPOINT]),
        &id};
    const struct cilp_request req = {.flow = &cilp_cancel,
                                     .image_id = "ami-0abcdef1234567890",
                                     .region = "eu-west-1",
                                     .source = &cilp_creds_roles_anywhere,
                                     .source_arg = &in};
    const struct cilp_now now = {strtoll(w[TIME], NULL, 10), 0, true, false};

    id.serial_len = (uint8_t)from_hex(w[SERIAL], id.serial, sizeof id.serial);
    id.leaf_len = (uint16_t)from_hex(w[LEAF], leaf, sizeof leaf);
    id.chain_len = (uint16_t)from_hex(w[CHAIN], chain, sizeof chain);
    signature_len = from_hex(w[SIG], signature, sizeof signature);
    if (!cilp_init(&op, sizeof op))
        return false;
    cilp_start(&op, &req, now);
    return send(now);
}

int main(void)
{
    char *words[WORDS];

    while (fgets(line, sizeof line, stdin))
        if (!split(words) || !run(words))
            return 1;
    return 0;
}
