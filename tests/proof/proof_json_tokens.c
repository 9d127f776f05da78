/*
 * Functions: cilp_json_read
 * Property: tokens lie in the room behind the text, aligned, as many as there is room
 *   for; whoever reads one touches nothing but what lies between it and the one before
 *   it, and its own bytes; a string ends with a NUL, and no other byte changes; depth
 *   stays within its limit; a name has a value
 * Bound: texts of any length, by induction over tokens: whatever token comes (what
 *   jsmn promises of it is json_tokens.h), behind whatever token, in whatever object or
 *   array, or behind whatever name. Words of 1..7 bytes, strings of 0..1; 3 bytes
 *   before it. An outermost object in 4 bytes, room for none and one behind texts of
 *   0..4. Bytes are looked for as text.h says
 * Options: --unwind 10 --unwindset any_state.0:13,skip.0:6,is_one_of.0:16
 *   --unwindset is_string_good.0:3,read_string.0:3
 * Run: long
 */
#include "tests/proof/json_tokens.h"

#define jsmn_parse any_tokens
static int any_tokens(jsmn_parser *parser, const char *js, size_t len,
                      jsmntok_t *tokens, unsigned room);
#include "core/json.c"

#define BEFORE     3
#define TEXT_MOST  12
#define WHOLE_MOST 27 /* with room for one token, wherever it is aligned */

/* ---- Texts, as text.h says ------------------------------------------------ */

/* see text.h */
bool cilp_text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* see text.h */
bool cilp_text_has(const char *s, char c)
{
    (void)s;
    return c != '\0' && nondet_bool();
}

/* see text.h */
bool cilp_text_is_listed(const char *list, const char *p, size_t n)
{
    (void)list;
    prove(__CPROVER_r_ok(p, n), "a word can be read");
    return nondet_bool();
}

/* see text.h */
char *cilp_text_utf8(char *p, uint32_t c)
{
    const int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    prove(c <= 0x10ffff, "a character");
    for (int i = 0; i < n; i++)
        *p++ = nondet_char();
    return p;
}

/* ---- A token ------------------------------------------------------------------ */

/* The object or array that it is in, if that is not the one before it; the one
 * before it; itself. */
enum { UP, PREVIOUS, TOKEN, TOKENS };

static jsmntok_t tokens[TOKENS];
static char text[TEXT_MOST], was[TEXT_MOST];
static struct json j;

static bool is_taken(const jsmntok_t *t)
{
    return t->type <= JSMN_PRIMITIVE && t->size >= 1 &&
           t->size <= CILP_JSON_DEPTH;
}

static void any_state(jsmntype_t type)
{
    jsmntok_t *t = &tokens[TOKEN];

    __CPROVER_havoc_object(text);
    __CPROVER_havoc_object(tokens);
    t->type = type;
    t->start = BEFORE + (type == JSMN_STRING);
    j.text = text;
    j.tokens = tokens;
    j.n = TOKENS;
    j.pos = text + any_size(0, BEFORE);
    assume(is_taken(&tokens[UP]) && is_taken(&tokens[PREVIOUS]));
    assume(type != JSMN_STRING || t->end <= t->start + 1);
    assume(is_extent_good(text, TEXT_MOST, t) && is_parent_good(tokens, TOKEN));
    for (size_t i = 0; i < TEXT_MOST; i++)
        was[i] = text[i];
}

static void prove_place(const jsmntok_t *t, int end)
{
    const size_t i = any_size(0, TEXT_MOST - 1);
    const bool is_string = t->type == JSMN_STRING || t->type == NAME;

    prove(t->end >= t->start && t->end <= end, "a string gets no longer");
    prove(!is_string || text[t->end] == '\0', "and has a NUL");
    prove(text[i] == was[i] ||
              (is_string && i >= (size_t)t->start && i <= (size_t)end),
          "nothing else changes");
}

static void token(jsmntype_t type)
{
    const jsmntok_t *t = &tokens[TOKEN];
    jsmntok_t old;
    enum cilp_what what;

    any_state(type);
    old = *t;
    what = take(&j, &tokens[TOKEN]);
    prove(j.pos >= text && j.pos <= text + next_at(&old),
          "no further than the next");
    if (what)
        return;
    prove_place(t, old.end);
    prove(is_taken(t) && t->parent >= 0, "it is within the outermost");
    prove(tokens[t->parent].type != JSMN_OBJECT || t->type == NAME, "a name");
    prove(t->parent == PREVIOUS || tokens[PREVIOUS].type != NAME,
          "a name has a value, which is the next one");
    can_be(true, "a token");
}

/* The outermost object, which nothing is in. */
static void root(void)
{
    char p[4];
    const size_t len = any_size(0, sizeof p);
    enum cilp_what what;

    j.text = p;
    j.pos = p;
    j.tokens = tokens;
    j.n = 1;
    __CPROVER_havoc_object(tokens);
    assume(is_extent_good(p, len, tokens));
    what = take_all(&j, p + len);
    prove(what || (tokens->type == JSMN_OBJECT && is_taken(tokens)),
          "an object");
    can_be(!what, "nothing but an object");
}

/* ---- The room ----------------------------------------------------------------- */

static int any_tokens(jsmn_parser *parser, const char *js, size_t len,
                      jsmntok_t *at, unsigned room)
{
    (void)parser;
    prove(__CPROVER_r_ok(js, len), "the text");
    prove(__CPROVER_w_ok(at, room * sizeof *at), "room for tokens");
    prove((char *)at >= js + len, "which is not the text's");
    prove((uintptr_t)at % _Alignof(jsmntok_t) == 0, "aligned");
    can_be(room == 1, "one");
    return JSMN_ERROR_INVAL;
}

static void room(size_t len, size_t cap)
{
    char p[WHOLE_MOST];

    prove(cilp_json_read(p + sizeof p - cap, len, cap, NULL, 0, NULL, NULL) !=
              CILP_WHAT_NONE,
          "no text");
}

/* Texts of a length that aligns tokens each in another way; none, and one. */
static void rooms(void)
{
    static const size_t behind_it[] = {0, 1, 19, 20, 23};

    room(1, 0);
    for (size_t len = 0; len <= 4; len++)
        for (size_t i = 0; i < sizeof behind_it / sizeof *behind_it; i++)
            room(len, len + behind_it[i]);
}

void harness(void)
{
    if (nondet_bool())
        token(JSMN_STRING);
    else if (nondet_bool())
        token(JSMN_PRIMITIVE);
    else if (nondet_bool())
        token(JSMN_OBJECT);
    else if (nondet_bool())
        token(JSMN_ARRAY);
    else if (nondet_bool())
        root();
    else
        rooms();
}
