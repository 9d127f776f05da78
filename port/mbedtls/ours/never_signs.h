/*
 * never_signs.h - a client that has no certificate, and so never signs. Put before
 * those files of mbedTLS 3.6 that would show one or sign by its key
 * (CILP_TLS_NEVER_SIGNS): there is no option of mbedTLS's for that, and the linker
 * cannot know it. 10 KB less.
 *
 * What verifies is not touched: a server that asks for a certificate gets an empty
 * list, as from any client that has none.
 */
#ifndef CILP_MBEDTLS_NEVER_SIGNS_H
#define CILP_MBEDTLS_NEVER_SIGNS_H

#include <ssl_misc.h>

#include <rsa_alt_helpers.h>
#include <rsa_internal.h>

/* TLS: mbedTLS asks here for what to show, and what to sign with. */
#define mbedtls_ssl_own_cert(ssl) ((mbedtls_x509_crt *)NULL)
#define mbedtls_ssl_own_key(ssl)  ((mbedtls_pk_context *)NULL)

/* PSA: a private key of RSA's is none that it can read, nor write. In the file that
 * has these functions (CILP_TLS_OWN_RSA): what a public key lacks is not looked for. */
#if !defined(CILP_TLS_OWN_RSA)
#define mbedtls_rsa_parse_key(...) MBEDTLS_ERR_RSA_BAD_INPUT_DATA
#define mbedtls_rsa_write_key(...) MBEDTLS_ERR_RSA_BAD_INPUT_DATA
#endif
#define mbedtls_rsa_deduce_primes(...)           MBEDTLS_ERR_RSA_BAD_INPUT_DATA
#define mbedtls_rsa_deduce_private_exponent(...) MBEDTLS_ERR_RSA_BAD_INPUT_DATA
#define mbedtls_rsa_deduce_crt(...)              MBEDTLS_ERR_RSA_BAD_INPUT_DATA

/* PK: its tables have NULL for what a kind of keys cannot do. These functions get
 * another name, by which nobody calls them, and theirs is NULL. */
enum {
    ecdsa_sign_wrap = 0,
    eckey_check_pair_wrap = 0,
    rsa_check_pair_wrap = 0,
    rsa_decrypt_wrap = 0,
    rsa_encrypt_wrap = 0,
    rsa_sign_wrap = 0
};
#define ecdsa_sign_wrap(...)       unused_ecdsa_sign(__VA_ARGS__)
#define eckey_check_pair_wrap(...) unused_eckey_check_pair(__VA_ARGS__)
#define rsa_check_pair_wrap(...)   unused_rsa_check_pair(__VA_ARGS__)
#define rsa_decrypt_wrap(...)      unused_rsa_decrypt(__VA_ARGS__)
#define rsa_encrypt_wrap(...)      unused_rsa_encrypt(__VA_ARGS__)
#define rsa_sign_wrap(...)         unused_rsa_sign(__VA_ARGS__)

#endif
