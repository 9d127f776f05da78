/*
 * Functions: cilp_reply_init cilp_reply_feed cilp_reply_end cilp_reply_note
 *   cilp_reply_aim_at
 * Property: (a) <return> counts as true only if it is the one child of that name of
 *   the root that was asked for, has ended, and its text, all of it, is "true"; a
 *   reply that is not one whole document is bad, and has neither code nor message.
 *   Nothing beside reply and result is touched; all that enters a result is whole
 *   UTF-8 without control, C1 and bidirectional characters
 * Bound: replies of any length, by induction over what the XML reader tells
 *   (proof_xml_feed.c: elements nest) and over bytes of fields: whatever comes next
 *   in whatever state the invariant allows, it holds afterwards. Texts of <return>
 *   of 0..9 bytes, one more than a word has room; fields of 9
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --slice-formula --unwind 15 --unwindset on_text.0:1
 *   -DCILP_MESSAGE_MAX=9 -DCILP_CODE_MAX=9 -DCILP_REQUEST_ID_MAX=9
 * Run: suite
 */
#include <string.h>

#include "tests/proof/proof.h"

static void copy(char *to, const char *from, size_t n);
#define memcpy copy
#include "core/cilp.h"
#include "core/reply.c"
#undef memcpy

#define TEXT_MOST 9

/* see xml.h: proof_xml_feed.c */
void cilp_xml_init(struct cilp_xml *x)
{
    x->level = 0;
}

/* see xml.h: not called here, but for what it has told */
enum cilp_xml_rc cilp_xml_feed(struct cilp_xml *x, const uint8_t *p, size_t n,
                               size_t *used)
{
    (void)x, (void)p;
    *used = n;
    return CILP_XML_BAD;
}

static bool is_whole;

/* see xml.h */
bool cilp_xml_is_complete(const struct cilp_xml *x)
{
    (void)x;
    return is_whole;
}

/* What has been told so far, noted by other means than the reader's. */
struct told {
    size_t level;   /* open elements */
    unsigned count; /* <return> directly in the root that was asked for; to 2 */
    bool right_root; /* it is that */
    bool inside;     /* of the first <return>, at whatever depth */
    bool spoilt;     /* it has an element in it, or is too long for a word */
    size_t len;      /* of its text */
    char text[8];
    bool was_true; /* it has ended, and was "true" */
};

static struct cilp_result result;
static struct cilp_reply r;
static struct told g;

static const struct cilp_reply_form form = {.root = "Root"};

/* ---- What enters a result ----------------------------------------------------- */

/* RFC 3629 section 4, as a grammar. */
static bool is_whole_utf8(const uint8_t *p, size_t n)
{
    for (size_t i = 1; i < 4; i++)
        if (i < n && (p[i] < 0x80 || p[i] > 0xbf))
            return false;
    switch (n) {
    case 1: return p[0] < 0x80;
    case 2: return p[0] >= 0xc2 && p[0] <= 0xdf;
    case 3:
        return p[0] >= 0xe0 && p[0] <= 0xef && (p[0] != 0xe0 || p[1] >= 0xa0) &&
               (p[0] != 0xed || p[1] <= 0x9f);
    default: break;
    }
    return n == 4 && p[0] >= 0xf0 && p[0] <= 0xf4 &&
           (p[0] != 0xf0 || p[1] >= 0x90) && (p[0] != 0xf4 || p[1] <= 0x8f);
}

/* Controls, as they are encoded; U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066
 * to U+2069. */
static bool is_harmful(const uint8_t *p, size_t n)
{
    if (n == 1)
        return p[0] < 0x20 || p[0] == 0x7f;
    if (n == 2)
        return (p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xd8 && p[1] == 0x9c);
    if (n != 3 || p[0] != 0xe2)
        return false;
    if (p[1] == 0x80)
        return p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xa8 && p[2] <= 0xae);
    return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9;
}

