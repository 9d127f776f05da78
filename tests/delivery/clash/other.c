/*
 * other.c - a program's own mbedTLS, of another version and configuration, used
 * before and after user.c's cancel: a digest, random bytes, a TLS context that
 * is set up and freed. C and C++.
 */
#include <stdio.h>
#include <string.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/sha256.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>

/* FIPS 180-2, appendix B.1: of "abc" */
static const unsigned char of_abc[4] = {0xba, 0x78, 0x16, 0xbf};

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context drbg;
static mbedtls_ssl_config conf;
static mbedtls_ssl_context ssl;

static int set_up(void)
{
    mbedtls_ssl_conf_rng(&conf, mbedtls_ctr_drbg_random, &drbg);
    return mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL,
                                 0) ||
           mbedtls_ssl_config_defaults(&conf, MBEDTLS_SSL_IS_CLIENT,
                                       MBEDTLS_SSL_TRANSPORT_STREAM,
                                       MBEDTLS_SSL_PRESET_DEFAULT) ||
           mbedtls_ssl_setup(&ssl, &conf) ||
           mbedtls_ssl_set_hostname(&ssl, "other.example");
}

static void use(void)
{
    unsigned char hash[32] = {0};
    char version[18];
    int failed;

    mbedtls_version_get_string(version);
    mbedtls_sha256_ret((const unsigned char *)"abc", 3, hash, 0);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_ssl_config_init(&conf);
    mbedtls_ssl_init(&ssl);
    failed = set_up() || memcmp(hash, of_abc, sizeof of_abc) != 0;
    mbedtls_ssl_free(&ssl);
    mbedtls_ssl_config_free(&conf);
    mbedtls_ctr_drbg_free(&drbg);
    mbedtls_entropy_free(&entropy);
    printf("other mbedTLS %s: %s\n", version, failed ? "failed" : "works");
}

__attribute__((constructor)) static void before(void)
{
    use();
}

__attribute__((destructor)) static void after(void)
{
    use();
}
