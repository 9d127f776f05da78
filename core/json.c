#include "core/json.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/text.h"

#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS /* smaller code */
#include <jsmn.h>

/* ---- Vocabulary -------------------------------------------------------- */

/* A walk over jsmn's tokens, which come in the order of the text, with an eye
 * on what lies between them. */
struct walk {
    char *text;
    jsmntok_t *tokens;
    int pos;                              /* text[0..pos) is well-formed */
    int depth;                            /* open objects and arrays, and for */
    jsmntok_t *open[CILP_JSON_DEPTH + 1]; /* 1..depth which they are, and the */
    jsmntok_t *name[CILP_JSON_DEPTH + 1]; /* name that an object has come to */
    char sep;                             /* due before the next token */
    const struct cilp_json_field *fields;
    size_t n;
    const char **values;
    size_t at; /* the field in question, or n */
};

#define NO_CHAR 0x110000u /* beyond Unicode */

/* ---- Strings ----------------------------------------------------------- */

/* Four hexadecimal digits, as jsmn has seen. */
static uint32_t get_hex(const char *p)
{
    uint32_t c = 0;

    for (int i = 0; i < 4; i++)
        c = c << 4 | ((uint32_t)(p[i] & 0x0f) + (uint32_t)(p[i] >> 6) * 9);
    return c;
}

/* RFC 8259 section 7: an escape, of which jsmn has checked all but that
 * surrogates come in pairs. A lone one is returned as it is. */
static uint32_t get_escape(const char **from)
{
    static const char escapes[] = "b\bf\fn\nr\rt\t";
    const char *p = *from + 1, *e = escapes;
    uint32_t c, low;

    if (*p != 'u') {
        while (*e && *e != *p)
            e += 2;
        *from = p + 1;
        return (uint8_t)(*e ? e[1] : *p);
    }
    c = get_hex(p + 1);
    p += 5;
    *from = p;
    if (c >> 10 != 0xd800 >> 10 || p[0] != '\\' || p[1] != 'u')
        return c;
    low = get_hex(p + 2) - 0xdc00;
    *from = p + 6;
    return low < 0x400 ? 0x10000 + ((c & 0x3ff) << 10 | low) : NO_CHAR;
}

/* Un-escape a string where it lies, and end it with NUL; false if it is none.
 * What is put is no longer than what was got, and the closing quote leaves a
 * place for the NUL. */
static bool read_string(struct walk *w, jsmntok_t *t)
{
    const char *p = w->text + t->start, *end = w->text + t->end;
    char *to = w->text + t->start;

    while (p < end) {
        uint32_t c;

        if (*p != '\\') {
            if ((uint8_t)*p < 0x20)
                return false;
            *to++ = *p++;
            continue;
        }
        c = get_escape(&p);
        if (c >= NO_CHAR || c >> 11 == 0xd800 >> 11)
            return false;
        to = cilp_text_utf8(to, c);
    }
    *to = '\0';
    t->end = (int)(to - w->text);
    return true;
}

static bool has_control(const char *p, const char *end)
{
    for (; p < end; p++)
        if ((uint8_t)*p < 0x20 || *p == 0x7f)
            return true;
    return false;
}

/* ---- Numbers and words ------------------------------------------------- */

/* jsmn ends a number or word at ',', ']', '}' or space, which are in the text:
 * nothing here needs to look for its end. */

/* Where the digits at p end; NULL if there are none. */
static const char *digits(const char *p)
{
    const char *end = p;

    while (cilp_text_is_digit(*end))
        end++;
    return end > p ? end : NULL;
}

/* RFC 8259 section 6. */
static bool is_number(const char *p, const char *end)
{
    const char *first;

    if (*p == '-')
        p++;
    first = p;
    p = digits(p);
    if (!p || (*first == '0' && p > first + 1))
        return false;
    if (*p == '.')
        p = digits(p + 1);
    if (p && (*p | 0x20) == 'e') {
        p++;
        p = digits(*p == '+' || *p == '-' ? p + 1 : p);
    }
    return p == end;
}

