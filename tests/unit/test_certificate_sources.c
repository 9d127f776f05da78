/*
 * The sources for who has a certificate: what they send, what they make of the
 * answers, and that a key signs once for each request, however it leaves.
 */
#include "tests/unit/rows.h"

#include <stdio.h>

#include "core/sha256.h"
#include "core/text.h"
#include "tests/unit/served.h"

#define NOON  1768478400 /* 2026-01-15T12:00:00Z */
#define DATE  "20260115T120000Z"
#define OK200 "HTTP/1.1 200 OK\r\n"
#define YES                                               \
    "<CancelImageLaunchPermissionResponse><requestId>r-1" \
    "</requestId><return>true</return></CancelImageLaunchPermissionResponse>"
/* clang-format off */
#define CANCELLED {OK200, YES, false}
/* clang-format on */
#define STATUS(s) "HTTP/1.1 " s "\r\n"
#define MEMBERS                                                       \
    "{\"accessKeyId\":\"ASIACERTCERTCERT\",\"secretAccessKey\":"      \
    "\"SECRETcert\",\"sessionToken\":\"TOKENcert\",\"expiration\":\"" \
    "2026-01-15T18:00:00Z\"}"

/* ---- A hash and a key that can be made to fail ----------------------------- */

static unsigned hashes_until_failure; /* 0: none fails */

bool __real_cilp_sha256_end(struct cilp_sha256 *h,
                            uint8_t digest[CILP_SHA256_LEN]);
bool __wrap_cilp_sha256_end(struct cilp_sha256 *h,
                            uint8_t digest[CILP_SHA256_LEN]);

bool __wrap_cilp_sha256_end(struct cilp_sha256 *h,
                            uint8_t digest[CILP_SHA256_LEN])
{
    bool good = __real_cilp_sha256_end(h, digest);

    if (hashes_until_failure && --hashes_until_failure == 0) {
        memset(digest, 0, CILP_SHA256_LEN);
        return false;
    }
    return good;
}

/* Each signature is another one, as those of ECDSA are. */
static struct {
    unsigned count;
    bool fails;
    size_t len;
    uint8_t hash[32];
} signer;

static bool sign(const struct cilp_x509_identity *id, const uint8_t hash[32],
                 uint8_t *sig, size_t cap, size_t *len)
{
    assert_non_null(id);
    signer.count++;
    memcpy(signer.hash, hash, sizeof signer.hash);
    *len = 0;
    if (signer.fails || cap < signer.len)
        return false;
    memset(sig, (int)(0xA0 + signer.count), signer.len);
    *len = signer.len;
    return true;
}

/* ---- What is called and what answers ---------------------------------------- */

static struct cilp_request req;
static char spare[4096]; /* where the struct's own room is small */
static uint8_t leaf[2048];
static uint8_t chain[700];
static struct cilp_x509_identity id;

static int set_up(void **state)
{
    (void)state;
    now.mono_ms = 1000;
    now.unix_s = NOON;
    now.trusted = true;
    wire.standing = 0;
    memset(&signer, 0, sizeof signer);
    signer.len = 71;
    hashes_until_failure = 0;
    for (size_t i = 0; i < sizeof leaf; i++)
        leaf[i] = (uint8_t)(i * 7);
    id = (struct cilp_x509_identity){.leaf = leaf,
                                     .leaf_len = 5,
                                     .serial_len = 2,
                                     .serial = {0x01, 0x00},
                                     .key = CILP_X509_ECDSA,
                                     .sign = sign};
    memset(&req, 0, sizeof req);
    req.flow = &cilp_cancel;
    req.image_id = "ami-0abcdef1234567890";
    req.region = "eu-west-1";
    if (CILP_IO_MAX < sizeof spare) {
        req.room = spare;
        req.room_len = sizeof spare;
    }
    return cilp_init(&op, sizeof op) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cilp_end(&op);
    drive(NULL);
    assert_int_equal(wire.standing, 0);
    for (size_t i = 0; i + 6 < sizeof op; i++)
        if (memcmp((const char *)&op + i, "SECRET", 6) == 0 ||
            memcmp((const char *)&op + i, "TOKEN", 5) == 0)
            fail_msg("a secret is left at %zu", i);
    return 0;
}

