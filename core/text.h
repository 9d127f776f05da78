/*
 * text.h - write text into a window, count all of it; small checks on text.
 *
 * A writer counts every byte that it is given and keeps those that fall into
 * its window. Twenty writes in a row therefore need one check at the end, and
 * a text longer than the window is written again with `skip` moved on: that is
 * how a request of any length leaves through a small buffer.
 *
 * Knows:  sha256.
 */
#ifndef CILP_TEXT_H
#define CILP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sha256.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A macro's value as a string literal, for a text that names a limit. */
#define CILP_STRINGIFY(macro)     CILP_STRINGIFY_WORD(macro)
#define CILP_STRINGIFY_WORD(word) #word

struct cilp_text {
    char *p;                  /* the window, borrowed; may be NULL if cap 0 */
    size_t cap;               /* its size */
    size_t skip;              /* bytes of the text that lie before it */
    size_t len;               /* bytes written so far, kept or not */
    struct cilp_sha256 *hash; /* everything is hashed into it too, or NULL */
};

/* A writer over p[0..cap) with skip 0 and no hash. */
void cilp_text_init(struct cilp_text *t, char *p, size_t cap);

/* A writer that keeps nothing and hashes everything into h (or only counts,
 * if h is NULL). */
void cilp_text_init_hash(struct cilp_text *t, struct cilp_sha256 *h);

void cilp_text_put(struct cilp_text *t, const void *p, size_t n);
void cilp_text_str(struct cilp_text *t, const char *s);
void cilp_text_char(struct cilp_text *t, char c);

/* p[0..n), with '?' in place of bytes outside 0x20..0x7E. */
void cilp_text_shown(struct cilp_text *t, const void *p, size_t n);
void cilp_text_uint(struct cilp_text *t, uint32_t v); /* decimal */
void cilp_text_hex(struct cilp_text *t, const uint8_t *p, size_t n); /* lower */

/* Write form with its first '%' replaced by values[0], the second by values[1]
 * and so on: wire text stays in one piece, and costs no call for each part. */
void cilp_text_fill(struct cilp_text *t, const char *form,
                    const char *const values[]);

/* Percent-encode: A-Z a-z 0-9 - . _ ~ as they are, all else as %XX in upper
 * case, a space as %20. Source: IAM User Guide, "Create a signed AWS API
 * request", UriEncode; RFC 3986 section 2.3. */
void cilp_text_percent(struct cilp_text *t, const char *s);

/* NUL-terminate a text that must fit (skip 0): false (and "" in the window, if
 * there is one) if it, with its NUL, does not. */
bool cilp_text_end(struct cilp_text *t);

/* Append p[0..n) in base64, padded. Source: RFC 4648 section 4. */
void cilp_text_base64(struct cilp_text *t, const uint8_t *p, size_t n);

/* NUL-terminate a text that may be cut (skip 0, cap 1 at least): what fits with
 * its NUL stays. */
void cilp_text_cut(struct cilp_text *t);

/* Bytes of the window that are filled. */
size_t cilp_text_kept(const struct cilp_text *t);

/* True if s is min..max bytes of 0x21..0x7E, without a space inside; reads no
 * further. NULL is none. */
bool cilp_text_is_word(const char *s, size_t min, size_t max);

/* True if every byte is 0x20..0x7E: the one check before anything enters a
 * request line or a header (RFC 9110 section 5.5). */
bool cilp_text_is_printable(const char *s);

/* True if s has at most max bytes before its NUL; reads no further. */
bool cilp_text_is_within(const char *s, size_t max);

/* Is c, which may be NUL and is none then, one of the bytes of s? */
bool cilp_text_has(const char *s, char c);

/* ASCII only, no locale. */
char cilp_text_lower(char c);
bool cilp_text_is_digit(char c);
bool cilp_text_is_alnum(char c);

/* Write c, at most U+10FFFF, in 1 to 4 bytes at p; returns what is behind them.
 * Source: RFC 3629 section 3. */
char *cilp_text_utf8(char *p, uint32_t c);

/* Is p[0..n) one of the words in the list, which a blank holds apart? */
bool cilp_text_is_listed(const char *list, const char *p, size_t n);

/* Two NUL-terminated texts. */
bool cilp_text_same(const char *a, const char *b);

/* n bytes of a against the NUL-terminated b; nocase as above. */
bool cilp_text_equal(const char *a, size_t n, const char *b);
bool cilp_text_equal_nocase(const char *a, size_t n, const char *b);

/* Overwrite in a way that compilers keep. */
void cilp_zero(void *p, size_t n);

#ifdef __cplusplus
}
#endif

#endif
