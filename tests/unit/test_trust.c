/* Trust anchors: the built-in roots, and PEM bundles good and bad, cut up in
 * every way. Bundles are made from the built-in roots. */
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
#include "core/text.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/trust.h"

#include "mbedtls/platform.h"
#include "mbedtls/x509_crt.h"

/* ---- A bundle in memory ------------------------------------------------- */

struct flash {
    struct cilp_trust_reader reader;
    const char *text;
    size_t len, at, piece; /* piece: most bytes of one read */
    unsigned rewinds;
    size_t fail_at; /* reading fails from here; 0: never */
};

static bool flash_rewind(struct cilp_trust_reader *r)
{
    struct flash *f = (struct flash *)r;

    f->at = 0;
    f->rewinds++;
    return f->text != NULL;
}

static size_t flash_read(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    struct flash *f = (struct flash *)r;
    size_t n = f->len - f->at;

    if (f->fail_at > 0 && f->at >= f->fail_at)
        return CILP_TRUST_READ_FAILED;
    n = n < cap ? n : cap;
    n = n < f->piece ? n : f->piece;
    memcpy(p, f->text + f->at, n);
    f->at += n;
    return n;
}

static struct flash flash_of(const char *text)
{
    return (struct flash){{flash_rewind, flash_read},
                          text,
                          text ? strlen(text) : 0,
                          0,
                          SIZE_MAX,
                          0,
                          0};
}

/* ---- Making PEM --------------------------------------------------------- */

static char text[800000];
static size_t text_len;

static void add(const char *s)
{
    size_t n = strlen(s);

    assert_true(text_len + n < sizeof text);
    memcpy(text + text_len, s, n + 1);
    text_len += n;
}

/* The base64 of p, in lines of `width` digits, each ended by `eol`. */
static void add_base64(const uint8_t *p, size_t n, size_t width,
                       const char *eol)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t col = 0;

    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 |
                     (uint32_t)(i + 1 < n ? p[i + 1] : 0) << 8 |
                     (uint32_t)(i + 2 < n ? p[i + 2] : 0);
        char four[5] = {digits[v >> 18], digits[v >> 12 & 63],
                        i + 1 < n ? digits[v >> 6 & 63] : '=',
                        i + 2 < n ? digits[v & 63] : '=', 0};

        add(four);
        col += 4;
        if (col >= width) {
            add(eol);
            col = 0;
        }
    }
    if (col > 0)
        add(eol);
}

static void add_block(const char *label, const uint8_t *p, size_t n,
                      size_t width, const char *eol)
{
    add("-----BEGIN ");
    add(label);
    add("-----");
    add(eol);
    add_base64(p, n, width, eol);
    add("-----END ");
    add(label);
    add("-----");
    add(eol);
}

static void add_root(size_t i)
{
    add_block("CERTIFICATE", cilp_trust_roots[i].der, cilp_trust_roots[i].len,
              64, "\n");
}

/* The same with another signature: of the same name, and another one. */
static void add_root_like(size_t i, size_t nth)
{
    static uint8_t der[CILP_TRUST_CERT_MAX];
    size_t n = cilp_trust_roots[i].len;

    memcpy(der, cilp_trust_roots[i].der, n);
    der[n - 1] = (uint8_t)nth;
    der[n - 2] = (uint8_t)(nth >> 8);
    add_block("CERTIFICATE", der, n, 64, "\n");
}

static void fresh(void)
{
    text_len = 0;
    text[0] = '\0';
}

/* ---- Asking ------------------------------------------------------------- */

/* A certificate of which nothing is known but who issued it: root i, or
 * nobody. */
static mbedtls_x509_crt child_of(size_t i)
{
    static uint8_t nobody[] = {0x30, 0x02, 0x31, 0x00};
    mbedtls_x509_crt c;

    mbedtls_x509_crt_init(&c);
    c.issuer_raw.p = nobody;
    c.issuer_raw.len = sizeof nobody;
    if (i < cilp_trust_roots_count) {
        c.issuer_raw.p = (unsigned char *)cilp_trust_roots[i].der +
                         cilp_trust_roots[i].subject_at;
        c.issuer_raw.len = cilp_trust_roots[i].subject_len;
    }
    return c;
}

