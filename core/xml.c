#include "core/xml.h"

#include <string.h>

#include "core/text.h"

/* ---- Vocabulary -------------------------------------------------------- */

enum state {
    ST_BEGIN, /* nothing read yet; a BOM may come */
    ST_BOM,
    ST_TEXT,
    ST_REF,      /* after "&" */
    ST_REF_HASH, /* after "&#" */
    ST_NUMBER,
    /* from here to ST_CLOSE_GAP within a tag of limited length */
    ST_LT,   /* after "<" */
    ST_NAME, /* of a start tag */
    ST_GAP,  /* before an attribute or the tag's end */
    ST_ATTR, /* its name */
    ST_EQ,
    ST_QUOTE, /* before the quote */
    ST_VALUE,
    ST_AFTER, /* after the quote */
    ST_SLASH, /* of a self-closing tag */
    ST_CLOSE, /* name of an end tag */
    ST_CLOSE_GAP,
    ST_BANG, /* after "<!" */
    ST_DASH, /* after "<!-" */
    ST_COMMENT,
    ST_CDATA_OPEN, /* within "CDATA[" */
    ST_CDATA,
    ST_PI,
    ST_EMPTY, /* START of a self-closing element was told, END not yet */
    /* the rule that was broken */
    BAD_OUTSIDE,
    BAD_BRACKETS,
    BAD_ENTITY,
    BAD_REF,
    BAD_NAME,
    BAD_ROOT,
    BAD_DEPTH,
    BAD_LONG_NAME,
    BAD_TAG,
    BAD_ATTR,
    BAD_CLOSE,
    BAD_DOCTYPE,
    BAD_COMMENT,
    BAD_CONTROL,
    BAD_LONG_TAG
};

#define TAG_MAX   4096u
#define REF_MAX   10u
#define PIECE_MAX 4u /* one byte of input adds at most this much text */

/* In the order of BAD_*; an image that asks for no text has none. */
static const char texts[] = "text outside the root\0"
                            "\"]]>\" in text\0"
                            "unknown entity\0"
                            "bad reference\0"
                            "bad element name\0"
                            "second root element\0"
                            "elements too deep\0"
                            "element name too long\0"
                            "bad tag\0"
                            "\"<\" in an attribute\0"
                            "mismatched end tag\0"
                            "DOCTYPE is refused\0"
                            "bad comment\0"
                            "control character\0"
                            "tag too long";

/* ---- Bytes ------------------------------------------------------------- */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Section 2.3, production 4; any byte beyond ASCII passes. */
static bool is_name_start(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26 || c == '_' || c >= 0x80;
}

/* Production 4a, and the colon of a prefix. */
static bool is_name(uint8_t c)
{
    return is_name_start(c) || (uint8_t)(c - '-') < 2 ||
           (uint8_t)(c - '0') < 11; /* '-' '.'  '0'..'9' ':' */
}

/* Section 2.2: Char. */
static bool is_char(uint32_t c)
{
    if (c < 0x20)
        return is_space((uint8_t)c);
    return c < 0xd800 ||
           (c >= 0xe000 && c != 0xfffe && c != 0xffff && c <= 0x10ffff);
}

static unsigned digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - (unsigned)'0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

/* ---- Text -------------------------------------------------------------- */

static enum state to_text(struct cilp_xml *x)
{
    x->match = 0;
    return ST_TEXT;
}

static void put(struct cilp_xml *x, unsigned c)
{
    x->text[x->text_len++] = (char)c;
}

static enum state st_text(struct cilp_xml *x, uint8_t c)
{
    if (c == '<') {
        x->tag_len = 0;
        return ST_LT;
    }
    if (x->level == 0)
        return is_space(c) ? ST_TEXT : BAD_OUTSIDE;
    if (c == '&') {
        memset(x->entity, 0, sizeof x->entity);
        x->match = 0;
        return ST_REF;
    }
    if (c == '>' && x->match == 2) /* section 2.4 */
        return BAD_BRACKETS;
    if (c != ']')
        x->match = 0;
    else if (x->match < 2)
        x->match++;
    put(x, c);
    return ST_TEXT;
}

