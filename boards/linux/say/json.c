#include "boards/linux/say/json.h"

#include <string.h>

#include "boards/linux/say/redact.h"

static void put_name(struct json *j, const char *name)
{
    out_str(j->out, j->first ? "" : ", ");
    j->first = false;
    if (!name)
        return;
    out_char(j->out, '"');
    out_str(j->out, name);
    out_str(j->out, "\": ");
}

/* ---- Text -------------------------------------------------------------- */

/* Bytes that the first one of a character of UTF-8 announces; 0: none can
 * begin so. */
static size_t announced(uint8_t c)
{
    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4)
        return 0;
    return c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* Overlong forms, surrogates, and what is above U+10FFFF. */
static bool is_misused(uint8_t first, uint8_t second)
{
    return (first == 0xE0 && second < 0xA0) ||
           (first == 0xED && second > 0x9F) ||
           (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
}

/* Bytes of the character at s, 0 if it is none (RFC 3629 section 4). */
static size_t utf8_len(const char *s)
{
    size_t n = announced((uint8_t)s[0]);

    for (size_t i = 1; i < n; i++) /* the NUL is no continuation either */
        if (((uint8_t)s[i] & 0xC0) != 0x80)
            return 0;
    return n > 1 && is_misused((uint8_t)s[0], (uint8_t)s[1]) ? 0 : n;
}

static void put_escaped(struct out *o, char c)
{
    static const char hex[] = "0123456789abcdef";

    if (c == '"' || c == '\\') {
        out_char(o, '\\');
        out_char(o, c);
    } else if ((uint8_t)c < 0x20 || c == 0x7F) {
        out_str(o, "\\u00");
        out_char(o, hex[(uint8_t)c >> 4]);
        out_char(o, hex[c & 15]);
    } else {
        out_char(o, c);
    }
}

static void put_text(struct out *o, const char *s)
{
    struct redactor r;

    memset(&r, 0, sizeof r);
    while (*s) {
        size_t n = utf8_len(s);
        enum redact how = redact_next(&r, *s);

        if (how == REDACT_FIRST)
            out_str(o, "[hidden]");
        else if (how == REDACT_SHOW && n == 0)
            out_str(o, "\xEF\xBF\xBD");
        else if (how == REDACT_SHOW && n == 1)
            put_escaped(o, *s);
        else if (how == REDACT_SHOW)
            out_put(o, s, n);
        s += n ? n : 1;
    }
}

/* ---- Members ----------------------------------------------------------- */

/* see json.h */
void json_begin(struct json *j, struct out *out)
{
    j->out = out;
    j->first = true;
    out_char(out, '{');
}

/* see json.h */
void json_open(struct json *j, const char *name, char bracket)
{
    put_name(j, name);
    out_char(j->out, bracket);
    j->first = true;
}

/* see json.h */
void json_close(struct json *j, char bracket)
{
    out_char(j->out, bracket);
    j->first = false;
}

/* see json.h */
void json_str(struct json *j, const char *name, const char *value)
{
    put_name(j, name);
    if (!value || !value[0]) {
        out_str(j->out, "null");
        return;
    }
    out_char(j->out, '"');
    put_text(j->out, value);
    out_char(j->out, '"');
}

/* see json.h */
void json_int(struct json *j, const char *name, int64_t value)
{
    put_name(j, name);
    out_int(j->out, value);
}

/* see json.h */
void json_count(struct json *j, const char *name, uint32_t value)
{
    if (value)
        json_int(j, name, value);
    else
        json_str(j, name, NULL);
}

/* see json.h */
void json_bool(struct json *j, const char *name, bool value)
{
    put_name(j, name);
    out_str(j->out, value ? "true" : "false");
}

/* see json.h */
void json_time(struct json *j, const char *name, int64_t unix_s)
{
    put_name(j, name);
    out_char(j->out, '"');
    out_iso(j->out, unix_s);
    out_char(j->out, '"');
}

/* see json.h */
void json_end(struct json *j)
{
    out_str(j->out, "}\n");
}
