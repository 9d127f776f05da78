/*
 * Functions: cilp_text_is_word cilp_text_is_within cilp_text_is_printable
 *   cilp_text_is_digit cilp_text_is_alnum cilp_text_lower cilp_text_has
 *   cilp_text_is_listed cilp_text_equal cilp_text_equal_nocase cilp_text_same
 *   cilp_text_utf8
 * Property: nothing is read beyond a NUL, a length or the limit that was given, and
 *   each says what its header says; a character in UTF-8 takes 1 to 4 bytes, and is
 *   that character
 * Bound: texts of 0..3 bytes, limits of 0..3: bytes are looked at one by one. All
 *   characters
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 8
 * Run: suite
 */
#include "core/text.h"
#include "tests/proof/proof.h"

#define MOST 3

static void limits(void)
{
    const size_t max = any_size(0, MOST);
    /* No byte behind the one that is too many. */
    ANY_BYTES(const char, s, MOST + 1, max + 1);
    const bool is_word = cilp_text_is_word(s, 1, max);
    const size_t i = any_size(0, MOST - 1);

    if (is_word && i < max && i == 0)
        prove(s[i] > 0x20 && s[i] < 0x7F, "a word has a letter");
    if (is_word && max == 1)
        prove(s[1] == '\0', "and no more than allowed");
    can_be(is_word && max == MOST && s[2] && !s[3], "the longest word");
}

static void within(void)
{
    ANY_STRING(s, MOST);
    const size_t max = any_size(0, MOST), n = (size_t)(s_object + MOST - s);

    if (cilp_text_is_within(s, max))
        prove(n <= max || s[max] == '\0' || s[0] == '\0' || s[1] == '\0',
              "it ends in time");
    if (cilp_text_is_printable(s))
        prove(s[0] == '\0' || (s[0] >= 0x20 && s[0] <= 0x7E), "printable");
    can_be(cilp_text_is_within(s, max) && n == max && n == MOST, "the longest");
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static void letters(void)
{
    const char c = nondet_char();

    prove(cilp_text_is_digit(c) == (c >= '0' && c <= '9'), "digits");
    prove(cilp_text_is_alnum(c) ==
              (is_small(c) || is_capital(c) || cilp_text_is_digit(c)),
          "letters and digits");
    prove(cilp_text_lower(c) == (is_capital(c) ? (char)(c + 32) : c),
          "a small letter");
}

static void words(void)
{
    const size_t n = any_size(0, MOST);
    ANY_BYTES(const char, p, MOST, n);
    ANY_STRING(s, MOST);
    const bool is_equal = cilp_text_equal(p, n, s);

    prove(!is_equal || (s[n] == '\0' && (n == 0 || p[0] == s[0])), "equal");
    prove(!is_equal || cilp_text_equal_nocase(p, n, s), "whatever the case");
    (void)cilp_text_same(s, s);
    prove(
        cilp_text_is_listed("ab c", p, n) ==
            ((n == 2 && p[0] == 'a' && p[1] == 'b') || (n == 1 && p[0] == 'c')),
        "one of the words");
    prove(!cilp_text_has(s, '\0'), "NUL is none of a text's bytes");
    prove(s[0] == '\0' || cilp_text_has(s, s[0]), "its first is one");
    can_be(is_equal && n == MOST, "the longest");
}

/* RFC 3629 section 3, read backwards. */
static uint32_t decode(const char *p, size_t n)
{
    static const uint8_t of_lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = (uint8_t)p[0] & of_lead[n];

    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((uint8_t)p[i] & 0x3fu);
    return c;
}

static void utf8(void)
{
    const uint32_t c = nondet_u32();
    char p[4];
    size_t n;

    assume(c <= 0x10ffff);
    n = (size_t)(cilp_text_utf8(p, c) - p);
    prove(n >= 1 && n <= 4 && decode(p, n) == c, "that character");
    prove(n == (c < 0x80      ? 1u
                : c < 0x800   ? 2u
                : c < 0x10000 ? 3u
                              : 4u),
          "no longer than it has to be");
    can_be(c == 0x10ffff, "the last one");
}

void harness(void)
{
    limits();
    within();
    letters();
    words();
    utf8();
}
