/*
 * Functions: cilp_ini_init cilp_ini_feed cilp_ini_end
 * Property: nothing beside p[0..n) and the reader is touched; lengths stay within its
 *   text; a pair is one of the section, its key, value and block are strings in the
 *   text without blanks around, and only the value and the block may be empty; what
 *   is bad stays so
 * Bound: texts of any length in any pieces, by induction: the invariant holds of a
 *   fresh reader, and whatever byte comes, or the end, in whatever state that it
 *   allows, it holds afterwards. feed() takes bytes one by one. A pair has 8 bytes
 *   here, which is a block's name, a key, a value and a comment, or two further
 *   lines: lengths are compared, nothing else. Kinds of 0..1 bytes: is it the section
 *   that is wanted? Perhaps. Texts are compared as text.h says (proof_text_words.c)
 * Options: --unwind 11 --unwindset cilp_ini_feed.0:2 -DCILP_TOKEN_MAX=-56
 * Run: long
 */
#include "core/ini.c"

#include "tests/proof/proof.h"

static struct cilp_ini x;

/* ---- Texts, as text.h says ------------------------------------------------ */

/* see text.h */
bool cilp_text_equal(const char *a, size_t n, const char *b)
{
    (void)b;
    prove(__CPROVER_r_ok(a, n), "what is compared can be read");
    return nondet_bool();
}

/* see text.h */
bool cilp_text_equal_nocase(const char *a, size_t n, const char *b)
{
    return cilp_text_equal(a, n, b);
}

/* ---- The invariant ---------------------------------------------------------- */

#define TEXT_MAX (sizeof x.text - 1)

/* How many bytes of the text follow `from`, before a NUL. */
static size_t length(size_t from)
{
    for (size_t i = from; i < TEXT_MAX; i++)
        if (x.text[i] == '\0')
            return i - from;
    return TEXT_MAX - from;
}

static bool is_trimmed(size_t from, size_t len)
{
    return len == 0 ||
           (!is_blank(x.text[from]) && !is_blank(x.text[from + len - 1]));
}

/* A key, or a block's name, at `from`; before `end`, where a NUL is. */
static bool is_name_good(size_t from, size_t end)
{
    const size_t n = length(from);

    return n > 0 && from + n < end && is_trimmed(from, n);
}

/* A line that is kept, of which the first byte is no blank. */
static bool is_line_good(void)
{
    return x.start < x.len && !is_blank(x.text[x.start]) &&
           (x.held || x.start == x.pair) &&
           (x.inside || (x.start == 0 && x.text[0] == '['));
}

/* A pair waits for further lines of its value. */
static bool is_held_good(void)
{
    const size_t at = (size_t)(x.value - x.text), n = length(at);

    if (!x.inside || x.pair > 0 || !is_name_good(0, at) || at > x.len)
        return false;
    if (x.state == TEXT)
        return at < x.start && at + n >= x.len && !is_blank(x.text[at]);
    return at + n == x.len && is_trimmed(at, n);
}

static bool is_good(void)
{
    if (x.rc >= CILP_INI_LONG)
        return x.rc <= CILP_INI_NO_KEY;
    return x.state <= SKIP && x.bom <= 3 && x.len <= CILP_INI_MAX &&
           x.start <= x.len && x.pair <= x.start &&
           (x.text[0] != '[' || (x.pair == 0 && !x.held)) &&
           (x.pair == 0 || is_name_good(0, x.pair)) &&
           (x.state != TEXT || is_line_good()) && (!x.held || is_held_good());
}

/* A string that lies in the text, without blanks around. */
static bool is_string(const char *s)
{
    const size_t from = (size_t)(s - x.text);

    return __CPROVER_same_object(s, x.text) && s >= x.text &&
           from <= TEXT_MAX && from + length(from) < sizeof x.text &&
           x.text[from + length(from)] == '\0' &&
           is_trimmed(from, length(from));
}

/* ---- A byte, or the end ----------------------------------------------------- */

static void any_state(uint8_t state, bool held)
{
    const char *kind = x.kind, *name = x.name, *whole = x.whole;

    __CPROVER_havoc_object(&x);
    x.kind = kind;
    x.name = name;
    x.whole = whole;
    x.state = state;
    x.held = held;
    x.key = held ? x.text : "";
    x.value = held ? x.text + any_size(0, CILP_INI_MAX) : "";
    x.block = x.pair ? x.text : "";
    assume(is_good());
}

static bool has_two_lines(void)
{
    for (const char *p = x.value; *p; p++)
        if (*p == '\n')
            return true;
    return false;
}

static void told(enum cilp_ini_rc was, enum cilp_ini_rc rc)
{
    prove(is_good(), "the invariant");
    prove(was < CILP_INI_LONG || rc == was, "bad stays");
    if (rc != CILP_INI_PAIR)
        return;
    prove(x.inside, "of the section");
    prove(is_string(x.key) && *x.key, "a key");
    prove(is_string(x.value), "a value");
    prove(*x.block == '\0' || is_string(x.block), "a block's name");
    can_be(*x.block && *x.value, "a pair of a block");
    can_be(has_two_lines(), "a value of two lines");
}

static void feed(uint8_t state, bool held)
{
    const char c = nondet_char();
    enum cilp_ini_rc was;
    size_t used = 0;

    any_state(state, held);
    was = x.rc;
    told(was, cilp_ini_feed(&x, &c, 1, &used));
    prove(used <= 1, "no more is used than there is");
}

static void end(uint8_t state, bool held)
{
    enum cilp_ini_rc was;

    any_state(state, held);
    was = x.rc;
    told(was, cilp_ini_end(&x));
}

static void step(uint8_t state, bool held)
{
    if (nondet_bool())
        feed(state, held);
    else
        end(state, held);
}

/* Each state by itself: what is no constant here is what it takes long to look at. */
static void any_step(bool held)
{
    if (nondet_bool())
        step(NEW, held);
    else if (nondet_bool())
        step(START, held);
    else if (nondet_bool())
        step(TEXT, held);
    else
        step(SKIP, held);
}

void harness(void)
{
    ANY_STRING(kind, 1);

    cilp_ini_init(&x, kind, "name");
    x.whole = nondet_bool() ? "whole" : NULL;
    prove(is_good(), "the invariant of a fresh reader");
    if (nondet_bool())
        any_step(true);
    else
        any_step(false);
}
