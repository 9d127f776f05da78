/*
 * No text breaks core/json, and it takes what RFC 8259 takes and nothing else.
 *
 * The judge is written from the grammar, byte by byte, and shares no thought
 * with the reader: no tokens, no places kept, it recurses. The text lies in
 * memory of just its capacity, and is read twice: with all the room it can
 * need, and with room for so many tokens as the input's first byte says.
 */
#include <stdbool.h>

#include "core/json.h"
#include "tests/fuzz/same.h"

static const struct cilp_json_field fields[] = {
    {"Token", CILP_JSON_STRING},
    {"n", CILP_JSON_INTEGER},
    {"a.b", CILP_JSON_STRING},
    {"a.n", CILP_JSON_INTEGER},
};
enum { FIELDS = sizeof fields / sizeof *fields };

/* ---- The judge --------------------------------------------------------- */

static const uint8_t *at, *end; /* the text; at NULL: refused */
static unsigned deepest;

static int peek(void)
{
    return at && at < end ? *at : -1;
}

static bool one_of(const char *set)
{
    int c = peek();

    if (c <= 0 || !strchr(set, c))
        return false;
    at++;
    return true;
}

static void need(const char *set)
{
    if (!one_of(set))
        at = NULL;
}

static void space(void)
{
    while (one_of(" \t\n\r"))
        continue;
}

static void range(int low, int high)
{
    int c = peek();

    if (c < low || c > high)
        at = NULL;
    else
        at++;
}

static unsigned hex(void)
{
    char digits[5] = "";

    for (int i = 0; i < 4; i++) {
        digits[i] = (char)peek();
        need("0123456789abcdefABCDEF");
    }
    return at ? (unsigned)strtoul(digits, NULL, 16) : 0;
}

static void escape(void)
{
    unsigned c;

    if (one_of("\"\\/bfnrt"))
        return;
    need("u");
    c = hex();
    if (c >= 0xdc00 && c <= 0xdfff)
        at = NULL;
    if (c < 0xd800 || c > 0xdfff)
        return;
    need("\\");
    need("u");
    c = hex();
    if (c < 0xdc00 || c > 0xdfff)
        at = NULL;
}

static void string(void)
{
    need("\"");
    while (at && !one_of("\"")) {
        if (one_of("\\"))
            escape();
        else
            range(0x20, 0xff); /* UTF-8 is not looked at */
    }
}

static void digits(void)
{
    need("0123456789");
    while (one_of("0123456789"))
        continue;
}

static void number(void)
{
    one_of("-");
    if (!one_of("0"))
        digits();
    if (one_of("."))
        digits();
    if (one_of("eE")) {
        one_of("+-");
        digits();
    }
}

static void word(const char *w)
{
    for (char set[2] = ""; (set[0] = *w); w++)
        need(set);
}

static void value(unsigned depth);

static void members(unsigned depth, const char *close, bool named)
{
    if (depth > deepest)
        deepest = depth;
    at++;
    space();
    if (one_of(close))
        return;
    do {
        space();
        if (named) {
            string();
            space();
            need(":");
        }
        value(depth);
    } while (one_of(","));
    need(close);
}

static void value(unsigned depth)
{
    space();
    if (peek() == '{')
        members(depth + 1, "}", true);
    else if (peek() == '[')
        members(depth + 1, "]", false);
    else if (peek() == '"')
        string();
    else if (peek() == 't')
        word("true");
    else if (peek() == 'f')
        word("false");
    else if (peek() == 'n')
        word("null");
    else
        number();
    space();
}

static bool is_object(const uint8_t *p, size_t n)
{
    at = p;
    end = p + n;
    deepest = 0;
    space();
    if (peek() != '{')
        return false;
    value(0);
    return at == end;
}

/* ---- The reader -------------------------------------------------------- */

struct outcome {
    enum cilp_what what;
    size_t at;
    const char *values[FIELDS];
    char *room;
};

static void check_value(const char *text, size_t n, const char *value,
                        enum cilp_json_type type)
{
    size_t len = strnlen(value, (size_t)(text + n - value));

    MUST(value > text && value < text + n);
    MUST(value + len < text + n);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)value[i];

        MUST(c >= 0x20 && c != 0x7f);
        MUST(type == CILP_JSON_STRING || (c >= '0' && c <= '9'));
    }
    MUST(len > 0 || type == CILP_JSON_STRING);
}

static void read_with(struct outcome *o, const uint8_t *p, size_t n,
                      size_t room, size_t count)
{
    o->room = malloc(n + room + 1);
    MUST(o->room);
    o->room[n + room] = '!';
    memset(o->values, 1, sizeof o->values);
    memcpy(o->room, p, n);
    o->what =
        cilp_json_read(o->room, n, n + room, fields, count, o->values, &o->at);
    MUST(o->room[n + room] == '!');
    for (size_t i = 0; i < count; i++) {
        MUST(o->what == CILP_WHAT_NONE || !o->values[i]);
        if (o->values[i])
            check_value(o->room, n, o->values[i], fields[i].type);
    }
    if (o->what == CILP_WHAT_JSON_TYPE || o->what == CILP_WHAT_JSON_TWICE)
        MUST(o->at < count);
    else
        MUST(o->at == count);
}

/* With less room: none at all, or the same. */
static void check_room(const struct outcome *all, const uint8_t *p, size_t n,
                       size_t room)
{
    struct outcome o;

    read_with(&o, p, n, room, FIELDS);
    if (o.what != CILP_WHAT_JSON_ROOM) {
        MUST(o.what == all->what && o.at == all->at);
        for (size_t i = 0; i < FIELDS; i++) {
            MUST(!o.values[i] == !all->values[i]);
            MUST(!o.values[i] || strcmp(o.values[i], all->values[i]) == 0);
        }
    }
    free(o.room);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct outcome o;
    size_t enough, few;
    bool good;

    if (n == 0)
        return 0;
    few = *p++;
    n--;
    enough = CILP_JSON_ROOM(n + 1);
    good = is_object(p, n);

    read_with(&o, p, n, enough, 0);
    if (!good)
        MUST(o.what != CILP_WHAT_NONE);
    else if (deepest > CILP_JSON_DEPTH)
        MUST(o.what == CILP_WHAT_JSON_ROOM);
    else
        MUST(o.what == CILP_WHAT_NONE);
    free(o.room);

    read_with(&o, p, n, enough, FIELDS);
    MUST(good || o.what != CILP_WHAT_NONE);
    MUST(!good || o.what != CILP_WHAT_JSON);
    check_room(&o, p, n, few);
    check_room(&o, p, n, few * 20);
    free(o.room);
    return 0;
}
