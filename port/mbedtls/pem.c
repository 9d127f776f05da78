#include "port/mbedtls/pem.h"

#include <string.h>

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char dashes[] = "-----";

/* Where `s` is in p[0..n); NULL: nowhere. */
static const char *find(const char *p, size_t n, const char *s)
{
    size_t len = strlen(s);

    for (; n >= len; p++, n--)
        if (memcmp(p, s, len) == 0)
            return p;
    return NULL;
}

/* The end of a block is the next line of its kind, with the same label. */
static void find_end(const char **p, size_t *n, struct cilp_pem_block *b)
{
    const char *body = *p, *end = find(body, *n, dashes);
    size_t mark = sizeof end_mark - 1, left;

    b->body = NULL;
    b->body_len = 0;
    if (!end)
        return;
    left = *n - (size_t)(end - body);
    if (left < mark + b->label_len + sizeof dashes - 1 ||
        memcmp(end, end_mark, mark) != 0 ||
        memcmp(end + mark, b->label, b->label_len) != 0 ||
        memcmp(end + mark + b->label_len, dashes, sizeof dashes - 1) != 0)
        return;
    b->body = body;
    b->body_len = (size_t)(end - body);
    *n -= b->body_len + mark; /* its dashes begin no other */
    *p += b->body_len + mark;
}

/* see pem.h */
bool cilp_pem_next(const char **p, size_t *n, struct cilp_pem_block *b)
{
    const char *end = *p + *n;
    const char *at = find(*p, *n, begin_mark);

    if (!at)
        return false;
    b->label = at + sizeof begin_mark - 1;
    at = find(b->label, (size_t)(end - b->label), dashes);
    if (!at)
        return false;
    b->label_len = (size_t)(at - b->label);
    *p = at + sizeof dashes - 1;
    *n = (size_t)(end - *p);
    find_end(p, n, b);
    return true;
}

/* see pem.h */
bool cilp_pem_is(const struct cilp_pem_block *b, const char *label)
{
    return b->label_len == strlen(label) &&
           memcmp(b->label, label, b->label_len) == 0;
}

/* see pem.h */
bool cilp_pem_has(const struct cilp_pem_block *b, const char *s)
{
    return b->body && find(b->body, b->body_len, s);
}

/* Six bits; 64: none. */
static uint32_t digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* see pem.h */
size_t cilp_pem_decode(const struct cilp_pem_block *b, uint8_t *out, size_t cap)
{
    size_t digits = 0, pads = 0, n = 0;
    uint32_t bits = 0;

    for (size_t i = 0; i < b->body_len; i++) {
        uint32_t v = digit(b->body[i]);

        if (is_space(b->body[i]))
            continue;
        if (b->body[i] == '=') {
            pads++;
            continue;
        }
        if (v == 64 || pads > 0)
            return 0;
        bits = (bits << 6 | v) & 0xffffff;
        if (++digits % 4 == 1)
            continue; /* not a byte yet */
        if (n == cap)
            return cap + 1;
        out[n++] = (uint8_t)(bits >> (6 - 2 * ((digits - 1) % 4)));
    }
    return (digits + pads) % 4 == 0 && pads < 3 ? n : 0;
}
