/*
 * client_cert.h - a client certificate with its key, as core/x509_identity.h has
 * them: out of PEM text, or for a key that PSA has already, in a secure element
 * for one.
 *
 *     fault = cilp_client_cert_load(&me, cert, cert_len, key, key_len);
 *     if (fault) ...                     "the private key is encrypted..."
 *     source_arg.identity = &me.is;
 *
 * The key is in a slot of PSA's in either case, and nowhere else. RSA with 2048 to
 * 4096 bits (where this was built with CILP_TLS_RSA_KEYS), ECDSA on P-256, P-384
 * and, with CILP_TLS_P521, P-521.
 *
 * A stream of tls.h offers it to a server that asks for one, in its time alone: an
 * identity that has expired, or is not valid yet, by the peer's unix_s fails with
 * CILP_E_TLS before anything is sent, unless judge_dates is false. An identity
 * that was not made here is refused by the stream, in the same way.
 *
 * An image that names none of this links no private-key code of it.
 *
 * One thread at a time for one struct. Takes the lock of arena.h.
 * Knows:  mbedTLS, arena, dates, tls.
 */
#ifndef CILP_CLIENT_CERT_H
#define CILP_CLIENT_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/x509_identity.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DER bytes of all certificates together. One has some 1,500 at most. In TLS they
 * leave in one message, of CILP_TLS_OUT bytes at most. */
#ifndef CILP_CLIENT_CERT_MAX
#define CILP_CLIENT_CERT_MAX 8192
#endif

#define CILP_CLIENT_CERT_NAME_MAX 160

/* Contents are private but for the marked ones; complete so that it can be
 * static. */
struct cilp_client_cert {
    struct cilp_x509_identity is; /* read it: what is given to others */
    char subject[CILP_CLIENT_CERT_NAME_MAX]; /* read it: "CN=..., O=..." in
                                     quotes; printable ASCII, longer ones are
                                     cut */
    int64_t from_s, until_s; /* read them: when the leaf is valid, UTC */
    bool is_key_fault;       /* read it after a failure: it is the key's */
    bool owns_key;
    uint32_t key; /* of PSA's */
    uint8_t der[CILP_CLIENT_CERT_MAX];
};

/* cert[0..cert_len): PEM text, the leaf first, then the CAs in between, if there
 * are some, as servers are given them; blocks of other kinds, and text between
 * them, are passed over. key[0..key_len): PEM text with the leaf's key, by PKCS
 * #8, PKCS #1 or SEC 1, not encrypted; its first key counts. It may be a copy of
 * `cert`.
 * `cert` is borrowed for the call alone. `key` is decoded where it stands, and all
 * of it is zeros when this returns, whatever comes of it.
 * NULL, and *c is to be given to cilp_client_cert_end() once nobody borrows it; or
 * how a sentence goes on that begins with "the certificate " or, if is_key_fault
 * is set, with "the private key ": static text, and *c need not be ended. */
const char *cilp_client_cert_load(struct cilp_client_cert *c, const char *cert,
                                  size_t cert_len, char *key, size_t key_len);

/* The same for a key of PSA's by its id, which stays the caller's and is there for
 * as long as *c is used: an RSA or ECC key pair that may sign hashes. Of RSA it
 * permits PKCS #1 v1.5 with SHA-256, and PSS for TLS 1.3 (as enrollment
 * algorithm); on a curve, ECDSA with any hash. cert: PEM text as above, or one
 * certificate in DER. */
const char *cilp_client_cert_use(struct cilp_client_cert *c, const void *cert,
                                 size_t cert_len, uint32_t key_id);

/* Whether it is in its time at unix_s: NULL, or "has expired" or "is not valid
 * yet". */
const char *cilp_client_cert_dates(const struct cilp_client_cert *c,
                                   int64_t unix_s);

/* Destroy the key, if it was loaded here, and clear all. */
void cilp_client_cert_end(struct cilp_client_cert *c);

#ifdef __cplusplus
}
#endif

#endif
