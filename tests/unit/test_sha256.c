/* SHA-256 as core sees it, against FIPS 180-4's examples; and, where the path
 * of a checkout is given in CILP_CONFORMANCE_DATA, NIST's CAVS files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/sha256.h"

static void check(const uint8_t *digest, const char *hex, const char *name)
{
    char got[2 * CILP_SHA256_LEN + 1];

    for (int i = 0; i < CILP_SHA256_LEN; i++)
        snprintf(got + 2 * i, 3, "%02x", digest[i]);
    if (strcmp(got, hex) != 0)
        print_error("row: %s\n", name);
    assert_string_equal(got, hex);
}

static const struct {
    const char *text;
    unsigned times;
    const char *hex;
} rows[] = {
    {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"a", 1000000,
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

static void digests_are_those_of_fips_180_4(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cilp_sha256 h = {0};
        uint8_t digest[CILP_SHA256_LEN];

        for (unsigned n = 0; n < rows[i].times; n++)
            cilp_sha256_add(&h, rows[i].text, strlen(rows[i].text));
        assert_true(cilp_sha256_end(&h, digest));
        check(digest, rows[i].hex, rows[i].text);
    }
}

static void any_split(void **state)
{
    const char *text = rows[3].text;
    size_t n = strlen(text);

    (void)state;
    for (size_t a = 0; a <= n; a++) {
        for (size_t b = a; b <= n; b++) {
            struct cilp_sha256 h = {0};
            uint8_t digest[CILP_SHA256_LEN];

            cilp_sha256_add(&h, text, a);
            cilp_sha256_add(&h, text + a, b - a);
            cilp_sha256_add(&h, text + b, n - b);
            assert_true(cilp_sha256_end(&h, digest));
            check(digest, rows[3].hex, "split");
        }
    }
}

static void nothing_added_is_the_empty_text(void **state)
{
    struct cilp_sha256 h = {0};
    uint8_t digest[CILP_SHA256_LEN];

    (void)state;
    cilp_sha256_add(&h, NULL, 0);
    assert_true(cilp_sha256_end(&h, digest));
    check(digest, rows[0].hex, "empty");
}

static void the_end_leaves_nothing_behind_and_starts_afresh(void **state)
{
    static const struct cilp_sha256 zero;
    struct cilp_sha256 h = {0};
    uint8_t digest[CILP_SHA256_LEN];

    (void)state;
    for (int i = 0; i < 2; i++) {
        cilp_sha256_add(&h, "abc", 3);
        assert_true(cilp_sha256_end(&h, digest));
        assert_memory_equal(&h, &zero, sizeof h);
        check(digest, rows[1].hex, "abc");
    }
}

/* Two at once, as HMAC and the canonical request have them. */
static void hashes_do_not_share_state(void **state)
{
    struct cilp_sha256 a = {0}, b = {0};
    uint8_t digest[CILP_SHA256_LEN];

    (void)state;
    cilp_sha256_add(&a, "ab", 2);
    cilp_sha256_add(&b, "", 0);
    cilp_sha256_add(&a, "c", 1);
    assert_true(cilp_sha256_end(&b, digest));
    check(digest, rows[0].hex, "b");
    assert_true(cilp_sha256_end(&a, digest));
    check(digest, rows[1].hex, "a");
}

static void a_failure_is_sticky_and_gives_zeros(void **state)
{
    static const uint8_t zeros[CILP_SHA256_LEN];
    struct cilp_sha256 h = {.failed = true};
    uint8_t digest[CILP_SHA256_LEN];

    (void)state;
    memset(digest, 0xff, sizeof digest);
    cilp_sha256_add(&h, "abc", 3);
    assert_false(cilp_sha256_end(&h, digest));
    assert_memory_equal(digest, zeros, sizeof zeros);
}

/* ---- NIST's files ------------------------------------------------------- */

static size_t from_hex(uint8_t *out, size_t cap, const char *hex)
{
    size_t n = 0;
    unsigned byte;

    while (n < cap && sscanf(hex + 2 * n, "%2x", &byte) == 1)
        out[n++] = (uint8_t)byte;
    return n;
}

static FILE *open_data(const char *name)
{
    const char *folder = getenv("CILP_CONFORMANCE_DATA");
    char path[4096];
    FILE *f;

    if (!folder || !*folder) {
        print_message("left out: CILP_CONFORMANCE_DATA is not set\n");
        return NULL;
    }
    snprintf(path, sizeof path, "%s/crypto/%s", folder, name);
    f = fopen(path, "r");
    if (!f)
        print_message("left out: no %s\n", path);
    return f;
}

static char line[120000];
static uint8_t msg[60000];

static unsigned run_messages(FILE *f)
{
    unsigned bits = 0, n = 0;
    size_t len = 0;

    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (sscanf(line, "Len = %u", &bits) == 1)
            continue;
        if (!strncmp(line, "Msg = ", 6))
            len = from_hex(msg, bits / 8, line + 6);
        if (!strncmp(line, "MD = ", 5)) {
            struct cilp_sha256 h = {0};
            uint8_t digest[CILP_SHA256_LEN];

            assert_int_equal(len, bits / 8);
            cilp_sha256_add(&h, msg, len);
            assert_true(cilp_sha256_end(&h, digest));
            check(digest, line + 5, "CAVS");
            n++;
        }
    }
    fclose(f);
    return n;
}

static void nist_messages(void **state)
{
    static const char *const files[] = {"SHA256ShortMsg.rsp",
                                        "SHA256LongMsg.rsp"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        FILE *f = open_data(files[i]);
        unsigned n;

        if (!f)
            skip();
        n = run_messages(f);
        assert_true(n > 60);
        print_message("%s: %u cases\n", files[i], n);
    }
}

/* Each digest is the start of the next thousand. */
static void one_count(uint8_t *seed)
{
    uint8_t md[4][CILP_SHA256_LEN];

    memcpy(md[0], seed, CILP_SHA256_LEN);
    memcpy(md[1], seed, CILP_SHA256_LEN);
    memcpy(md[2], seed, CILP_SHA256_LEN);
    for (int i = 0; i < 1000; i++) {
        struct cilp_sha256 h = {0};

        for (int k = 0; k < 3; k++)
            cilp_sha256_add(&h, md[k], CILP_SHA256_LEN);
        assert_true(cilp_sha256_end(&h, md[3]));
        memmove(md[0], md[1], 3 * CILP_SHA256_LEN);
    }
    memcpy(seed, md[3], CILP_SHA256_LEN);
}

static void nist_monte_carlo(void **state)
{
    FILE *f = open_data("SHA256Monte.rsp");
    uint8_t seed[CILP_SHA256_LEN];
    unsigned n = 0;

    (void)state;
    if (!f)
        skip();
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!strncmp(line, "Seed = ", 7))
            from_hex(seed, sizeof seed, line + 7);
        if (!strncmp(line, "MD = ", 5)) {
            one_count(seed);
            check(seed, line + 5, "Monte Carlo");
            n++;
        }
    }
    fclose(f);
    assert_int_equal(n, 100);
    print_message("SHA256Monte.rsp: %u cases\n", n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_fips_180_4),
        cmocka_unit_test(any_split),
        cmocka_unit_test(nothing_added_is_the_empty_text),
        cmocka_unit_test(the_end_leaves_nothing_behind_and_starts_afresh),
        cmocka_unit_test(hashes_do_not_share_state),
        cmocka_unit_test(a_failure_is_sticky_and_gives_zeros),
        cmocka_unit_test(nist_messages),
        cmocka_unit_test(nist_monte_carlo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
