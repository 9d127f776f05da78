/* mbedTLS's pk.c for keys that verify: see pk_wrap.c. What TLS 1.3 would sign
 * a client's certificate with is refused, here too. */
#include "common.h"

#include "mbedtls/pk.h"
#include "pk_wrap.h"
#include "psa/crypto.h"

#define psa_sign_hash(key, alg, hash, hash_size, sig, size, length) \
    PSA_ERROR_NOT_SUPPORTED
#define mbedtls_pk_psa_rsa_sign_ext(alg, rsa, hash, hash_size, sig, size, \
                                    length)                               \
    MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE
#include "library/pk.c"