/* A run of its own: no keys, no connection of the call before. */
static const struct cilp_result *run(const struct cilp_source *source,
                                     const void *arg,
                                     const struct reply *replies, size_t n)
{
    cilp_end(&op);
    drive(NULL);
    assert_true(cilp_init(&op, sizeof op));
    serve(replies, n, 0);
    req.source = source;
    req.source_arg = arg;
    cilp_start(&op, &req, now);
    drive(NULL);
    return cilp_result(&op);
}

static bool sent(size_t i, const char *part)
{
    return strstr(wire.requests[i], part) != NULL;
}

static void check_what(const char *row, const struct cilp_result *r,
                       enum cilp_err err, enum cilp_what what)
{
    if (r->outcome != CILP_NOT_SENT || r->err != err || r->what != what)
        fail_msg("%s: outcome %d, err %d, what %s", row, r->outcome, r->err,
                 cilp_what_text(r->what));
    CHECK_ROW(row, r->from_source || err == CILP_E_CREDS);
}

/* ---- AWS IoT ------------------------------------------------------------------ */

#define IOT "https://abc.credentials.iot.eu-west-1.amazonaws.com"

static const struct cilp_iot iot = {IOT, "build_=,@-9", "a:thing_-9", &id};

static void iot_gives_keys_for_a_certificate(void **state)
{
    static const struct reply replies[] = {
        {OK200, "{\"credentials\":" MEMBERS "}", false}, CANCELLED};
    struct cilp_iot in = iot;

    (void)state;
    assert_int_equal(run(&cilp_creds_iot, &in, replies, 2)->outcome,
                     CILP_CANCELLED);
    assert_true(sent(0,
                     "GET /role-aliases/build_=,@-9/credentials HTTP/1.1\r\n"
                     "Host: abc.credentials.iot.eu-west-1.amazonaws.com\r\n"));
    assert_true(sent(0, "\r\nx-amzn-iot-thingname: a:thing_-9\r\n\r\n"));
    assert_ptr_equal(wire.peers[0].identity, &id);
    assert_false(wire.peers[0].direct);
    assert_null(wire.peers[1].identity);
    assert_true(sent(1, "Credential=ASIACERTCERTCERT/"));
    assert_true(sent(1, "X-Amz-Security-Token: TOKENcert\r\n"));
    assert_int_equal(cilp_expires_s(&op), NOON + 6 * 3600);
    assert_int_equal(signer.count, 0);

    in.thing_name = NULL;
    in.endpoint = IOT ":8443/";
    assert_int_equal(run(&cilp_creds_iot, &in, replies, 2)->outcome,
                     CILP_CANCELLED);
    assert_false(sent(0, "thingname"));
    assert_int_equal(wire.peers[0].port, 8443);
}

static void iot_refuses_in_json(void **state)
{
    static const struct reply no = {STATUS("403 Forbidden"),
                                    "{\"message\":\"Access Denied\"}", false};
    static const struct reply odd = {OK200, "{\"credentials\":{}}", false};
    const struct cilp_result *r = run(&cilp_creds_iot, &iot, &no, 1);

    (void)state;
    check_what("403", r, CILP_E_CREDS, CILP_WHAT_SOURCE_SAID);
    assert_int_equal(r->http_status, 403);
    assert_string_equal(r->message, "Access Denied");
    check_what("no keys", run(&cilp_creds_iot, &iot, &odd, 1), CILP_E_CREDS,
               CILP_WHAT_NO_KEYS);
}

