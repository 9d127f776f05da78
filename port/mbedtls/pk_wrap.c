/* mbedTLS's pk_wrap.c, with tables that verify and do nothing else. Its own
 * lead to signing, decrypting and comparing with private keys, of which a
 * client without a certificate has none: 12 KB that nothing calls. An operation
 * that a table lacks is refused by pk.c (MBEDTLS_ERR_PK_TYPE_MISMATCH). */
#define mbedtls_rsa_info     whole_rsa_info
#define mbedtls_eckey_info   whole_eckey_info
#define mbedtls_eckeydh_info whole_eckeydh_info
#define mbedtls_ecdsa_info   whole_ecdsa_info
#include "library/pk_wrap.c"
#undef mbedtls_rsa_info
#undef mbedtls_eckey_info
#undef mbedtls_eckeydh_info
#undef mbedtls_ecdsa_info

const mbedtls_pk_info_t mbedtls_rsa_info = {
    .type = MBEDTLS_PK_RSA,
    .name = "RSA",
    .get_bitlen = rsa_get_bitlen,
    .can_do = rsa_can_do,
    .verify_func = rsa_verify_wrap,
    .ctx_alloc_func = rsa_alloc_wrap,
    .ctx_free_func = rsa_free_wrap,
};

const mbedtls_pk_info_t mbedtls_eckey_info = {
    .type = MBEDTLS_PK_ECKEY,
    .name = "EC",
    .get_bitlen = eckey_get_bitlen,
    .can_do = eckey_can_do,
    .verify_func = ecdsa_verify_wrap,
    .ctx_alloc_func = eckey_alloc_wrap,
    .ctx_free_func = eckey_free_wrap,
};

const mbedtls_pk_info_t mbedtls_eckeydh_info = {
    .type = MBEDTLS_PK_ECKEY_DH,
    .name = "EC_DH",
    .get_bitlen = eckey_get_bitlen,
    .can_do = eckeydh_can_do,
    .ctx_alloc_func = eckey_alloc_wrap,
    .ctx_free_func = eckey_free_wrap,
};

const mbedtls_pk_info_t mbedtls_ecdsa_info = {
    .type = MBEDTLS_PK_ECDSA,
    .name = "ECDSA",
    .get_bitlen = eckey_get_bitlen,
    .can_do = ecdsa_can_do,
    .verify_func = ecdsa_verify_wrap,
    .ctx_alloc_func = eckey_alloc_wrap,
    .ctx_free_func = eckey_free_wrap,
};
