/*
 * Functions: cilp_json_read
 * Property: a string is un-escaped within itself: no byte beside it is read or changed,
 *   and it gets a NUL in place of its closing quote or before; a pair of surrogates is a
 *   character that Unicode has, and takes no more bytes than its escapes
 * Bound: strings of 0..7 bytes, which is an escape of each kind and one beside it; and a
 *   character of two escapes, by itself. What jsmn promises is json_tokens.h
 * Options: --unwind 13
 * Run: long
 */
#include "tests/proof/json_tokens.h"

#include "core/json.c"

#define BEFORE      1
#define STRING_MOST 7
#define TEXT_MOST   (BEFORE + STRING_MOST + 1)
#define PAIR        12

static size_t utf8_len(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* see text.h */
char *cilp_text_utf8(char *p, uint32_t c)
{
    const size_t n = utf8_len(c);

    prove(c <= 0x10ffff, "a character");
    for (size_t i = 0; i < n; i++)
        *p++ = nondet_char();
    return p;
}

static void string(void)
{
    static char text[TEXT_MOST], was[TEXT_MOST];
    jsmntok_t t = {JSMN_STRING, BEFORE, nondet_i32(), 0, 0};
    struct json j = {.text = text};
    const size_t i = any_size(0, TEXT_MOST - 1);
    int end = t.end;

    __CPROVER_havoc_object(text);
    for (size_t k = 0; k < TEXT_MOST; k++)
        was[k] = text[k];
    assume(is_extent_good(text, TEXT_MOST, &t));
    if (!read_string(&j, &t))
        return;
    prove(t.end >= t.start && t.end <= end, "it gets no longer");
    prove(text[t.end] == '\0', "and has a NUL");
    prove(text[i] == was[i] || (i >= BEFORE && i <= (size_t)end),
          "nothing else changes");
    can_be(t.end == BEFORE + 2 && end == TEXT_MOST - 1, "of seven bytes, two");
}

/* Escapes that fill the string to its end, where the quote is. */
static void pair(void)
{
    char text[PAIR + 1];
    const size_t n = any_size(1, PAIR);
    const char *p = text + PAIR - n, *from = p;
    uint32_t c;

    assume(text[PAIR] == '"' && *p == '\\' && is_string_good(p, n));
    if (!get_char(&from, &c))
        return;
    prove(from > p && from <= text + PAIR, "no further than the string");
    prove(c <= 0x10ffff && c >> 11 != 0xd800 >> 11, "a character");
    prove(utf8_len(c) <= (size_t)(from - p), "no longer than its escapes");
    can_be(c == 0x10ffff, "the last one");
}

void harness(void)
{
    if (nondet_bool())
        string();
    else
        pair();
}
