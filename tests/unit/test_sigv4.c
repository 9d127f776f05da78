/* Linked with -Wl,--wrap=cilp_sha256_end, so that any hash can be made to
 * fail. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <ucontext.h>

#include "core/cilp.h"
#include "core/hmac.h"
#include "core/sigv4.h"

/* ---- A hash that fails when told to ------------------------------------ */

static int good_hashes; /* until one fails; -1: none does */

bool __real_cilp_sha256_end(struct cilp_sha256 *h, uint8_t *digest);
bool __wrap_cilp_sha256_end(struct cilp_sha256 *h, uint8_t *digest);

bool __wrap_cilp_sha256_end(struct cilp_sha256 *h, uint8_t *digest)
{
    bool ok = __real_cilp_sha256_end(h, digest);

    if (good_hashes < 0 || good_hashes-- > 0)
        return ok;
    memset(digest, 0, CILP_SHA256_LEN);
    return false;
}

static int setup(void **state)
{
    (void)state;
    good_hashes = -1;
    return 0;
}

static bool is_fresh(const struct cilp_sha256 *h)
{
    const unsigned char *p = (const unsigned char *)h;

    for (size_t i = 0; i < sizeof *h; i++)
        if (p[i])
            return false;
    return true;
}

static void to_hex(char out[65], const uint8_t digest[CILP_SHA256_LEN])
{
    struct cilp_text t;

    cilp_text_init(&t, out, 65);
    cilp_text_hex(&t, digest, CILP_SHA256_LEN);
    assert_true(cilp_text_end(&t));
}

/* ---- HMAC: RFC 4231 section 4 ------------------------------------------ */

static const struct {
    const char *row, *key, *text, *mac;
    size_t key_len, text_len;
} hmac_rows[] = {
    {"case 1",
     "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
     "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
     "Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", 20, 8},
    {"case 2", "Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", 4, 28},
    {"case 3", NULL, NULL, /* 20 of 0xaa; 50 of 0xdd */
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe", 20,
     50},
    {"case 4",
     "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d"
     "\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19",
     NULL, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
     25, 50}, /* 50 of 0xcd */
    {"case 6", NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", 131,
     54},
    {"case 7", NULL,
     "This is a test using a larger than block-size key and a larger than "
     "block-size data. The key needs to be hashed before being used by the "
     "HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2", 131,
     152},
    /* Not of the RFC: keys at the block's edge, by Python's hmac. */
    {"64-byte key", NULL, "edge",
     "6a599c2e1bd634e06e5e757c87aefabb46596905a0e71e41cd131e931dc8dd3d", 64, 4},
    {"65-byte key", NULL, "edge",
     "35b8c3e65dabe81902fa78f61def8031fb2bb3b9af41bfc2ff0c84063069e566", 65, 4},
    {"no key, no text", "", "",
     "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", 0, 0},
};

static void mac_of(size_t row, struct cilp_hmac *m, struct cilp_sha256 *hash)
{
    uint8_t key[131], text[152];

    memset(key, 0xaa, sizeof key);
    memset(text, row == 2 ? 0xdd : 0xcd, sizeof text);
    if (hmac_rows[row].key)
        memcpy(key, hmac_rows[row].key, hmac_rows[row].key_len);
    if (hmac_rows[row].text)
        memcpy(text, hmac_rows[row].text, hmac_rows[row].text_len);
    cilp_hmac_init(m, hash, key, hmac_rows[row].key_len);
    cilp_sha256_add(hash, text, hmac_rows[row].text_len);
}

static void hmac_gives_the_published_macs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hmac_rows); i++) {
        struct cilp_sha256 hash;
        struct cilp_hmac m, wiped;
        uint8_t mac[CILP_SHA256_LEN];
        char hex[65];

        memset(&hash, 0, sizeof hash);
        memset(&wiped, 0, sizeof wiped);
        mac_of(i, &m, &hash);
        assert_true(cilp_hmac_end(&m, mac));
        to_hex(hex, mac);
        CHECK_ROW(hmac_rows[i].row, strcmp(hex, hmac_rows[i].mac) == 0);
        assert_true(is_fresh(&hash));
        assert_memory_equal(&m, &wiped, sizeof m);
    }
}

static void hmac_says_when_any_of_its_hashes_fails(void **state)
{
    (void)state;
    for (int at = 0; at < 4; at++) { /* key, inner, outer; none */
        struct cilp_sha256 hash;
        struct cilp_hmac m;
        uint8_t mac[CILP_SHA256_LEN];

        memset(&hash, 0, sizeof hash);
        good_hashes = at;
        mac_of(4, &m, &hash);
        assert_int_equal(cilp_hmac_end(&m, mac), at == 3);
        assert_true(is_fresh(&hash));
    }
}

