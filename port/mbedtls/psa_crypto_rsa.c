/* mbedTLS's psa_crypto_rsa.c for public keys alone. PSA_WANT_..._RSA_KEY_PAIR
 * is off, but its import and its export tell private keys at run time, and so
 * the readers, writers and checks of those are linked. Here they are refused
 * as what the configuration does not support. */
#include "common.h"

#include "mbedtls/error.h"
#include "mbedtls/rsa.h"
#include "psa/crypto.h"
#include "rsa_internal.h"

#define mbedtls_rsa_parse_key(rsa, key, size) \
    MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED
#define mbedtls_rsa_write_key(rsa, start, p) \
    MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED
#include "library/psa_crypto_rsa.c"
