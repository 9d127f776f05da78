/*
 * x509_identity.h - who the caller is by a client certificate: what is shown of
 * it, and what its private key does when it is asked to. Core never sees the key.
 *
 * A port makes one (port/mbedtls/client_cert.h does it from PEM text or for a
 * key of PSA's, which may lie in a secure element), a source names it, and the
 * source's exchange puts it into cilp_peer.identity: the port's TLS stream offers
 * it to a server that asks for one.
 *
 * The key signs by a function and not by a want: it does no I/O that could be
 * waited for, exactly as the hashes of sha256.h, and so the op, and each loop
 * that drives it, stays as it is.
 *
 * One thread at a time for one identity.
 *
 * Source: RFC 5280, RFC 8017 section 8.2, RFC 3279 section 2.2.3.
 * Knows:  nothing.
 */
#ifndef CILP_X509_IDENTITY_H
#define CILP_X509_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of a serial number, without a sign. Source: RFC 5280 section 4.1.2.2. */
#define CILP_X509_SERIAL_MAX 20

/* Bytes of the longest signature: RSA with 4096 bits. One of ECDSA has 139 at
 * most, on P-521. */
#define CILP_X509_SIG_MAX 512

enum cilp_x509_key {
    CILP_X509_RSA,  /* signs by PKCS #1 v1.5, RFC 8017 section 8.2 */
    CILP_X509_ECDSA /* signs in DER, RFC 3279 section 2.2.3; by another random
                       number each time, so that no two are the same */
};

/* Borrowed for as long as a request, a stream or a source names it; its bytes
 * too. First member of what a port makes. */
struct cilp_x509_identity {
    const uint8_t *leaf;  /* the certificate, in DER */
    const uint8_t *chain; /* those of the CAs in between, in DER, one behind the
                             other as they are sent: each is vouched for by the
                             next, the first one vouches for the leaf. NULL:
                             there are none */
    uint16_t leaf_len;    /* 1 at least */
    uint16_t chain_len;   /* of all of them; 0 with NULL */

    uint8_t serial_len; /* 1..CILP_X509_SERIAL_MAX, without leading zeros; 0:
                             the leaf's is negative or longer than RFC 5280
                             allows, and is not here */
    uint8_t serial[CILP_X509_SERIAL_MAX]; /* of the leaf, big-endian */

    enum cilp_x509_key key;

    /* Sign a SHA-256 digest with the leaf's key: *len bytes into sig[0..cap),
     * CILP_X509_SIG_MAX are always enough. True only with a whole signature.
     * False: the key cannot be used (any more), or cap is too small; *len is 0
     * then, and sig holds nothing. */
    bool (*sign)(const struct cilp_x509_identity *id, const uint8_t hash[32],
                 uint8_t *sig, size_t cap, size_t *len);
};

#ifdef __cplusplus
}
#endif

#endif