/* ---- Requests ---------------------------------------------------------- */

#define BODY                                                \
    "Action=CancelImageLaunchPermission&Version=2016-11-15" \
    "&ImageId=ami-0abcdef1234567890"
#define SCOPE "20260115/us-east-1/ec2/aws4_request"

static const struct cilp_sigv4_header headers[] = {
    {"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
    {"host", "ec2.us-east-1.amazonaws.com"},
    {"x-amz-date", "20260115T120000Z"},
    {"x-amz-security-token", "TOKEN/EXAMPLE+AB=="},
};

/* A request and what its parts point to. */
struct request {
    struct cilp_sigv4_in in;
    struct cilp_sha256 hash;
    uint8_t payload_hash[CILP_SHA256_LEN];
};

static void make(struct request *r, const char *body, size_t n_headers)
{
    memset(r, 0, sizeof *r);
    cilp_sha256_add(&r->hash, body, strlen(body));
    assert_true(cilp_sha256_end(&r->hash, r->payload_hash));
    r->in = (struct cilp_sigv4_in){
        "POST\n/\n\n",      headers,
        n_headers,          r->payload_hash,
        "us-east-1",        "ec2",
        "AKIDEXAMPLE",      "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "20260115T120000Z", NULL};
}

/* Vectors: worked out with Python's hashlib and hmac alone; the first is what
 * curl 7.88.1 --aws-sigv4 sends as well. */
static const struct {
    const char *row, *body;
    size_t n_headers;
    const char *body_hash, *canonical_hash, *signature, *names;
} golden[] = {
    {"cancel", BODY, 3,
     "40ea6f7f5ad9dfd40b37cbc1df1f56933b159856aa5123b2de83747f3917eff4",
     "5be041000a7ff56a27817bf91bf0370363a065bc2e3a89575427bf92c1f122d9",
     "95517d55c3a0d43d981aa9d79f2f7dad860e7d87674c62dcdd54045e7aec037e",
     "content-type;host;x-amz-date"},
    {"dry run", BODY "&DryRun=true", 3,
     "1f51fe8ead5ce68ccd4223bbad443095ef21659dc5de8ef4838848ac0b26edbb",
     "1c042dfae4fa9a1ea097d2011089129ad97f4078ff28ddcba46ae175e307f6d2",
     "8804b354e9876af2686d499a94108fe6103211c13db27bfeb42f4704d14418ea",
     "content-type;host;x-amz-date"},
    {"session token", BODY, 4,
     "40ea6f7f5ad9dfd40b37cbc1df1f56933b159856aa5123b2de83747f3917eff4",
     "4cb925ee3057cf4401aeb97dc8caf37dd9f84bd4539a63ba27a9e67fcf1fb1ca",
     "703b5ae1ebdaa3a8a0863ae8db18fb840d2990ab8055ac01d5bdef6c4ee11e76",
     "content-type;host;x-amz-date;x-amz-security-token"},
};

static void each_step_gives_the_golden_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(golden); i++) {
        struct request r;
        struct cilp_text t;
        char got[512], want[512], hex[65];

        make(&r, golden[i].body, golden[i].n_headers);
        to_hex(hex, r.payload_hash);
        CHECK_ROW(golden[i].row, strcmp(hex, golden[i].body_hash) == 0);

        cilp_text_init(&t, got, sizeof got);
        assert_true(cilp_sigv4_string_to_sign(&t, &r.in, &r.hash));
        assert_true(cilp_text_end(&t));
        (void)snprintf(want, sizeof want,
                       "AWS4-HMAC-SHA256\n20260115T120000Z\n" SCOPE "\n%s",
                       golden[i].canonical_hash);
        assert_string_equal(got, want);
        assert_true(is_fresh(&r.hash));

        cilp_text_init(&t, got, sizeof got);
        assert_true(cilp_sigv4_authorize(&t, &r.in, &r.hash));
        assert_true(cilp_text_end(&t));
        (void)snprintf(want, sizeof want,
                       "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" SCOPE
                       ", SignedHeaders=%s, Signature=%s",
                       golden[i].names, golden[i].signature);
        assert_string_equal(got, want);
        assert_true(is_fresh(&r.hash));
    }
}

static void the_canonical_request_is_the_guides(void **state)
{
    struct request r;
    struct cilp_text t;
    char got[512];

    (void)state;
    make(&r, BODY, 4);
    cilp_text_init(&t, got, sizeof got);
    cilp_sigv4_canonical(&t, &r.in);
    assert_true(cilp_text_end(&t));
    assert_string_equal(
        got,
        "POST\n/\n\n"
        "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
        "host:ec2.us-east-1.amazonaws.com\n"
        "x-amz-date:20260115T120000Z\n"
        "x-amz-security-token:TOKEN/EXAMPLE+AB==\n"
        "\n"
        "content-type;host;x-amz-date;x-amz-security-token\n"
        "40ea6f7f5ad9dfd40b37cbc1df1f56933b159856aa5123b2de83747f3917eff4");
}

