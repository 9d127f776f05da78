#include "port/proxy/address.h"

#include <stdbool.h>
#include <string.h>

#define NO_GAP 17u

/* ---- IPv4 -------------------------------------------------------------- */

/* "0" to "255" at *s, which is moved behind it; false: there is none. */
static bool read_part(const char **s, const char *end, uint8_t *to)
{
    const char *p = *s;
    unsigned v = 0;

    while (p < end && *p >= '0' && *p <= '9' && p - *s < 3)
        v = v * 10 + (unsigned)(*p++ - '0');
    if (p == *s || v > 255 || (**s == '0' && p - *s > 1))
        return false;
    *to = (uint8_t)v;
    *s = p;
    return true;
}

static bool read_v4(const char *s, size_t n, uint8_t to[4])
{
    const char *end = s + n;

    for (int i = 0; i < 4; i++) {
        if (i > 0 && (s == end || *s++ != '.'))
            return false;
        if (!read_part(&s, end, &to[i]))
            return false;
    }
    return s == end;
}

/* ---- IPv6 -------------------------------------------------------------- */

static unsigned hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

static size_t up_to_colon(const char *s, size_t n)
{
    const char *colon = memchr(s, ':', n);

    return colon ? (size_t)(colon - s) : n;
}

/* A group, or the IPv4 address that may stand for the last two; bytes that it
 * has, 0: it is neither, or there is no room for it. */
static unsigned read_group(const char *s, size_t n, uint8_t to[16], unsigned at)
{
    unsigned v = 0;

    if (at <= 12 && read_v4(s, n, to + at))
        return 4;
    if (n > 4 || at > 14)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (hex_digit(s[i]) > 15)
            return 0;
        v = v << 4 | hex_digit(s[i]);
    }
    to[at] = (uint8_t)(v >> 8);
    to[at + 1] = (uint8_t)v;
    return 2;
}

/* Zeros from `gap` on take what room is left. */
static bool close_gap(uint8_t to[16], unsigned at, unsigned gap)
{
    if (gap == NO_GAP)
        return at == 16;
    if (at == 16)
        return false;
    memmove(to + 16 - (at - gap), to + gap, at - gap);
    memset(to + gap, 0, 16 - at);
    return true;
}

/* An IPv6 address under way. */
struct v6 {
    uint8_t *to;
    unsigned at, gap; /* bytes of it that are known; where "::" stood */
};

/* "::", once. */
static size_t take_gap(struct v6 *v, const char *s, size_t n)
{
    if (n < 2 || s[1] != ':' || v->gap != NO_GAP)
        return 0;
    v->gap = v->at;
    return 2;
}

/* What stands at s[0..n): bytes of text that are used up, 0: it is nothing. */
static size_t take_piece(struct v6 *v, const char *s, size_t n)
{
    size_t len = up_to_colon(s, n);
    unsigned width;

    if (len == 0)
        return take_gap(v, s, n);
    width = read_group(s, len, v->to, v->at);
    v->at += width;
    if (width == 0 || len == n)
        return width ? len : 0;
    if (width == 4 || n - len == 1) /* nothing may follow; something must */
        return 0;
    return s[len + 1] == ':' ? len : len + 1;
}

static bool read_v6(const char *s, size_t n, uint8_t to[16])
{
    struct v6 v = {.to = to, .gap = NO_GAP};

    while (n > 0) {
        size_t len = take_piece(&v, s, n);

        if (len == 0)
            return false;
        s += len;
        n -= len;
    }
    return close_gap(to, v.at, v.gap);
}

/* ---- Both -------------------------------------------------------------- */

/* see address.h */
uint8_t cilp_proxy_address(const char *s, size_t n, uint8_t to[16])
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

    if (read_v4(s, n, to))
        return 4;
    if (!read_v6(s, n, to))
        return 0;
    if (memcmp(to, mapped, sizeof mapped) != 0)
        return 16;
    memcpy(to, to + sizeof mapped, 4);
    return 4;
}