static enum state st_begin(struct cilp_xml *x, uint8_t c)
{
    return c == 0xef ? ST_BOM : st_text(x, c);
}

static enum state st_bom(struct cilp_xml *x, uint8_t c)
{
    static const uint8_t bom[] = {0xbb, 0xbf};

    if (c != bom[x->match++])
        return BAD_OUTSIDE;
    return x->match == 2 ? to_text(x) : ST_BOM;
}

/* Text, but for "]]>": brackets are held back until it is clear. */
static enum state st_cdata(struct cilp_xml *x, uint8_t c)
{
    if (c == ']' && x->match < 2) {
        x->match++;
        return ST_CDATA;
    }
    if (c == '>' && x->match == 2)
        return to_text(x);
    if (c == ']') {
        put(x, c);
        return ST_CDATA;
    }
    for (; x->match > 0; x->match--)
        put(x, ']');
    put(x, c);
    return ST_CDATA;
}

/* ---- References (section 4.1) ------------------------------------------ */

/* Section 4.6: there are five. Four bytes of name, and what it stands for. */
static enum state end_entity(struct cilp_xml *x)
{
    static const char entities[] = "lt\0\0<"
                                   "gt\0\0>"
                                   "amp\0&"
                                   "quot\""
                                   "apos'";

    for (const char *p = entities; *p; p += 5)
        if (memcmp(p, x->entity, 4) == 0) {
            put(x, (uint8_t)p[4]);
            return to_text(x);
        }
    return BAD_ENTITY;
}

static enum state st_ref(struct cilp_xml *x, uint8_t c)
{
    if (c == ';')
        return end_entity(x);
    if (c == '#' && x->match == 0)
        return ST_REF_HASH;
    if (x->match == sizeof x->entity)
        return BAD_ENTITY;
    x->entity[x->match++] = (char)c;
    return ST_REF;
}

/* No digits at all are U+0000, which is refused as such. */
static enum state st_number(struct cilp_xml *x, uint8_t c)
{
    unsigned d = digit(c);

    if (c == ';' && is_char(x->ref)) {
        x->text_len =
            (uint8_t)(cilp_text_utf8(x->text + x->text_len, x->ref) - x->text);
        return to_text(x);
    }
    if (d >= x->quote || ++x->match == REF_MAX)
        return BAD_REF;
    x->ref = x->ref * x->quote + d;
    return ST_NUMBER;
}

static enum state st_ref_hash(struct cilp_xml *x, uint8_t c)
{
    x->ref = 0;
    x->match = 2; /* "&#" */
    x->quote = 10;
    if (c != 'x')
        return st_number(x, c);
    x->match = 3;
    x->quote = 16;
    return ST_NUMBER;
}

/* ---- Elements ---------------------------------------------------------- */

static void end_element(struct cilp_xml *x)
{
    x->depth = x->level--;
    x->event = CILP_XML_END;
}

static enum state begin_element(struct cilp_xml *x, enum state next)
{
    if (x->name_len == 0)
        return BAD_NAME;
    if (x->level == 0 && x->root)
        return BAD_ROOT;
    if (x->level == CILP_XML_DEPTH)
        return BAD_DEPTH;
    x->root = true;
    x->path[x->level++] = x->hash;
    x->depth = x->level;
    x->name[x->name_len] = '\0';
    x->event = CILP_XML_START;
    x->match = 0;
    return next;
}

/* FNV-1a, 32 bits: to tell names apart in little memory. */
#define HASH_INIT UINT32_C(2166136261)
#define HASH_MUL  UINT32_C(16777619)

static void begin_name(struct cilp_xml *x)
{
    x->name_len = 0;
    x->prefixed = false;
    x->hash = HASH_INIT;
}

/* Namespaces in XML 1.0, production 7: one colon at most, and a whole name on
 * either side of it. */
