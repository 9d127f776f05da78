/*
 * The crank where no wire is needed: what is refused before anything is sent,
 * the bytes of a request, and events that nobody asked for.
 *
 * Linked with -Wl,--wrap=cilp_sha256_end, so that any hash can be made to fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/cilp.h"
#include "core/identity.h"
#include "core/image.h"
#include "core/references.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct cilp_op op;
static const struct cilp_now noon = {
    .mono_ms = 1000, .unix_s = 1768478400, .trusted = true};

static struct cilp_static_creds keys;
static struct cilp_request request;

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

static int set_up(void **state)
{
    static const struct cilp_static_creds example = {
        "AKIDEXAMPLEKEYID", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL};

    (void)state;
    good_hashes = -1;
    keys = example;
    memset(&request, 0, sizeof request);
    request.flow = &cilp_cancel;
    request.clock = &cilp_clock_learn;
    request.image_id = "ami-0abcdef1234567890";
    request.region = "us-east-1";
    request.source = &cilp_creds_static;
    request.source_arg = &keys;
    return cilp_init(&op, sizeof op) ? 0 : -1;
}

static enum cilp_err start(void)
{
    cilp_start(&op, &request, noon);
    if (cilp_next(&op, noon) != CILP_DONE)
        return CILP_OK;
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
    assert_false(cilp_result(&op)->sent);
    assert_int_equal(cilp_result(&op)->attempts, 0);
    assert_true(cilp_what_text(cilp_result(&op)->what)[0]);
    return cilp_result(&op)->err;
}

static void a_struct_of_another_size_is_refused(void **state)
{
    (void)state;
    assert_false(cilp_init(&op, sizeof op - 1));
    assert_false(cilp_init(&op, sizeof op + 1));
}

static void before_init_and_after_end_a_start_is_ignored(void **state)
{
    (void)state;
    memset(&op, 0, sizeof op);
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
    assert_int_equal(cilp_result(&op)->outcome, CILP_PENDING);
    assert_true(cilp_init(&op, sizeof op));
    cilp_end(&op);
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
}

static void what_was_never_started_has_nothing_to_show(void **state)
{
    char text[16];

    (void)state;
    assert_int_equal(cilp_canonical_request(&op, text, sizeof text), 0);
    assert_int_equal(cilp_idle_ms(&op), 0);
    cilp_took(&op);
    cilp_stop(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
    assert_int_equal(cilp_result(&op)->outcome, CILP_PENDING);
}

static void image_ids_are_checked_before_anything_is_sent(void **state)
{
    /* clang-format off */
    static const struct { const char *id; bool any; enum cilp_err err; } rows[] = {
        {"ami-0abcdef1234567890", false, CILP_OK},
        {"ami-12345678", false, CILP_OK},
        {NULL, false, CILP_E_ARG},
        {"", false, CILP_E_ARG},
        {"", true, CILP_E_ARG},
        {"ami-", false, CILP_E_ARG},
        {"am", false, CILP_E_ARG},
        {"ami-1234567", false, CILP_E_ARG},
        {"ami-123456789", false, CILP_E_ARG},
        {"ami-0abcdef123456789", false, CILP_E_ARG},
        {"ami-0abcdef12345678901", false, CILP_E_ARG},
        {"ami-0ABCDEF1234567890", false, CILP_E_ARG},
        {"ami-0abcdef123456789g", false, CILP_E_ARG},
        {"ami-0abcdef123456789`", false, CILP_E_ARG},
        {"ami-0abcdef123456789/", false, CILP_E_ARG},
        {"ami-0abcdef123456789:", false, CILP_E_ARG},
        {"snap-0abcdef123456789", false, CILP_E_ARG},
        {"aki-12345678", false, CILP_E_ARG},
        {"amx-12345678", false, CILP_E_ARG},
        {"ami-g1234567", false, CILP_E_ARG},
        {"ami-Gabcdef1234567890", false, CILP_E_ARG},
        {"ami-0abcdef1234567890 ", false, CILP_E_ARG},
        {"ami-0123456789example", false, CILP_E_ARG},
        {"ami-0123456789example", true, CILP_OK},
        {"\xc3\xa9 &=+", true, CILP_OK},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_up(NULL);
        request.image_id = rows[i].id;
        request.any_image_id = rows[i].any;
        if (start() != rows[i].err)
            fail_msg("row %zu: %s", i, rows[i].id ? rows[i].id : "NULL");
    }
}

static void an_image_id_has_a_longest_length(void **state)
{
    char id[CILP_IMAGE_ID_MAX + 2];

    (void)state;
    request.any_image_id = true;
    request.image_id = id;
    memset(id, 'x', sizeof id);
    id[CILP_IMAGE_ID_MAX] = '\0';
    assert_int_equal(start(), CILP_OK);
    set_up(NULL);
    request.any_image_id = true;
    request.image_id = id;
    id[CILP_IMAGE_ID_MAX] = 'x';
    id[CILP_IMAGE_ID_MAX + 1] = '\0';
    assert_int_equal(start(), CILP_E_ARG);
}

static void a_region_is_needed_and_checked(void **state)
{
    static const char *const bad[] = {
        NULL, "", "us-east-1/", "x@evil/", "US-EAST-1", "-us", "us east"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        set_up(NULL);
        request.region = bad[i];
        assert_int_equal(start(), CILP_E_CONFIG);
    }
    set_up(NULL);
    request.endpoint = "http://example.com";
    assert_int_equal(start(), CILP_E_CONFIG);
}

static void limits_of_numbers_are_checked(void **state)
{
    (void)state;
    request.attempts = 11;
    assert_int_equal(start(), CILP_E_ARG);
    set_up(NULL);
    request.connect_ms = 86400001;
    assert_int_equal(start(), CILP_E_ARG);
    set_up(NULL);
    request.read_ms = 86400001;
    assert_int_equal(start(), CILP_E_ARG);
    set_up(NULL);
    request.deadline_ms = 86400001;
    assert_int_equal(start(), CILP_E_ARG);
    set_up(NULL);
    request.wait_ms = 60001;
    assert_int_equal(start(), CILP_E_ARG);
    set_up(NULL);
    request.wait_ms = 60000;
    request.connect_ms = request.read_ms = request.deadline_ms = 86400000;
    request.attempts = 10;
    assert_int_equal(start(), CILP_OK);
}

static void what_enters_a_header_is_printable(void **state)
{
    char agent[258];

    (void)state;
    request.user_agent = "me\r\nHost: evil";
    assert_int_equal(start(), CILP_E_ARG);
    memset(agent, 'a', sizeof agent);
    agent[257] = '\0';
    set_up(NULL);
    request.user_agent = agent;
    assert_int_equal(start(), CILP_E_ARG);
    agent[256] = '\0';
    set_up(NULL);
    request.user_agent = agent;
    assert_int_equal(start(), CILP_OK);
}

#define ID "AKIDEXAMPLEKEYID"

