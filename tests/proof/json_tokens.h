/*
 * json_tokens.h - what core/json.c counts on of the tokens that jsmn gives it, in
 * strict mode with parents: each lies in the text, behind the one before it, hangs on
 * none or on one before it, and is what its type says.
 */
#ifndef CILP_JSON_TOKENS_H
#define CILP_JSON_TOKENS_H

#include "tests/proof/proof.h"

/* As core/json.c has it. */
#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

static bool is_one_of(const char *set, char c)
{
    for (; *set; set++)
        if (c == *set)
            return true;
    return false;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
           (c >= 'a' && c <= 'f');
}

/* The bytes of the escape at p, which begins with a backslash; 0: it is none, or is
 * not whole in n bytes. */
static size_t escape_len(const char *p, size_t n)
{
    if (n >= 2 && is_one_of("\"/\\bfrnt", p[1]))
        return 2;
    if (n < 6 || p[1] != 'u')
        return 0;
    return is_hex(p[2]) && is_hex(p[3]) && is_hex(p[4]) && is_hex(p[5]) ? 6 : 0;
}

static bool is_string_good(const char *p, size_t n)
{
    size_t i = 0;

    while (i < n) {
        size_t len = p[i] == '\\' ? escape_len(p + i, n - i) : 1;

        if (len == 0 || p[i] == '"')
            return false;
        i += len;
    }
    return true;
}

#define ENDS "\t\r\n ,]}"

static bool is_primitive_good(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_one_of(ENDS, p[i]))
            return false;
    return n > 0 && is_one_of("-0123456789tfn", *p) && is_one_of(ENDS, p[n]);
}

/* It lies in the text, and is what its type says. */
static bool is_extent_good(const char *text, size_t len, const jsmntok_t *t)
{
    const char *p;
    size_t n;

    if (t->start < 0 || t->end < t->start || (size_t)t->end > len)
        return false;
    p = text + t->start;
    n = (size_t)(t->end - t->start);
    switch (t->type) {
    case JSMN_OBJECT: return n >= 2 && *p == '{' && p[n - 1] == '}';
    case JSMN_ARRAY: return n >= 2 && *p == '[' && p[n - 1] == ']';
    case JSMN_STRING:
        return t->start > 0 && (size_t)t->end < len && p[-1] == '"' &&
               p[n] == '"' && is_string_good(p, n);
    case JSMN_PRIMITIVE: return (size_t)t->end < len && is_primitive_good(p, n);
    default: return false;
    }
}

/* Its first byte, a quote too. */
static size_t begins_at(const jsmntok_t *t)
{
    return (size_t)(t->start - (t->type == JSMN_STRING));
}

/* What comes next begins here, or behind it. */
static size_t next_at(const jsmntok_t *t)
{
    if (t->type == JSMN_OBJECT || t->type == JSMN_ARRAY)
        return (size_t)t->start + 1;
    return (size_t)(t->end + (t->type == JSMN_STRING));
}

/* It hangs on none, or on one before it; in an object, it is a string. */
static bool is_parent_good(const jsmntok_t *tokens, size_t i)
{
    const int parent = tokens[i].parent;

    return parent == -1 || (parent >= 0 && (size_t)parent < i &&
                            (tokens[parent].type != JSMN_OBJECT ||
                             tokens[i].type == JSMN_STRING));
}

#endif
