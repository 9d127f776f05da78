/*
 * Functions: cilp_http_resp_init cilp_http_resp_feed cilp_http_resp_eof
 * Property: nothing beside p[0..n) and the reader is touched; a piece of the body
 *   lies within p and is never empty, so whoever reads on gets on; a final status
 *   is 200..999; what is bad or done stays so; the request id is a string
 * Bound: replies of any length in any pieces, by induction: the invariant holds of
 *   a fresh reader, and whatever byte comes in whatever state that it allows, it
 *   holds afterwards. feed() takes bytes one by one, or, of a body, all of it, and
 *   does not look at them. Numbers of 12 bytes at most, which is more digits
 *   than are read, and 2 blanks behind a value, which are dropped one by one. Texts are compared as text.h says (proof_text_words.c)
 * Options: --unwind 94 --unwindset cilp_http_resp_feed.0:2 --unwindset decimal.0:13
 *   --unwindset take_value.0:4 --slice-formula --arrays-uf-never
 * Run: long
 */
#include <string.h>

#include "tests/proof/proof.h"

static void copy(char *to, const char *from, size_t n);
#define memcpy copy
#include "core/http_resp.c"
#undef memcpy

static void copy(char *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

/* ---- Texts, as text.h says ------------------------------------------------ */

static struct cilp_http_resp h;
static size_t word_len; /* of the word, if there is one */

/* see text.h */
bool cilp_text_is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

/* see text.h */
bool cilp_text_has(const char *s, char c)
{
    (void)s;
    return c != '\0' && nondet_bool();
}

/* see text.h */
bool cilp_text_equal_nocase(const char *a, size_t n, const char *b)
{
    (void)b;
    prove(a >= h.value && n <= (size_t)(h.value + sizeof h.value - a),
          "what is compared lies in the value");
    return nondet_bool();
}

/* see text.h: up to its NUL, which stands where no byte of a text may be one */
bool cilp_text_is_word(const char *s, size_t min, size_t max)
{
    prove(s == h.value && max < sizeof h.value, "a word that can be read");
    if (nondet_bool())
        return false;
    assume(word_len >= min && word_len <= max && s[word_len] == '\0');
    return true;
}

/* ---- The invariant ---------------------------------------------------------- */

/* Every byte of a value is text: take_request_id() counts on it. Asked of any one
 * of them, and of the one that ends a word. */
static size_t place;

static bool has_nul(void)
{
    return (place < h.value_len && h.value[place] == '\0') ||
           (word_len < h.value_len && h.value[word_len] == '\0');
}

static bool is_length_good(void)
{
    if (h.state == ST_STATUS)
        return h.value_len <= 12;
    return h.value_len <= CILP_HTTP_VALUE_MAX &&
           ((h.state != ST_NAME && h.state != ST_VALUE) || !has_nul());
}

static bool is_head_good(void)
{
    if (h.head_done)
        return h.status >= 200 && h.status <= 999 && h.state >= ST_LINE;
    return h.status <= 999 &&
           (h.state < ST_SIZE || h.state == ST_LINE_LF ||
            h.state == ST_LAST_LF || h.state >= BAD_STATUS_LINE);
}

static bool is_good(void)
{
    return h.state <= BAD_CUT && is_length_good() && is_head_good() &&
           (h.state != ST_DATA || h.left > 0) &&
           (h.state != ST_REASON || !h.head_done) &&
           (h.interim <= INTERIM_MAX || h.state >= BAD_STATUS_LINE) &&
           h.retry_after_ms >= -1 &&
           h.retry_after_ms <= (int32_t)RETRY_MAX_MS &&
           h.request_id[CILP_REQUEST_ID_MAX] == '\0';
}

/* ---- One byte, or a piece of a body ------------------------------------------- */

static void feed(size_t n)
{
    const uint8_t before = h.state;
    ANY_BYTES(const uint8_t, p, 4, n);
    const uint8_t *body;
    size_t used, len;
    enum cilp_http_rc rc = cilp_http_resp_feed(&h, p, n, &used, &body, &len);

    prove(is_good(), "the invariant");
    prove(used <= n, "no more is used than there is");
    prove(len == 0 || (body >= p && body + len == p + used), "body lies in p");
    prove((rc == CILP_HTTP_BODY) == (len > 0), "a body is not empty");
    prove(rc != CILP_HTTP_MORE || used == n, "all was used");
    prove((rc == CILP_HTTP_BAD) == (h.state >= BAD_STATUS_LINE), "bad is told");
    prove(before < ST_DONE || h.state == before, "done and bad stay");
    can_be(rc == CILP_HTTP_BODY, "a body");
    can_be(rc == CILP_HTTP_DONE && used == 0, "the end");
    can_be(h.state == ST_SIZE && h.head_done, "a chunk's size");
    can_be(h.state == BAD_LENGTH, "a bad length");
}

static bool is_number_short(void)
{
    return h.value_len <= 12 || (h.field != F_LENGTH && h.field != F_RETRY &&
                                 h.field != F_AMZ_RETRY);
}

/* Blanks at the end of a value: each is looked at by itself, so two will do. */
static bool has_few_blanks(void)
{
    return h.value_len < 3 || !is_blank((uint8_t)h.value[h.value_len - 3]);
}

void harness(void)
{
    struct cilp_http_resp anything;

    cilp_http_resp_init(&h);
    word_len = nondet_size();
    place = any_size(0, CILP_HTTP_VALUE_MAX - 1);
    prove(is_good(), "the invariant of a fresh reader");
    h = anything;
    if (nondet_bool()) {
        assume(is_good() && is_number_short() && has_few_blanks());
        assume(h.state != ST_DATA && h.state != ST_REST);
        feed(any_size(0, 1));
    } else if (nondet_bool()) {
        h.state = ST_DATA;
        assume(is_good());
        feed(any_size(0, 4));
    } else if (nondet_bool()) {
        h.state = ST_REST;
        assume(is_good());
        feed(any_size(0, 4));
    } else {
        assume(is_good());
        (void)cilp_http_resp_eof(&h);
        prove(is_good(), "the invariant at the end");
        prove(h.state >= ST_DONE, "which is one");
    }
}
