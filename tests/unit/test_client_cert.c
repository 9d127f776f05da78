/* Client certificates: each kind of key in each form, what its key signs checked
 * by OpenSSL; bad input of all kinds, cut anywhere.
 *
 * Makes its certificates (tests/wire/identities.sh) in a folder of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "port/mbedtls/arena.h"
#include "port/mbedtls/client_cert.h"
#include "port/mbedtls/pem.h"
#include "port/mbedtls/private_key.h"

#include "psa/crypto.h"

static char folder[] = "/tmp/test_client_cert.XXXXXX";
static struct cilp_client_cert me;

/* ---- Files ------------------------------------------------------------------ */

struct text {
    char *p;
    size_t n;
};

static struct text file(const char *name)
{
    char path[256];
    struct text t = {calloc(1, 20000), 0};
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "r");
    assert_non_null(f);
    t.n = fread(t.p, 1, 20000, f);
    fclose(f);
    assert_in_range(t.n, 1, 19999);
    return t;
}

static void keep(const char *name, const void *p, size_t n)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    fclose(f);
}

/* In memory of just that size, which a sanitizer watches. The key is zeros when
 * it comes back. */
static const char *load_text(const char *cert, size_t cert_len, const char *key,
                             size_t key_len)
{
    char *c = malloc(cert_len + 1), *k = malloc(key_len + 1);
    const char *fault;

    memcpy(c, cert, cert_len);
    memcpy(k, key, key_len);
    c = realloc(c, cert_len ? cert_len : 1);
    k = realloc(k, key_len ? key_len : 1);
    fault = cilp_client_cert_load(&me, c, cert_len, k, key_len);
    for (size_t i = 0; i < key_len; i++)
        assert_int_equal(k[i], 0);
    free(c);
    free(k);
    return fault;
}

static const char *load(const char *cert, const char *key)
{
    struct text c = file(cert), k = file(key);
    const char *fault = load_text(c.p, c.n, k.p, k.n);

    free(c.p);
    free(k.p);
    return fault;
}

/* ---- Good ------------------------------------------------------------------- */

/* OpenSSL's word for a signature. */
static void check_signature(const char *kind)
{
    uint8_t hash[32], sig[CILP_X509_SIG_MAX];
    char command[1024];
    size_t n = 0;

    for (size_t i = 0; i < sizeof hash; i++)
        hash[i] = (uint8_t)(i * 7 + 1);
    assert_true(me.is.sign(&me.is, hash, sig, sizeof sig, &n));
    keep("hash", hash, sizeof hash);
    keep("sig", sig, n);
    snprintf(command, sizeof command,
             "cd %s && openssl pkeyutl -verify -pubin -inkey me-%s.pub -in hash"
             " -sigfile sig -pkeyopt digest:sha256 >/dev/null 2>&1",
             folder, kind);
    assert_int_equal(system(command), 0);
    assert_false(me.is.sign(&me.is, hash, sig, 60, &n));
    assert_int_equal(n, 0);
    for (size_t i = 0; i < 60; i++)
        assert_int_equal(sig[i], 0);
}