/* ---- Secrets ----------------------------------------------------------- */

/* With "AWS4" before it a secret of 60 bytes fills a block, one of 61 is
 * hashed first. Worked out with Python's hmac. */
static void secrets_of_every_length_sign(void **state)
{
    static const struct {
        const char *row, *signature;
        size_t len;
    } rows[] = {
        {"one byte",
         "f3b5d4a960837526e82a8e93a5918659a2b2346fd9ec83b1ea1cf78e6d61bfb8", 1},
        {"a block",
         "e29cbc9231fc093d73de9f5e952e0e12062c965d622e4d5a7349692abf49a0c5",
         60},
        {"a block and a byte",
         "ad5ccbc9cb05206b7fff9101d053709e6676bc0f39c044714b44c9bb945ea6c3",
         61},
        {"the longest",
         "ce18c61d90978b444571cfe49d5613dc1f7e51100b59a03b09ff59feccb1d1e5",
         128},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char secret[CILP_KEY_MAX + 1] = "", got[512];
        struct request r;
        struct cilp_text t;

        memset(secret, 'k', rows[i].len);
        make(&r, BODY, 3);
        r.in.secret = secret;
        cilp_text_init(&t, got, sizeof got);
        CHECK_ROW(rows[i].row, cilp_sigv4_authorize(&t, &r.in, &r.hash));
        assert_true(cilp_text_end(&t));
        assert_true(t.len > 64);
        CHECK_ROW(rows[i].row,
                  strcmp(got + t.len - 64, rows[i].signature) == 0);
    }
}

static void a_secret_too_long_signs_nothing(void **state)
{
    char secret[CILP_KEY_MAX + 2] = "", got[512];
    struct request r;
    struct cilp_text t;

    (void)state;
    memset(secret, 'k', CILP_KEY_MAX + 1);
    make(&r, BODY, 3);
    r.in.secret = secret;
    cilp_text_init(&t, got, sizeof got);
    assert_false(cilp_sigv4_authorize(&t, &r.in, &r.hash));
    assert_int_equal(t.len, 0);
}

/* ---- Failures ---------------------------------------------------------- */

static void whichever_hash_fails_nothing_is_signed(void **state)
{
    int at;

    (void)state;
    for (at = 0;; at++) {
        struct request r;
        struct cilp_text t;
        char got[512];
        bool ok;

        make(&r, BODY, 3);
        cilp_text_init(&t, got, sizeof got);
        good_hashes = at;
        ok = cilp_sigv4_authorize(&t, &r.in, &r.hash);
        assert_true(is_fresh(&r.hash));
        if (good_hashes >= 0) { /* every hash has been the one */
            assert_true(ok);
            break;
        }
        assert_false(ok);
        assert_int_equal(t.len, 0);
        good_hashes = -1;
    }
    /* The canonical request, and two for each of five MACs. */
    assert_int_equal(at, 1 + 2 * 5);
}

static void a_failed_hash_gives_no_string_to_sign(void **state)
{
    struct request r;
    struct cilp_text t;
    char got[512];

    (void)state;
    make(&r, BODY, 3);
    cilp_text_init(&t, got, sizeof got);
    good_hashes = 0;
    assert_false(cilp_sigv4_string_to_sign(&t, &r.in, &r.hash));
    assert_int_equal(t.len, 0);
}

static void a_call_whose_hash_fails_says_so(void **state)
{
    static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID", "secret",
                                                  NULL};
    static const struct cilp_now now = {.unix_s = 1768478400, .trusted = true};
    static const struct cilp_request request = {.flow = &cilp_cancel,
                                                .clock = &cilp_clock_learn,
                                                .image_id = "ami-12345678",
                                                .region = "us-east-1",
                                                .source = &cilp_creds_static,
                                                .source_arg = &keys};
    static struct cilp_op op;
    int at;

    (void)state;
    for (at = 0;; at++) {
        enum cilp_want want;

        assert_true(cilp_init(&op, sizeof op));
        cilp_start(&op, &request, now);
        assert_int_equal(cilp_next(&op, now), CILP_OPEN);
        cilp_opened(&op);
        good_hashes = at;
        want = cilp_next(&op, now);
        if (good_hashes >= 0) { /* every hash has been the one */
            assert_int_equal(want, CILP_SEND);
            break;
        }
        assert_int_equal(want, CILP_CLOSE);
        assert_int_equal(cilp_result(&op)->err, CILP_E_CRYPTO);
        assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
        good_hashes = 0;
        assert_int_equal(cilp_canonical_request(&op, NULL, 0), 0);
        good_hashes = -1;
    }
    assert_int_equal(at, 1 + 1 + 2 * 5); /* the body's in front */
}

