/*
 * psa_config.h - which cryptography mbedTLS compiles, and on what platform.
 *
 * PSA is the interface (it is there in 3.6 and in 4.x); speed is bought where
 * it shows in a handshake and nowhere else. port/README.md has the figures.
 */
#ifndef CILP_PSA_CONFIG_H
#define CILP_PSA_CONFIG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "port/mbedtls/arena.h"

/* 4.x reads this as the configuration of TF-PSA-Crypto, 3.6 as half of its
 * own. Both know all that is not said to be of one. */
#ifdef TF_PSA_CRYPTO_VERSION_MAJOR
#define CILP_TLS_IS_4 1
#else
#define CILP_TLS_IS_4 0
#endif

/* ---- What is wanted ----------------------------------------------------- */

#define PSA_WANT_ALG_GCM      1 /* AEAD only */
#define PSA_WANT_KEY_TYPE_AES 1
#define PSA_WANT_ALG_SHA_256  1 /* TLS, certificates, SigV4 */
#ifdef CILP_TLS_SHA1
#define PSA_WANT_ALG_SHA_1 1 /* names of SSO's files, never a certificate */
#endif
#define PSA_WANT_ALG_SHA_384      1
#define PSA_WANT_ALG_SHA_512      1 /* corporate CAs sign so */
#define PSA_WANT_ALG_HMAC         1 /* inside HKDF and the PRF */
#define PSA_WANT_KEY_TYPE_HMAC    1
#define PSA_WANT_KEY_TYPE_DERIVE  1
#define PSA_WANT_ALG_HKDF_EXTRACT 1 /* TLS 1.3 key schedule */
#define PSA_WANT_ALG_HKDF_EXPAND  1
#ifndef CILP_TLS_13_ONLY
#define PSA_WANT_ALG_TLS12_PRF 1 /* TLS 1.2 key schedule */
#endif
#define PSA_WANT_ALG_ECDH                1
#define PSA_WANT_ALG_ECDSA               1 /* certificates, handshake */
#define PSA_WANT_ALG_RSA_PKCS1V15_SIGN   1 /* certificates, TLS 1.2 */
#define PSA_WANT_ALG_RSA_PSS             1 /* TLS 1.3 */
#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY 1 /* to 4096 bits */
#ifndef CILP_TLS_NO_X25519
#define PSA_WANT_ECC_MONTGOMERY_255 1 /* fastest */
#endif
#define PSA_WANT_ECC_SECP_R1_256 1 /* FIPS endpoints, ECDSA */
#define PSA_WANT_ECC_SECP_R1_384 1 /* Amazon Root CA 4 */
#ifdef CILP_TLS_P521
#define PSA_WANT_ECC_SECP_R1_521 1 /* corporate CAs have it */
#endif
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY        1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC    1 /* our ephemeral keys */
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT   1
#ifdef CILP_TLS_RSA_KEYS /* of client certificates */
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC  1
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT 1
#endif
#if CILP_TLS_IS_4 /* 4.0 does not build without them; nothing calls them */
#define PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_BASIC 1
#define PSA_WANT_ALG_RSA_PKCS1V15_CRYPT      1
#define PSA_WANT_ALG_RSA_OAEP                1
#endif

/* ---- How ---------------------------------------------------------------- */

#define MBEDTLS_PSA_CRYPTO_C
#if !CILP_TLS_IS_4
#define MBEDTLS_USE_PSA_CRYPTO /* one implementation of each */
#endif
/* One thread and no untrusted caller: no copies of inputs. Without it every
 * hash takes memory from the arena, with it none. */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS
/* A TLS 1.3 handshake uses five; three are for what goes on beside. */
#define MBEDTLS_PSA_KEY_SLOT_COUNT      (5 * CILP_TLS_STREAMS + 3)
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG /* cilp_port_entropy(), no DRBG */
#ifndef CILP_TLS_NO_ASSEMBLY
#define MBEDTLS_HAVE_ASM /* RSA: a sixth less */
#endif
#ifndef CILP_TLS_NO_X25519
#define MBEDTLS_ECDH_VARIANT_EVEREST_ENABLED /* X25519 in a third of the
                                                time, formally verified */
#endif
#define MBEDTLS_ECP_NIST_OPTIM /* ECDSA in a quarter */
#if SIZE_MAX == 0xFFFFFFFF
#define MBEDTLS_NO_UDBL_DIVISION /* by a third of libgcc's 700 bytes */
#endif
#if defined(CILP_TLS_NO_CURVE_TABLES)
#define MBEDTLS_ECP_FIXED_POINT_OPTIM \
    0 /* 9 to 12 KB less, and a third
         more of an ECDSA handshake */
#endif
#define MBEDTLS_AES_ROM_TABLES          /* flash for RAM ... */
#define MBEDTLS_AES_FEWER_TABLES        /* ... but not too much */
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT /* GCM only ever encrypts */
#define MBEDTLS_SHA256_SMALLER          /* 2 KB for 1.5 percent of an RSA
                                           handshake */
#define MBEDTLS_SHA512_SMALLER          /* no slower where it counts */
#define MBEDTLS_MD_C                    /* X.509 names hashes by it */
#define MBEDTLS_ASN1_PARSE_C            /* certificates */
#define MBEDTLS_ASN1_WRITE_C            /* ECDSA signatures via PSA */
#define MBEDTLS_PK_C                    /* keys of certificates */
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_DEPRECATED_REMOVED
#if !CILP_TLS_IS_4
#define MBEDTLS_OID_C
#endif

/* ---- On what platform --------------------------------------------------- */

#define MBEDTLS_PLATFORM_C
/* Every allocation passes ours/arena.c, which counts those that are refused.
 * With an arena, what the C library would give is never asked for, and mbedTLS's
 * own allocator neither: it clears all of its memory first, and puts a header of
 * eight words before each piece. */
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO cilp_tls_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO   cilp_tls_free
void *cilp_tls_calloc(size_t n, size_t size);
void cilp_tls_free(void *p);

/* No libc printf, no libc exit: newlib's bring malloc with them. Only helpers
 * that nothing here calls would print; exit is for a damaged arena. */
#define MBEDTLS_PLATFORM_SNPRINTF_MACRO          cilp_tls_no_snprintf
#define MBEDTLS_PLATFORM_VSNPRINTF_MACRO         cilp_tls_no_vsnprintf
#define MBEDTLS_PLATFORM_PRINTF_MACRO            cilp_tls_no_printf
#define MBEDTLS_PLATFORM_FPRINTF_MACRO           cilp_tls_no_fprintf
#define MBEDTLS_PLATFORM_EXIT_MACRO              cilp_tls_no_exit
#define MBEDTLS_PLATFORM_SETBUF_MACRO(file, buf) ((void)0)
int cilp_tls_no_snprintf(char *buf, size_t cap, const char *format, ...);
int cilp_tls_no_vsnprintf(char *buf, size_t cap, const char *format,
                          va_list args);
int cilp_tls_no_printf(const char *format, ...);
int cilp_tls_no_fprintf(void *file, const char *format, ...);
void cilp_tls_no_exit(int status);

/* No clock: certificate dates are judged by dates.h, by the time that the peer
 * struct carries. */

#endif
