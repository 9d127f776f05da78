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

/* A text and its tokens, which come in its order; parent: the object or array that
 * holds a token, or the name that a value has. */
struct json {
    char *text;
    jsmntok_t *tokens;
    size_t n;
    const char *pos; /* the text is well-formed to here */
};

/* A string that was read as a name has a type of its own; and each token that was
 * read has in `size` how many objects and arrays are open, itself among them. */
#define NAME JSMN_UNDEFINED

#define SPACE " \t\r\n"

/* ---- Strings ----------------------------------------------------------- */

/* Four hexadecimal digits, as jsmn has seen. */
static uint32_t get_hex(const char *p)
{
    uint32_t c = 0;

    for (int i = 0; i < 4; i++)
        c = c << 4 | ((uint32_t)(p[i] & 0x0f) + (uint32_t)(p[i] >> 6) * 9);
    return c;
}

/* RFC 8259 section 7: an escape, which jsmn has seen to be one. */
static uint32_t get_escape(const char **from)
{
    static const char escapes[] = "b\bf\fn\nr\rt\t";
    const char *p = *from + 1, *e = escapes;

    if (*p == 'u') {
        *from = p + 5;
        return get_hex(p + 1);
    }
    while (*e && *e != *p)
        e += 2;
    *from = p + 1;
    return (uint8_t)(*e ? e[1] : *p);
}

/* The character that one escape stands for, or a pair of surrogates: these come in
 * pairs. */
static bool get_char(const char **from, uint32_t *c)
{
    uint32_t low;

    *c = get_escape(from);
    if (*c >> 11 != 0xd800 >> 11)
        return true;
    if (*c >= 0xdc00 || **from != '\\')
        return false;
    low = get_escape(from) - 0xdc00;
    *c = 0x10000 + ((*c & 0x3ff) << 10 | low);
    return low < 0x400;
}

/* Un-escape a string where it lies, and end it with NUL; false if it is none.
 * What is put is no longer than what was got, and the closing quote leaves a
 * place for the NUL. */
static bool read_string(struct json *j, jsmntok_t *t)
{
    const char *p = j->text + t->start, *end = j->text + t->end;
    char *to = j->text + t->start;

    while (p < end) {
        uint32_t c;

        if (*p != '\\') {
            if ((uint8_t)*p < 0x20)
                return false;
            *to++ = *p++;
            continue;
        }
        if (!get_char(&p, &c))
            return false;
        to = cilp_text_utf8(to, c);
    }
    *to = '\0';
    t->end = (int)(to - j->text);
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
    return cilp_text_is_listed("null true false", p, (size_t)(end - p)) ||
           is_number(p, end);
}

/* ---- What lies between tokens ------------------------------------------ */

/* What follows the bytes at p that are of the set; no further than end. */
static const char *skip(const char *p, const char *end, const char *set)
{
    while (p < end && cilp_text_has(set, *p))
        p++;
    return p;
}

/* Does nothing lie before `to` but what is due there, once, and space? In front
 * of a comma objects and arrays may end: jsmn has seen that they do so in turn. */
static bool is_due(const struct json *j, const char *to, char due)
{
    const char *p = skip(j->pos, to, due == ',' ? "]}" SPACE : SPACE);

    if (due && *p++ != due)
        return false;
    return skip(p, to, SPACE) == to;
}

/* May the token stand where it does, in or behind `up`? The value of a name comes
 * next, and whatever else comes next is the first in its object or array. */
static bool is_in_place(const struct json *j, const jsmntok_t *t,
                        const jsmntok_t *up)
{
    const char *start = j->text + t->start - (t->type == JSMN_STRING);

    if (up == t - 1)
        return is_due(j, start, up->type == NAME ? ':' : '\0');
    return up->type != NAME && t[-1].type != NAME && is_due(j, start, ',');
}

/* A string, number or word to its end; an object or array to what is in it. */
static bool read_token(struct json *j, jsmntok_t *t)
{
    j->pos = j->text + t->end;
    if (t->type == JSMN_STRING) {
        j->pos++;
        return read_string(j, t);
    }
    if (t->type == JSMN_PRIMITIVE)
        return is_primitive(j->text + t->start, j->pos);
    j->pos = j->text + t->start + 1;
    t->size++;
    return true;
}

/* A token within the outermost object. What is directly in an object is a name: a
 * string, jsmn refuses others. */
static enum cilp_what take(struct json *j, jsmntok_t *t)
{
    const jsmntok_t *up;

    if (t->parent < 0)
        return CILP_WHAT_JSON;
    up = j->tokens + t->parent;
    if (!is_in_place(j, t, up))
        return CILP_WHAT_JSON;
    t->size = up->size;
    if (!read_token(j, t))
        return CILP_WHAT_JSON;
    if (up->type == JSMN_OBJECT)
        t->type = NAME;
    return t->size > CILP_JSON_DEPTH ? CILP_WHAT_JSON_ROOM : CILP_WHAT_NONE;
}