/* ---- What is left behind ------------------------------------------------ */

static uint8_t stack[256 * 1024];
static ucontext_t here, there;
static struct request signed_one;

/* Of the sanitizer that sees what nobody wrote, where there is one: dead stack is
 * read on purpose. */
void __msan_unpoison(const volatile void *p, size_t n) __attribute__((weak));

static void sign_there(void)
{
    char header[512];
    struct cilp_text t;

    cilp_text_init(&t, header, sizeof header);
    assert_true(cilp_sigv4_authorize(&t, &signed_one.in, &signed_one.hash));
}

/* Any piece of 8 bytes of it, as it is or under HMAC's pads. */
static bool is_left(const uint8_t *key, size_t n)
{
    static const uint8_t pads[] = {0, 0x36, 0x5C};
    uint8_t piece[8];

    for (size_t pad = 0; pad < sizeof pads; pad++)
        for (size_t at = 0; at + sizeof piece <= n; at++) {
            for (size_t i = 0; i < sizeof piece; i++)
                piece[i] = key[at + i] ^ pads[pad];
            if (memmem(stack, sizeof stack, piece, sizeof piece))
                return true;
        }
    return false;
}

/* The chain of keys that the guide has, worked out here. */
static void next_key(uint8_t key[64], size_t n, const char *text)
{
    struct cilp_sha256 hash;
    struct cilp_hmac mac;

    memset(&hash, 0, sizeof hash);
    cilp_hmac_init(&mac, &hash, key, n);
    cilp_sha256_add(&hash, text, strlen(text));
    assert_true(cilp_hmac_end(&mac, key));
}

static void no_key_is_left_on_the_stack(void **state)
{
    static const char *const chain[] = {"20260115", "us-east-1", "ec2",
                                        "aws4_request"};
    uint8_t key[64];
    size_t n = (size_t)snprintf((char *)key, sizeof key, "AWS4%s",
                                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    (void)state;
    make(&signed_one, "Action=X", 2);
    assert_int_equal(getcontext(&there), 0);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, sign_there, 0);
    assert_int_equal(swapcontext(&here, &there), 0);
    if (__msan_unpoison)
        __msan_unpoison(stack, sizeof stack);
    assert_true(
        is_left((const uint8_t *)"AKIDEXAMPLE/2026", 16)); /* it looks */
    for (size_t i = 0; i < COUNT(chain); i++) {
        assert_false(is_left(key, n));
        next_key(key, n, chain[i]);
        n = CILP_SHA256_LEN;
    }
    assert_false(is_left(key, n));
}

/* As botocore encodes the path of any service but S3: once more, part by part. */
static void a_path_is_encoded_once_more(void **state)
{
    static const struct {
        const char *path, *canonical;
    } rows[] = {
        {"/", "POST\n/\n\n"},
        {"/services/compute", "POST\n/services/compute\n\n"},
        {"/a/", "POST\n/a/\n\n"},
        {"/-._~Az09", "POST\n/-._~Az09\n\n"},
        {"/a%20b", "POST\n/a%2520b\n\n"},
        {"/!$&'()*+,;=:@",
         "POST\n/%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40\n\n"},
    };
    struct request r;
    struct cilp_text t;
    char text[512];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        make(&r, "", 2);
        r.in.path = rows[i].path;
        cilp_text_init(&t, text, sizeof text);
        cilp_sigv4_canonical(&t, &r.in);
        assert_true(cilp_text_end(&t));
        CHECK_ROW(rows[i].path, strncmp(text, rows[i].canonical,
                                        strlen(rows[i].canonical)) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(hmac_gives_the_published_macs, setup),
        cmocka_unit_test_setup(hmac_says_when_any_of_its_hashes_fails, setup),
        cmocka_unit_test_setup(each_step_gives_the_golden_vectors, setup),
        cmocka_unit_test_setup(the_canonical_request_is_the_guides, setup),
        cmocka_unit_test_setup(a_path_is_encoded_once_more, setup),
        cmocka_unit_test_setup(no_key_is_left_on_the_stack, setup),
        cmocka_unit_test_setup(secrets_of_every_length_sign, setup),
        cmocka_unit_test_setup(a_secret_too_long_signs_nothing, setup),
        cmocka_unit_test_setup(whichever_hash_fails_nothing_is_signed, setup),
        cmocka_unit_test_setup(a_failed_hash_gives_no_string_to_sign, setup),
        cmocka_unit_test_setup(a_call_whose_hash_fails_says_so, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
