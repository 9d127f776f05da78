/*
 * json.h - one JSON object on one line, member by member. Always valid UTF-8.
 */
#ifndef LINUX_JSON_H
#define LINUX_JSON_H

#include "boards/linux/say/out.h"

struct json {
    struct out *out;
    bool first; /* the next member is the first one */
};

void json_begin(struct json *j, struct out *out);

/* A member that is an object or an array, '{' or '[', and its end, '}' or ']'.
 * Members of an array have no name: NULL. */
void json_open(struct json *j, const char *name, char bracket);
void json_close(struct json *j, char bracket);

/* "" and NULL are null. Secrets in the value are hidden (redact.h), what is not
 * UTF-8 is replaced by U+FFFD. */
void json_str(struct json *j, const char *name, const char *value);
void json_int(struct json *j, const char *name, int64_t value);
/* A number of 0 that means "none" is null. */
void json_count(struct json *j, const char *name, uint32_t value);
void json_bool(struct json *j, const char *name, bool value);
/* "2026-01-15T12:00:00Z" */
void json_time(struct json *j, const char *name, int64_t unix_s);

/* The closing brace and the line's end; not written out yet. */
void json_end(struct json *j);

#endif
