/*
 * redact.h - find the secrets in text that passes by, however it is cut.
 *
 * A secret is what follows one of a few names, up to the end of its word: the
 * session token behind X-Amz-Security-Token, the signature behind Signature=,
 * the tokens that sources of credentials are sent. EC2 can send the first two
 * back: its answer to a wrong signature quotes the canonical request, token
 * included. An Authorization that is no signature is one whole secret.
 */
#ifndef LINUX_REDACT_H
#define LINUX_REDACT_H

#include <stdbool.h>
#include <stdint.h>

#include "boards/linux/say/out.h"

#define REDACT_PATTERNS 7

/* All zero at first. One for each direction of a conversation. */
struct redactor {
    uint8_t at[REDACT_PATTERNS]; /* characters of each name seen so far */
    bool hiding;
    bool started;   /* a character of the secret has come */
    bool is_line;   /* it may hold blanks: it ends with its line */
    uint8_t scheme; /* not 0: so much of what an Authorization may show */
};

enum redact {
    REDACT_SHOW,
    REDACT_FIRST, /* the first character of a secret: say that it is one */
    REDACT_HIDE
};

/* What to do with the next character. */
enum redact redact_next(struct redactor *r, char c);

/* A whole text, with "[hidden]" for each secret. */
void redact_text(struct out *o, const char *s);

/* Text of which nothing is known, as one line: hidden is whatever is long enough
 * to be a key or a token, 32 characters and more of [A-Za-z0-9/+=_-]. */
void redact_foreign(struct out *o, const char *s);

#endif