static bool is_primitive(const char *p, const char *end)
{
    size_t n = (size_t)(end - p);

    return cilp_text_equal(p, n, "null") || cilp_text_equal(p, n, "true") ||
           cilp_text_equal(p, n, "false") || is_number(p, end);
}

/* ---- Fields ------------------------------------------------------------ */

/* What follows the first name of path, if that is the string t; or NULL. The
 * string may hold NUL and dots, and has NUL behind it. */
static const char *behind(const struct walk *w, const jsmntok_t *t,
                          const char *path)
{
    const char *p = w->text + t->start;

    while (*path != '\0' && *path != '.')
        if (*p++ != *path++)
            return NULL;
    return p == w->text + t->end ? path : NULL;
}

/* Does path begin with the names that lead to this value? What follows them,
 * which is nothing or begins with a dot; or NULL. What lies below a name that
 * matched is an object on the way, or the walk had ended there: see keep(). */
static const char *rest_of(const struct walk *w, const char *path)
{
    path = behind(w, w->name[1], path);
    for (int i = 2; path && i <= w->depth; i++)
        path = behind(w, w->name[i], path + 1);
    return path;
}

/* Did the innermost object have a member of this name before? Tokens of names
 * have their depth in `size`, all others 0. */
static bool is_twice(const struct walk *w)
{
    const jsmntok_t *name = w->name[w->depth], *t = name;
    size_t n = (size_t)(name->end - name->start);

    while (--t > w->open[w->depth])
        if (t->size == w->depth && (size_t)(t->end - t->start) == n &&
            memcmp(w->text + t->start, w->text + name->start, n) == 0)
            return true;
    return false;
}

/* Keep the value t of a field, or let it pass on the way to one, if it is of
 * the type that it has to be. */
static bool keep(struct walk *w, const jsmntok_t *t, const char *rest)
{
    const char *p = w->text + t->start, *end = w->text + t->end;

    if (t->type == JSMN_PRIMITIVE && *p == 'n')
        return true;
    if (*rest)
        return t->type == JSMN_OBJECT;
    w->values[w->at] = p;
    if (w->fields[w->at].type == CILP_JSON_STRING)
        return t->type == JSMN_STRING && !has_control(p, end);
    return t->type == JSMN_PRIMITIVE && digits(p) == end;
}

/* A member of an object was read: is it, or does it lead to, a field? */
static enum cilp_what offer(struct walk *w, const jsmntok_t *t)
{
    for (w->at = 0; w->at < w->n; w->at++) {
        const char *rest = rest_of(w, w->fields[w->at].path);

        if (!rest)
            continue;
        if (is_twice(w))
            return CILP_WHAT_JSON_TWICE;
        if (!keep(w, t, rest))
            return CILP_WHAT_JSON_TYPE;
    }
    return CILP_WHAT_NONE;
}

/* ---- The walk ---------------------------------------------------------- */

/* Go on to `to`: space, and what is due, once. */
static bool go_to(struct walk *w, int to)
{
    for (; w->pos < to; w->pos++) {
        char c = w->text[w->pos];

        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            continue;
        if (c == '\0' || c != w->sep)
            return false;
        w->sep = '\0';
    }
    return w->sep == '\0';
}

/* Leave the objects and arrays that end before `to`. */
static bool leave(struct walk *w, int to)
{
    while (w->depth > 0 && w->open[w->depth]->end <= to) {
        int end = w->open[w->depth]->end;

        if (w->sep == ':') /* a name without a value */
            return false;
        w->sep = '\0';
        if (!go_to(w, end - 1))
            return false;
        w->pos = end;
        w->depth--;
        w->sep = ',';
    }
    return true;
}

static enum cilp_what enter(struct walk *w, jsmntok_t *t)
{
    if (w->depth == CILP_JSON_DEPTH)
        return CILP_WHAT_JSON_ROOM;
    w->open[++w->depth] = t;
    w->pos = t->start + 1;
    w->sep = '\0';
    return CILP_WHAT_NONE;
}

