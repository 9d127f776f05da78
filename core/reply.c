#include "core/reply.h"

#include <string.h>

#include "core/cilp.h"
#include "core/text.h"

/* ---- Vocabulary -------------------------------------------------------- */

/* Where in a reply an element stands, told by its name and its parent's place
 * alone: the same name deeper or elsewhere is NOWHERE. */
enum place {
    NOWHERE,
    SUCCESS = CILP_PLACE_SUCCESS,
    DOCUMENT,
    EC2,
    STS,
    ERRORS,
    AN_ERROR,
    ITS_CODE,
    MESSAGE,
    REQUEST_ID,
    RETURN
};

static const struct cilp_reply_step steps[] = {
    {DOCUMENT, EC2, "Response"},      {EC2, ERRORS, "Errors"},
    {ERRORS, AN_ERROR, "Error"},      {AN_ERROR, ITS_CODE, "Code"},
    {AN_ERROR, MESSAGE, "Message"},   {EC2, REQUEST_ID, "RequestID"},
    {DOCUMENT, STS, "ErrorResponse"}, {STS, AN_ERROR, "Error"},
    {STS, REQUEST_ID, "RequestId"},   {SUCCESS, REQUEST_ID, "requestId"},
    {SUCCESS, RETURN, "return"},
};

#define SPOILT 255u /* length of a <return> that cannot be a word */

_Static_assert(sizeof((struct cilp_reply *)0)->word < SPOILT,
               "word: SPOILT must be no length");

/* ---- Text that is safe to print ---------------------------------------- */

/* C0, DEL and C1; bidirectional controls (Unicode Standard Annex 9); line and
 * paragraph separators. */
static bool is_unsafe(uint32_t c)
{
    static const uint16_t ranges[][2] = {
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c},
        {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

/* What EC2's codes are made of: no quoting is needed anywhere. */
static bool is_code(uint32_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '.' || c == '_' || c == '-';
}

/* RFC 3629 section 3, for a sequence that is complete: not longer than it need
 * be, no surrogate, not beyond U+10FFFF. */
static bool is_valid(uint32_t c, unsigned len)
{
    if (len == 3)
        return c >= 0x800 && (c < 0xd800 || c > 0xdfff);
    return len < 3 || (c >= 0x10000 && c <= 0x10ffff);
}

/* Append one character to the field, or leave the field if it is full. */
static void put(struct cilp_reply *r, struct cilp_result *into, const char *p,
                size_t n)
{
    if (!r->to)
        return; /* left while a sequence was under way */
    if (r->len + n > r->max) {
        r->cut = true;
        if (r->to == into->message)
            into->message_cut = true;
        r->to = NULL; /* nothing shorter may follow */
        return;
    }
    memcpy(r->to + r->len, p, n);
    r->len = (uint16_t)(r->len + n);
    r->to[r->len] = '\0';
}

/* A whole UTF-8 sequence has been collected. */
static void put_point(struct cilp_reply *r, struct cilp_result *into)
{
    uint32_t c = r->point;
    size_t n = r->seq_len;

    r->seq_len = 0;
    if (r->to == into->code) {
        put(r, into, n == 1 && is_code(c) ? r->seq : "?", 1);
    } else if (n == 1 && (c == '\t' || c == '\n' || c == '\r')) {
        put(r, into, " ", 1);
    } else if (!is_valid(c, (unsigned)n) || is_unsafe(c)) {
        put(r, into, "?", 1);
    } else {
        put(r, into, r->seq, n);
    }
}

/* One byte of a field. What is no UTF-8 becomes one '?' for each sequence that
 * began well, and one for each byte that cannot begin one. */
static void put_byte(struct cilp_reply *r, struct cilp_result *into, uint8_t c)
{
    bool goes_on = (c & 0xc0) == 0x80;

    if (r->seq_len > 0 && !goes_on) {
        r->seq_len = 0;
        put(r, into, "?", 1);
    }
    if (r->seq_len > 0) {
        r->point = r->point << 6 | (c & 0x3f);
    } else if (c < 0x80) {
        r->point = c;
        r->more = 1;
    } else if (c >= 0xc2 && c <= 0xf4) {
        r->more = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        r->point = c & (0x7fu >> r->more);
    } else {
        put(r, into, "?", 1);
        return;
    }
    r->seq[r->seq_len++] = (char)c;
    if (r->seq_len == r->more)
        put_point(r, into);
}

/* The field is over: a sequence that is not is none. */
static void end_sequence(struct cilp_reply *r, struct cilp_result *into)
{
    if (r->seq_len > 0)
        put(r, into, "?", 1);
    r->seq_len = 0;
}

/* ---- Events ------------------------------------------------------------ */

static bool is_named(const struct cilp_reply *r, const char *name)
{
    return cilp_text_equal(r->xml.name, r->xml.name_len, name);
}

static uint8_t find(const struct cilp_reply *r, uint8_t from)
{
    if (from == DOCUMENT && is_named(r, r->form->root))
        return SUCCESS;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].from == from && is_named(r, steps[i].name))
            return steps[i].to;
    return NOWHERE;
}