static void a_bad_iot_is_refused_before_anything_is_sent(void **state)
{
    static char long_name[130];
    const struct {
        const char *row;
        struct cilp_iot in;
        enum cilp_err err;
        enum cilp_what what;
        /* clang-format off */
    } rows[] = {
        {"no endpoint", {NULL, "a", NULL, &id}, CILP_E_CREDS, CILP_WHAT_SOURCE_ARG},
        {"no alias", {IOT, NULL, NULL, &id}, CILP_E_CREDS, CILP_WHAT_ROLE_ALIAS},
        {"empty alias", {IOT, "", NULL, &id}, CILP_E_CREDS, CILP_WHAT_ROLE_ALIAS},
        {"alias of two parts", {IOT, "a/b", NULL, &id}, CILP_E_CREDS, CILP_WHAT_ROLE_ALIAS},
        {"long alias", {IOT, long_name, NULL, &id}, CILP_E_CREDS, CILP_WHAT_ROLE_ALIAS},
        {"slash", {IOT, "a", "a/b", &id}, CILP_E_CREDS, CILP_WHAT_THING_NAME},
        {"line", {IOT, "a", "a\r\nb", &id}, CILP_E_CREDS, CILP_WHAT_THING_NAME},
        {"empty thing", {IOT, "a", "", &id}, CILP_E_CREDS, CILP_WHAT_THING_NAME},
        {"no certificate", {IOT, "a", "b", NULL}, CILP_E_CREDS, CILP_WHAT_IDENTITY},
        {"no URL", {"abc", "a", "b", &id}, CILP_E_CONFIG, CILP_WHAT_ENDPOINT},
        {"plain", {"http://localhost", "a", "b", &id}, CILP_E_CONFIG, CILP_WHAT_ENDPOINT},
        {"path", {IOT "/a", "a", "b", &id}, CILP_E_CONFIG, CILP_WHAT_ENDPOINT_NO_PATH},
    };
    /* clang-format on */

    (void)state;
    memset(long_name, 'a', 129);
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_what(rows[i].row, run(&cilp_creds_iot, &rows[i].in, NULL, 0),
                   rows[i].err, rows[i].what);
        CHECK_ROW(rows[i].row, wire.opens == 0);
    }
    check_what("no argument", run(&cilp_creds_iot, NULL, NULL, 0), CILP_E_CREDS,
               CILP_WHAT_SOURCE_ARG);
}

/* ---- Roles Anywhere ------------------------------------------------------------ */

#define ANCHOR  "arn:aws:rolesanywhere:us-east-2:123456789012:trust-anchor/a-b"
#define PROFILE "arn:aws:rolesanywhere:us-east-2:123456789012:profile/c-d"
#define ROLE    "arn:aws:iam::123456789012:role/teams/A+B"
#define SET(x)  "{\"credentialSet\":" x ",\"subjectArn\":\"arn\"}"
#define ONE     "{\"credentials\":" MEMBERS ",\"roleArn\":\"a\"}"
#define GOOD    STATUS("201 Created"), SET("[" ONE "]"), false

static const struct cilp_roles_anywhere anywhere = {
    ANCHOR, PROFILE, ROLE, "a@session", 900, NULL, &id};

/* SHA-256 in hex. */
static void hash_hex(const char *s, char hex[65])
{
    static struct cilp_sha256 h;
    uint8_t digest[CILP_SHA256_LEN];
    struct cilp_text t;

    cilp_sha256_add(&h, s, strlen(s));
    assert_true(cilp_sha256_end(&h, digest));
    cilp_text_init(&t, hex, 65);
    cilp_text_hex(&t, digest, sizeof digest);
    assert_true(cilp_text_end(&t));
}

#define BODY "{\"durationSeconds\":900,\"roleSessionName\":\"a@session\"}"
#define QUERY                                                              \
    "profileArn=arn%3Aaws%3Arolesanywhere%3Aus-east-2%3A123456789012%3A"   \
    "profile%2Fc-d&roleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2F"    \
    "teams%2FA%2BB&trustAnchorArn=arn%3Aaws%3Arolesanywhere%3Aus-east-2%3" \
    "A123456789012%3Atrust-anchor%2Fa-b"
#define HOST "rolesanywhere.us-east-2.amazonaws.com"

/* What the key had to sign, of a leaf 00 07 0E 15 1C and this chain. */
static void check_hash(const char *algorithm, const char *in_canonical,
                       const char *names)
{
    char body[65], canonical[65], all[65], shown[65], text[4096];
    struct cilp_text t;

    hash_hex(BODY, body);
    snprintf(text, sizeof text,
             "POST\n/sessions\n%s\ncontent-type:application/json\n"
             "host:" HOST "\nx-amz-date:" DATE "\nx-amz-x509:AAcOFRw=\n%s\n"
             "%s\n%s",
             QUERY, in_canonical, names, body);
    hash_hex(text, canonical);
    snprintf(text, sizeof text,
             "%s\n" DATE "\n20260115/us-east-2/rolesanywhere/aws4_request\n%s",
             algorithm, canonical);
    hash_hex(text, all);
    cilp_text_init(&t, shown, sizeof shown);
    cilp_text_hex(&t, signer.hash, sizeof signer.hash);
    assert_true(cilp_text_end(&t));
    assert_string_equal(shown, all);
}