static enum cilp_what take_all(struct json *j, const char *end)
{
    jsmntok_t *t = j->tokens;

    if (j->n == 0 || t->type != JSMN_OBJECT ||
        !is_due(j, j->text + t->start, '\0'))
        return CILP_WHAT_JSON;
    t->size = 0;
    (void)read_token(j, t);
    while (++t < j->tokens + j->n) {
        enum cilp_what what = take(j, t);

        if (what)
            return what;
    }
    if (t[-1].type == NAME || skip(j->pos, end, "]}" SPACE) != end)
        return CILP_WHAT_JSON;
    return CILP_WHAT_NONE;
}

/* Tokens lie in room[0..size), from its first aligned byte. */
static enum cilp_what parse(struct json *j, size_t len, char *room, size_t size)
{
    size_t pad = -(uintptr_t)room % _Alignof(jsmntok_t);
    jsmn_parser parser;
    int got;

    if (size < pad)
        return CILP_WHAT_JSON_ROOM;
    j->tokens = (jsmntok_t *)(void *)(room + pad);
    jsmn_init(&parser);
    got = jsmn_parse(&parser, j->text, len, j->tokens,
                     (unsigned)((size - pad) / sizeof *j->tokens));
    if (got < 0)
        return got == JSMN_ERROR_NOMEM ? CILP_WHAT_JSON_ROOM : CILP_WHAT_JSON;
    j->n = (size_t)got;
    return take_all(j, room);
}

/* ---- Fields ------------------------------------------------------------ */

/* What follows the first name of path, if that is the string t; or NULL. The
 * string may hold NUL and dots, and has NUL behind it. */
static const char *behind(const struct json *j, const jsmntok_t *t,
                          const char *path)
{
    const char *p = j->text + t->start;

    while (*path != '\0' && *path != '.')
        if (*p++ != *path++)
            return NULL;
    return p == j->text + t->end ? path : NULL;
}

/* From an object to its member of the first name of path, and to what follows that
 * name. NULL: it has none. */
static enum cilp_what step(const struct json *j, const jsmntok_t **at,
                           const char **path)
{
    const jsmntok_t *object = *at, *t = object;
    const char *first = *path;

    *at = NULL;
    while (++t < j->tokens + j->n) {
        const char *rest = NULL;

        if (j->tokens + t->parent == object)
            rest = behind(j, t, first);
        if (!rest)
            continue;
        if (*at)
            return CILP_WHAT_JSON_TWICE;
        *at = t + 1;
        *path = rest;
    }
    return CILP_WHAT_NONE;
}

/* Keep a value, if it is of the type that it has to be. All is read: an integer's
 * NUL takes the place of punctuation. */
static bool keep(struct json *j, const jsmntok_t *t, enum cilp_json_type type,
                 const char **value)
{
    const char *p = j->text + t->start, *end = j->text + t->end;

    *value = p;
    if (type == CILP_JSON_STRING)
        return t->type == JSMN_STRING && !has_control(p, end);
    if (t->type != JSMN_PRIMITIVE || digits(p) != end)
        return false;
    j->text[t->end] = '\0';
    return true;
}

static bool is_null(const struct json *j, const jsmntok_t *t)
{
    return t->type == JSMN_PRIMITIVE && j->text[t->start] == 'n';
}

/* NONE too if there is none: the value, or an object on the way to it, is absent
 * or null. */
static enum cilp_what read_field(struct json *j,
                                 const struct cilp_json_field *field,
                                 const char **value)
{
    const jsmntok_t *t = j->tokens;
    const char *path = field->path;

    *value = NULL;
    for (; t->type == JSMN_OBJECT; path++) {
        enum cilp_what what = step(j, &t, &path);

        if (what || !t || is_null(j, t))
            return what;
        if (!*path)
            return keep(j, t, field->type, value) ? CILP_WHAT_NONE
                                                  : CILP_WHAT_JSON_TYPE;
    }
    return CILP_WHAT_JSON_TYPE;
}

static void forget(const char *values[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = NULL;
}

/* see json.h */
enum cilp_what cilp_json_read(char *text, size_t len, size_t cap,
                              const struct cilp_json_field *fields, size_t n,
                              const char *values[], size_t *at)
{
    struct json j = {.text = text, .pos = text};
    enum cilp_what what = CILP_WHAT_JSON_ROOM;
    size_t i = 0;

    if (len <= CILP_JSON_MAX && len <= cap)
        what = parse(&j, len, text + len, cap - len);
    if (what)
        i = n;
    while (i < n && !what) {
        what = read_field(&j, &fields[i], &values[i]);
        i += !what;
    }
    if (what)
        forget(values, n);
    if (at)
        *at = i;
    return what;
}
