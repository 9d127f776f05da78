#include "core/ini.h"

#include <string.h>

#include "core/text.h"

_Static_assert(CILP_INI_MAX < 65535, "a line is counted in 16 bits");

enum state {
    NEW,   /* before a line's first byte */
    START, /* before its first byte that is no blank */
    TEXT,  /* the line is kept */
    SKIP   /* the line is nobody's */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_comment(char c)
{
    return c == '#' || c == ';';
}

static char *skip_blanks(char *s)
{
    while (is_blank(*s))
        s++;
    return s;
}

/* The first c in s, or the NUL behind it. */
static char *find(char *s, char c)
{
    while (*s && *s != c)
        s++;
    return s;
}

/* The end of from..end without the blanks there; a NUL is put. */
static char *trim(const char *from, char *end)
{
    while (end > from && is_blank(end[-1]))
        end--;
    *end = '\0';
    return end;
}

/* ---- A line's end ------------------------------------------------------ */

/* What stands behind the kind; NULL: another kind. */
static char *behind_kind(const char *kind, char *at)
{
    const size_t n = strlen(kind);

    at = skip_blanks(at);
    if (n == 0)
        return at;
    if (strlen(at) <= n || !cilp_text_equal(at, n, kind) || !is_blank(at[n]))
        return NULL;
    return skip_blanks(at + n);
}

/* One word, or any in quotes. */
static bool is_name(const char *at, const char *name)
{
    size_t n = strlen(at);

    if (n > 1 && (*at == '"' || *at == '\'') && at[n - 1] == *at)
        return cilp_text_equal(at + 1, n - 2, name);
    for (size_t i = 0; i < n; i++)
        if (is_blank(at[i]))
            return false;
    return cilp_text_equal(at, n, name);
}

/* What stands between the brackets: is it [KIND NAME]? */
static bool is_wanted(const struct cilp_ini *x, char *at)
{
    at = behind_kind(x->kind, at);
    if (!at)
        return false;
    return *x->kind ? is_name(at, x->name)
                    : cilp_text_equal(at, strlen(at), x->name);
}

static void enter(struct cilp_ini *x, bool wanted)
{
    x->any = true;
    x->inside = wanted;
    x->found |= wanted;
}

static enum cilp_ini_rc end_section(struct cilp_ini *x)
{
    char *end = find(x->text, ']');

    if (!*end)
        return CILP_INI_NO_BRACKET;
    trim(x->text + 1, end);
    enter(x, is_wanted(x, x->text + 1));
    return CILP_INI_MORE;
}

/* Where a value ends, of which the blank before a comment is no part. */
static char *end_of_value(const struct cilp_ini *x, const char *key, char *at)
{
    if (x->whole && cilp_text_equal_nocase(key, strlen(key), x->whole))
        return find(at, '\0');
    for (; *at; at++)
        if (is_blank(*at) && is_comment(at[1]))
            break;
    return at;
}

/* "key = value # comment" */
static enum cilp_ini_rc end_pair(struct cilp_ini *x)
{
    char *key = x->text + x->pair, *at = find(key, '='), *value;

    if (!*at)
        return CILP_INI_NO_EQUALS;
    value = at + 1;
    if (trim(key, at) == key)
        return CILP_INI_NO_KEY;
    at = end_of_value(x, key, value);
    value = skip_blanks(value);
    /* "key = # comment": the blank skipped is the comment's */
    if (at < value)
        at = value;
    x->len = (uint16_t)(trim(value, at) - x->text);
    x->key = key;
    x->value = value;
    x->held = x->pair == 0;
    return x->held ? CILP_INI_MORE : CILP_INI_PAIR;
}

static enum cilp_ini_rc end_line(struct cilp_ini *x)
{
    char *end = trim(x->text + x->start, x->text + x->len);