/* see reply.h */
void cilp_reply_aim_at(struct cilp_reply *r, char *to, size_t max)
{
    r->to = to;
    r->max = (uint16_t)max;
    r->len = 0;
}

/* Where the text of a place goes. */
static void open_field(struct cilp_reply *r, struct cilp_result *into,
                       uint8_t place)
{
    cilp_reply_aim_at(r, NULL, 0);
    if (place == ITS_CODE)
        cilp_reply_aim_at(r, into->code, CILP_CODE_MAX);
    if (place == MESSAGE)
        cilp_reply_aim_at(r, into->message, CILP_MESSAGE_MAX);
    if (place == REQUEST_ID)
        cilp_reply_aim_at(r, into->request_id, CILP_REQUEST_ID_MAX);
}

/* Every place is entered once: of two errors, codes or ids the first counts.
 * Two <return> contradict each other, even if they say the same. */
static uint8_t enter_once(struct cilp_reply *r, struct cilp_result *into,
                          uint8_t to)
{
    uint32_t bit = 1u << to;

    if (r->seen & bit) {
        if (to == RETURN)
            r->ret = CILP_RETURN_OTHER;
        return NOWHERE;
    }
    r->seen |= bit;
    open_field(r, into, to);
    r->is_expected = r->is_expected || to == SUCCESS;
    r->is_error = r->is_error || to == ITS_CODE;
    return to;
}

static void on_start(struct cilp_reply *r, struct cilp_result *into)
{
    size_t depth = r->xml.depth;
    uint8_t from, to;

    if (depth >= sizeof r->places)
        return;
    from = r->places[depth - 1];
    if (from == RETURN)
        r->len = SPOILT;
    to = find(r, from);
    if (to != NOWHERE)
        to = enter_once(r, into, to);
    else if (from != NOWHERE && r->form->enter)
        to = r->form->enter(r, from);
    r->places[depth] = to;
}

static void add_word(struct cilp_reply *r)
{
    if (r->len + r->xml.text_len > sizeof r->word) {
        r->len = SPOILT;
        return;
    }
    memcpy(r->word + r->len, r->xml.text, r->xml.text_len);
    r->len = (uint16_t)(r->len + r->xml.text_len);
}

static void on_text(struct cilp_reply *r, struct cilp_result *into)
{
    const size_t depth = r->xml.depth;

    if (depth >= sizeof r->places)
        return;
    if (r->places[depth] == RETURN)
        add_word(r);
    else
        for (size_t i = 0;
             r->to && r->places[depth] != NOWHERE && i < r->xml.text_len; i++)
            put_byte(r, into, (uint8_t)r->xml.text[i]);
}

static void end_return(struct cilp_reply *r)
{
    r->ret = CILP_RETURN_OTHER;
    if (r->len == SPOILT)
        return;
    if (cilp_text_equal(r->word, r->len, "true"))
        r->ret = CILP_RETURN_TRUE;
    if (cilp_text_equal(r->word, r->len, "false"))
        r->ret = CILP_RETURN_FALSE;
}

static void on_end(struct cilp_reply *r, struct cilp_result *into)
{
    if (r->xml.depth >= sizeof r->places)
        return;
    if (r->places[r->xml.depth] == RETURN)
        end_return(r);
    end_sequence(r, into);
    r->has_item = r->item != NOWHERE && r->places[r->xml.depth] == r->item;
    if (r->places[r->xml.depth] != NOWHERE)
        r->to = NULL;
}

/* ---- API --------------------------------------------------------------- */

/* see reply.h */
void cilp_reply_init(struct cilp_reply *r, const struct cilp_reply_form *form,
                     void *memory)
{
    memset(r, 0, sizeof *r);
    cilp_xml_init(&r->xml);
    r->form = form;
    r->memory = memory;
    r->places[0] = DOCUMENT;
}

/* see reply.h */
size_t cilp_reply_feed(struct cilp_reply *r, struct cilp_result *into,
                       const uint8_t *p, size_t n)
{
    size_t at = 0;

    for (r->has_item = false; !r->has_item;) {
        size_t used;
        enum cilp_xml_rc rc = cilp_xml_feed(&r->xml, p + at, n - at, &used);

        at += used;
        if (rc == CILP_XML_START)
            on_start(r, into);
        else if (rc == CILP_XML_TEXT)
            on_text(r, into);
        else if (rc == CILP_XML_END)
            on_end(r, into);
        else {
            r->bad = rc == CILP_XML_BAD;
            return n;
        }
    }
    return at;
}

/* see reply.h */
void cilp_reply_note(struct cilp_reply *r, struct cilp_result *into, char *to,
                     size_t max, const char *text)
{
    cilp_reply_aim_at(r, to, max);
    while (text && *text)
        put_byte(r, into, (uint8_t)*text++);
    end_sequence(r, into);
}

/* see reply.h */
bool cilp_reply_end(struct cilp_reply *r, struct cilp_result *into)
{
    if (cilp_xml_is_complete(&r->xml))
        return true;
    r->bad = true;
    into->code[0] = into->message[0] = '\0';
    into->message_cut = false;
    return false;
}
