/*
 * sigv4.h - sign one HTTP request with AWS Signature Version 4.
 *
 * Source: IAM User Guide, "Create a signed AWS API request"; the step numbers
 *         in sigv4.c are that page's.
 * Knows:  sha256, hmac, text, utc.
 * RAM:    no state of its own; the hash state is lent by the caller.
 */
#ifndef CILP_SIGV4_H
#define CILP_SIGV4_H

#include "core/text.h"
#include "core/utc.h"

/* A header that is signed. Lower-case name; value without spaces at the ends,
 * and without two in a row. Both borrowed. */
struct cilp_sigv4_header {
    const char *name;
    const char *value;
};

struct cilp_sigv4_in {
    const char *request; /* "POST\n/\n\n": method, canonical URI (normalised
                            and encoded), canonical query string, each
                            with a LF */
    const struct cilp_sigv4_header *headers; /* sorted by name */
    size_t n_headers;                        /* 1.. */
    const uint8_t *payload_hash;             /* CILP_SHA256_LEN bytes */
    const char *region;
    const char *service; /* "ec2" */
    const char *key_id;
    const char *secret; /* at most CILP_KEY_MAX bytes; borrowed */
    char date[CILP_UTC_BASIC_LEN + 1]; /* what X-Amz-Date carries */
    const char *path; /* NULL; or, in place of request, the path of a POST
                         without a query as it is sent, normalised:
                         it is encoded once more */
};

/* Step 1: write the canonical request. */
void cilp_sigv4_canonical(struct cilp_text *out,
                          const struct cilp_sigv4_in *in);

/* Step 3: write the string to sign. `hash` is scratch, fresh before and
 * after. False: the hash failed. */
bool cilp_sigv4_string_to_sign(struct cilp_text *out,
                               const struct cilp_sigv4_in *in,
                               struct cilp_sha256 *hash);

/* Append the value of the Authorization header (steps 1 to 5): about 230
 * bytes. Every key derived on the way is wiped before return. False, and
 * nothing appended: the hash failed, or the secret is longer than
 * CILP_KEY_MAX. */
bool cilp_sigv4_authorize(struct cilp_text *out, const struct cilp_sigv4_in *in,
                          struct cilp_sha256 *hash);

#endif