#define NAMES "content-type;host;x-amz-date;x-amz-x509"

static void roles_anywhere_gives_keys_for_a_signature(void **state)
{
    static const struct reply replies[] = {{GOOD}, CANCELLED};
    char expected[1024], hex[200] = "";

    (void)state;
    for (size_t i = 0; i < signer.len; i++)
        strcat(hex, "a1");
    assert_int_equal(
        run(&cilp_creds_roles_anywhere, &anywhere, replies, 2)->outcome,
        CILP_CANCELLED);
    assert_int_equal(signer.count, 1);
    check_hash("AWS4-X509-ECDSA-SHA256", "", NAMES);
    assert_true(sent(0, "POST /sessions?" QUERY " HTTP/1.1\r\nHost: " HOST
                        "\r\nUser-Agent: cilp/"));
    snprintf(expected, sizeof expected,
             "\r\nContent-Type: application/json\r\nX-Amz-Date: " DATE
             "\r\nx-amz-x509: AAcOFRw=\r\n"
             "Authorization: AWS4-X509-ECDSA-SHA256 Credential=256/20260115/"
             "us-east-2/rolesanywhere/aws4_request, SignedHeaders=" NAMES
             ", Signature=%s\r\nContent-Length: %zu\r\n\r\n" BODY,
             hex, strlen(BODY));
    assert_true(sent(0, expected));
    assert_string_equal(wire.peers[0].host, HOST);
    assert_null(wire.peers[0].identity);
    assert_true(sent(1, "Credential=ASIACERTCERTCERT/20260115/eu-west-1/ec2/"));
    assert_true(sent(1, "X-Amz-Security-Token: TOKENcert\r\n"));
    assert_int_equal(cilp_expires_s(&op), NOON + 6 * 3600);
}

static void a_chain_is_sent_and_signed(void **state)
{
    static const struct reply replies[] = {{GOOD}, CANCELLED};
    static const uint8_t short_one[] = {0x30, 0x81, 0x01, 0xFF};
    static const struct {
        const char *row;
        size_t len;
        const char *value;
        uint8_t bytes[16];
    } rows[] = {
        {"two",
         9,
         "MIEB/w==,MIIAAQk=",
         {0x30, 0x81, 1, 0xFF, 0x30, 0x82, 0, 1, 9}},
        {"of another form", 3, "MAEJ", {0x30, 1, 9}},
        {"longer than it is", 4, "MIEJAA==", {0x30, 0x81, 9, 0}},
        {"no length", 3, "MIEB", {0x30, 0x81, 1}},
        {"half a length", 4, "MIIAAQ==", {0x30, 0x82, 0, 1}},
    };

    (void)state;
    memcpy(chain, short_one, sizeof short_one);
    id.chain = chain;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128];

        memcpy(chain, rows[i].bytes, rows[i].len);
        id.chain_len = (uint16_t)rows[i].len;
        id.key = CILP_X509_RSA;
        assert_int_equal(
            run(&cilp_creds_roles_anywhere, &anywhere, replies, 2)->outcome,
            CILP_CANCELLED);
        snprintf(text, sizeof text, "x-amz-x509-chain:%s\n", rows[i].value);
        check_hash("AWS4-X509-RSA-SHA256", text, NAMES ";x-amz-x509-chain");
        snprintf(text, sizeof text, "\r\nx-amz-x509-chain: %s\r\n",
                 rows[i].value);
        CHECK_ROW(rows[i].row, sent(0, text));
        CHECK_ROW(rows[i].row, sent(0, NAMES ";x-amz-x509-chain, "));
    }
}

