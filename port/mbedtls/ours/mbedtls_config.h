/*
 * mbedtls_config.h - which TLS and X.509 mbedTLS compiles: a client, TLS 1.2
 * and 1.3, AEAD suites alone. psa_config.h is the cryptography's half.
 *
 * Sizes come from the board (-DCILP_TLS_...); nothing else is to be changed
 * from outside, and nothing here weakens verification.
 */
#ifndef CILP_MBEDTLS_CONFIG_H
#define CILP_MBEDTLS_CONFIG_H

/* Plaintext bytes of one received record. A server may send 16 KB records and
 * often sends its whole flight of certificates in one; less makes the
 * handshake fail with some (MBEDTLS_ERR_SSL_INVALID_RECORD). */
#ifndef CILP_TLS_IN
#define CILP_TLS_IN 16384
#endif

/* Plaintext bytes of one sent record: a request with a 4 KB session token
 * leaves as one record, hence in one write. Less only costs more records. */
#ifndef CILP_TLS_OUT
#define CILP_TLS_OUT 6144
#endif

/* CAs between a server and an anchor. EC2: 2; cross-signs: 3. Each takes some
 * bytes of the stack. */
#ifndef CILP_TLS_CAS
#define CILP_TLS_CAS 10
#endif

/* ---- The protocol ------------------------------------------------------- */

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C                     /* a client is all we are */
#define MBEDTLS_SSL_PROTO_TLS1_3              /* what EC2 speaks */
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE /* middleboxes: RFC 8446 D.4 */
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
#ifndef CILP_TLS_13_ONLY
#define MBEDTLS_SSL_PROTO_TLS1_2               /* proxies and appliances */
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED /* forward secrecy only */
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET /* RFC 7627, against 3SHAKE */
#endif
#define MBEDTLS_SSL_SERVER_NAME_INDICATION /* load balancers need it */
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE  /* 3.6: TLS 1.3 demands it */
#define MBEDTLS_SSL_IN_CONTENT_LEN         CILP_TLS_IN
/* TLS 1.3 puts a content type behind the plaintext and mbedTLS pads both to
 * 16 bytes, all of which it counts. */
#define MBEDTLS_SSL_OUT_CONTENT_LEN (CILP_TLS_OUT + 16)
/* What tls.c offers anyway, in place of a list of all that there ever were: 700
 * bytes. */
#define MBEDTLS_SSL_CIPHERSUITES                                          \
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384, MBEDTLS_TLS1_3_AES_128_GCM_SHA256, \
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,                  \
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,                    \
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,                  \
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
/* No session tickets (one call, one connection: a ticket that comes is
 * ignored), no renegotiation, no ALPN (the endpoint speaks HTTP/1.1 unasked),
 * no max_fragment_length (AWS's servers ignore it). */

/* ---- Certificates ------------------------------------------------------- */

#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT           /* corporate CAs sign so, and
                                                     TLS 1.3 */
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK /* trust.h: by issuer */
#define MBEDTLS_X509_REMOVE_INFO                  /* explain.c has words */
#define MBEDTLS_X509_MAX_INTERMEDIATE_CA          CILP_TLS_CAS

/* ---- Housekeeping ------------------------------------------------------- */

#if MBEDTLS_VERSION_MAJOR < 4
#define MBEDTLS_PSA_CRYPTO_CONFIG /* 4.x knows no other way */
#endif
#define MBEDTLS_ERROR_STRERROR_DUMMY /* explain.c has our words */

#endif
