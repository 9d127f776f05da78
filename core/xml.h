/*
 * xml.h - read XML as it streams: a pull reader without a tree.
 *
 * init + feed; may be cut anywhere; nothing is stored but the current name and
 * a few bytes of text. What EC2 and STS send and no more: UTF-8 (a BOM is
 * skipped), elements, attributes (skipped), the five entities, character
 * references, CDATA, comments, processing instructions, namespaces (prefixes
 * dropped). DOCTYPE is refused, so there is nothing to expand.
 *
 * Well-formedness is checked where it decides what is read: end tags match,
 * one root, nothing but white space, comments and PIs around it, no control
 * characters, no "<" in attributes, quotes closed, no "]]>" in text. Not
 * checked: that UTF-8 is valid (reply.h does), names beyond ASCII, attributes
 * being unique, what an attribute or a PI says. Line ends stay as they came.
 *
 * Limits: depth CILP_XML_DEPTH, a name or prefix of CILP_XML_NAME_MAX bytes, a
 * tag of 4 KB, a reference of 10 bytes, "&" and ";" included. Text, comments
 * and PIs of any length, for nothing of them is kept.
 *
 * Source: Extensible Markup Language (XML) 1.0, fifth edition.
 * Knows:  nothing.
 */
#ifndef CILP_XML_H
#define CILP_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_XML_DEPTH    16
#define CILP_XML_NAME_MAX 63

enum cilp_xml_rc {
    CILP_XML_MORE,  /* all input was used */
    CILP_XML_START, /* an element begins: x->name, x->depth (root is 1) */
    CILP_XML_TEXT,  /* x->text[0..x->text_len): decoded bytes of the element
                       at x->depth; may come in any number of pieces */
    CILP_XML_END,   /* the element x->name at x->depth ends */
    CILP_XML_BAD    /* see cilp_xml_what(); stays so */
};

/* Small fields first: Thumb reaches the first 32 bytes of a struct with short
 * instructions. */
struct cilp_xml {
    uint8_t depth; /* of the element that the event is about */
    uint8_t name_len;
    uint8_t text_len;

    /* private */
    uint8_t state; /* enum state in xml.c */
    uint8_t event; /* the last answer, enum cilp_xml_rc */
    uint8_t level; /* open elements */
    uint8_t quote; /* that closes the attribute, or base of a ref */
    uint8_t match; /* bytes of a delimiter seen, or of a reference */
    bool root;     /* the root element has begun */
    bool prefixed; /* the current name had a colon */
    uint16_t tag_len;
    char entity[4];                /* its name, zeros behind it */
    uint32_t ref;                  /* code point */
    uint32_t hash;                 /* of the current name, prefix included */
    uint32_t path[CILP_XML_DEPTH]; /* hash of each open element's name */

    /* public again */
    char name[CILP_XML_NAME_MAX + 1]; /* local name, NUL-terminated */
    char text[64];
};

/* A fresh reader of one document. */
void cilp_xml_init(struct cilp_xml *x);

/* Read from p[0..n). *used: bytes taken; call again with the rest, even if
 * nothing is left, until MORE or BAD. A self-closing element gives START, then
 * END. Name and text stay until the next call. */
enum cilp_xml_rc cilp_xml_feed(struct cilp_xml *x, const uint8_t *p, size_t n,
                               size_t *used);

/* True if exactly one whole document was read. */
bool cilp_xml_is_complete(const struct cilp_xml *x);

/* Static text: the rule that was broken, or that the document is not complete;
 * or "". */
const char *cilp_xml_what(const struct cilp_xml *x);

#ifdef __cplusplus
}
#endif

#endif