/* A string, number or word, to its end; an object or array has none yet. */
static bool read_token(struct walk *w, jsmntok_t *t)
{
    if (t->type == JSMN_STRING) {
        w->pos = t->end + 1;
        return read_string(w, t);
    }
    if (t->type == JSMN_PRIMITIVE) {
        w->pos = t->end;
        return is_primitive(w->text + t->start, w->text + t->end);
    }
    return true;
}

static enum cilp_what take_value(struct walk *w, jsmntok_t *t, bool is_member)
{
    w->sep = ',';
    if (is_member) {
        enum cilp_what what = offer(w, t);

        if (what != CILP_WHAT_NONE)
            return what;
    }
    if (t->type == JSMN_OBJECT || t->type == JSMN_ARRAY)
        return enter(w, t);
    return CILP_WHAT_NONE;
}

/* A token, and what lies before it. A member of an object is a name (a string:
 * jsmn refuses others), which leaves a colon due, and a value. */
static enum cilp_what take(struct walk *w, jsmntok_t *t)
{
    bool is_member;

    if (!leave(w, t->start) || w->depth == 0)
        return CILP_WHAT_JSON;
    is_member = w->sep == ':';
    if (!go_to(w, t->start - (t->type == JSMN_STRING)) || !read_token(w, t))
        return CILP_WHAT_JSON;
    t->size = 0;
    if (is_member || w->open[w->depth]->type == JSMN_ARRAY)
        return take_value(w, t, is_member);
    t->size = w->depth;
    w->name[w->depth] = t;
    w->sep = ':';
    return CILP_WHAT_NONE;
}

static enum cilp_what walk(struct walk *w, int tokens, int len)
{
    jsmntok_t *t = w->tokens;
    enum cilp_what what;

    if (tokens == 0 || t->type != JSMN_OBJECT || !go_to(w, t->start))
        return CILP_WHAT_JSON;
    what = enter(w, t);
    while (what == CILP_WHAT_NONE && --tokens > 0)
        what = take(w, ++t);
    if (what != CILP_WHAT_NONE)
        return what;
    if (!leave(w, len))
        return CILP_WHAT_JSON;
    w->sep = '\0';
    return go_to(w, len) ? CILP_WHAT_NONE : CILP_WHAT_JSON;
}

/* Integers get their NUL when all is read: until then the byte behind them is
 * punctuation. */
static void end_integers(struct walk *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->values[i] && w->fields[i].type == CILP_JSON_INTEGER)
            w->text[digits(w->values[i]) - w->text] = '\0';
}

static void forget(const char *values[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = NULL;
}

/* Tokens lie in room[0..size), from its first aligned byte. */
static enum cilp_what parse(struct walk *w, size_t len, char *room, size_t size)
{
    size_t pad = -(uintptr_t)room % _Alignof(jsmntok_t);
    jsmn_parser parser;
    int got;

    if (size < pad)
        return CILP_WHAT_JSON_ROOM;
    w->tokens = (jsmntok_t *)(void *)(room + pad);
    jsmn_init(&parser);
    got = jsmn_parse(&parser, w->text, len, w->tokens,
                     (unsigned)((size - pad) / sizeof *w->tokens));
    if (got < 0)
        return got == JSMN_ERROR_NOMEM ? CILP_WHAT_JSON_ROOM : CILP_WHAT_JSON;
    return walk(w, got, (int)len);
}

/* see json.h */
enum cilp_what cilp_json_read(char *text, size_t len, size_t cap,
                              const struct cilp_json_field *fields, size_t n,
                              const char *values[], size_t *at)
{
    struct walk w = {
        .text = text, .fields = fields, .n = n, .values = values, .at = n};
    enum cilp_what what = CILP_WHAT_JSON_ROOM;

    forget(values, n);
    if (len <= CILP_JSON_MAX && len <= cap)
        what = parse(&w, len, text + len, cap - len);
    if (what == CILP_WHAT_NONE)
        end_integers(&w);
    else
        forget(values, n);
    if (at)
        *at = w.at;
    return what;
}