static unsigned count_and_free(mbedtls_x509_crt *list)
{
    unsigned n = 0;

    for (mbedtls_x509_crt *c = list; c; c = c->next)
        n++;
    mbedtls_x509_crt_free(list);
    mbedtls_free(list);
    return n;
}

/* How many anchors `t` offers for a child of root i; -1: an error. */
static int offered(struct cilp_trust *t, size_t i)
{
    mbedtls_x509_crt child = child_of(i), *found;
    int n;

    if (t->ops->find(t, &child, &found) != 0) {
        count_and_free(found);
        return -1;
    }
    n = (int)count_and_free(found);
    assert_int_equal(n, t->offered);
    return n;
}

static struct cilp_trust_bundle bundle;

static int ask(struct flash *f, size_t i)
{
    int n;

    cilp_trust_init_bundle(&bundle, &f->reader);
    n = offered(&bundle.trust, i);
    bundle.trust.ops->done(&bundle.trust);
    return n;
}

static void check_counts(size_t want_seen, size_t want_bad)
{
    size_t seen, bad;

    cilp_trust_bundle_count(&bundle, &seen, &bad);
    assert_int_equal(seen, want_seen);
    assert_int_equal(bad, want_bad);
}

/* ---- The built-in roots ------------------------------------------------- */

static void roots_are_the_ones_amazon_publishes(void **state)
{
    static const char *const hex[] = {
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    };

    (void)state;
    assert_int_equal(cilp_trust_roots_count, 5);
    for (size_t i = 0; i < cilp_trust_roots_count; i++) {
        struct cilp_sha256 h = {0};
        uint8_t digest[CILP_SHA256_LEN];
        char got[2 * CILP_SHA256_LEN + 1];

        cilp_sha256_add(&h, cilp_trust_roots[i].der, cilp_trust_roots[i].len);
        assert_true(cilp_sha256_end(&h, digest));
        for (int k = 0; k < CILP_SHA256_LEN; k++)
            snprintf(got + 2 * k, 3, "%02x", digest[k]);
        assert_string_equal(got, hex[i]);
    }
    assert_int_equal(strlen(cilp_trust_roots_date), 10);
}

/* As mbedTLS reads them: the day on which the first of them ends. */
static void the_roots_say_until_when_they_last(void **state)
{
    char first[] = "9999-99-99", end[40];

    (void)state;
    for (size_t i = 0; i < cilp_trust_roots_count; i++) {
        struct mbedtls_x509_crt *root = NULL;

        assert_int_equal(cilp_trust_add(&root, cilp_trust_roots[i].der,
                                        cilp_trust_roots[i].len),
                         CILP_TRUST_OK);
        snprintf(end, sizeof end, "%04d-%02d-%02d", root->valid_to.year,
                 root->valid_to.mon, root->valid_to.day);
        if (strcmp(end, first) < 0)
            memcpy(first, end, sizeof first);
        count_and_free(root);
    }
    assert_string_equal(cilp_trust_roots_until, first);
}

static void every_root_is_found_by_its_name_and_no_other(void **state)
{
    struct cilp_trust t;

    (void)state;
    cilp_trust_init_roots(&t);
    for (size_t i = 0; i < cilp_trust_roots_count; i++)
        assert_int_equal(offered(&t, i), 1);
    assert_int_equal(offered(&t, 99), 0);
    t.ops->done(&t);
}

/* The position in roots.c is the one mbedTLS finds by parsing. */
static void positions_of_subjects_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < cilp_trust_roots_count; i++) {
        const struct cilp_trust_root *r = &cilp_trust_roots[i];
        mbedtls_x509_crt *list = NULL;

        assert_int_equal(cilp_trust_add(&list, r->der, r->len), CILP_TRUST_OK);
        assert_ptr_equal(list->subject_raw.p, r->der + r->subject_at);
        assert_int_equal(list->subject_raw.len, r->subject_len);
        count_and_free(list);
    }
}

static void names_are_compared_without_case_and_string_type(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"", "", true},
        {"\x13\x03"
         "Foo",
         "\x0c\x03"
         "fOO",
         true},
        {"\x13\x03"
         "Foo",
         "\x13\x03"
         "Fop",
         false},
        {"\x13\x03"
         "Foo",
         "\x13\x03"
         "Fo",
         false},
        {"\x13\x03"
         "Foo",
         "\x14\x03"
         "Foo",
         false},
        {"@", "`", false},
        {"[", "{", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(cilp_trust_name_may_equal(
                             (const uint8_t *)rows[i].a, strlen(rows[i].a),
                             (const uint8_t *)rows[i].b, strlen(rows[i].b)),
                         rows[i].equal);
}