static void keys_are_needed_whole(void **state)
{
    static char longest[CILP_TOKEN_MAX + 2];
    /* clang-format off */
    const struct {
        const char *id, *secret, *token;
        enum cilp_what what;
    } rows[] = {
        {NULL, NULL, NULL, CILP_WHAT_KEY_ID},
        {"", "", "", CILP_WHAT_KEY_ID},
        {ID, NULL, NULL, CILP_WHAT_SECRET},
        {ID, "", NULL, CILP_WHAT_SECRET},
        {NULL, "secret", NULL, CILP_WHAT_KEY_ID},
        {ID, "secret", NULL, CILP_WHAT_NONE},
        {ID, "secret", "", CILP_WHAT_NONE},
        {ID, "secret", "token", CILP_WHAT_NONE},
        {ID, "sec\tret", NULL, CILP_WHAT_SECRET},
        {ID, "secret\x7f", NULL, CILP_WHAT_SECRET},
        {ID, "secret", "to\xc3\xa9", CILP_WHAT_TOKEN},
        {ID, "secret", longest, CILP_WHAT_TOKEN},
        {longest, "secret", "", CILP_WHAT_KEY_ID},
        {ID, "secret", longest + 1, CILP_WHAT_NONE},
        {longest + CILP_TOKEN_MAX - CILP_KEY_MAX + 1,
         longest + CILP_TOKEN_MAX - CILP_KEY_MAX + 1, NULL, CILP_WHAT_NONE},
        {longest + CILP_TOKEN_MAX - CILP_KEY_MAX, "secret", NULL, CILP_WHAT_KEY_ID},
        {ID, longest + CILP_TOKEN_MAX - CILP_KEY_MAX, NULL, CILP_WHAT_SECRET},
        /* an id's form */
        {"AKIDEXAMPLEKEYI", "secret", NULL, CILP_WHAT_KEY_ID},
        {"AKID EXAMPLEKEYID", "secret", NULL, CILP_WHAT_KEY_ID},
        {ID "\n", "secret", NULL, CILP_WHAT_KEY_ID},
        {ID "/", "secret", NULL, CILP_WHAT_KEY_ID},
        {ID "+", "secret", NULL, CILP_WHAT_KEY_ID},
        {ID "{", "secret", NULL, CILP_WHAT_KEY_ID},
        {ID "\xc3\xa9", "secret", NULL, CILP_WHAT_KEY_ID},
        {"azAZ09_azAZ09_az", "secret", NULL, CILP_WHAT_NONE},
        /* quotes that a file's reader left in */
        {"\"" ID "\"", "secret", NULL, CILP_WHAT_QUOTED},
        {"'" ID "'", "secret", NULL, CILP_WHAT_QUOTED},
        {ID, "\"secret\"", NULL, CILP_WHAT_QUOTED},
        {ID, "secret", "'token'", CILP_WHAT_QUOTED},
        {ID, "'secret", NULL, CILP_WHAT_NONE},
        {ID, "'", NULL, CILP_WHAT_NONE},
        {"\"" ID "'", "secret", NULL, CILP_WHAT_KEY_ID},
        /* the one in the other's place */
        {"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "AKIAIOSFODNN7EXAMPLE",
         NULL, CILP_WHAT_SWAPPED},
        {"wJalrXUtnFEMIsK7MDENGsbPxRfiCYEXAMPLEKEY", "ASIAIOSFODNN7EXAMPLE",
         "token", CILP_WHAT_SWAPPED},
        {ID, "AKIAIOSFODNN7EXaMPLE", NULL, CILP_WHAT_NONE},
        {ID, "AKIBIOSFODNN7EXAMPLE", NULL, CILP_WHAT_NONE},
        {ID, "AKJAIOSFODNN7EXAMPLE", NULL, CILP_WHAT_NONE},
        {ID, "BKIAIOSFODNN7EXAMPLE", NULL, CILP_WHAT_NONE},
        {ID, "ATIAIOSFODNN7EXAMPLE", NULL, CILP_WHAT_NONE},
        {ID, "AKIAIOSFODNN7/EXAMPLE", NULL, CILP_WHAT_NONE},
        /* temporary keys */
        {"ASIAEXAMPLEKEYID", "secret", NULL, CILP_WHAT_NO_TOKEN},
        {"ASIAEXAMPLEKEYID", "secret", "", CILP_WHAT_NO_TOKEN},
        {"ASIAEXAMPLEKEYID", "secret", "token", CILP_WHAT_NONE},
    };
    /* clang-format on */

    (void)state;
    memset(longest, 'T', CILP_TOKEN_MAX + 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_up(NULL);
        keys.key_id = rows[i].id;
        keys.secret = rows[i].secret;
        keys.token = rows[i].token;
        if (start() != (rows[i].what ? CILP_E_CREDS : CILP_OK) ||
            cilp_result(&op)->what != rows[i].what)
            fail_msg("row %zu: %s", i, cilp_what_text(cilp_result(&op)->what));
        assert_true(!rows[i].what || !cilp_key_id(&op)[0]);
    }
    set_up(NULL);
    request.source_arg = NULL;
    assert_int_equal(start(), CILP_E_CREDS);
    set_up(NULL);
    request.source = NULL;
    assert_int_equal(start(), CILP_E_CREDS);
}

/* Half of a set that was refused is not there for the next call. */
static void refused_keys_are_not_kept(void **state)
{
    (void)state;
    keys.secret = "sec ret";
    assert_int_equal(start(), CILP_E_CREDS);
    request.source = NULL;
    assert_int_equal(start(), CILP_E_CREDS);
}

/* End the call under way: from its OPEN on. */
static void let_fail(void)
{
    cilp_failed(&op, CILP_E_TLS, 0);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
}

/* Which set a call is signed with: the keys of the call before while source and
 * argument are the same, whatever became of what they were copied from. */
static void keys_are_kept_for_the_next_call(void **state)
{
    static struct cilp_static_creds others = {"AKIDOTHEROTHERID", "secret",
                                              NULL};

    (void)state;
    assert_true(cilp_wants_keys(&op, &request, noon));
    assert_int_equal(start(), CILP_OK);
    assert_int_equal(cilp_result(&op)->keys, 1);
    let_fail();
    keys.key_id = keys.secret = NULL;
    assert_false(cilp_wants_keys(&op, &request, noon));
    assert_int_equal(start(), CILP_OK);
    assert_int_equal(cilp_result(&op)->keys, 1);
    let_fail();
    request.source_arg = &others;
    assert_true(cilp_wants_keys(&op, &request, noon));
    assert_int_equal(start(), CILP_OK);
    assert_int_equal(cilp_result(&op)->keys, 2);
    assert_string_equal(cilp_key_id(&op), "AKIDOTHEROTHERID");
    let_fail();
    request.source = NULL;
    assert_true(cilp_wants_keys(&op, &request, noon));
    assert_int_equal(start(), CILP_E_CREDS);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_NO_SOURCE);
    cilp_end(&op);
}

/* A call that names its keys is signed with those or not at all. */
static void keys_that_are_named_are_the_ones_that_sign(void **state)
{
    static struct cilp_static_creds others = {"AKIDOTHEROTHERID", "secret",
                                              NULL};

    (void)state;
    request.keys = 1;
    assert_false(cilp_wants_keys(&op, &request, noon));
    assert_int_equal(start(), CILP_E_CREDS); /* there are none yet */
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_OTHER_KEYS);
    request.keys = 0;
    assert_int_equal(start(), CILP_OK);
    let_fail();
    request.keys = 1;
    request.source_arg = &others;
    assert_int_equal(start(), CILP_OK);
    assert_string_equal(cilp_key_id(&op), "AKIDEXAMPLEKEYID");
    let_fail();
    request.keys = 2;
    assert_int_equal(start(), CILP_E_CREDS);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_OTHER_KEYS);
    request.keys = 1; /* and they are still there */
    assert_int_equal(start(), CILP_OK);
    let_fail();
    others.secret = NULL;
    request.keys = 0;
    assert_int_equal(start(), CILP_E_CREDS);
    request.keys = 2; /* asked for, and not to be had */
    assert_int_equal(start(), CILP_E_CREDS);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_OTHER_KEYS);
}

/* Take the whole request, whatever the window. */
static size_t take_request(char *text, size_t room)
{
    size_t n, len = 0;

    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
    cilp_opened(&op);
    while (cilp_next(&op, noon) == CILP_SEND) {
        const uint8_t *p = cilp_tx(&op, &n);

        assert_true(n > 0 && len + n < room);
        memcpy(text + len, p, n);
        len += n;
        cilp_sent(&op, n);
    }
    text[len] = '\0';
    return len;
}

