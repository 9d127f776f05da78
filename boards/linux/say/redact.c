#include "boards/linux/say/redact.h"

#include <string.h>

#define KEY_LENGTH 32

/* In lower case. No name has its first character a second time in a way that
 * would need more than starting over. */
static const char *const NAMES[REDACT_PATTERNS] = {
    "x-amz-security-token:",
    "x-amz-security-token=",
    "signature=",
    "\nx-aws-ec2-metadata-token:",
    "\nx-amz-sso_bearer_token:",
    "&webidentitytoken=",
    "\nauthorization:",
};
#define AUTHORIZATION (REDACT_PATTERNS - 1)

/* What is behind it then is no secret, but for the signature. */
static const char SCHEME[] = " aws4-hmac-sha256 ";

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
            r->is_line = i == AUTHORIZATION;
            found = true;
        }
    }
    return found;
}

/* Not '&' and ';': escaped characters may be part of the secret, and hiding
 * too much is the smaller harm. */
static bool is_end(const struct redactor *r, char c)
{
    return c == '\r' || c == '\n' ||
           (!r->is_line &&
            (c == ' ' || c == ',' || c == '<' || c == '"' || c == '\''));
}

/* Behind "Authorization:": true as long as it goes on as the scheme does. */
static bool is_scheme(struct redactor *r, char c)
{
    if (!r->is_line || r->started || c != SCHEME[r->scheme])
        return false;
    r->scheme++;
    if (!SCHEME[r->scheme])
        r->hiding = false;
    return true;
}

/* see redact.h */
enum redact redact_next(struct redactor *r, char c)
{
    if (r->hiding && is_scheme(r, lower(c)))
        return REDACT_SHOW;
    if (r->hiding && !r->started && c == ' ') /* "Name: value" */
        return REDACT_SHOW;
    if (is_end(r, c))
        r->hiding = false;
    if (r->hiding) {
        bool first = !r->started;

        r->started = true;
        return first ? REDACT_FIRST : REDACT_HIDE;
    }
    r->hiding = match(r, lower(c));
    r->started = false;
    r->scheme = 0;
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

static size_t run_length(const char *s)
{
    size_t n = 0;

    while ((lower(s[n]) >= 'a' && lower(s[n]) <= 'z') ||
           (s[n] >= '0' && s[n] <= '9') || (s[n] && strchr("/+=_-", s[n])))
        n++;
    return n;
}

/* see redact.h */
void redact_foreign(struct out *o, const char *s)
{
    while (*s) {
        char other[2] = "";
        size_t n = run_length(s);

        if (n >= KEY_LENGTH)
            out_str(o, "[hidden]");
        else
            out_put(o, s, n);
        s += n;
        if (*s) {
            other[0] = *s == '\n' || *s == '\r' || *s == '\t' ? ' ' : *s;
            out_quoted(o, other);
            s++;
        }
    }
}