/* ---- Good bundles ------------------------------------------------------- */

static void every_certificate_of_a_bundle_is_found(void **state)
{
    struct flash f;

    (void)state;
    fresh();
    for (size_t i = 0; i < cilp_trust_roots_count; i++)
        add_root(i);
    f = flash_of(text);
    for (size_t i = 0; i < cilp_trust_roots_count; i++) {
        assert_int_equal(ask(&f, i), 1);
        check_counts(5, 0);
    }
    assert_int_equal(ask(&f, 99), 0);
    check_counts(5, 0);
}

static void shapes_that_openssl_takes_are_taken(void **state)
{
    static const struct {
        const char *label, *eol, *before, *after;
        size_t width;
    } rows[] = {
        {"CERTIFICATE", "\n", "", "", 64},
        {"CERTIFICATE", "\r\n", "", "", 64},
        {"CERTIFICATE", "\n", "", "", 76},
        {"CERTIFICATE", "\n", "", "", 4},
        {"CERTIFICATE", "\n", "", "", 1 << 20},
        {"CERTIFICATE", " \t\n", "", "", 64},
        {"X509 CERTIFICATE", "\n", "", "", 64},
        {"CERTIFICATE", "\n", "# Amazon\nsubject=/CN=x\n\n", "\n\n", 64},
        {"CERTIFICATE", "\n", "-\n--\n-----\n-----BEGIN\n", "-----END ", 64},
        /* In the same line, as editors and concatenation leave it. */
        {"CERTIFICATE", "\n", "\xef\xbb\xbf", "\xef\xbb\xbf", 64},
        {"CERTIFICATE", "\n", "  ", "\t", 64},
        {"CERTIFICATE", "\n",
         "ca-file - of 40 bytes or more before the mark: ", "", 64},
        {"CERTIFICATE", "\n",
         "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
         "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", 64},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct flash f;

        fresh();
        add(rows[i].before);
        for (size_t k = 0; k < 3; k++) {
            add_block(rows[i].label, cilp_trust_roots[k].der,
                      cilp_trust_roots[k].len, rows[i].width, rows[i].eol);
            add(rows[i].after);
            if (k < 2)
                add("\n");
        }
        f = flash_of(text);
        assert_int_equal(ask(&f, 1), 1);
        check_counts(3, 0);
        assert_int_equal(ask(&f, 2), 1);
    }
}

static void the_last_line_may_lack_its_end(void **state)
{
    struct flash f;

    (void)state;
    fresh();
    add_root(3);
    text[--text_len] = '\0';
    f = flash_of(text);
    assert_int_equal(ask(&f, 3), 1);
    check_counts(1, 0);
}

static void every_certificate_of_the_wanted_name_is_offered(void **state)
{
    struct flash f;

    (void)state;
    fresh();
    for (size_t i = 0; i < 3; i++) {
        add_root_like(2, i);
        add_root(0);
    }
    f = flash_of(text);
    assert_int_equal(ask(&f, 2), 3);
}

/* A bundle made of several has the same roots again and again. */
static void a_certificate_that_comes_again_costs_nothing(void **state)
{
    struct flash f;
    size_t before;

    (void)state;
    fresh();
    add_root(1);
    f = flash_of(text);
    assert_int_equal(ask(&f, 1), 1);
    before = cilp_arena_high_water();
    for (int i = 0; i < 300; i++)
        add_root(1);
    f = flash_of(text);
    assert_int_equal(ask(&f, 1), 1);
    check_counts(301, 0);
    assert_int_equal(cilp_arena_high_water(), before);
}