/* The signature is checked against the documentation's arithmetic in
 * test_sigv4.c, and by botocore in tests/integration. */
static void the_request_is_as_the_aws_cli_writes_it(void **state)
{
    static const char head[] =
        "POST / HTTP/1.1\r\n"
        "Host: ec2.us-east-1.amazonaws.com\r\n"
        "Accept-Encoding: identity\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        "User-Agent: cilp/" CILP_VERSION "\r\n"
        "amz-sdk-invocation-id: 00000000-0000-4000-8000-000000000000\r\n"
        "amz-sdk-request: attempt=1; max=3\r\n"
        "X-Amz-Date: 20260115T120000Z\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEKEYID/20260115/"
        "us-east-1/ec2/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, Signature="
        "95517d55c3a0d43d981aa9d79f2f7dad860e7d87674c62dcdd54045e7aec037e\r\n"
        "Content-Length: 83\r\n"
        "\r\n"
        "Action=CancelImageLaunchPermission&Version=2016-11-15"
        "&ImageId=ami-0abcdef1234567890";
    char text[8192];

    (void)state;
    take_request(text, sizeof text);
    assert_string_equal(text, head);
}

/* It holds a token, and is of no use any more. */
static void a_request_that_was_sent_is_wiped(void **state)
{
    static const uint8_t zeros[sizeof op.io];
    char text[8192];

    (void)state;
    keys.token = "TOKEN/EXAMPLE+AB==";
    take_request(text, sizeof text);
    assert_int_equal(cilp_next(&op, noon), CILP_RECV);
    assert_memory_equal(&op.io, zeros, sizeof zeros);
}

/* Whatever they are, the next reply would be read out of them. */
static void bytes_behind_a_reply_end_its_connection(void **state)
{
    static const char body[] =
        "<CancelImageLaunchPermissionResponse><return>true"
        "</return></CancelImageLaunchPermissionResponse>";
    char reply[512];
    char text[8192];

    (void)state;
    for (int behind = 0; behind < 2; behind++) {
        size_t cap, n = (size_t)snprintf(reply, sizeof reply,
                                         "HTTP/1.1 200 OK\r\n"
                                         "Content-Length: %zu\r\n\r\n%s",
                                         sizeof body - 1, body);
        uint8_t *to;

        set_up(NULL);
        take_request(text, sizeof text);
        assert_int_equal(cilp_next(&op, noon), CILP_RECV);
        to = cilp_rx(&op, &cap);
        assert_true(n < cap);
        memcpy(to, reply, n + 1); /* with its NUL */
        cilp_received(&op, n + (size_t)behind);
        assert_int_equal(cilp_next(&op, noon), behind ? CILP_CLOSE : CILP_DONE);
        assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    }
}

/* A yes, and the connection stands: *later is when. */
static void come_to_a_standing_connection(void)
{
    static const char reply[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 96\r\n\r\n"
        "<CancelImageLaunchPermissionResponse><return>true"
        "</return></CancelImageLaunchPermissionResponse>";
    char text[8192];
    size_t cap;

    take_request(text, sizeof text);
    assert_int_equal(cilp_next(&op, noon), CILP_RECV);
    memcpy(cilp_rx(&op, &cap), reply, sizeof reply - 1);
    cilp_received(&op, sizeof reply - 1);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
}

static void a_peer_that_wishes_to_close_is_left(void **state)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                                "Connection: close\r\n\r\n";
    char text[8192];
    size_t cap;

    (void)state;
    take_request(text, sizeof text);
    assert_int_equal(cilp_next(&op, noon), CILP_RECV);
    memcpy(cilp_rx(&op, &cap), reply, sizeof reply - 1);
    cilp_received(&op, sizeof reply - 1);
    assert_int_equal(cilp_next(&op, noon), CILP_CLOSE);
}

static void a_standing_connection_is_for_its_peer_alone(void **state)
{
    (void)state;
    come_to_a_standing_connection();
    request.region = "eu-west-1"; /* the same port */
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_CLOSE);
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
    assert_string_equal(cilp_peer(&op)->host, "ec2.eu-west-1.amazonaws.com");
}

static void a_peer_that_speaks_unasked_is_left(void **state)
{
    size_t cap;

    (void)state;
    come_to_a_standing_connection();
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_RECV);
    *cilp_rx(&op, &cap) = 'H';
    cilp_received(&op, 1);
    assert_int_equal(cilp_next(&op, noon), CILP_CLOSE);
}

static void odd_image_ids_are_percent_encoded(void **state)
{
    char text[8192];

    (void)state;
    request.any_image_id = true;
    request.dry_run = true;
    request.user_agent = "mine/1";
    request.image_id = "+/=&% ~\xc3\xa9\"";
    take_request(text, sizeof text);
    assert_non_null(strstr(text, "&ImageId=%2B%2F%3D%26%25%20~%C3%A9%22"
                                 "&DryRun=true"));
    assert_non_null(strstr(text, "\r\nUser-Agent: mine/1\r\n"));
}

static void a_token_is_sent_and_signed(void **state)
{
    char text[8192];

    (void)state;
    keys.token = "TOKEN/EXAMPLE+AB==";
    take_request(text, sizeof text);
    assert_non_null(
        strstr(text, "\r\nX-Amz-Security-Token: TOKEN/EXAMPLE+AB==\r\n"));
    assert_non_null(strstr(
        text,
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
        "Signature="
        "703b5ae1ebdaa3a8a0863ae8db18fb840d2990ab8055ac01d5bdef6c4ee11e76"));
}

static void the_longest_token_passes_through_any_window(void **state)
{
    static char token[CILP_TOKEN_MAX + 1];
    char text[8192];
    size_t len;

    (void)state;
    memset(token, 'T', CILP_TOKEN_MAX);
    keys.token = token;
    len = take_request(text, sizeof text);
    assert_true(len > CILP_TOKEN_MAX);
    assert_non_null(strstr(text, token));
    assert_true(cilp_result(&op)->sent);
}

static void the_canonical_request_hides_the_token(void **state)
{
    char text[2048];
    size_t n;

    (void)state;
    keys.token = "TOKEN/EXAMPLE+AB==";
    assert_int_equal(cilp_canonical_request(&op, text, sizeof text), 0);
    cilp_start(&op, &request, noon);
    cilp_next(&op, noon);
    cilp_opened(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_SEND);
    n = cilp_canonical_request(&op, text, sizeof text - 1);
    assert_true(n < sizeof text);
    text[n] = '\0';
    assert_null(strstr(text, "TOKEN/EXAMPLE"));
    assert_non_null(strstr(text, "x-amz-security-token:(18 bytes)\n"));
    assert_non_null(strstr(
        text,
        "40ea6f7f5ad9dfd40b37cbc1df1f56933b159856aa5123b2de83747f3917eff4"));
    assert_int_equal(cilp_canonical_request(&op, text, 0), n);
}

/* Whichever of a request's hashes fails, in whichever window: no retry. */
static void a_hash_that_fails_ends_the_call(void **state)
{
    int n = 0;

    (void)state;
    for (;; n++) {
        char text[8192];

        set_up(NULL);
        good_hashes = n;
        take_request(text, sizeof text);
        if (cilp_result(&op)->sent)
            break;
        assert_int_equal(cilp_next(&op, noon), CILP_CLOSE);
        cilp_closed(&op);
        assert_int_equal(cilp_next(&op, noon), CILP_DONE);
        assert_int_equal(cilp_result(&op)->err, CILP_E_CRYPTO);
        assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
        assert_int_equal(cilp_result(&op)->attempts, 1);
    }
    assert_true(n > 10);
}

/* ---- What replies mean -------------------------------------------------- */

