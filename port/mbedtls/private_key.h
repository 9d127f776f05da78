/*
 * private_key.h - a private key out of its DER, into PSA. Private to
 * port/mbedtls.
 *
 * Read here, and not by mbedTLS's PK: that would link its parsers of all kinds,
 * and differs between 3.6 and 4.x.
 *
 * Source: RFC 8017 appendix A.1.2 (PKCS #1), RFC 5915 (SEC 1), RFC 5208
 * (PKCS #8).
 * Knows:  mbedTLS.
 */
#ifndef CILP_PRIVATE_KEY_H
#define CILP_PRIVATE_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "psa/crypto.h"

/* Bits of an RSA key. Source: AWS IoT's and IAM Roles Anywhere's documents, what
 * each takes of certificates: 2048 or more; mbedTLS's own limit above. */
#define CILP_PRIVATE_KEY_RSA_MIN 2048
#define CILP_PRIVATE_KEY_RSA_MAX 4096

enum cilp_private_key_form {
    CILP_PRIVATE_KEY_PKCS8,
    CILP_PRIVATE_KEY_PKCS1,
    CILP_PRIVATE_KEY_SEC1
};

/* Put the key der[0..n) into a volatile slot of PSA's, with the right to sign
 * hashes. NULL, and *id is the caller's to destroy; or how a sentence goes on that
 * begins with "the private key ", and nothing is left anywhere. `der` stays as it
 * is: the caller wipes it. cilp_arena_start() must have been called. */
const char *cilp_private_key_import(enum cilp_private_key_form form,
                                    uint8_t *der, size_t n,
                                    mbedtls_svc_key_id_t *id);

#endif