static void one_scan_serves_the_whole_chain(void **state)
{
    mbedtls_x509_crt leaf = child_of(99), middle = child_of(1), *found;
    struct cilp_trust *t = &bundle.trust;
    struct flash f;

    (void)state;
    fresh();
    add_root(0);
    add_root(1);
    f = flash_of(text);
    cilp_trust_init_bundle(&bundle, &f.reader);
    leaf.next = &middle;
    assert_int_equal(t->ops->find(t, &leaf, &found), 0);
    assert_int_equal(count_and_free(found), 0);
    assert_int_equal(t->ops->find(t, &middle, &found), 0);
    assert_int_equal(count_and_free(found), 1);
    assert_int_equal(t->ops->find(t, &middle, &found), 0);
    assert_int_equal(count_and_free(found), 1);
    assert_int_equal(f.rewinds, 1);
    t->ops->done(t);
    assert_int_equal(offered(t, 0), 1);
    assert_int_equal(f.rewinds, 2);
    t->ops->done(t);
}

static void nothing_stays_in_the_arena(void **state)
{
    struct flash f;

    (void)state;
    fresh();
    for (size_t i = 0; i < cilp_trust_roots_count; i++)
        add_root(i);
    f = flash_of(text);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(ask(&f, 1), 1);
}

/* ---- Bad ones ----------------------------------------------------------- */

/* A bad block (made by `make`) before and behind a good one: the good one is
 * found all the same, the bad ones are counted. */
static void check_bad(void (*make)(void), unsigned seen_each)
{
    struct flash f;

    fresh();
    make();
    add_root(0);
    make();
    f = flash_of(text);
    assert_int_equal(ask(&f, 0), 1);
    check_counts(1 + 2 * seen_each, 2 * seen_each);
}

static void no_base64(void)
{
    add("-----BEGIN CERTIFICATE-----\nMII!AAAA\n-----END CERTIFICATE-----\n");
}

static void empty_block(void)
{
    add("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
}

static void no_der(void)
{
    add("-----BEGIN CERTIFICATE-----\nAAAAAAAA\n-----END CERTIFICATE-----\n");
}

static void cut_short(void)
{
    add_block("CERTIFICATE", cilp_trust_roots[0].der, 300, 64, "\n");
}

static void cut_before_its_subject(void)
{
    add_block("CERTIFICATE", cilp_trust_roots[0].der, 100, 64, "\n");
}

static void too_long_by_a_byte(void)
{
    uint8_t der[1024];

    memcpy(der, cilp_trust_roots[0].der, cilp_trust_roots[0].len);
    der[cilp_trust_roots[0].len] = 0;
    add_block("CERTIFICATE", der, cilp_trust_roots[0].len + 1u, 64, "\n");
}

static void pads_too_many(void)
{
    add("-----BEGIN CERTIFICATE-----\n");
    add_base64(cilp_trust_roots[0].der, cilp_trust_roots[0].len / 3u * 3u, 64,
               "\n");
    add("=\n-----END CERTIFICATE-----\n");
}

static void digits_behind_pads(void)
{
    add("-----BEGIN CERTIFICATE-----\nMA==AAAA\n-----END CERTIFICATE-----\n");
}

static void without_an_end(void)
{
    add("-----BEGIN CERTIFICATE-----\n");
    add_base64(cilp_trust_roots[0].der, cilp_trust_roots[0].len, 64, "\n");
}

static void with_the_wrong_end(void)
{
    add("-----BEGIN CERTIFICATE-----\n");
    add_base64(cilp_trust_roots[0].der, cilp_trust_roots[0].len, 64, "\n");
    add("-----END X509 CRL-----\n");
}

static void trusted_certificate(void)
{
    add_block("TRUSTED CERTIFICATE", cilp_trust_roots[0].der,
              cilp_trust_roots[0].len, 64, "\n");
}

static void name_beyond_all_limits(void)
{
    static uint8_t der[20000];

    memcpy(der,
           "\x30\x82\x4e\x1c\x30\x82\x4e\x18\xa0\x03\x02\x01\x02"
           "\x02\x01\x01\x30\x01\x00\x30\x82\x4d\x00",
           23);
    add_block("CERTIFICATE", der, sizeof der, 64, "\n");
}

static void wanted_but_too_long(void)
{
    static uint8_t der[CILP_TRUST_CERT_MAX + 1];
    size_t n = (size_t)cilp_trust_roots[0].subject_at +
               cilp_trust_roots[0].subject_len;

    memcpy(der, cilp_trust_roots[0].der, n);
    add_block("CERTIFICATE", der, sizeof der, 64, "\n");
}

static void indefinite_length(void)
{
    static uint8_t der[64] = {0x30, 0x80, 0x30, 0x80};

    add_block("CERTIFICATE", der, sizeof der, 64, "\n");
}

static void an_unusable_key(void)
{
    static uint8_t der[4096];
    size_t n = cilp_trust_roots[2].len;

    /* Root 3 with a curve that nobody knows: only its OID is changed. */
    memcpy(der, cilp_trust_roots[2].der, n);
    for (size_t i = 0; i + 8 < n; i++)
        if (!memcmp(der + i, "\x2a\x86\x48\xce\x3d\x03\x01\x07", 8))
            der[i + 7] = 0x7f;
    add_block("CERTIFICATE", der, n, 64, "\n");
}

static void bad_blocks_are_skipped_and_counted(void **state)
{
    static void (*const makers[])(void) = {
        no_base64,
        empty_block,
        no_der,
        cut_short,
        cut_before_its_subject,
        too_long_by_a_byte,
        pads_too_many,
        digits_behind_pads,
        without_an_end,
        with_the_wrong_end,
        trusted_certificate,
        name_beyond_all_limits,
        wanted_but_too_long,
        indefinite_length,
    };

    (void)state;
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
        check_bad(makers[i], 1);
}

static void a_key_that_cannot_be_used_is_skipped(void **state)
{
    struct flash f;

    (void)state;
    fresh();
    an_unusable_key();
    add_root(2);
    f = flash_of(text);
    assert_int_equal(ask(&f, 2), 1);
    check_counts(2, 1);
}

static void bundles_without_a_certificate_say_so(void **state)
{
    static const char none[] = "the CA bundle holds no certificate at all";
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", none},
        {"\n\n", none},
        {"not PEM at all", none},
        {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
         none},
        {" -----BEGIN CERTIFICATE-----\n",
         "the CA bundle holds no readable certificate"},
        {"-----BEGIN CERTIFICATE-----",
         "the CA bundle holds no readable certificate"},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
         "the CA bundle holds no readable certificate"},
        {NULL, "the CA bundle cannot be read"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct flash f = flash_of(rows[i].text);

        assert_int_equal(ask(&f, 0), -1);
        assert_string_equal(bundle.trust.why, rows[i].why);
    }
}