static enum cilp_want hear(const char *reply, struct cilp_now now)
{
    size_t cap, len = strlen(reply);
    enum cilp_want want;

    while ((want = cilp_next(&op, now)) == CILP_RECV && len > 0) {
        uint8_t *p = cilp_rx(&op, &cap);
        size_t n = len < cap ? len : cap;

        memcpy(p, reply, n);
        cilp_received(&op, n);
        reply += n;
        len -= n;
    }
    return want;
}

/* One attempt: the reply, then the peer hangs up. */
static const struct cilp_result *answer(const char *reply)
{
    char text[8192];
    enum cilp_want want;

    take_request(text, sizeof text);
    hear(reply, noon);
    cilp_eof(&op);
    while ((want = cilp_next(&op, noon)) == CILP_CLOSE)
        cilp_closed(&op);
    assert_int_equal(want, CILP_DONE);
    return cilp_result(&op);
}

#define SAYS(status, body) \
    "HTTP/1.1 " status "\r\nx-amzn-requestid: of-the-head\r\n\r\n" body
#define ERROR(code)                                                      \
    "<Response><Errors><Error><Code>" code "</Code><Message>m</Message>" \
    "</Error></Errors><RequestID>of-the-body</RequestID></Response>"
#define CUT_ERROR(code) "<Response><Errors><Error><Code>" code "</Code>"
#define RETURN(word)                                                 \
    "<CancelImageLaunchPermissionResponse><return>" word "</return>" \
    "</CancelImageLaunchPermissionResponse>"

/* Errors, the audit and IAM know a flow by its action. */
static void a_flow_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(cilp_action(&cilp_cancel),
                        "CancelImageLaunchPermission");
    assert_string_equal(cilp_action(&cilp_look), "DescribeImages");
    assert_string_equal(cilp_action(&cilp_look_shared), "DescribeImages");
    assert_string_equal(cilp_action(&cilp_list), "DescribeImages");
    assert_string_equal(cilp_action(&cilp_image_references),
                        "DescribeImageReferences");
    assert_string_equal(cilp_action(&cilp_identity), "GetCallerIdentity");
    assert_string_equal(cilp_action(&cilp_imds_region), "");
}

static void every_reply_has_its_outcome(void **state)
{
    static const struct {
        const char *reply;
        bool dry_run;
        enum cilp_outcome outcome;
        enum cilp_err err;
    } rows[] = {
        {SAYS("200 OK", RETURN("true")), false, CILP_CANCELLED, CILP_OK},
        {SAYS("201 OK", RETURN("true")), false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("206 OK", RETURN("true")), false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("206 OK", RETURN("true")), true, CILP_NOT_SENT, CILP_E_REPLY},
        {SAYS("206 OK", RETURN("false")), false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("299 OK", RETURN("true")), false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("200 OK", RETURN("false")), false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("200 OK", RETURN("yes")), false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("200 OK", "<a><return>true</return></a>"), false, CILP_UNKNOWN,
         CILP_E_REPLY},
        {SAYS("200 OK", RETURN("true") "<b/>"), false, CILP_UNKNOWN,
         CILP_E_REPLY},
        {SAYS("200 OK", "<CancelImageLaunchPermissionResponse>"
                        "<return>true</return>"),
         false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("200 OK", "<html>"), false, CILP_UNKNOWN, CILP_E_REPLY},
        {SAYS("200 OK", ""), true, CILP_NOT_SENT, CILP_E_REPLY},
        {SAYS("412 No", ERROR("DryRunOperation")), true, CILP_PERMITTED,
         CILP_OK},
        {SAYS("412 No", ERROR("DryRunOperation")), false, CILP_REFUSED,
         CILP_E_AWS},
        {SAYS("403 No", ERROR("UnauthorizedOperation")), true, CILP_REFUSED,
         CILP_E_AWS},
        {SAYS("400 No", ERROR("InvalidAMIID.NotFound")), false, CILP_NOTHING,
         CILP_E_AWS},
        {SAYS("400 No", ERROR("InvalidAMIID.Unavailable")), false, CILP_NOTHING,
         CILP_E_AWS},
        {SAYS("503 Slow", ERROR("SlowDown")), false, CILP_REFUSED, CILP_E_AWS},
        {SAYS("500 Oops", ERROR("InternalError")), false, CILP_UNKNOWN,
         CILP_E_AWS},
        {SAYS("499 No", ERROR("Odd")), false, CILP_REFUSED, CILP_E_AWS},
        {SAYS("499 No", "<html></html>"), false, CILP_REFUSED, CILP_E_REPLY},
        {SAYS("501 No", ERROR("Odd")), false, CILP_REFUSED, CILP_E_AWS},
        {SAYS("501 No", CUT_ERROR("Odd")), false, CILP_UNKNOWN, CILP_E_AWS},
        {SAYS("501 No", "<html></html>"), false, CILP_UNKNOWN, CILP_E_AWS},
        {SAYS("505 No", ERROR("Odd")), false, CILP_REFUSED, CILP_E_AWS},
        {SAYS("506 Oops", ERROR("Odd")), false, CILP_UNKNOWN, CILP_E_AWS},
        {SAYS("500 Oops", ERROR("InvalidAMIID.NotFound")), false, CILP_UNKNOWN,
         CILP_E_AWS},
        {SAYS("300 There", ""), false, CILP_REFUSED, CILP_E_REPLY},
        {SAYS("300 There", RETURN("true")), false, CILP_REFUSED, CILP_E_REPLY},
        {SAYS("302 There", ""), false, CILP_REFUSED, CILP_E_REPLY},
        {SAYS("403 No", "<html></html>"), false, CILP_REFUSED, CILP_E_REPLY},
        {SAYS("403 No", "<html>"), false, CILP_REFUSED, CILP_E_REPLY},
        {SAYS("400 No", CUT_ERROR("InvalidAMIID.NotFound")), false,
         CILP_REFUSED, CILP_E_REPLY},
        {SAYS("502 Oops", "<html></html>"), false, CILP_UNKNOWN, CILP_E_AWS},
        {"HTTP/2 200\r\n\r\n", false, CILP_UNKNOWN, CILP_E_HTTP},
        {"HTTP/1.1 200", false, CILP_UNKNOWN, CILP_E_CLOSED},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<a>", false, CILP_UNKNOWN,
         CILP_E_CLOSED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cilp_result *r;

        set_up(NULL);
        request.attempts = 1;
        request.dry_run = rows[i].dry_run;
        r = answer(rows[i].reply);
        if (r->outcome != rows[i].outcome || r->err != rows[i].err)
            fail_msg("row %zu: outcome %d, err %d", i, r->outcome, r->err);
        assert_int_equal(r->what == CILP_WHAT_NONE,
                         r->err == CILP_OK || r->code[0] != '\0');
    }
}

/* A clear no will be the same the next time. */
static void a_clear_no_is_not_asked_for_again(void **state)
{
    const struct cilp_result *r = answer(SAYS("200 OK", RETURN("false")));

    (void)state;
    assert_int_equal(r->attempts, 1);
    assert_int_equal(r->outcome, CILP_UNKNOWN);
    assert_int_equal(r->what, CILP_WHAT_FALSE);
}