static void copy(char *to, const char *from, size_t n)
{
    if (__CPROVER_same_object(to, &r)) {
        prove(n <= (size_t)(r.word + sizeof r.word - to), "a word has room");
    } else {
        prove(n >= 1 && n <= 4, "one character");
        prove(is_whole_utf8((const uint8_t *)from, n), "which is one");
        prove(!is_harmful((const uint8_t *)from, n), "and does no harm");
        can_be(n == 4, "of four bytes");
    }
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

/* ---- The invariant ---------------------------------------------------------------- */

static bool is_aim_good(void)
{
    if (r.to == NULL)
        return true;
    return r.len <= r.max &&
           ((r.to == result.code && r.max == CILP_CODE_MAX) ||
            (r.to == result.message && r.max == CILP_MESSAGE_MAX) ||
            (r.to == result.request_id && r.max == CILP_REQUEST_ID_MAX));
}

/* How many bytes a sequence has, by its first one; 0: it begins none. */
static uint8_t bytes_of(uint8_t first)
{
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* What was collected began well, and its bits are in the point. */
static bool is_sequence_good(void)
{
    const uint8_t *s = (const uint8_t *)r.seq;
    uint32_t point;

    if (r.seq_len == 0)
        return true;
    if (r.more != bytes_of(s[0]) || r.seq_len >= r.more)
        return false;
    point = s[0] & (0x7fu >> r.more);
    for (size_t i = 1; i < 3; i++) {
        if (i < r.seq_len && (s[i] & 0xc0) != 0x80)
            return false;
        if (i < r.seq_len)
            point = point << 6 | (s[i] & 0x3f);
    }
    return r.point == point;
}

/* The word so far is the text so far. */
static bool is_word_good(void)
{
    if (g.spoilt)
        return r.len == SPOILT;
    if (r.len != g.len || g.len > sizeof r.word)
        return false;
    for (size_t i = 0; i < sizeof r.word; i++)
        if (i < g.len && r.word[i] != g.text[i])
            return false;
    return true;
}

static bool are_places_good(void)
{
    if (r.places[0] != DOCUMENT || r.item != NOWHERE)
        return false;
    for (size_t i = 1; i < sizeof r.places; i++) {
        if (i > g.level)
            break;
        if (r.places[i] > RETURN || r.places[i] == DOCUMENT ||
            (r.places[i] == RETURN) != (i == 2 && g.inside) ||
            (r.places[i] == SUCCESS) != (i == 1 && g.right_root) ||
            (g.inside && i > 2 && r.places[i] != NOWHERE))
            return false;
    }
    return true;
}

/* What is known of <return>. */
static bool is_return_good(void)
{
    const bool was_entered = (r.seen >> RETURN) & 1;

    if (was_entered != (g.count > 0))
        return false;
    if (g.count == 0)
        return r.ret == CILP_RETURN_NONE && !g.inside;
    if (g.inside)
        return g.right_root && g.level >= 2 && (g.level == 2 || g.spoilt) &&
               r.to == NULL && is_word_good() &&
               (g.count == 1 ? r.ret == CILP_RETURN_NONE : false);
    return g.right_root &&
           (r.ret != CILP_RETURN_TRUE || (g.count == 1 && g.was_true));
}

static bool is_good(void)
{
    return r.form == &form && g.level <= CILP_XML_DEPTH && g.count <= 2 &&
           are_places_good() && is_aim_good() && is_sequence_good() &&
           is_return_good() && (!g.right_root || ((r.seen >> SUCCESS) & 1)) &&
           (!r.is_expected || g.right_root) &&
           result.code[CILP_CODE_MAX] == '\0' &&
           result.message[CILP_MESSAGE_MAX] == '\0' &&
           result.request_id[CILP_REQUEST_ID_MAX] == '\0';
}

/* ---- What can come ------------------------------------------------------------------ */

/* An element begins: one root, all others in it. */
static void start(void)
{
    assume(g.level < CILP_XML_DEPTH);
    assume(g.level > 0 || !r.seen); /* nothing was before the root */
    assume(r.xml.name_len <= CILP_XML_NAME_MAX);
    r.xml.depth = (uint8_t)++g.level;
    if (g.level == 1)
        g.right_root = cilp_text_equal(r.xml.name, r.xml.name_len, "Root");
    if (g.inside)
        g.spoilt = true;
    if (g.level == 2 && g.right_root &&
        cilp_text_equal(r.xml.name, r.xml.name_len, "return")) {
        g.count = g.count ? 2 : 1;
        g.inside = g.count == 1;
        g.spoilt = false;
        g.len = 0;
    }
    on_start(&r, &result);
}

static void text(void)
{
    assume(g.level > 0 && r.xml.text_len <= TEXT_MOST);
    r.to = NULL; /* what goes into a field is put byte by byte: byte() */
    r.xml.depth = (uint8_t)g.level;
    if (g.inside && g.level == 2) {
        if (!g.spoilt && g.len + r.xml.text_len > sizeof g.text)
            g.spoilt = true;
        for (size_t i = 0; !g.spoilt && i < r.xml.text_len; i++)
            g.text[g.len + i] = r.xml.text[i];
        g.len += r.xml.text_len;
    }
    on_text(&r, &result);
}

static void end(void)
{
    assume(g.level > 0);
    r.xml.depth = (uint8_t)g.level;
    if (g.inside && g.level == 2) {
        g.inside = false;
        g.was_true = !g.spoilt && g.len == 4 && g.text[0] == 't' &&
                     g.text[1] == 'r' && g.text[2] == 'u' && g.text[3] == 'e';
    }
    on_end(&r, &result);
    g.level--;
}

/* One of a field's. */
static void byte(void)
{
    assume(!g.inside);
    put_byte(&r, &result, nondet_u8());
}

static char *any_field(void)
{
    if (nondet_bool())
        return NULL;
    if (nondet_bool())
        return result.code;
    return nondet_bool() ? result.message : result.request_id;
}

void harness(void)
{
    struct cilp_reply any_r;
    struct told any_g;
    struct cilp_result any_result;

    cilp_reply_init(&r, &form, NULL);
    prove(is_good(), "the invariant of a fresh reader");
    r = any_r;
    g = any_g;
    result = any_result;
    r.to = any_field();
    r.form = &form;
    assume(is_good());
    if (nondet_bool())
        start();
    else if (nondet_bool())
        text();
    else if (nondet_bool())
        end();
    else
        byte();
    prove(is_good(), "the invariant");
    prove(r.ret != CILP_RETURN_TRUE || (g.was_true && g.count == 1),
          "true is what was said, once");
    can_be(r.ret == CILP_RETURN_TRUE && g.was_true, "it was true");
    can_be(r.ret == CILP_RETURN_OTHER && g.was_true, "true, and once more");
    is_whole = nondet_bool();
    if (cilp_reply_end(&r, &result))
        prove(is_whole, "a whole document");
    else
        prove(r.bad && !result.code[0] && !result.message[0], "none, and bad");
}