static void each_kind_in_each_form(void **state)
{
    static const struct {
        const char *kind, *key;
        enum cilp_x509_key is;
        const char *serial;
    } rows[] = {
        {"rsa", "me-rsa.key", CILP_X509_RSA,
         "fedcba9876543210fedcba9876543210fedcba98"},
        {"rsa", "me-rsa.pkcs1", CILP_X509_RSA,
         "fedcba9876543210fedcba9876543210fedcba98"},
        {"big", "me-big.key", CILP_X509_RSA, "00"},
        {"p256", "me-p256.key", CILP_X509_ECDSA, "80"},
        {"p256", "me-p256.sec1", CILP_X509_ECDSA, "80"},
        {"p256", "me-p256.params", CILP_X509_ECDSA, "80"},
        {"p384", "me-p384.key", CILP_X509_ECDSA, "0123456789abcdef"},
        {"p384", "me-p384.sec1", CILP_X509_ECDSA, "0123456789abcdef"},
        {"p521", "me-p521.key", CILP_X509_ECDSA, "05"},
        {"p521", "me-p521.sec1", CILP_X509_ECDSA, "05"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char cert[32], serial[41], name[48];
        const char *fault;

        snprintf(cert, sizeof cert, "me-%s.pem", rows[i].kind);
        fault = load(cert, rows[i].key);
        if (fault)
            fail_msg("%s: %s", rows[i].key, fault);
        assert_int_equal(me.is.key, rows[i].is);
        for (size_t j = 0; j < me.is.serial_len; j++)
            snprintf(serial + 2 * j, 3, "%02x", me.is.serial[j]);
        assert_string_equal(serial, rows[i].serial);
        /* its country is not told */
        snprintf(name, sizeof name, "\"O=Test, OU=Lab, CN=device %s\"",
                 rows[i].kind);
        assert_string_equal(me.subject, name);
        assert_true(me.until_s - me.from_s == 3000 * INT64_C(86400));
        assert_ptr_equal(me.is.chain, me.is.leaf + me.is.leaf_len);
        assert_in_range(me.is.chain_len, 300, 1000);
        check_signature(rows[i].kind);
        cilp_client_cert_end(&me);
    }
}

/* One file with both; a byte order mark, CRLF, words between; no chain. */
static void what_files_look_like(void **state)
{
    struct text c = file("me-p256.pem"), k = file("me-p256.key");
    char both[8000];
    size_t n = 0;

    (void)state;
    n = (size_t)snprintf(both, sizeof both, "\xef\xbb\xbf%.*s\nmy key:\n%.*s",
                         (int)k.n, k.p, (int)c.n, c.p);
    assert_null(load_text(both, n, both, n));
    cilp_client_cert_end(&me);
    n = 0;
    for (size_t i = 0; i < c.n; i++) {
        if (c.p[i] == '\n')
            both[n++] = '\r';
        both[n++] = c.p[i];
    }
    assert_null(load_text(both, n, k.p, k.n));
    cilp_client_cert_end(&me);
    n = (size_t)(strstr(c.p, "-----END CERTIFICATE-----") + 25 - c.p);
    assert_null(load_text(c.p, n, k.p, k.n));
    assert_null(me.is.chain);
    assert_int_equal(me.is.chain_len, 0);
    cilp_client_cert_end(&me);
    free(c.p);
    free(k.p);
}

static mbedtls_svc_key_id_t key_of_board(size_t bits, psa_key_usage_t usage,
                                         psa_algorithm_t alg)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    mbedtls_svc_key_id_t id = MBEDTLS_SVC_KEY_ID_INIT;

    psa_set_key_type(&a, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&a, bits);
    psa_set_key_usage_flags(&a, usage);
    psa_set_key_algorithm(&a, alg);
    assert_true(cilp_arena_start());
    assert_int_equal(psa_generate_key(&a, &id), PSA_SUCCESS);
    return id;
}