static enum state add_name(struct cilp_xml *x, uint8_t c, enum state stay)
{
    x->hash = (x->hash ^ c) * HASH_MUL;
    if (c == ':') {
        if (x->prefixed || x->name_len == 0)
            return BAD_NAME;
        x->prefixed = true;
        x->name_len = 0;
        return stay;
    }
    if (x->name_len == 0 && !is_name_start(c))
        return BAD_NAME;
    if (x->name_len == CILP_XML_NAME_MAX)
        return BAD_LONG_NAME;
    x->name[x->name_len++] = (char)c;
    return stay;
}

static enum state st_gap(struct cilp_xml *x, uint8_t c)
{
    if (is_space(c))
        return ST_GAP;
    if (c == '/')
        return ST_SLASH;
    if (c == '>')
        return begin_element(x, ST_TEXT);
    return is_name_start(c) ? ST_ATTR : BAD_TAG;
}

static enum state st_name(struct cilp_xml *x, uint8_t c)
{
    return is_name(c) ? add_name(x, c, ST_NAME) : st_gap(x, c);
}

/* Section 3.1: white space stands between attributes. */
static enum state st_after(struct cilp_xml *x, uint8_t c)
{
    return is_name_start(c) ? BAD_TAG : st_gap(x, c);
}

static enum state st_eq(uint8_t c)
{
    if (is_space(c))
        return ST_EQ;
    return c == '=' ? ST_QUOTE : BAD_TAG;
}

static enum state st_attr(uint8_t c)
{
    return is_name(c) ? ST_ATTR : st_eq(c);
}

static enum state st_quote(struct cilp_xml *x, uint8_t c)
{
    if (is_space(c))
        return ST_QUOTE;
    x->quote = c;
    return c == '"' || c == '\'' ? ST_VALUE : BAD_TAG;
}

static enum state st_value(struct cilp_xml *x, uint8_t c)
{
    if (c == x->quote)
        return ST_AFTER;
    return c == '<' ? BAD_ATTR : ST_VALUE;
}

static enum state st_slash(struct cilp_xml *x, uint8_t c)
{
    return c == '>' ? begin_element(x, ST_EMPTY) : BAD_TAG;
}

static enum state st_close_gap(struct cilp_xml *x, uint8_t c)
{
    if (is_space(c))
        return ST_CLOSE_GAP;
    if (c != '>' || x->level == 0 || x->path[x->level - 1] != x->hash)
        return BAD_CLOSE;
    x->name[x->name_len] = '\0';
    end_element(x);
    return to_text(x);
}

static enum state st_close(struct cilp_xml *x, uint8_t c)
{
    return is_name(c) ? add_name(x, c, ST_CLOSE) : st_close_gap(x, c);
}

/* ---- Other markup ------------------------------------------------------ */

static enum state st_lt(struct cilp_xml *x, uint8_t c)
{
    x->match = 0;
    begin_name(x);
    if (c == '/')
        return ST_CLOSE;
    if (c == '!')
        return ST_BANG;
    return c == '?' ? ST_PI : add_name(x, c, ST_NAME);
}

static enum state st_bang(struct cilp_xml *x, uint8_t c)
{
    if (c == '-')
        return ST_DASH;
    if (c == '[' && x->level > 0)
        return ST_CDATA_OPEN;
    return c == 'D' ? BAD_DOCTYPE : BAD_TAG;
}

static enum state st_dash(uint8_t c)
{
    return c == '-' ? ST_COMMENT : BAD_COMMENT;
}

/* Section 2.5: "--" does not occur within a comment. */
static enum state st_comment(struct cilp_xml *x, uint8_t c)
{
    if (x->match == 2)
        return c == '>' ? to_text(x) : BAD_COMMENT;
    x->match = c == '-' ? (uint8_t)(x->match + 1) : 0;
    return ST_COMMENT;
}

static enum state st_cdata_open(struct cilp_xml *x, uint8_t c)
{
    static const char open[] = "CDATA[";

    if (c != (uint8_t)open[x->match++])
        return BAD_TAG;
    if (open[x->match] != '\0')
        return ST_CDATA_OPEN;
    x->match = 0;
    return ST_CDATA;
}

