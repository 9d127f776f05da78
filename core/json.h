/*
 * json.h - values out of a JSON text that lies whole in memory.
 *
 * jsmn in strict mode finds the tokens; what it lets through is refused here:
 * the punctuation between tokens, numbers and words, escapes, surrogates,
 * control characters, UTF-8 that is none, a second value, a text that is cut.
 * No name may stand twice in an object on the way to a field. Names are
 * compared in their case, un-escaped.
 *
 * Limits: depth CILP_JSON_DEPTH; as many tokens as there is room for behind the
 * text. Nothing is copied: strings are un-escaped where they lie.
 *
 * Source: RFC 8259.
 * Knows:  text.                         Known by: creds_*.
 */
#ifndef CILP_JSON_H
#define CILP_JSON_H
#include <stddef.h>
#include <stdint.h>
#include "core/what.h"

#define CILP_JSON_DEPTH 8

enum cilp_json_type {
    CILP_JSON_STRING,
    CILP_JSON_INTEGER    /* digits alone: no sign, fraction or exponent */
};

struct cilp_json_field {
    const char *path;           /* "Token", or "roleCredentials.accessKeyId" */
    enum cilp_json_type type;
};

/* Look for n fields in the object at text[0..len). The room behind it, to
 * text[cap), is used for tokens: 16 bytes each after alignment. values[i]: the
 * field's value, NUL-terminated, inside text (a string un-escaped, and without
 * NUL and control characters inside; digits of an integer), or NULL if it is
 * absent or null.
 * Returns NONE, or CILP_WHAT_JSON (not one well-formed object), _JSON_TWICE (a name
 * on the way to a field stands twice), _JSON_TYPE (a field is of another type), _JSON_ROOM (not
 * enough room for its tokens, or too deep); *at, if not NULL, is then the
 * field it is about, or n. After an error values are all NULL. The text is
 * changed, whatever the outcome: it is the caller's to wipe. */
enum cilp_what cilp_json_read(char *text, size_t len, size_t cap,
                              const struct cilp_json_field *fields, size_t n,
                              const char *values[], size_t *at);
#endif