/* The key of the second certificate, by its id. */
static void a_key_that_psa_has(void **state)
{
    struct text c = file("me-p256.der"), pem = file("me-p256.pem");
    struct cilp_client_cert other;
    mbedtls_svc_key_id_t id;

    (void)state;
    assert_null(load("me-p256.pem", "me-p256.key"));
    other = me;
    assert_null(cilp_client_cert_use(&me, c.p, c.n, other.key));
    assert_null(me.is.chain);
    check_signature("p256");
    cilp_client_cert_end(&me);
    assert_null(cilp_client_cert_use(&me, pem.p, pem.n, other.key));
    assert_non_null(me.is.chain);
    check_signature("p256"); /* it is still there */
    cilp_client_cert_end(&me);
    cilp_client_cert_end(&other);

    assert_string_equal(cilp_client_cert_use(&me, c.p, c.n, 4711),
                        "is not there: PSA has none by this id");
    assert_true(me.is_key_fault);
    id = key_of_board(256, PSA_KEY_USAGE_SIGN_HASH,
                      PSA_ALG_ECDSA(PSA_ALG_ANY_HASH));
    assert_non_null(strstr(cilp_client_cert_use(&me, c.p, c.n, id),
                           "does not belong to the private key"));
    assert_false(me.is_key_fault);
    psa_destroy_key(id);
    id = key_of_board(256, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
    assert_string_equal(cilp_client_cert_use(&me, c.p, c.n, id),
                        "may not sign hashes (PSA_KEY_USAGE_SIGN_HASH)");
    psa_destroy_key(id);
    free(c.p);
    free(pem.p);
}

static void dates(void **state)
{
    (void)state;
    assert_null(load("me-old.pem", "me-p256.key"));
    assert_int_equal(me.from_s, 1577836800);
    assert_int_equal(me.until_s, 1609459200);
    assert_string_equal(cilp_client_cert_dates(&me, 1577836799),
                        "is not valid yet");
    assert_null(cilp_client_cert_dates(&me, 1577836800));
    assert_null(cilp_client_cert_dates(&me, 1609459200));
    assert_string_equal(cilp_client_cert_dates(&me, 1609459201), "has expired");
    cilp_client_cert_end(&me);
}

/* ---- Bad -------------------------------------------------------------------- */

static void faults(void **state)
{
    static const struct {
        const char *cert, *key, *fault;
        bool is_key;
    } rows[] = {
        {"me-p256.pem", "me-locked.key", "is encrypted", true},
        {"me-rsa.pem", "me-locked.pkcs1", "is encrypted", true},
        {"me-p256.pem", "me-p256.pem", "is not there: no -----BEGIN PRIV",
         true},
        {"me-p256.key", "me-p256.key", "is not there: no -----BEGIN CERT",
         false},
        {"me-p256.der", "me-p256.key", "is not there: no -----BEGIN CERT",
         false},
        {"me-p256.pem", "me-p384.key", "does not belong to the private", false},
        {"me-rsa.pem", "me-big.key", "does not belong to the private", false},
        {"me-rsa.pem", "me-p256.key", "does not belong to the private", false},
        {"me-middle.pem", "me-p256.key", "does not belong to the private",
         false},
        {"me-ed.pem", "me-ed.key", "is of a kind that cannot be used", true},
        {"me-k256.pem", "me-k256.key", "is of a kind that cannot be used",
         true},
        {"me-ed.pem", "me-p256.key", "has a key of a kind that is not", false},
        {"me-weak.pem", "me-weak.key", "is of a kind that cannot be used",
         true},
        {"me-weak.pem", "me-weak.pkcs1", "is of a kind that cannot be", true},
        {"me-p256.pem", "me-explicit.key", "is of a kind that cannot be", true},
        {"me-p256.pem", "me-explicit.sec1", "is of a kind that cannot", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *fault = load(rows[i].cert, rows[i].key);

        if (!fault || strncmp(fault, rows[i].fault, strlen(rows[i].fault)) ||
            me.is_key_fault != rows[i].is_key)
            fail_msg("%s, %s: %s", rows[i].cert, rows[i].key,
                     fault ? fault : "good");
    }
}

#define BEGIN(what) "-----BEGIN " what "-----\n"
#define END(what)   "-----END " what "-----\n"

static void broken_texts(void **state)
{
    static const struct {
        const char *cert, *key, *fault;
    } rows[] = {
        {"", NULL, "is not there: no -----BEGIN CERTIFICATE"},
        {BEGIN("CERTIFICATE") "MIIB", NULL, "has no -----END-----"},
        {BEGIN("CERTIFICATE") "MIIB\n" END("PRIVATE KEY"), NULL,
         "has no -----END"},
        {BEGIN("CERTIFICATE") "M;IB\n" END("CERTIFICATE"), NULL,
         "is not base64"},
        {BEGIN("CERTIFICATE") "MIIBA\n" END("CERTIFICATE"), NULL,
         "is not base64"},
        {BEGIN("CERTIFICATE") "MI=B\n" END("CERTIFICATE"), NULL,
         "is not base64"},
        {BEGIN("CERTIFICATE") "\n" END("CERTIFICATE"), NULL, "is not base64"},
        {BEGIN("CERTIFICATE") "MIIB\n" END("CERTIFICATE"), NULL,
         "is malformed"},
        {BEGIN("CERTIFICATE") "MAA=\n" END("CERTIFICATE"), "me-p256.key",
         "is malformed"},
    };
    struct text c = file("me-p256.pem"), k = file("me-p256.key");

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *fault =
            load_text(rows[i].cert, strlen(rows[i].cert), k.p, k.n);

        if (!fault || strncmp(fault, rows[i].fault, strlen(rows[i].fault)))
            fail_msg("%zu: %s", i, fault ? fault : "good");
    }
    for (size_t i = 1; i < sizeof rows / sizeof rows[0] - 1; i++) {
        char key[200], *at;
        const char *fault;

        snprintf(key, sizeof key, "%s", rows[i].cert);
        while ((at = strstr(key, "CERTIFICATE")))
            memcpy(at, "PRIVATE KEY", 11);
        if (i == 2)
            memcpy(strstr(key, "END P"), "END X", 5);
        fault = load_text(c.p, c.n, key, strlen(key));
        if (!fault || strncmp(fault, rows[i].fault, strlen(rows[i].fault)))
            fail_msg("key %zu: %s", i, fault ? fault : "good");
        assert_true(me.is_key_fault);
    }
    assert_non_null(
        strstr(load_text(c.p, c.n, BEGIN("OPENSSH PRIVATE KEY"), 36),
               "OpenSSH's own kind"));
    assert_non_null(
        strstr(load_text(c.p, c.n, BEGIN("DSA PRIVATE KEY"), 32), "is of DSA"));
    free(c.p);
    free(k.p);
}

static void too_many_certificates(void **state)
{
    struct text c = file("me-p256.pem"), m = file("me-middle.pem"),
                k = file("me-p256.key");
    static char all[30000];
    size_t n = c.n;

    (void)state;
    memcpy(all, c.p, c.n);
    while (n < CILP_CLIENT_CERT_MAX / 3 * 4 + 1500) {
        memcpy(all + n, m.p, m.n);
        n += m.n;
    }
    assert_non_null(strstr(load_text(all, n, k.p, k.n), "longer than 8192"));
    free(c.p);
    free(m.p);
    free(k.p);
}

/* ---- Cut, and changed ---------------------------------------------------------- */

static void cut_anywhere(void **state)
{
    static const char *const keys[] = {"me-p256.key", "me-p256.sec1",
                                       "me-rsa.pkcs1", "me-locked.pkcs1"};
    struct text c = file("me-p256.pem"), k = file("me-p256.key");
    size_t whole;

    (void)state;
    whole = (size_t)(strstr(c.p, "-----END CERTIFICATE-----") + 25 - c.p);
    for (size_t n = 0; n < whole; n++)
        assert_non_null(load_text(c.p, n, k.p, k.n));
    free(k.p);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        k = file(keys[i]);
        for (size_t n = 0; n + 6 < k.n; n++)
            assert_non_null(load_text(c.p, c.n, k.p, n));
        free(k.p);
    }
    free(c.p);
}

