/*
 * Functions: cilp_xml_init cilp_xml_feed cilp_xml_is_complete
 * Property: nothing beside p[0..n) and the reader is touched; depth and lengths
 *   stay within their arrays; a name ends with NUL; a document is complete only
 *   when every element that began has ended; what is bad stays so; whoever reads
 *   on gets on
 * Bound: documents of any length in any pieces, by induction: the invariant holds
 *   of a fresh reader, and whatever byte comes in whatever state that it allows,
 *   it holds afterwards. feed() takes bytes one by one
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --no-array-field-sensitivity --unwind 18 --unwindset cilp_xml_feed.0:2
 * Run: long
 */
#include "core/xml.c"

#include "tests/proof/proof.h"

/* How much of a delimiter can have been seen. */
static bool is_match_good(const struct cilp_xml *x)
{
    switch (x->state) {
    case ST_BEGIN:
    case ST_BANG: return x->match == 0;
    case ST_BOM:
    case ST_PI: return x->match <= 1;
    case ST_REF: return x->match <= sizeof x->entity;
    case ST_NUMBER: return x->match >= 2 && x->match < REF_MAX;
    case ST_CDATA_OPEN: return x->match <= 5;
    default: break;
    }
    return x->match <= 2 || x->state >= BAD_OUTSIDE || x->state == ST_REF_HASH;
}

/* Inside of the root element, there is one. */
static bool is_level_good(const struct cilp_xml *x)
{
    bool inside = (x->state >= ST_REF && x->state <= ST_NUMBER) ||
                  x->state == ST_CDATA_OPEN || x->state == ST_CDATA ||
                  x->state == ST_EMPTY;

    return x->level <= CILP_XML_DEPTH && (!inside || x->level > 0) &&
           (x->level == 0 || x->root) && x->depth <= CILP_XML_DEPTH;
}

/* Text that was not told yet is an element's, and told before markup. */
static bool is_text_good(const struct cilp_xml *x)
{
    bool in_text = x->state == ST_TEXT || x->state == ST_CDATA ||
                   (x->state >= ST_REF && x->state <= ST_NUMBER);

    if (x->text_len == 0 || x->state >= BAD_OUTSIDE)
        return x->text_len <= sizeof x->text;
    return in_text && x->level > 0 && x->text_len <= sizeof x->text;
}

static bool is_good(const struct cilp_xml *x)
{
    return x->state <= BAD_LONG_TAG && x->event <= CILP_XML_BAD &&
           (x->event == CILP_XML_BAD) == (x->state >= BAD_OUTSIDE) &&
           x->name_len <= CILP_XML_NAME_MAX && is_text_good(x) &&
           (x->state != ST_NUMBER || x->quote == 10 || x->quote == 16) &&
           (x->state != ST_EMPTY || x->name[x->name_len] == '\0') &&
           (x->tag_len < TAG_MAX || x->state >= BAD_OUTSIDE) &&
           is_match_good(x) && is_level_good(x);
}

void harness(void)
{
    const size_t n = any_size(0, 1);
    ANY_BYTES(const uint8_t, p, 1, n);
    struct cilp_xml x;
    enum cilp_xml_rc rc;
    uint8_t level;
    bool was_bad;
    size_t used;

    cilp_xml_init(&x);
    prove(is_good(&x), "the invariant of a fresh reader");
    __CPROVER_havoc_object(&x);
    assume(is_good(&x));
    was_bad = x.event == CILP_XML_BAD;
    level = x.level;
    rc = cilp_xml_feed(&x, p, n, &used);
    prove(is_good(&x), "the invariant");
    prove(used <= n, "no more is used than there is");
    prove(rc != CILP_XML_MORE || used == n, "all was used");
    prove(!was_bad || rc == CILP_XML_BAD, "bad stays");
    prove(rc != CILP_XML_START || (x.level == level + 1 && x.depth == x.level &&
                                   x.name[x.name_len] == '\0'),
          "an element begins, one deeper, with a name");
    prove(rc != CILP_XML_END || (x.level == level - 1 && x.depth == level &&
                                 x.name[x.name_len] == '\0'),
          "the last one that began ends");
    prove(rc == CILP_XML_START || rc == CILP_XML_END || x.level == level,
          "and nothing else changes how deep it is");
    prove(rc != CILP_XML_TEXT || (used == 0 && x.text_len > 0 && level > 0),
          "text is not empty, and within an element");
    prove(!cilp_xml_is_complete(&x) || (x.level == 0 && x.root), "complete");
    can_be(rc == CILP_XML_END && cilp_xml_is_complete(&x), "the last one");
    can_be(rc == CILP_XML_TEXT && x.text_len == sizeof x.text, "a full text");
    can_be(rc == CILP_XML_START && x.depth == CILP_XML_DEPTH, "the deepest");
}