/* No attempt is left to doubt after one that nobody may have acted on. */
static void a_repeat_is_read_in_the_light_of_a_doubt(void **state)
{
    static const struct {
        const char *reply;
        enum cilp_outcome outcome;
        enum cilp_err err;
    } rows[] = {
        {SAYS("400 No", ERROR("InvalidAMIID.NotFound")), CILP_GONE, CILP_OK},
        {SAYS("403 No", ERROR("UnauthorizedOperation")), CILP_UNKNOWN,
         CILP_E_AWS},
        {SAYS("403 No", "<html></html>"), CILP_UNKNOWN, CILP_E_REPLY},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_now later = noon;
        char text[8192];
        size_t n;

        set_up(NULL);
        take_request(text, sizeof text);
        cilp_eof(&op);
        assert_int_equal(cilp_next(&op, later), CILP_CLOSE);
        cilp_closed(&op);
        assert_int_equal(cilp_next(&op, later), CILP_WAIT);
        later.mono_ms += 1000;
        assert_int_equal(cilp_next(&op, later), CILP_OPEN);
        cilp_opened(&op);
        while (cilp_next(&op, later) == CILP_SEND) {
            cilp_tx(&op, &n);
            cilp_sent(&op, n);
        }
        hear(rows[i].reply, later);
        cilp_eof(&op);
        assert_int_equal(cilp_result(&op)->outcome, rows[i].outcome);
        assert_int_equal(cilp_result(&op)->err, rows[i].err);
        assert_string_equal(cilp_result(&op)->request_id,
                            cilp_result(&op)->code[0] ? "of-the-body"
                                                      : "of-the-head");
    }
}

/* What left once may have been acted on, whatever becomes of the attempts that
 * follow. */
static void sent_is_said_for_good(void **state)
{
    struct cilp_now later = noon;
    char text[8192];
    size_t n;

    (void)state;
    request.attempts = 2;
    take_request(text, sizeof text);
    cilp_eof(&op);
    assert_int_equal(cilp_next(&op, later), CILP_CLOSE);
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, later), CILP_WAIT);
    later.mono_ms += 1000;
    assert_int_equal(cilp_next(&op, later), CILP_OPEN);
    cilp_opened(&op);
    assert_int_equal(cilp_next(&op, later), CILP_SEND);
    cilp_tx(&op, &n);
    cilp_failed(&op, CILP_E_CLOSED, 0);
    assert_int_equal(cilp_next(&op, later), CILP_DONE);
    assert_true(cilp_result(&op)->sent);
    assert_int_equal(cilp_result(&op)->outcome, CILP_UNKNOWN);
}

/* ---- One attempt after another, one call after another ------------------- */

/* The connection was given up, if there was one, and the pause is over. */
static struct cilp_now pause_over(struct cilp_now now)
{
    if (cilp_next(&op, now) == CILP_CLOSE)
        cilp_closed(&op);
    assert_int_equal(cilp_next(&op, now), CILP_WAIT);
    now.mono_ms += cilp_idle_ms(&op);
    assert_int_equal(cilp_next(&op, now), CILP_OPEN);
    return now;
}

static void send_all(struct cilp_now now)
{
    size_t n;

    cilp_opened(&op);
    while (cilp_next(&op, now) == CILP_SEND) {
        cilp_tx(&op, &n);
        cilp_sent(&op, n);
    }
}

static void be_done(struct cilp_now now)
{
    if (cilp_next(&op, now) == CILP_CLOSE)
        cilp_closed(&op);
    assert_int_equal(cilp_next(&op, now), CILP_DONE);
}

static void nothing_is_left_of_an_attempt_that_failed(void **state)
{
    static const struct {
        const char *reply;
        bool throttled;
    } rows[] = {
        {SAYS("503 Slow", ERROR("SlowDown")), true},
        {SAYS("500 Oops", ERROR("InternalError")), false},
    };
    const struct cilp_result *r = cilp_result(&op);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[8192];
        struct cilp_now now;

        set_up(NULL);
        take_request(text, sizeof text);
        hear(rows[i].reply, noon);
        cilp_eof(&op);
        assert_string_equal(r->message, "m");
        now = pause_over(noon);
        assert_string_equal(r->code, "");
        send_all(now);
        hear(SAYS("200 OK", RETURN("true")), now);
        cilp_eof(&op);
        be_done(now);
        assert_int_equal(r->outcome, CILP_CANCELLED);
        assert_int_equal(r->attempts, 2);
        assert_int_equal(r->http_status, 200);
        assert_int_equal(r->throttled, rows[i].throttled);
        assert_string_equal(r->code, "");
        assert_string_equal(r->message, "");
        assert_string_equal(r->request_id, "of-the-head");
    }
}

/* What was turned away was not acted on, and what never left neither. */
static void an_attempt_that_did_not_leave_is_no_doubt(void **state)
{
    const struct cilp_result *r = cilp_result(&op);
    char text[8192];
    struct cilp_now now;

    (void)state;
    request.attempts = 2;
    take_request(text, sizeof text);
    hear(SAYS("503 Slow", ERROR("SlowDown")), noon);
    cilp_eof(&op);
    now = pause_over(noon);
    cilp_failed(&op, CILP_E_CONNECT, 111);
    be_done(now);
    assert_int_equal(r->outcome, CILP_NOT_SENT);
    assert_int_equal(r->err, CILP_E_CONNECT);
    assert_int_equal(r->what, CILP_WHAT_NONE);
    assert_int_equal(r->native, 111);
    assert_true(r->sent);
}

static void a_call_knows_nothing_of_the_one_before(void **state)
{
    const struct cilp_result *r = cilp_result(&op);
    char text[8192];

    (void)state;
    request.attempts = 1;
    take_request(text, sizeof text);
    cilp_eof(&op);
    be_done(noon);
    assert_int_equal(r->outcome, CILP_UNKNOWN);
    r = answer(SAYS("400 No", ERROR("InvalidAMIID.NotFound")));
    assert_int_equal(r->outcome, CILP_NOTHING);
    assert_int_equal(r->err, CILP_E_AWS);
    request.image_id = NULL;
    assert_int_equal(start(), CILP_E_ARG);
    assert_int_equal(r->http_status, 0);
    assert_string_equal(r->code, "");
}

/* Each call that is good in the end gives back what its retry took. */
static void retries_that_helped_are_no_loss(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct cilp_now now;

        cilp_start(&op, &request, noon);
        assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
        cilp_failed(&op, CILP_E_CONNECT, 0);
        now = pause_over(noon);
        send_all(now);
        hear(SAYS("200 OK", RETURN("true")), now);
        cilp_eof(&op);
        be_done(now);
        assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
        assert_int_equal(cilp_result(&op)->attempts, 2);
    }
}

/* And those that did not are: a bucket that is empty stops them. */
static void retries_that_did_not_help_come_to_an_end(void **state)
{
    (void)state;
    request.attempts = 2;
    for (int i = 0; i < 40; i++) {
        struct cilp_now now = noon;

        cilp_start(&op, &request, now);
        assert_int_equal(cilp_next(&op, now), CILP_OPEN);
        cilp_failed(&op, CILP_E_CONNECT, 0);
        if (i < 35) { /* 500 / 14 */
            now = pause_over(now);
            cilp_failed(&op, CILP_E_CONNECT, 0);
        }
        be_done(now);
    }
}

static void a_call_that_is_over_cannot_be_stopped(void **state)
{
    const struct cilp_result *r = cilp_result(&op);
    char text[8192];

    (void)state;
    take_request(text, sizeof text);
    hear(SAYS("200 OK", RETURN("true")), noon);
    cilp_eof(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_CLOSE);
    assert_int_equal(cilp_idle_ms(&op), 0);
    cilp_stop(&op);
    cilp_failed(&op, CILP_E_CLOSED, 1);
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
    assert_int_equal(cilp_idle_ms(&op), 0);
    cilp_stop(&op);
    cilp_failed(&op, CILP_E_CLOSED, 1);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
    assert_int_equal(r->outcome, CILP_CANCELLED);
    assert_int_equal(r->err, CILP_OK);
    assert_int_equal(r->native, 0);
}