/* Whatever stands in a key: no memory is left, none is read that is not its. */
static void keys_cut_and_changed(void **state)
{
    static const struct {
        const char *name;
        enum cilp_private_key_form form;
    } rows[] = {{"me-p256.key", CILP_PRIVATE_KEY_PKCS8},
                {"me-p384.sec1", CILP_PRIVATE_KEY_SEC1},
                {"me-rsa.key", CILP_PRIVATE_KEY_PKCS8}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text k = file(rows[i].name);
        const char *p = k.p;
        struct cilp_pem_block b;
        uint8_t der[2000];
        size_t len, left = k.n;

        assert_true(cilp_pem_next(&p, &left, &b));
        len = cilp_pem_decode(&b, der, sizeof der);
        assert_in_range(len, 100, sizeof der);
        for (size_t n = 0; n < len + 60; n++) { /* then changes of its head */
            size_t have = n < len ? n : len;
            uint8_t *copy = malloc(have ? have : 1);
            mbedtls_svc_key_id_t id;

            memcpy(copy, der, have);
            if (n >= len)
                copy[n - len] ^= (uint8_t)(1u << n % 8);
            if (!cilp_private_key_import(rows[i].form, copy, have, &id)) {
                assert_true(n >= len);
                assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
            }
            free(copy);
        }
        free(k.p);
    }
    assert_null(load("me-p256.pem", "me-p256.key")); /* slots are left */
    cilp_client_cert_end(&me);
}

/* After the end there is no key, and nothing of it. */
static void ended(void **state)
{
    uint8_t hash[32] = {1}, sig[CILP_X509_SIG_MAX];
    struct cilp_client_cert copy;
    size_t n;

    (void)state;
    assert_null(load("me-p256.pem", "me-p256.key"));
    copy = me;
    cilp_client_cert_end(&me);
    for (size_t i = 0; i < sizeof me; i++)
        assert_int_equal(((const uint8_t *)&me)[i], 0);
    assert_false(copy.is.sign(&copy.is, hash, sig, sizeof sig, &n));
    cilp_client_cert_end(&me);
}

/* ---- All -------------------------------------------------------------------- */

static int make(void **state)
{
    char command[512];

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(command, sizeof command, "sh %s/tests/wire/identities.sh %s",
             CILP_ROOT, folder);
    return system(command) || !cilp_arena_start();
}

static int clear(void **state)
{
    char command[512];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_in_each_form),
        cmocka_unit_test(what_files_look_like),
        cmocka_unit_test(a_key_that_psa_has),
        cmocka_unit_test(dates),
        cmocka_unit_test(faults),
        cmocka_unit_test(broken_texts),
        cmocka_unit_test(too_many_certificates),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(keys_cut_and_changed),
        cmocka_unit_test(ended),
    };

    return cmocka_run_group_tests(tests, make, clear);
}
