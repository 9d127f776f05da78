/*
 * Functions: cilp_text_base64 cilp_text_char
 * Property: no byte beside p[0..n) is read; what is written is RFC 4648's
 *   encoding of them, padded, in a window with a byte of room behind it
 * Bound: 0..7 bytes: two whole groups and each kind of a last one. Groups of
 *   three bytes know nothing of each other
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 17 --unsigned-overflow-check
 * Run: suite
 */
#include "core/text.h"
#include "tests/proof/proof.h"

#define MOST 7

/* RFC 4648 table 1 */
static char letter(unsigned v)
{
    if (v < 26)
        return (char)('A' + v);
    if (v < 52)
        return (char)('a' + (v - 26));
    if (v < 62)
        return (char)('0' + (v - 52));
    return v == 62 ? '+' : '/';
}

static unsigned byte_at(const uint8_t *p, size_t n, size_t i)
{
    return i < n ? p[i] : 0u;
}

/* The four letters of the group that begins at p[i]. */
static void check(const uint8_t *p, size_t n, size_t i, const char *quad)
{
    const unsigned a = p[i], b = byte_at(p, n, i + 1), c = byte_at(p, n, i + 2);

    prove(quad[0] == letter(a >> 2), "the first letter");
    prove(quad[1] == letter((a & 3) << 4 | b >> 4), "the second");
    prove(quad[2] == (i + 1 < n ? letter((b & 15) << 2 | c >> 6) : '='),
          "the third");
    prove(quad[3] == (i + 2 < n ? letter(c & 63) : '='), "the fourth");
}

void harness(void)
{
    const size_t n = any_size(0, MOST), group = any_size(0, MOST / 3);
    ANY_BYTES(uint8_t, p, MOST, n);
    char window[16];
    struct cilp_text t;

    cilp_text_init(&t, window, sizeof window);
    cilp_text_base64(&t, p, n);
    prove(t.len == (n + 2) / 3 * 4, "four letters for three bytes");
    assume(3 * group < n);
    check(p, n, 3 * group, window + 4 * group);
    can_be(n == MOST && group == 2 && window[8] == '/', "the longest");
}