/* The attempt before it was judged; and the next call has its own pauses. */
static void a_stop_in_a_pause_leaves_what_is_known(void **state)
{
    const struct cilp_result *r = cilp_result(&op);
    struct cilp_now later = noon;
    char text[8192];

    (void)state;
    take_request(text, sizeof text);
    hear(SAYS("503 Slow", ERROR("SlowDown")), noon);
    cilp_eof(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_CLOSE);
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_WAIT);
    cilp_stop(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
    assert_int_equal(r->outcome, CILP_REFUSED);
    assert_int_equal(r->err, CILP_E_STOPPED);
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
    cilp_failed(&op, CILP_E_CONNECT, 0);
    later.mono_ms += 5000;
    assert_int_equal(cilp_next(&op, later), CILP_WAIT);
}

static void what_breaks_while_it_is_awaited_leaves_a_doubt(void **state)
{
    const struct cilp_result *r = cilp_result(&op);
    char text[8192];

    (void)state;
    request.attempts = 1;
    take_request(text, sizeof text);
    assert_int_equal(cilp_next(&op, noon), CILP_RECV);
    cilp_failed(&op, CILP_E_CLOSED, 104);
    be_done(noon);
    assert_int_equal(r->outcome, CILP_UNKNOWN);
    assert_int_equal(r->err, CILP_E_CLOSED);
    assert_int_equal(r->what, CILP_WHAT_BROKE);
}

/* ---- Silence -------------------------------------------------------------- */

/* A byte every 20 s is no silence of 30; none is, however often it is said. */
static void a_reply_may_be_slow_but_not_silent(void **state)
{
    struct cilp_now now = noon;
    char text[8192];
    size_t cap;

    (void)state;
    request.deadline_ms = 600000;
    take_request(text, sizeof text);
    for (const char *p = "HTTP"; *p; p++) {
        now.mono_ms += 20000;
        assert_int_equal(cilp_next(&op, now), CILP_RECV);
        *cilp_rx(&op, &cap) = (uint8_t)*p;
        cilp_received(&op, 1);
    }
    now.mono_ms += 20000;
    assert_int_equal(cilp_next(&op, now), CILP_RECV);
    cilp_received(&op, 0);
    now.mono_ms += 20000;
    assert_int_equal(cilp_next(&op, now), CILP_CLOSE);
    assert_int_equal(cilp_result(&op)->err, CILP_E_TIMEOUT);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_SILENT);
}

static void a_peer_may_take_slowly_but_not_nothing(void **state)
{
    struct cilp_now now = noon;
    const uint8_t *begin, *p;
    size_t all, n;

    (void)state;
    request.deadline_ms = 600000;
    cilp_start(&op, &request, now);
    assert_int_equal(cilp_next(&op, now), CILP_OPEN);
    cilp_opened(&op);
    assert_int_equal(cilp_next(&op, now), CILP_SEND);
    begin = cilp_tx(&op, &all);
    for (size_t i = 1; i <= 4; i++) {
        now.mono_ms += 20000;
        assert_int_equal(cilp_next(&op, now), CILP_SEND);
        cilp_sent(&op, 1);
        p = cilp_tx(&op, &n);
        assert_ptr_equal(p, begin + i);
        assert_int_equal(n, all - i);
    }
    now.mono_ms += 20000;
    assert_int_equal(cilp_next(&op, now), CILP_SEND);
    cilp_sent(&op, 0);
    now.mono_ms += 20000;
    assert_int_equal(cilp_next(&op, now), CILP_CLOSE);
    assert_int_equal(cilp_result(&op)->err, CILP_E_TIMEOUT);
    assert_false(cilp_result(&op)->sent);
}

/* ---- Chance --------------------------------------------------------------- */

