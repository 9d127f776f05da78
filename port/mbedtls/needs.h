/*
 * needs.h - what an mbedTLS must have been built with. Whose lacks it is told
 * so by the compiler, with the option's name; ours has it all.
 *
 * Any 3.6 or 4.x will do that has a TLS client and the CA callback.
 */
#ifndef CILP_MBEDTLS_NEEDS_H
#define CILP_MBEDTLS_NEEDS_H

#include "mbedtls/build_info.h"

#if MBEDTLS_VERSION_NUMBER < 0x03060000
#error "mbedTLS 3.6 or later is needed (MBEDTLS_VERSION_NUMBER)"
#endif
/* It fails with servers that sign by RSA-PSS in TLS 1.2; 4.0 and what came
 * after 4.1.0 do not. */
#if MBEDTLS_VERSION_NUMBER == 0x04010000 && defined(MBEDTLS_SSL_PROTO_TLS1_2)
#error "mbedTLS 4.1.0 refuses TLS 1.2 servers with RSA-PSS: take another"
#endif

#ifndef MBEDTLS_SSL_TLS_C
#error "mbedTLS was built without TLS: MBEDTLS_SSL_TLS_C is needed"
#endif
#ifndef MBEDTLS_SSL_CLI_C
#error "mbedTLS was built without a TLS client: MBEDTLS_SSL_CLI_C is needed"
#endif
#if !defined(MBEDTLS_SSL_PROTO_TLS1_2) && !defined(MBEDTLS_SSL_PROTO_TLS1_3)
#error "mbedTLS has no TLS version: MBEDTLS_SSL_PROTO_TLS1_2 or _TLS1_3"
#endif
#ifndef MBEDTLS_X509_CRT_PARSE_C
#error "mbedTLS reads no certificates: MBEDTLS_X509_CRT_PARSE_C is needed"
#endif
#ifndef MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK
#error "anchors are looked up: MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK"
#endif
#ifndef MBEDTLS_SSL_SERVER_NAME_INDICATION
#error "load balancers want a name: MBEDTLS_SSL_SERVER_NAME_INDICATION"
#endif
#ifndef MBEDTLS_PSA_CRYPTO_C
#error "hashes and TLS 1.3 are PSA's: MBEDTLS_PSA_CRYPTO_C is needed"
#endif
#ifndef PSA_WANT_ALG_SHA_256
#error "requests are signed with SHA-256: PSA_WANT_ALG_SHA_256 is needed"
#endif
#ifndef PSA_WANT_ALG_GCM
#error "TLS's cipher suites are AES-GCM's alone: PSA_WANT_ALG_GCM is needed"
#endif

#include "mbedtls/ssl.h" /* the defaults of sizes */

/* A server's certificates come in one record, up to 16 KB of it; ours go out in
 * a ClientHello, which is one record as well. */
#if MBEDTLS_SSL_IN_CONTENT_LEN < 4096
#error "records of servers do not fit: MBEDTLS_SSL_IN_CONTENT_LEN"
#endif
#if MBEDTLS_SSL_OUT_CONTENT_LEN < 512
#error "a ClientHello does not fit: MBEDTLS_SSL_OUT_CONTENT_LEN"
#endif

#endif
