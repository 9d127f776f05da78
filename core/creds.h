/*
 * creds.h - where credentials come from.
 *
 * A source is an object, not an enum, so that an image links only the one that
 * it names: a firmware with static keys carries no JSON reader, with no #ifdef
 * anywhere. Choosing among several (an environment, a file, ...) is the
 * board's business.
 */
#ifndef CILP_CREDS_H
#define CILP_CREDS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/cilp_config.h"

/* One set of keys. NUL-terminated; printable ASCII without spaces inside.
 * Contents are private to core. */
struct cilp_creds {
    char    key_id[CILP_KEY_MAX + 1];
    char    secret[CILP_KEY_MAX + 1];
    char    token[CILP_TOKEN_MAX + 1];   /* "": long-term keys */
    int64_t expires_s;                   /* UTC seconds; 0: not known */
};

struct cilp_source;

/* Keys that the caller has. source_arg is a struct cilp_static_creds, borrowed
 * for the time of cilp_start() alone: it copies them, and the caller may wipe
 * its own at once.
 * Errors: CILP_E_CREDS with result.what naming the half that is missing, too
 * long or not printable. */
extern const struct cilp_source cilp_creds_static;

struct cilp_static_creds {
    const char *key_id;    /* 1..CILP_KEY_MAX */
    const char *secret;    /* 1..CILP_KEY_MAX */
    const char *token;     /* to CILP_TOKEN_MAX; NULL or "": none */
};

#endif