static void a_bundle_that_stops_being_readable_is_an_error(void **state)
{
    struct flash f;

    (void)state;
    fresh();
    add_root(0);
    f = flash_of(text);
    f.piece = 100;
    f.fail_at = 500;
    assert_int_equal(ask(&f, 0), -1);
    assert_string_equal(bundle.trust.why, "the CA bundle cannot be read");
}

static void memory_that_runs_out_is_an_error_and_comes_back(void **state)
{
    struct flash f;
    void *taken;

    (void)state;
    assert_true(cilp_arena_start());
    /* nearly all of it, however large it is */
    taken = mbedtls_calloc(1, CILP_TLS_ARENA - 8192);
    assert_non_null(taken);
    fresh();
    for (size_t i = 0; i < 50; i++)
        add_root_like(1, i);
    f = flash_of(text);
    assert_int_equal(ask(&f, 1), -1);
    assert_string_equal(bundle.trust.why, cilp_arena_too_small);
    mbedtls_free(taken);
    fresh();
    add_root(1);
    f = flash_of(text);
    assert_int_equal(ask(&f, 1), 1);
}

/* ---- Surveys ------------------------------------------------------------ */

#define LIMIT CILP_STRINGIFY(CILP_TRUST_CERT_MAX)

struct heard {
    struct cilp_trust_survey survey;
    uint32_t lines[32];
    const char *faults[32];
    size_t n, most;
};

static bool hear(struct cilp_trust_survey *s, uint32_t line, const char *fault)
{
    struct heard *h = (struct heard *)s;

    h->lines[h->n] = line;
    h->faults[h->n++] = fault;
    return h->n < h->most;
}

static struct heard heard;

static bool survey(bool parses, size_t most, size_t piece)
{
    struct flash f = flash_of(text);

    f.piece = piece;
    heard = (struct heard){.survey = {.parses = parses, .block = hear},
                           .most = most};
    cilp_trust_init_bundle(&bundle, &f.reader);
    return cilp_trust_bundle_survey(&bundle, &heard.survey);
}

