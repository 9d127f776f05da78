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
#include <time.h>

/* ---- What is wanted ----------------------------------------------------- */

#define PSA_WANT_ALG_GCM      1 /* AEAD only */
#define PSA_WANT_KEY_TYPE_AES 1
#define PSA_WANT_ALG_SHA_256  1 /* TLS, certificates, SigV4 */
#ifdef CILP_TLS_SHA1
#define PSA_WANT_ALG_SHA_1 1 /* names of SSO's files, never a certificate */
#endif
#define PSA_WANT_ALG_SHA_384                    1
#define PSA_WANT_ALG_SHA_512                    1 /* corporate CAs sign so */
#define PSA_WANT_ALG_HMAC                       1 /* inside HKDF and the PRF */
#define PSA_WANT_KEY_TYPE_HMAC                  1
#define PSA_WANT_KEY_TYPE_DERIVE                1
#define PSA_WANT_ALG_HKDF_EXTRACT               1 /* TLS 1.3 key schedule */
#define PSA_WANT_ALG_HKDF_EXPAND                1
#define PSA_WANT_ALG_TLS12_PRF                  1 /* TLS 1.2 key schedule */
#define PSA_WANT_ALG_ECDH                       1
#define PSA_WANT_ALG_ECDSA                      1 /* certificates, handshake */
#define PSA_WANT_ALG_RSA_PKCS1V15_SIGN          1 /* certificates, TLS 1.2 */
#define PSA_WANT_ALG_RSA_PSS                    1 /* TLS 1.3 */
#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY        1 /* to 4096 bits */
#define PSA_WANT_ECC_MONTGOMERY_255             1 /* X25519: fastest */
#define PSA_WANT_ECC_SECP_R1_256                1 /* FIPS endpoints, ECDSA */
#define PSA_WANT_ECC_SECP_R1_384                1 /* Amazon Root CA 4 */
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY        1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC    1 /* our ephemeral keys */
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT   1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT   1

/* ---- How ---------------------------------------------------------------- */

#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_USE_PSA_CRYPTO /* one implementation of each */
/* One thread and no untrusted caller: no copies of inputs. Without it every
 * hash takes memory from the arena, with it none. */
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS
#define MBEDTLS_PSA_KEY_SLOT_COUNT           8 /* a TLS 1.3 handshake uses 5 */
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG      /* cilp_port_entropy(), no DRBG */
#define MBEDTLS_HAVE_ASM                     /* RSA: a sixth less */
#define MBEDTLS_ECDH_VARIANT_EVEREST_ENABLED /* X25519 in a third of the
                                                  time, formally verified */
#define MBEDTLS_ECP_NIST_OPTIM               /* ECDSA in a quarter */
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
#define MBEDTLS_OID_C

/* ---- On what platform --------------------------------------------------- */

#define MBEDTLS_PLATFORM_C
/* Memory is one static arena (arena.h). What the C library would give until
 * the arena is set, and instead of it, is nothing. */
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C
#define MBEDTLS_MEMORY_ALIGN_MULTIPLE \
    8 /* its 4 is less than a uint64_t or a
                                             64-bit pointer needs */
#define MBEDTLS_PLATFORM_STD_CALLOC cilp_tls_no_calloc
#define MBEDTLS_PLATFORM_STD_FREE   cilp_tls_no_free
void *cilp_tls_no_calloc(size_t n, size_t size);
void cilp_tls_no_free(void *p);

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

/* Certificate dates are judged by the time that the peer struct carries, not
 * by a clock that mbedTLS reads for itself: platform.c. */
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE
#define MBEDTLS_PLATFORM_TIME_MACRO cilp_tls_time
#define MBEDTLS_PLATFORM_MS_TIME_ALT
#define MBEDTLS_PLATFORM_GMTIME_R_ALT /* newlib's wants a time zone */
time_t cilp_tls_time(time_t *t);

#endif