/* RFC 9562 section 5.4: all bits are the caller's but six. */
static void a_call_is_named_by_all_random_bytes(void **state)
{
    static const struct {
        uint8_t byte;
        const char *name;
    } rows[] = {
        {0x4f, "00112233-4455-4677-8f99-aabbccddeeff"},
        {0x1e, "00112233-4455-4677-9e99-aabbccddeeff"},
        {0xed, "00112233-4455-4677-ad99-aabbccddeeff"},
        {0x7c, "00112233-4455-4677-bc99-aabbccddeeff"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_up(NULL);
        for (size_t k = 0; k < sizeof request.random; k++)
            request.random[k] = (uint8_t)(k * 0x11);
        request.random[8] = rows[i].byte;
        assert_int_equal(start(), CILP_OK);
        assert_string_equal(cilp_result(&op)->invocation_id, rows[i].name);
    }
}

/* Two devices, and two attempts of one, do not wait for the same part of the
 * longest pause, which is twice as long each time. */
static void pauses_are_of_any_length(void **state)
{
    uint32_t least = UINT32_MAX, most = 0;
    int alike = 0;

    (void)state;
    for (int i = 0; i < 256; i++) {
        struct cilp_now now;
        uint32_t first, second;

        set_up(NULL);
        request.random[0] = (uint8_t)(i * 3);
        request.random[3] = (uint8_t)(i * 7);
        cilp_start(&op, &request, noon);
        assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
        cilp_failed(&op, CILP_E_CONNECT, 0);
        now = pause_over(noon);
        first = now.mono_ms - noon.mono_ms;
        cilp_failed(&op, CILP_E_CONNECT, 0);
        second = pause_over(now).mono_ms - now.mono_ms;
        least = first < least ? first : least;
        most = first > most ? first : most;
        alike += second + 2 >= 2 * first && second <= 2 * first + 2;
    }
    assert_in_range(least, 1, 5);
    assert_in_range(most, 45, 50);
    assert_in_range(alike, 0, 64);
}

/* ---- Another clock than the peer's --------------------------------------- */

/* Seconds by which the peer's Date is ahead. Only a verified peer's counts, once,
 * and from four minutes on. */
static void a_clock_is_corrected_by_rule(void **state)
{
#define SKEWED(time)                                  \
    "HTTP/1.1 400 No\r\nDate: Thu, 15 Jan 2026 " time \
    " GMT\r\nContent-Length: 140\r\n\r\n" ERROR("RequestTimeTooSkewed")
    static const struct {
        const char *reply, *endpoint;
        int64_t learnt_s; /* 0: nothing */
    } rows[] = {
        {SKEWED("12:03:59"), NULL, 0},
        {SKEWED("12:04:00"), NULL, 240},
        {SKEWED("12:30:00"), NULL, 1800},
        {SKEWED("11:56:01"), NULL, 0},
        {SKEWED("11:56:00"), NULL, -240},
        {SKEWED("11:30:00"), NULL, -1800},
        {SKEWED("12:30:00"), "http://127.0.0.1", 0},
        {SKEWED("12:30:00"), "https://127.0.0.1", 1800},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[8192];
        size_t n;
        enum cilp_want want;

        set_up(NULL);
        request.endpoint = rows[i].endpoint;
        take_request(text, sizeof text);
        want = hear(rows[i].reply, noon);
        assert_int_equal(cilp_result(&op)->clock_offset_s, rows[i].learnt_s);
        assert_int_equal(want, rows[i].learnt_s ? CILP_RECV : CILP_DONE);
        if (!rows[i].learnt_s)
            continue;
        cilp_idle(&op); /* the connection is quiet */
        while (cilp_next(&op, noon) == CILP_SEND) {
            cilp_tx(&op, &n);
            cilp_sent(&op, n);
        }
        assert_int_equal(cilp_result(&op)->signed_s,
                         noon.unix_s + rows[i].learnt_s);
        /* yet another time: it is not believed a second time */
        assert_int_equal(hear(SKEWED("12:59:00"), noon), CILP_DONE);
        assert_int_equal(cilp_result(&op)->outcome, CILP_REFUSED);
        assert_int_equal(cilp_result(&op)->attempts, 1);
    }
}

/* The next call knows it from its start. */
static void a_clock_that_was_corrected_stays_so(void **state)
{
    const struct cilp_result *r = cilp_result(&op);
    char text[8192];

    (void)state;
    take_request(text, sizeof text);
    hear(SKEWED("12:30:00"), noon);
    cilp_stop(&op);
    be_done(noon);
    request.image_id = NULL;
    assert_int_equal(start(), CILP_E_ARG);
    assert_true(r->clock_learnt);
    assert_int_equal(r->clock_offset_s, 1800);
}

/* A wrong date explains a refusal. What comes with any other status may have been
 * acted on, whatever its code says: the doubt stays. */
static void a_date_is_no_reason_but_for_a_refusal(void **state)
{
    static const struct {
        const char *status;
        enum cilp_outcome outcome;
    } rows[] = {
        {"200 OK", CILP_UNKNOWN},  {"302 Found", CILP_REFUSED},
        {"399 Odd", CILP_REFUSED}, {"501 No", CILP_REFUSED},
        {"599 No", CILP_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[8192], reply[512];

        set_up(NULL);
        take_request(text, sizeof text);
        snprintf(reply, sizeof reply,
                 "HTTP/1.1 %s\r\nDate: Thu, 15 Jan 2026 12:30:00 GMT\r\n"
                 "Content-Length: 140\r\n\r\n" ERROR("RequestTimeTooSkewed"),
                 rows[i].status);
        hear(reply, noon);
        assert_false(cilp_result(&op)->clock_learnt);
        assert_int_equal(cilp_result(&op)->outcome, rows[i].outcome);
    }
    set_up(NULL);
    answer("HTTP/1.1 400 No\r\nDate: Thu, 15 Jan 2026 12:30:00 GMT\r\n"
           "Content-Length: 141\r\n\r\n" ERROR("UnauthorizedOperation"));
    assert_false(cilp_result(&op)->clock_learnt);
    assert_int_equal(cilp_result(&op)->outcome, CILP_REFUSED);
}

/* A connection of its own for what is tried again may lead to another host; a
 * throttle counts calls, wherever they arrive. */
static void a_host_in_trouble_is_not_asked_again(void **state)
{
    static const struct {
        const char *status, *body;
        bool again; /* over the same connection */
    } rows[] = {
        {"500 Oops", "", false},
        {"502 Oops", "", false},
        {"503 Oops", "", false},
        {"504 Oops", "", false},
        {"400 No", ERROR("RequestTimeout"), false},
        {"503 Busy", ERROR("Unavailable"), false},
        {"503 Slow", ERROR("RequestLimitExceeded"), true},
        {"429 Slow", "", true},
        {"200 OK", "", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_now later = noon;
        char text[8192], reply[1024];

        set_up(NULL);
        take_request(text, sizeof text);
        snprintf(reply, sizeof reply,
                 "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", rows[i].status,
                 strlen(rows[i].body), rows[i].body);
        assert_int_equal(hear(reply, noon),
                         rows[i].again ? CILP_WAIT : CILP_CLOSE);
        cilp_closed(&op);
        assert_int_equal(cilp_next(&op, later), CILP_WAIT);
        later.mono_ms += 5000;
        assert_int_equal(cilp_next(&op, later),
                         rows[i].again ? CILP_RECV : CILP_OPEN);
    }
}

/* ---- What breaks --------------------------------------------------------- */

static void some_failures_are_not_tried_again(void **state)
{
    static const struct {
        enum cilp_err err;
        bool opened;
        enum cilp_want want;
    } rows[] = {
        {CILP_E_CONNECT, false, CILP_WAIT}, {CILP_E_REACH, false, CILP_DONE},
        {CILP_E_TLS, false, CILP_DONE},     {CILP_E_CERT, false, CILP_DONE},
        {CILP_E_TLS, true, CILP_WAIT},      {CILP_E_PROXY, false, CILP_DONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_up(NULL);
        cilp_start(&op, &request, noon);
        assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
        if (rows[i].opened)
            cilp_opened(&op);
        cilp_next(&op, noon);
        cilp_failed(&op, rows[i].err, 7);
        assert_int_equal(cilp_next(&op, noon), rows[i].want);
        assert_int_equal(cilp_result(&op)->err, rows[i].err);
        assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
        assert_int_equal(cilp_result(&op)->native, 7);
    }
}

/* To the pause before the second attempt, or to the CLOSE before it. */
static void come_to(enum cilp_want want)
{
    struct cilp_now late = noon;

    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
    late.mono_ms += 10000;
    assert_int_equal(cilp_next(&op, late), CILP_CLOSE);
    if (want == CILP_CLOSE)
        return;
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, late), want);
}

static void a_stop_between_two_attempts_is_the_end(void **state)
{
    (void)state;
    for (int closing = 0; closing < 2; closing++) {
        set_up(NULL);
        come_to(closing ? CILP_CLOSE : CILP_WAIT);
        cilp_stop(&op);
        cilp_stop(&op);
        if (closing)
            cilp_closed(&op);
        assert_int_equal(cilp_next(&op, noon), CILP_DONE);
        assert_int_equal(cilp_result(&op)->err, CILP_E_STOPPED);
        assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
    }
}

/* No limit would hold any more. Whatever the call is at ends with what is known,
 * and is not tried again. */
static void a_clock_that_cannot_be_read_ends_the_call(void **state)
{
    struct cilp_now blind = noon;
    char text[8192];

    (void)state;
    blind.unreadable = true;
    for (int at = 0; at < 3; at++) {
        set_up(NULL);
        if (at == 0)
            cilp_start(&op, &request, blind);
        else if (at == 1)
            come_to(CILP_WAIT);
        else
            take_request(text, sizeof text);
        if (cilp_next(&op, blind) == CILP_CLOSE)
            cilp_closed(&op);
        assert_int_equal(cilp_next(&op, blind), CILP_DONE);
        assert_int_equal(cilp_result(&op)->err, CILP_E_CLOCK);
        assert_int_equal(cilp_result(&op)->what, CILP_WHAT_CLOCK);
        assert_int_equal(cilp_result(&op)->attempts, 1);
        assert_int_equal(cilp_result(&op)->outcome,
                         at == 2 ? CILP_UNKNOWN : CILP_NOT_SENT);
    }
}

static void the_deadline_ends_what_goes_on(void **state)
{
    struct cilp_now late = noon;
    char text[8192];

    (void)state;
    request.deadline_ms = 5000;
    request.read_ms = 30000;
    take_request(text, sizeof text);
    late.mono_ms += 4999;
    assert_int_equal(cilp_next(&op, late), CILP_RECV);
    assert_int_equal(cilp_idle_ms(&op), 1);
    late.mono_ms++;
    assert_int_equal(cilp_next(&op, late), CILP_CLOSE);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_DEADLINE);
    assert_int_equal(cilp_result(&op)->outcome, CILP_UNKNOWN);
}

/* Milliseconds that begin anew at 0 are no way out of a limit. */
static void a_clock_that_wraps_changes_nothing(void **state)
{
    struct cilp_now late = noon;

    (void)state;
    late.mono_ms = UINT32_MAX - 999;
    cilp_start(&op, &request, late);
    assert_int_equal(cilp_next(&op, late), CILP_OPEN);
    late.mono_ms += 9999;
    assert_true(late.mono_ms < 9000);
    assert_int_equal(cilp_next(&op, late), CILP_OPEN);
    late.mono_ms++;
    assert_int_equal(cilp_next(&op, late), CILP_CLOSE);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_CONNECT_TIME);
}