    x->len = (uint16_t)(end - x->text);
    if (x->text[0] == '[')
        return end_section(x);
    return x->held ? CILP_INI_MORE : end_pair(x);
}

/* ---- A line's beginning ------------------------------------------------ */

static enum cilp_ini_rc keep(struct cilp_ini *x, char c)
{
    if (c == '\0')
        return CILP_INI_NUL;
    if (x->len < CILP_INI_MAX) {
        x->text[x->len++] = c;
        return CILP_INI_MORE;
    }
    if (x->text[0] != '[')
        return CILP_INI_LONG;
    enter(x, false); /* nobody asks for a name of this length */
    x->state = SKIP;
    return CILP_INI_MORE;
}

/* A further line of a value; or one of a block, if the value is empty. */
static enum cilp_ini_rc begin_more(struct cilp_ini *x)
{
    if (x->held && *x->value) {
        x->start = x->len;
        return keep(x, '\n');
    }
    if (x->held) {
        x->held = false;
        x->block = x->key;
        x->pair = (uint16_t)(strlen(x->key) + 1);
    }
    x->start = x->len = x->pair;
    return CILP_INI_MORE;
}

static void begin_pair(struct cilp_ini *x)
{
    x->seen = true;
    x->depth = x->column;
}

/* A section, or a pair; or what goes on where nobody listens. */
static enum cilp_ini_rc begin_other(struct cilp_ini *x, char c, bool more)
{
    x->start = x->len = x->pair = 0;
    x->block = "";
    if (!more && c == '[') {
        x->seen = false;
        return CILP_INI_MORE;
    }
    if (!x->any)
        return CILP_INI_NO_SECTION;
    if (!more)
        begin_pair(x);
    if (!x->inside)
        x->state = SKIP;
    return CILP_INI_MORE;
}

/* c is its first byte that is no blank. PAIR, and nothing is done: the pair
 * before it has come to its end. */
static enum cilp_ini_rc begin_line(struct cilp_ini *x, char c)
{
    bool more = x->seen && x->column > x->depth;

    if (is_comment(c)) {
        x->state = SKIP;
        return CILP_INI_MORE;
    }
    if (x->held && !more) {
        x->held = false;
        return CILP_INI_PAIR;
    }
    x->state = TEXT;
    return more && x->inside ? begin_more(x) : begin_other(x, c, more);
}

/* ---- A byte ------------------------------------------------------------ */

/* Of a byte order mark at the very beginning. What is left of a broken one is
 * left out too. */
static bool is_bom(struct cilp_ini *x, char c)
{
    if (x->bom < 3 && c == "\xEF\xBB\xBF"[x->bom]) {
        x->bom++;
        return true;
    }
    x->bom = 3;
    return false;
}

/* Before a line's first character. */
static enum cilp_ini_rc start(struct cilp_ini *x, char c)
{
    if (is_bom(x, c))
        return CILP_INI_MORE;
    if (!is_blank(c))
        return begin_line(x, c);
    if (x->column < UINT16_MAX)
        x->column++;
    return CILP_INI_MORE;
}

static enum cilp_ini_rc byte(struct cilp_ini *x, char c)
{
    bool has_text = x->state == TEXT, is_second = c == '\n' && x->was_cr;
    enum cilp_ini_rc rc = CILP_INI_MORE;

    x->was_cr = c == '\r';
    if (is_second)
        return CILP_INI_MORE;
    if (x->state == NEW) {
        x->state = START;
        x->column = 0;
        x->line++;
    }
    if (c == '\n' || c == '\r') {
        x->state = NEW;
        return has_text ? end_line(x) : CILP_INI_MORE;
    }
    if (x->state == START)
        rc = start(x, c);
    return rc == CILP_INI_MORE && x->state == TEXT ? keep(x, c) : rc;
}

/* ---- The reader -------------------------------------------------------- */

/* see ini.h */
void cilp_ini_init(struct cilp_ini *x, const char *kind, const char *name)
{
    memset(x, 0, offsetof(struct cilp_ini, text) + 1);
    x->kind = kind;
    x->name = name;
    x->key = x->value = x->block = "";
}

/* see ini.h */
enum cilp_ini_rc cilp_ini_feed(struct cilp_ini *x, const void *p, size_t n,
                               size_t *used)
{
    for (*used = 0; *used < n && x->rc < CILP_INI_LONG; ++*used) {
        x->rc = byte(x, ((const char *)p)[*used]);
        if (x->rc != CILP_INI_PAIR)
            continue;
        /* A pair of a block ends with its line, another before this byte. */
        if (x->state == NEW)
            ++*used;
        return CILP_INI_PAIR;
    }
    return x->rc < CILP_INI_LONG ? CILP_INI_MORE : x->rc;
}

/* see ini.h */
enum cilp_ini_rc cilp_ini_end(struct cilp_ini *x)
{
    if (x->rc >= CILP_INI_LONG)
        return x->rc;
    x->rc = CILP_INI_MORE;
    if (x->state == TEXT) {
        x->state = NEW;
        x->rc = end_line(x);
    }
    if (x->held) {
        x->held = false;
        return CILP_INI_PAIR;
    }
    return x->rc;
}
