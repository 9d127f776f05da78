#include "boards/linux/redact.h"

#include <string.h>

/* In lower case. No name has its first character a second time in a way that
 * would need more than starting over. */
static const char *const NAMES[REDACT_PATTERNS] = {
    "x-amz-security-token:",
    "x-amz-security-token=",
    "signature=",
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* True if c completes a name. */
static bool match(struct redactor *r, char c)
{
    bool found = false;

    for (size_t i = 0; i < REDACT_PATTERNS; i++) {
        if (c != NAMES[i][r->at[i]])
            r->at[i] = 0;
        if (c == NAMES[i][r->at[i]])
            r->at[i]++;
        if (!NAMES[i][r->at[i]]) {
            r->at[i] = 0;
            found = true;
        }
    }
    return found;
}

/* Not '&' and ';': escaped characters may be part of the secret, and hiding
 * too much is the smaller harm. */
static bool is_end(char c)
{
    return c == '\r' || c == '\n' || c == ' ' || c == ',' || c == '<' ||
           c == '"' || c == '\'';
}

/* see redact.h */
enum redact redact_next(struct redactor *r, char c)
{
    if (r->hiding && !r->started && c == ' ') /* "Name: value" */
        return REDACT_SHOW;
    if (r->hiding && is_end(c))
        r->hiding = false;
    if (r->hiding) {
        bool first = !r->started;

        r->started = true;
        return first ? REDACT_FIRST : REDACT_HIDE;
    }
    r->hiding = match(r, lower(c));
    r->started = false;
    return REDACT_SHOW;
}

/* see redact.h */
void redact_text(struct out *o, const char *s)
{
    struct redactor r;

    memset(&r, 0, sizeof r);
    for (; *s; s++)
        switch (redact_next(&r, *s)) {
        case REDACT_SHOW: out_char(o, *s); break;
        case REDACT_FIRST: out_str(o, "[hidden]"); break;
        case REDACT_HIDE: break;
        }
}
