#include "core/text.h"

#include <string.h>

/* ---- The writer -------------------------------------------------------- */

/* see text.h */
void cilp_text_init(struct cilp_text *t, char *p, size_t cap)
{
    memset(t, 0, sizeof *t);
    t->p = p;
    t->cap = cap;
}

/* see text.h */
void cilp_text_init_hash(struct cilp_text *t, struct cilp_sha256 *h)
{
    cilp_text_init(t, NULL, 0);
    t->hash = h;
}

/* see text.h */
void cilp_text_put(struct cilp_text *t, const void *p, size_t n)
{
    size_t end = t->len + n;
    size_t from = t->len > t->skip ? t->len : t->skip;
    size_t to = end < t->skip + t->cap ? end : t->skip + t->cap;

    if (t->hash)
        cilp_sha256_add(t->hash, p, n);
    /* What of the text lies in the window, if any of it does. */
    if (from < to)
        memcpy(t->p + (from - t->skip), (const char *)p + (from - t->len),
               to - from);
    t->len = end;
}

/* see text.h */
void cilp_text_str(struct cilp_text *t, const char *s)
{
    cilp_text_put(t, s, strlen(s));
}

/* see text.h */
void cilp_text_char(struct cilp_text *t, char c)
{
    cilp_text_put(t, &c, 1);
}

/* see text.h */
void cilp_text_shown(struct cilp_text *t, const void *p, size_t n)
{
    for (const char *s = p; n > 0; n--, s++)
        cilp_text_char(t, *s >= 0x20 && *s <= 0x7E ? *s : '?');
}

/* see text.h */
void cilp_text_uint(struct cilp_text *t, uint32_t v)
{
    char decimal[10]; /* 4294967295 */
    size_t at = sizeof decimal;

    do {
        decimal[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    cilp_text_put(t, decimal + at, sizeof decimal - at);
}

/* see text.h */
void cilp_text_fill(struct cilp_text *t, const char *form,
                    const char *const values[])
{
    for (;;) {
        size_t n = 0;

        while (form[n] && form[n] != '%')
            n++;
        cilp_text_put(t, form, n);
        if (!form[n])
            return;
        cilp_text_str(t, *values++);
        form += n + 1;
    }
}

/* lower: 0x20 makes a small letter of a capital, and leaves a digit; or 0. */
static void put_byte(struct cilp_text *t, uint8_t byte, unsigned lower)
{
    static const char digits[] = "0123456789ABCDEF";

    cilp_text_char(t, (char)((unsigned char)digits[byte >> 4] | lower));
    cilp_text_char(t, (char)((unsigned char)digits[byte & 15] | lower));
}

/* see text.h */
void cilp_text_hex(struct cilp_text *t, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_byte(t, p[i], 0x20);
}

/* see text.h */
void cilp_text_base64(struct cilp_text *t, const uint8_t *p, size_t n)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789+/";

    while (n > 0) {
        size_t used = n < 3 ? n : 3;
        uint32_t bits = 0;

        for (size_t i = 0; i < 3; i++)
            bits = bits << 8 | (i < used ? p[i] : 0u);
        for (size_t i = 0; i < 4; i++)
            cilp_text_char(t, i <= used ? letters[bits >> (18 - 6 * i) & 63]
                                        : '=');
        p += used;
        n -= used;
    }
}

/* see text.h */
void cilp_text_percent(struct cilp_text *t, const char *s)
{
    for (; *s; s++) {
        if (cilp_text_is_alnum(*s) || cilp_text_has("-._~", *s)) {
            cilp_text_char(t, *s);
        } else {
            cilp_text_char(t, '%');
            put_byte(t, (uint8_t)*s, 0);
        }
    }
}

/* see text.h */
bool cilp_text_end(struct cilp_text *t)
{
    bool fits = t->len < t->cap;

    if (t->cap)
        t->p[fits ? t->len : 0] = '\0';
    return fits;
}

/* see text.h */
void cilp_text_cut(struct cilp_text *t)
{
    t->p[t->len < t->cap ? t->len : t->cap - 1] = '\0';
}

/* see text.h */
size_t cilp_text_kept(const struct cilp_text *t)
{
    size_t past = t->len > t->skip ? t->len - t->skip : 0;

    return past < t->cap ? past : t->cap;
}

/* see text.h */
char *cilp_text_utf8(char *p, uint32_t c)
{
    static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};
    unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

    *p++ = (char)(lead[more] | c >> 6 * more);
    while (more-- > 0)
        *p++ = (char)(0x80 | (c >> 6 * more & 0x3f));
    return p;
}

/* ---- Checks ------------------------------------------------------------ */

/* see text.h */
bool cilp_text_is_printable(const char *s)
{
    for (; *s; s++)
        if (*s < 0x20 || *s > 0x7E)
            return false; /* either sign of char */
    return true;
}

/* see text.h */
bool cilp_text_is_word(const char *s, size_t min, size_t max)
{
    size_t n = 0;

    if (!s)
        return false;
    while (n < max && s[n] > 0x20 && s[n] < 0x7F)
        n++;
    return s[n] == '\0' && n >= min;
}

/* see text.h */
bool cilp_text_is_within(const char *s, size_t max)
{
    for (size_t i = 0; s[i]; i++)
        if (i == max)
            return false;
    return true;
}

/* see text.h */
char cilp_text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* see text.h */
bool cilp_text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* see text.h */
bool cilp_text_is_alnum(char c)
{
    char low = (char)(c | 0x20); /* a small letter of a capital */

    return (low >= 'a' && low <= 'z') || cilp_text_is_digit(c);
}

/* see text.h */
bool cilp_text_has(const char *s, char c)
{
    while (*s && *s != c)
        s++;
    return *s != '\0';
}

/* see text.h */
bool cilp_text_is_listed(const char *list, const char *p, size_t n)
{
    size_t same = 0; /* bytes of the word so far; more than n: it is another */

    for (;; list++) {
        if (*list && *list != ' ') {
            same = same < n && *list == p[same] ? same + 1 : n + 1;
            continue;
        }
        if (same == n)
            return true;
        if (!*list)
            return false;
        same = 0;
    }
}

/* see text.h */
bool cilp_text_equal(const char *a, size_t n, const char *b)
{
    return strlen(b) == n && memcmp(a, b, n) == 0;
}

/* see text.h */
bool cilp_text_same(const char *a, const char *b)
{
    return cilp_text_equal(a, strlen(a), b);
}

/* see text.h */
bool cilp_text_equal_nocase(const char *a, size_t n, const char *b)
{
    for (; n > 0; n--, a++, b++)
        if (!*b || cilp_text_lower(*a) != cilp_text_lower(*b))
            return false;
    return !*b;
}

/* ---- Secrets ----------------------------------------------------------- */

/* see text.h */
void cilp_zero(void *p, size_t n)
{
    /* A call through a volatile pointer may not be left out, even if nobody
     * reads the bytes again. */
    void *(*volatile set)(void *, int, size_t) = memset;

    set(p, 0, n);
}