static void the_deadline_ends_a_pause(void **state)
{
    struct cilp_now late = noon;

    (void)state;
    come_to(CILP_WAIT);
    cilp_failed(&op, CILP_E_CONNECT, 1); /* not asked for */
    late.mono_ms += 60000;
    assert_int_equal(cilp_next(&op, late), CILP_DONE);
    assert_int_equal(cilp_result(&op)->err, CILP_E_TIMEOUT);
}

static void a_pause_beyond_the_deadline_is_not_begun(void **state)
{
    (void)state;
    request.deadline_ms = 1;
    memset(request.random, 0x77, sizeof request.random);
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
    cilp_failed(&op, CILP_E_CONNECT, 0);
    assert_int_equal(cilp_next(&op, noon), CILP_DONE);
}

/* A pause in doubt, over; and the connection that stood has gone meanwhile. */
static void come_to_a_close_between_attempts(const char *reply)
{
    struct cilp_now late = noon;
    char text[8192];

    take_request(text, sizeof text);
    assert_int_equal(hear(reply, noon), CILP_WAIT);
    late.mono_ms += 1000;
    assert_int_equal(cilp_next(&op, late), CILP_RECV);
    cilp_eof(&op);
    assert_int_equal(cilp_next(&op, late), CILP_CLOSE);
}

/* What the attempts before it left open is all that is known. */
static void a_stop_before_an_attempt_has_begun_knows_no_more(void **state)
{
#define EMPTY(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"
    (void)state;
    for (int dry_run = 0; dry_run < 2; dry_run++) {
        set_up(NULL);
        request.dry_run = dry_run;
        come_to_a_close_between_attempts(EMPTY("200 OK"));
        cilp_stop(&op);
        assert_int_equal(cilp_next(&op, noon), CILP_CLOSE);
        cilp_closed(&op);
        assert_int_equal(cilp_next(&op, noon), CILP_DONE);
        assert_int_equal(cilp_result(&op)->err, CILP_E_STOPPED);
        assert_int_equal(cilp_result(&op)->outcome,
                         dry_run ? CILP_NOT_SENT : CILP_UNKNOWN);
    }
}

/* What comes unasked changes nothing: neither before, nor in the middle. */
static void events_that_were_not_asked_for_are_ignored(void **state)
{
    (void)state;
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
    cilp_sent(&op, 7);
    cilp_received(&op, 7);
    cilp_eof(&op);
    cilp_idle(&op);
    cilp_closed(&op);
    cilp_took(&op);
    cilp_start(&op, &request, noon);
    assert_int_equal(cilp_next(&op, noon), CILP_OPEN);
    cilp_opened(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_SEND);
    cilp_sent(&op, 0);
    cilp_opened(&op);
    assert_int_equal(cilp_next(&op, noon), CILP_SEND);
    cilp_sent(&op, 100000); /* more than was offered counts as all */
    cilp_received(&op, 0);
    assert_int_equal(cilp_result(&op)->outcome, CILP_PENDING);
}

/* A port that claims more than there is room for. */
static void more_than_there_is_room_for_counts_as_full(void **state)
{
    char text[8192];
    size_t cap;

    (void)state;
    take_request(text, sizeof text);
    assert_int_equal(cilp_next(&op, noon), CILP_RECV);
    memset(cilp_rx(&op, &cap), 'x', CILP_IO_MAX);
    cilp_received(&op, cap + 1);
    assert_int_equal(cilp_result(&op)->err, CILP_E_HTTP);
}

static void every_retry_is_preceded_by_a_wait(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        struct cilp_now now = noon;

        set_up(NULL);
        request.random[2] = (uint8_t)i; /* pauses of 0 to 50 ms */
        request.random[3] = (uint8_t)(i * 7);
        cilp_start(&op, &request, now);
        assert_int_equal(cilp_next(&op, now), CILP_OPEN);
        cilp_failed(&op, CILP_E_CONNECT, 0);
        now.mono_ms += 5000; /* the caller was busy elsewhere */
        assert_int_equal(cilp_next(&op, now), CILP_WAIT);
        assert_in_range(cilp_idle_ms(&op), 1, 50);
        assert_int_equal(cilp_result(&op)->attempts, 1);
        now.mono_ms += cilp_idle_ms(&op);
        assert_int_equal(cilp_next(&op, now), CILP_OPEN);
        assert_int_equal(cilp_result(&op)->attempts, 2);
    }
}

static void every_check_has_a_text_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(cilp_what_text(CILP_WHAT_NONE), "");
    for (int w = CILP_WHAT_NONE + 1; w <= CILP_WHAT_TWO_ACCOUNTS; w++) {
        const char *text = cilp_what_text((enum cilp_what)w);

        assert_true(text[0] && text[strlen(text) - 1] != '.');
        for (int v = CILP_WHAT_NONE; v < w; v++)
            assert_string_not_equal(text, cilp_what_text((enum cilp_what)v));
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, set_up)
    const struct CMUnitTest tests[] = {
        T(a_struct_of_another_size_is_refused),
        T(before_init_and_after_end_a_start_is_ignored),
        T(what_was_never_started_has_nothing_to_show),
        T(image_ids_are_checked_before_anything_is_sent),
        T(an_image_id_has_a_longest_length),
        T(a_region_is_needed_and_checked),
        T(limits_of_numbers_are_checked),
        T(what_enters_a_header_is_printable),
        T(keys_are_needed_whole),
        T(refused_keys_are_not_kept),
        T(keys_are_kept_for_the_next_call),
        T(keys_that_are_named_are_the_ones_that_sign),
        T(the_request_is_as_the_aws_cli_writes_it),
        T(a_request_that_was_sent_is_wiped),
        T(bytes_behind_a_reply_end_its_connection),
        T(a_peer_that_wishes_to_close_is_left),
        T(a_standing_connection_is_for_its_peer_alone),
        T(a_peer_that_speaks_unasked_is_left),
        T(odd_image_ids_are_percent_encoded),
        T(a_token_is_sent_and_signed),
        T(the_longest_token_passes_through_any_window),
        T(the_canonical_request_hides_the_token),
        T(a_hash_that_fails_ends_the_call),
        T(a_flow_has_a_name),
        T(every_reply_has_its_outcome),
        T(sent_is_said_for_good),
        T(a_clock_is_corrected_by_rule),
        T(a_clock_that_was_corrected_stays_so),
        T(a_date_is_no_reason_but_for_a_refusal),
        T(a_host_in_trouble_is_not_asked_again),
        T(a_clear_no_is_not_asked_for_again),
        T(nothing_is_left_of_an_attempt_that_failed),
        T(an_attempt_that_did_not_leave_is_no_doubt),
        T(a_call_knows_nothing_of_the_one_before),
        T(retries_that_helped_are_no_loss),
        T(retries_that_did_not_help_come_to_an_end),
        T(a_call_that_is_over_cannot_be_stopped),
        T(a_stop_in_a_pause_leaves_what_is_known),
        T(what_breaks_while_it_is_awaited_leaves_a_doubt),
        T(a_reply_may_be_slow_but_not_silent),
        T(a_peer_may_take_slowly_but_not_nothing),
        T(a_call_is_named_by_all_random_bytes),
        T(pauses_are_of_any_length),
        T(a_repeat_is_read_in_the_light_of_a_doubt),
        T(some_failures_are_not_tried_again),
        T(a_stop_between_two_attempts_is_the_end),
        T(a_clock_that_cannot_be_read_ends_the_call),
        T(the_deadline_ends_what_goes_on),
        T(a_clock_that_wraps_changes_nothing),
        T(the_deadline_ends_a_pause),
        T(a_pause_beyond_the_deadline_is_not_begun),
        T(a_stop_before_an_attempt_has_begun_knows_no_more),
        T(events_that_were_not_asked_for_are_ignored),
        T(more_than_there_is_room_for_counts_as_full),
        T(every_retry_is_preceded_by_a_wait),
        T(every_check_has_a_text_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