static enum state st_pi(struct cilp_xml *x, uint8_t c)
{
    if (c == '>' && x->match)
        return to_text(x);
    x->match = c == '?';
    return ST_PI;
}

/* ---- The machine ------------------------------------------------------- */

static enum state next_state(struct cilp_xml *x, uint8_t c)
{
    switch (x->state) {
    case ST_BEGIN: return st_begin(x, c);
    case ST_BOM: return st_bom(x, c);
    case ST_TEXT: return st_text(x, c);
    case ST_REF: return st_ref(x, c);
    case ST_REF_HASH: return st_ref_hash(x, c);
    case ST_NUMBER: return st_number(x, c);
    case ST_LT: return st_lt(x, c);
    case ST_NAME: return st_name(x, c);
    case ST_GAP: return st_gap(x, c);
    case ST_ATTR: return st_attr(c);
    case ST_EQ: return st_eq(c);
    case ST_QUOTE: return st_quote(x, c);
    case ST_VALUE: return st_value(x, c);
    case ST_AFTER: return st_after(x, c);
    case ST_SLASH: return st_slash(x, c);
    case ST_CLOSE: return st_close(x, c);
    case ST_CLOSE_GAP: return st_close_gap(x, c);
    case ST_BANG: return st_bang(x, c);
    case ST_DASH: return st_dash(c);
    case ST_COMMENT: return st_comment(x, c);
    case ST_CDATA_OPEN: return st_cdata_open(x, c);
    case ST_CDATA: return st_cdata(x, c);
    default: break; /* ST_PI; the others take no bytes */
    }
    return st_pi(x, c);
}

static enum state step(struct cilp_xml *x, uint8_t c)
{
    if (c < 0x20 && !is_space(c)) /* section 2.2 */
        return BAD_CONTROL;
    if (x->state >= ST_LT && x->state <= ST_CLOSE_GAP &&
        ++x->tag_len >= TAG_MAX)
        return BAD_LONG_TAG;
    return next_state(x, c);
}

/* Text goes out when the next byte might not fit, and before markup. */
static bool is_text_due(const struct cilp_xml *x, uint8_t c)
{
    return x->text_len > sizeof x->text - PIECE_MAX ||
           (x->text_len > 0 && x->state == ST_TEXT && c == '<');
}

/* ---- API --------------------------------------------------------------- */

/* see xml.h */
void cilp_xml_init(struct cilp_xml *x)
{
    memset(x, 0, sizeof *x);
}

/* see xml.h */
enum cilp_xml_rc cilp_xml_feed(struct cilp_xml *x, const uint8_t *p, size_t n,
                               size_t *used)
{
    size_t i = 0;

    *used = 0;
    if (x->event == CILP_XML_BAD)
        return CILP_XML_BAD;
    if (x->event == CILP_XML_TEXT)
        x->text_len = 0;
    x->event = CILP_XML_MORE;
    if (x->state == ST_EMPTY) {
        x->state = ST_TEXT;
        end_element(x);
    }
    while (i < n && x->event == CILP_XML_MORE) {
        if (is_text_due(x, p[i])) {
            x->depth = x->level;
            x->event = CILP_XML_TEXT;
        } else {
            x->state = (uint8_t)step(x, p[i++]);
            if (x->state >= BAD_OUTSIDE)
                x->event = CILP_XML_BAD;
        }
    }
    *used = i;
    return (enum cilp_xml_rc)x->event;
}

/* see xml.h */
bool cilp_xml_is_complete(const struct cilp_xml *x)
{
    return x->root && x->level == 0 && x->state == ST_TEXT;
}

/* see xml.h */
const char *cilp_xml_what(const struct cilp_xml *x)
{
    const char *what = texts;

    if (x->state < BAD_OUTSIDE)
        return cilp_xml_is_complete(x) ? "" : "document cut short";
    for (unsigned i = BAD_OUTSIDE; i < x->state; i++)
        what += strlen(what) + 1;
    return what;
}