static void a_survey_hears_of_each_block_its_line_and_its_fault(void **state)
{
    static const struct {
        void (*make)(void);
        const char *fault, *unparsed; /* NULL: the same */
    } rows[] = {
        {no_base64, "is not base64", NULL},
        {empty_block, "holds no certificate", NULL},
        {no_der, "holds no certificate", NULL},
        {cut_short, "holds no certificate", NULL},
        {too_long_by_a_byte, "holds no certificate", NULL},
        {pads_too_many, "is not base64", NULL},
        {with_the_wrong_end, "has no end of its own", NULL},
        {trusted_certificate, "is of OpenSSL's own kind, TRUSTED CERTIFICATE",
         NULL},
        {wanted_but_too_long, "is longer than " LIMIT " bytes", NULL},
        {an_unusable_key, "has a key of a kind that is not supported here", ""},
    };
    static const size_t pieces[] = {1, 7, 64, SIZE_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t k = 0; k < 2 * sizeof pieces / sizeof pieces[0]; k++) {
            bool parses = k % 2;
            const char *fault = rows[i].fault;

            fresh();
            add("# one\n\n");
            add_root(0);
            rows[i].make();
            add_root(1);
            assert_true(survey(parses, 9, pieces[k / 2]));
            assert_int_equal(heard.n, 3);
            assert_int_equal(heard.lines[0], 3);
            assert_int_equal(heard.lines[1], 3 + 20);
            assert_null(heard.faults[0]);
            assert_null(heard.faults[2]);
            if (!parses && rows[i].unparsed)
                assert_null(heard.faults[1]);
            else
                assert_string_equal(heard.faults[1], fault);
        }
}

static void a_survey_ends_when_enough_was_heard(void **state)
{
    struct flash gone;

    (void)state;
    fresh();
    for (size_t i = 0; i < 5; i++)
        add_root(i);
    assert_true(survey(false, 2, SIZE_MAX));
    assert_int_equal(heard.n, 2);
    fresh();
    assert_true(survey(false, 2, SIZE_MAX));
    assert_int_equal(heard.n, 0);
    gone = flash_of(NULL);
    cilp_trust_init_bundle(&bundle, &gone.reader);
    assert_false(cilp_trust_bundle_survey(&bundle, &heard.survey));
}

/* ---- Pieces ------------------------------------------------------------- */

static void any_split(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 4, 5, 7, 13, 63, 64, 65, 1000};
    struct flash f;

    (void)state;
    fresh();
    add("# text\r\n-----\n");
    add_root(4);
    no_base64();
    cut_short();
    add_block("CERTIFICATE", cilp_trust_roots[1].der, cilp_trust_roots[1].len,
              76, "\r\n");
    without_an_end();
    add_root(0);
    f = flash_of(text);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        f.piece = pieces[i];
        assert_int_equal(ask(&f, 0), 1);
        check_counts(6, 3);
        assert_int_equal(ask(&f, 1), 1);
        check_counts(6, 2); /* the two of root 0's name are not decoded,
                               but the one without an end still is bad */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_the_ones_amazon_publishes),
        cmocka_unit_test(the_roots_say_until_when_they_last),
        cmocka_unit_test(every_root_is_found_by_its_name_and_no_other),
        cmocka_unit_test(positions_of_subjects_are_right),
        cmocka_unit_test(names_are_compared_without_case_and_string_type),
        cmocka_unit_test(every_certificate_of_a_bundle_is_found),
        cmocka_unit_test(shapes_that_openssl_takes_are_taken),
        cmocka_unit_test(the_last_line_may_lack_its_end),
        cmocka_unit_test(every_certificate_of_the_wanted_name_is_offered),
        cmocka_unit_test(a_certificate_that_comes_again_costs_nothing),
        cmocka_unit_test(one_scan_serves_the_whole_chain),
        cmocka_unit_test(nothing_stays_in_the_arena),
        cmocka_unit_test(bad_blocks_are_skipped_and_counted),
        cmocka_unit_test(a_key_that_cannot_be_used_is_skipped),
        cmocka_unit_test(bundles_without_a_certificate_say_so),
        cmocka_unit_test(a_bundle_that_stops_being_readable_is_an_error),
        cmocka_unit_test(memory_that_runs_out_is_an_error_and_comes_back),
        cmocka_unit_test(a_survey_hears_of_each_block_its_line_and_its_fault),
        cmocka_unit_test(a_survey_ends_when_enough_was_heard),
        cmocka_unit_test(any_split),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
