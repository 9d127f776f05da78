/*
 * json.h - values out of a JSON text that lies whole in memory.
 *
 * jsmn in strict mode finds the tokens; what it lets through is refused here:
 * the punctuation between tokens, numbers and words, lone surrogates, control
 * characters, a second value, a byte order mark. Bytes from 0x80 on pass as they
 * are: whoever shows a value to people looks at its UTF-8 (reply.h).
 *
 * Nothing is copied: strings are un-escaped where they lie. Names are compared
 * after that, and in their case.
 *
 * Source: RFC 8259.
 * Knows:  text.
 */
#ifndef CILP_JSON_H
#define CILP_JSON_H

#include <stddef.h>

#include "core/what.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_JSON_MAX   65535u /* bytes of text */
#define CILP_JSON_DEPTH 8      /* objects and arrays within each other */

/* Room behind a text that suffices for so many tokens: every object, array,
 * name and value is one. 20 bytes each where int has 32 bits. */
#define CILP_JSON_ROOM(tokens) ((tokens)*20u + 3u)

enum cilp_json_type {
    CILP_JSON_STRING, /* un-escaped it has no byte below 0x20, and no 0x7F */
    CILP_JSON_INTEGER /* digits alone: no sign, fraction or exponent; as
                         many as there are, their value is not looked at */
};

/* Static, the caller's. */
struct cilp_json_field {
    const char *path; /* "Token", or "roleCredentials.accessKeyId":
                         names of one byte or more each, no '.' in
                         them, and none of them within an array */
    enum cilp_json_type type;
};

/*
 * Look for n fields in the object at text[0..len), which may have space around
 * it. The room behind it, to text[cap), is used for tokens (CILP_JSON_ROOM).
 * Nothing outside text[0..cap) is touched.
 *
 * values[i]: fields[i]'s value, NUL-terminated, inside text[0..len); NULL if
 * it, or an object on the way to it, is absent or null.
 *
 * Returns NONE, or the first that was found of these, of the text before the
 * fields, and of these in their order:
 *   CILP_WHAT_JSON        not one well-formed object and nothing else
 *   CILP_WHAT_JSON_TWICE  a field's name, or that of an object on the way to
 *                         it, stands twice in one object (RFC 8259 section 4:
 *                         two readers could take different ones)
 *   CILP_WHAT_JSON_TYPE   a field is of another type, a string with control
 *                         characters, or below something that is no object
 *   CILP_WHAT_JSON_ROOM   no room for all tokens, more than CILP_JSON_MAX
 *                         bytes, or deeper than CILP_JSON_DEPTH
 * *at, if at is not NULL: the field that TWICE and TYPE are about, else n.
 * After an error values are all NULL.
 *
 * text[0..cap) is changed whatever the outcome; it is the caller's to wipe.
 */
enum cilp_what cilp_json_read(char *text, size_t len, size_t cap,
                              const struct cilp_json_field *fields, size_t n,
                              const char *values[], size_t *at);

#ifdef __cplusplus
}
#endif

#endif
