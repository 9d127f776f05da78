/*
 * ini.h - the pairs of one section of a config or credentials text, as it
 * streams.
 *
 * The AWS CLI's reader and the SDKs' differ; this one reads what both read
 * alike, and never fails where both succeed:
 *
 *     # comment             ; too, also behind blanks
 *     [profile 'a b']       # comment; quotes of either kind are left out
 *     key = value           # a comment needs a blank before it
 *     other = value
 *       more                  (in the value: a line end, then "more")
 *     ec2 =
 *       endpoint_url = ...    (a pair of the block "ec2", one level deep)
 *
 * '=' alone separates. A section or key may come again; the caller lets the
 * last one win. A line ends with LF, CR LF or CR; a byte order mark is left out.
 * A name is compared byte for byte, and found whatever its characters are. What
 * does not belong to the wanted section is not judged, but for a pair before the
 * first section.
 *
 * Limits: a pair with its further lines has CILP_INI_MAX bytes. In other
 * sections there is none.
 *
 * The struct holds text that may be secret: the caller wipes it.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials
 * files"; AWS CLI User Guide, "Configuration and credential file settings".
 * Knows:  text.
 */
#ifndef CILP_INI_H
#define CILP_INI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cilp_config.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_INI_MAX (CILP_TOKEN_MAX + 64)

enum cilp_ini_rc {
    CILP_INI_MORE, /* all of the piece was read */
    CILP_INI_PAIR, /* see key, value and block */
    /* from here on: bad, and stays so; see line */
    CILP_INI_LONG,       /* a pair of the section is longer than the limit */
    CILP_INI_NUL,        /* a NUL byte in it */
    CILP_INI_NO_SECTION, /* a pair before any section */
    CILP_INI_NO_BRACKET, /* a section's name without its ']' */
    CILP_INI_NO_EQUALS,  /* neither a section nor "key = value" */
    CILP_INI_NO_KEY      /* "= value" */
};

struct cilp_ini {
    bool found;    /* the section was seen, be it empty */
    uint32_t line; /* of the last byte read, from 1 */
    /* Yours to set after cilp_ini_init(), borrowed: the key, in any case, whose
     * value is a command, in which '#' may follow a blank: no comment is cut off
     * it. NULL: none. */
    const char *whole;
    /* After PAIR, in text, until the next call. Without blanks around. */
    const char *key;   /* in the case that it has there */
    const char *value; /* maybe "" */
    const char *block; /* "" outside of one */

    /* private */
    const char *kind, *name;
    enum cilp_ini_rc rc;
    uint8_t state, bom;
    bool was_cr;         /* the last byte was a CR, which ends a line */
    bool any;            /* a section has begun */
    bool inside;         /* it is the one */
    bool seen;           /* it has a key already, */
    uint16_t depth;      /* with so many blanks before it */
    uint16_t column;     /* blanks before this line */
    bool held;           /* a pair waits for further lines of its value */
    uint16_t start, len; /* the line within text, and text's end */
    uint16_t pair;       /* where a pair begins: behind its block's name */
    char text[CILP_INI_MAX + 2];
};

/* Look for the section [KIND NAME], or [NAME] if kind is "". Both are borrowed
 * until the end. Kinds are "profile", "sso-session" and "services"; the
 * default profile is also [default] in a config file: read again for that if
 * [profile default] was not found. */
void cilp_ini_init(struct cilp_ini *x, const char *kind, const char *name);

/* Read p[0..n) up to the next pair; *used bytes of it were. The rest is to be
 * fed again after PAIR. */
enum cilp_ini_rc cilp_ini_feed(struct cilp_ini *x, const void *p, size_t n,
                               size_t *used);

/* The text has ended: PAIR for a last pair, once, then MORE. */
enum cilp_ini_rc cilp_ini_end(struct cilp_ini *x);

#ifdef __cplusplus
}
#endif

#endif