/* Every attempt is signed anew, for its own date; its windows show one signature. */
static void a_long_request_shows_one_signature(void **state)
{
    static const struct reply replies[] = {
        {STATUS("503 Service Unavailable"), "", false}, {GOOD}, CANCELLED};
    struct cilp_roles_anywhere in = anywhere;
    size_t len;

    (void)state;
    id.leaf_len = sizeof leaf;
    id.chain = leaf;
    id.chain_len = sizeof chain;
    signer.len = 512;
    in.session_name = NULL;
    in.duration_s = 0;
    assert_int_equal(run(&cilp_creds_roles_anywhere, &in, replies, 3)->outcome,
                     CILP_CANCELLED);
    assert_int_equal(signer.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const char *at = strstr(wire.requests[i], "Signature=");

        assert_non_null(at);
        len = strspn(at + 10, i == 0 ? "a1" : "a2");
        assert_int_equal(len, 1024);
        assert_true(sent(i, "\r\nContent-Length: 24\r\n\r\n"
                            "{\"durationSeconds\":3600}"));
    }
}

static void a_serial_number_is_decimal(void **state)
{
    static const struct reply replies[] = {{GOOD}, CANCELLED};
    static const struct {
        uint8_t len, bytes[20];
        const char *decimal;
        /* clang-format off */
    } rows[] = {
        {1, {0}, " Credential=0/"},
        {1, {9}, " Credential=9/"},
        {1, {255}, " Credential=255/"},
        {8, {255, 255, 255, 255, 255, 255, 255, 255}, "=18446744073709551615/"},
        {20, {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
              255, 255, 255, 255, 255, 255},
         "=1461501637330902918203684832716283019655932542975/"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        id.serial_len = rows[i].len;
        memcpy(id.serial, rows[i].bytes, sizeof id.serial);
        run(&cilp_creds_roles_anywhere, &anywhere, replies, 2);
        assert_true(sent(0, rows[i].decimal));
    }
}

static void a_key_or_a_hash_that_fails_says_so(void **state)
{
    (void)state;
    signer.fails = true;
    check_what("key", run(&cilp_creds_roles_anywhere, &anywhere, NULL, 0),
               CILP_E_CRYPTO, CILP_WHAT_SIGNING);
    signer.fails = false;
    signer.len = CILP_TOKEN_MAX / 3 + 1;
    check_what("long", run(&cilp_creds_roles_anywhere, &anywhere, NULL, 0),
               CILP_E_CRYPTO, CILP_WHAT_SIGNING);
    signer.len = CILP_TOKEN_MAX / 3;
    for (unsigned i = 1; i <= 3; i++) {
        hashes_until_failure = i;
        check_what("hash", run(&cilp_creds_roles_anywhere, &anywhere, NULL, 0),
                   CILP_E_CRYPTO, CILP_WHAT_HASH);
    }
}

/* The longest that has its place. */
static void the_longest_signature_fits(void **state)
{
    static const struct reply replies[] = {{GOOD}, CANCELLED};

    (void)state;
    signer.len = CILP_TOKEN_MAX / 3;
    assert_int_equal(
        run(&cilp_creds_roles_anywhere, &anywhere, replies, 2)->outcome,
        CILP_CANCELLED);
}

static void it_may_be_elsewhere(void **state)
{
    static const struct reply replies[] = {{GOOD}, CANCELLED};
    struct cilp_roles_anywhere in = anywhere;

    (void)state;
    in.endpoint = "https://ra.example:8443/";
    assert_int_equal(run(&cilp_creds_roles_anywhere, &in, replies, 2)->outcome,
                     CILP_CANCELLED);
    assert_true(sent(0, "POST /sessions?"));
    assert_true(sent(0, "Host: ra.example:8443\r\n"));
    in.endpoint = "https://ra.example/a";
    check_what("path", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CONFIG, CILP_WHAT_ENDPOINT_NO_PATH);
    in.endpoint = "ra.example";
    check_what("no URL", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CONFIG, CILP_WHAT_ENDPOINT);
    in.endpoint = NULL;
    req.fips = true;
    assert_int_equal(run(&cilp_creds_roles_anywhere, &in, replies, 2)->outcome,
                     CILP_CANCELLED);
    assert_string_equal(wire.peers[0].host,
                        "rolesanywhere-fips.us-east-2.amazonaws.com");
}

static void replies_of_sets_are_read(void **state)
{
    static const struct {
        const char *row, *body;
        enum cilp_what what; /* NONE: keys */
        /* clang-format off */
    } rows[] = {
        {"blanks", " { \"credentialSet\" : [ " ONE " ] } ", CILP_WHAT_NONE},
        {"no array", SET(ONE), CILP_WHAT_NONE},
        {"others before", "{\"a\":[1,{\"credentialSet\":[2]}],\"credentialSet\":[" ONE "]}", CILP_WHAT_NONE},
        {"another array of that name", "{\"a\":{\"credentialSet\":[1,2]},\"credentialSet\":[" ONE "]}", CILP_WHAT_NONE},
        {"odd strings", "{\"a\\\"b\\\\\":\"[{\",\"credentialSet\":[" ONE "]}", CILP_WHAT_NONE},
        {"of two", SET("[" ONE "," ONE "]"), CILP_WHAT_JSON_TYPE},
        {"of none", SET("[]"), CILP_WHAT_JSON},
        {"of a number", SET("[1]"), CILP_WHAT_JSON_TYPE},
        {"of an array", SET("[[" ONE "]]"), CILP_WHAT_JSON_TYPE},
        {"a name as a value", "{\"a\":\"credentialSet\",[" ONE "]}", CILP_WHAT_JSON},
        {"another name", "{\"credentialset\":[" ONE "]}", CILP_WHAT_NO_KEYS},
        {"twice", "{\"credentialSet\":[" ONE "],\"credentialSet\":[" ONE "]}", CILP_WHAT_JSON_TWICE},
        {"no end", "{\"credentialSet\":[" ONE, CILP_WHAT_JSON},
        {"end of a string", "{\"credentialSet\":[\"a", CILP_WHAT_JSON},
        {"end of an escape", "{\"credentialSet\\", CILP_WHAT_JSON},
        {"another end", "{\"credentialSet\":[}", CILP_WHAT_JSON},
        {"array", "[\"credentialSet\",[" ONE "]]", CILP_WHAT_JSON},
        {"no keys", SET("[{\"credentials\":{}}]"), CILP_WHAT_NO_KEYS},
        {"nothing", "", CILP_WHAT_JSON},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct reply replies[] = {
            {STATUS("201 Created"), rows[i].body, false}, CANCELLED};
        const struct cilp_result *r =
            run(&cilp_creds_roles_anywhere, &anywhere, replies, 2);

        if (rows[i].what)
            check_what(rows[i].row, r, CILP_E_CREDS, rows[i].what);
        else
            CHECK_ROW(rows[i].row, r->outcome == CILP_CANCELLED);
    }
}

static void it_refuses_in_json(void **state)
{
    static const struct reply no = {STATUS("403 Forbidden"),
                                    "{\"message\":\"Untrusted certificate\"}",
                                    false};
    static const struct reply odd = {STATUS("202 Accepted"), SET("[" ONE "]"),
                                     false};
    const struct cilp_result *r =
        run(&cilp_creds_roles_anywhere, &anywhere, &no, 1);

    (void)state;
    check_what("403", r, CILP_E_CREDS, CILP_WHAT_SOURCE_SAID);
    assert_int_equal(r->http_status, 403);
    assert_string_equal(r->message, "Untrusted certificate");
    r = run(&cilp_creds_roles_anywhere, &anywhere, &odd, 1);
    check_what("202", r, CILP_E_CREDS, CILP_WHAT_SOURCE_SAID);
}

#define OTHER(part) "arn:aws:rolesanywhere:us-east-2:123456789012:" part

static void bad_arns_are_refused_before_anything_is_sent(void **state)
{
    static char long_one[2100];
    const struct {
        const char *row, *anchor, *profile, *role;
        enum cilp_what what;
        /* clang-format off */
    } rows[] = {
        {"none", NULL, PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"short", "arn:aws:iam::1", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"long", long_one, PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"a profile", PROFILE, PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"no id", OTHER("trust-anchor/"), PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"no arn", "urn:aws:rolesanywhere:us-east-2:123456789012:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"no partition", "arn::rolesanywhere:us-east-2:123456789012:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"of iam", "arn:aws:iam:us-east-2:123456789012:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"no Region", "arn:aws:rolesanywhere::123456789012:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"no such Region", "arn:aws:rolesanywhere:us_east:123456789012:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"a long Region", "arn:aws:rolesanywhere:us-east-2-us-east-2-us-east-2-us-east-2:123456789012:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"short account", "arn:aws:rolesanywhere:us-east-2:12345678901:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"long account", "arn:aws:rolesanywhere:us-east-2:1234567890123:trust-anchor/a", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"few parts", "arn:aws:rolesanywhere:us-east-2", PROFILE, ROLE, CILP_WHAT_TRUST_ANCHOR},
        {"an anchor", ANCHOR, ANCHOR, ROLE, CILP_WHAT_ANYWHERE_PROFILE},
        {"profile of no Region", ANCHOR, "arn:aws:rolesanywhere::123456789012:profile/c", ROLE, CILP_WHAT_ANYWHERE_PROFILE},
        {"no role", ANCHOR, PROFILE, NULL, CILP_WHAT_ANYWHERE_ROLE},
        {"a user", ANCHOR, PROFILE, "arn:aws:iam::123456789012:user/A", CILP_WHAT_ANYWHERE_ROLE},
        {"a role of a Region", ANCHOR, PROFILE, "arn:aws:iam:us-east-2:123456789012:role/A", CILP_WHAT_ANYWHERE_ROLE},
        {"two partitions", ANCHOR, PROFILE, "arn:aws-cn:iam::123456789012:role/A", CILP_WHAT_TWO_PARTITIONS},
        {"two others", ANCHOR, "arn:aws-us-gov:rolesanywhere:us-gov-west-1:123456789012:profile/c", ROLE, CILP_WHAT_TWO_PARTITIONS},
        {"as long", ANCHOR, "arn:awz:rolesanywhere:us-east-2:123456789012:profile/c", ROLE, CILP_WHAT_TWO_PARTITIONS},
        {"a colon in an id", ANCHOR, "arn:aws:rolesanywhere:us-west-2:123456789012:profile/c:d", ROLE, CILP_WHAT_TWO_REGIONS},
        {"two Regions", ANCHOR, "arn:aws:rolesanywhere:us-west-2:123456789012:profile/c", ROLE, CILP_WHAT_TWO_REGIONS},
    };
    /* clang-format on */

    (void)state;
    memset(long_one, 'a', sizeof long_one - 1);
    memcpy(long_one, ANCHOR, sizeof ANCHOR - 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_roles_anywhere in = anywhere;

        in.trust_anchor_arn = rows[i].anchor;
        in.profile_arn = rows[i].profile;
        in.role_arn = rows[i].role;
        check_what(rows[i].row, run(&cilp_creds_roles_anywhere, &in, NULL, 0),
                   CILP_E_CREDS, rows[i].what);
        CHECK_ROW(rows[i].row, wire.opens == 0);
    }
}

static void the_rest_of_its_argument_is_looked_at(void **state)
{
    struct cilp_roles_anywhere in = anywhere;

    (void)state;
    in.session_name = "a";
    check_what("name", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CREDS, CILP_WHAT_SESSION_NAME);
    in.session_name = NULL;
    in.duration_s = 899;
    check_what("short", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CREDS, CILP_WHAT_DURATION);
    in.duration_s = 43201;
    check_what("long", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CREDS, CILP_WHAT_DURATION);
    in.duration_s = 43200;
    in.identity = NULL;
    check_what("identity", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CREDS, CILP_WHAT_IDENTITY);
    in.identity = &id;
    id.serial_len = 0;
    check_what("serial", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CREDS, CILP_WHAT_SERIAL);
    id.serial_len = 21;
    check_what("serial", run(&cilp_creds_roles_anywhere, &in, NULL, 0),
               CILP_E_CREDS, CILP_WHAT_SERIAL);
    check_what("argument", run(&cilp_creds_roles_anywhere, NULL, NULL, 0),
               CILP_E_CREDS, CILP_WHAT_SOURCE_ARG);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(iot_gives_keys_for_a_certificate),
        T(iot_refuses_in_json),
        T(a_bad_iot_is_refused_before_anything_is_sent),
        T(roles_anywhere_gives_keys_for_a_signature),
        T(a_chain_is_sent_and_signed),
        T(a_long_request_shows_one_signature),
        T(a_serial_number_is_decimal),
        T(a_key_or_a_hash_that_fails_says_so),
        T(the_longest_signature_fits),
        T(it_may_be_elsewhere),
        T(replies_of_sets_are_read),
        T(it_refuses_in_json),
        T(bad_arns_are_refused_before_anything_is_sent),
        T(the_rest_of_its_argument_is_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
