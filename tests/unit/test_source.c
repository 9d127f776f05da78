/*
 * Sources that talk: what they send, what they make of the answers, good and
 * bad, and that nothing of a secret stays behind.
 */
#include "tests/unit/rows.h"

#include <stdio.h>

#include "core/creds.h"
#include "tests/unit/served.h"

#define NOON  1768478400 /* 2026-01-15T12:00:00Z */
#define ID    "ami-0abcdef1234567890"
#define OK200 "HTTP/1.1 200 OK\r\n"
#define YES                                               \
    "<CancelImageLaunchPermissionResponse><requestId>r-1" \
    "</requestId><return>true</return></CancelImageLaunchPermissionResponse>"
/* clang-format off */
#define CANCELLED {OK200, YES, false}
/* clang-format on */
#define FUTURE "2026-01-15T18:00:00Z"

static struct cilp_request req;
static char spare[4096]; /* where the struct's own room is small */

static int set_up(void **state)
{
    (void)state;
    now.mono_ms = 1000;
    now.unix_s = NOON;
    now.trusted = true;
    wire.standing = 0;
    memset(&req, 0, sizeof req);
    req.flow = &cilp_cancel;
    req.image_id = ID;
    req.region = "eu-west-1";
    if (CILP_IO_MAX < sizeof spare) {
        req.room = spare;
        req.room_len = sizeof spare;
    }
    return cilp_init(&op, sizeof op) ? 0 : -1;
}

/* No byte of what the tests call secret is left in the struct. */
static int tear_down(void **state)
{
    static const char *const secrets[] = {"SECRET", "TOKEN"};

    (void)state;
    cilp_end(&op);
    drive(NULL);
    assert_int_equal(wire.standing, 0);
    for (size_t s = 0; s < COUNT(secrets); s++)
        for (size_t i = 0; i + 6 < sizeof op; i++)
            if (memcmp((const char *)&op + i, secrets[s], strlen(secrets[s])) ==
                0)
                fail_msg("%s is left at %zu", secrets[s], i);
    return 0;
}

/* A run of its own: no keys, no connection of the call before. */
static void begin(const struct cilp_source *source, const void *arg,
                  const struct reply *replies, size_t n, size_t piece)
{
    cilp_end(&op);
    drive(NULL);
    assert_true(cilp_init(&op, sizeof op));
    serve(replies, n, piece);
    req.source = source;
    req.source_arg = arg;
}

static const struct cilp_result *run(const struct cilp_source *source,
                                     const void *arg,
                                     const struct reply *replies, size_t n)
{
    begin(source, arg, replies, n, 0);
    cilp_start(&op, &req, now);
    drive(NULL);
    return cilp_result(&op);
}

static bool sent(size_t i, const char *part)
{
    return strstr(wire.requests[i], part) != NULL;
}

/* The last request is EC2's, signed with this key and carrying this token. */
static void check_signed(size_t i, const char *key_id, const char *token)
{
    char part[128];

    snprintf(part, sizeof part, "Credential=%s/20260115/eu-west-1/ec2/",
             key_id);
    assert_true(sent(i, part));
    snprintf(part, sizeof part, "X-Amz-Security-Token: %s\r\n", token);
    assert_true(sent(i, part));
    assert_string_equal(wire.peers[wire.opens - 1].host,
                        "ec2.eu-west-1.amazonaws.com");
}

/* ---- IMDS ------------------------------------------------------------------ */

#define DOCUMENT(code)                                                                  \
    "{\"Code\" : \"" code "\", \"Type\" : \"AWS-HMAC\", "                               \
    "\"AccessKeyId\" : \"ASIAIMDSIMDSIMDS\", \"SecretAccessKey\" : \"SECRET\\/imds\", " \
    "\"Token\" : \"TOKENimds==\", \"Expiration\" : \"" FUTURE "\"}"
/* clang-format off */
#define PUT_OK  {OK200, "imds-TOKEN==", false}
#define ROLE_OK {OK200, "my-role\n", false}
#define KEYS_OK {OK200, DOCUMENT("Success"), false}
/* clang-format on */

static void imds_gives_the_keys_of_the_role(void **state)
{
    static const struct reply replies[] = {PUT_OK, ROLE_OK, KEYS_OK, CANCELLED};

    (void)state;
    for (size_t piece = 0; piece < 3; piece++) {
        begin(&cilp_creds_imds, NULL, replies, COUNT(replies), piece);
        cilp_start(&op, &req, now);
        drive(NULL);
        assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
        assert_false(cilp_result(&op)->from_source);
        assert_true(sent(0, "PUT /latest/api/token HTTP/1.1\r\n"
                            "Host: 169.254.169.254\r\n"));
        assert_true(sent(0, "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n"
                            "Content-Length: 0\r\n\r\n"));
        assert_true(sent(1, "GET /latest/meta-data/iam/security-credentials/"
                            " HTTP/1.1\r\n"));
        assert_true(sent(1, "X-aws-ec2-metadata-token: imds-TOKEN==\r\n"));
        assert_true(sent(2, "GET /latest/meta-data/iam/security-credentials/"
                            "my-role HTTP/1.1\r\n"));
        check_signed(3, "ASIAIMDSIMDSIMDS", "TOKENimds==");
        assert_int_equal(cilp_expires_s(&op), NOON + 6 * 3600);
        assert_string_equal(cilp_key_id(&op), "ASIAIMDSIMDSIMDS");
        assert_true(cilp_keys_are_temporary(&op));
        assert_int_equal(wire.peers[0].reach, CILP_LOCAL);
        assert_true(wire.peers[0].direct);
        assert_false(wire.peers[0].tls);
        assert_int_equal(wire.peers[0].port, 80);
    }
}

static void imds_may_be_elsewhere(void **state)
{
    static const struct reply replies[] = {PUT_OK, ROLE_OK, KEYS_OK, CANCELLED};
    static const struct cilp_imds v6 = {CILP_IMDS_IPV6, 5000, 1};
    static const struct cilp_imds local = {"http://localhost:1338/", 0, 0};
    static const struct cilp_imds bad[] = {{"https://169.254.169.254", 0, 0},
                                           {"http://localhost/path", 0, 0},
                                           {"localhost", 0, 0},
                                           {"http://a b", 0, 0},
                                           {"http://[::1]:0", 0, 0},
                                           {"http://localhost:80x", 0, 0}};

    (void)state;
    assert_int_equal(run(&cilp_creds_imds, &v6, replies, 4)->outcome,
                     CILP_CANCELLED);
    assert_string_equal(wire.peers[0].host, "fd00:ec2::254");
    assert_true(sent(0, "Host: [fd00:ec2::254]\r\n"));
    assert_int_equal(run(&cilp_creds_imds, &local, replies, 4)->outcome,
                     CILP_CANCELLED);
    assert_string_equal(wire.peers[0].host, "localhost");
    assert_int_equal(wire.peers[0].port, 1338);
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct cilp_result *r = run(&cilp_creds_imds, &bad[i], NULL, 0);

        assert_int_equal(r->outcome, CILP_NOT_SENT);
        assert_int_equal(r->err, CILP_E_CONFIG);
        assert_true(r->from_source);
        assert_int_equal(wire.opens, 0);
    }
}

struct bad_row {
    const char *row;
    struct reply replies[5];
    size_t n;
    enum cilp_err err;
    enum cilp_what what;
    const char *code, *message; /* NULL: none */
    uint16_t status;
};

static void check_bad(const struct cilp_source *source, const void *arg,
                      const struct bad_row *w)
{
    const struct cilp_result *r = run(source, arg, w->replies, w->n);

    if (r->outcome != CILP_NOT_SENT || r->err != w->err || r->what != w->what)
        fail_msg("%s: outcome %d, err %d, what %s", w->row, r->outcome, r->err,
                 cilp_what_text(r->what));
    CHECK_ROW(w->row, r->from_source);
    CHECK_ROW(w->row, !r->sent);
    CHECK_ROW(w->row, wire.next == w->n);
    CHECK_ROW(w->row, strcmp(r->code, w->code ? w->code : "") == 0);
    CHECK_ROW(w->row, strcmp(r->message, w->message ? w->message : "") == 0);
    CHECK_ROW(w->row, !w->status || r->http_status == w->status);

    /* nothing of it can be used for another call: not even what was learnt on
     * the way is left */
    CHECK_ROW(w->row, cilp_wants_keys(&op, &req, now));
    CHECK_ROW(w->row, !cilp_key_id(&op)[0] && !cilp_keys_are_temporary(&op));
    r = run(NULL, NULL, NULL, 0);
    CHECK_ROW(w->row, r->what == CILP_WHAT_NO_SOURCE);
}

#define STATUS(s) "HTTP/1.1 " s "\r\n"

static void imds_that_has_no_keys_says_why(void **state)
{
#define CREDS(what) CILP_E_CREDS, CILP_WHAT_##what
    /* clang-format off */
    static const struct bad_row rows[] = {
        {"PUT is forbidden", {{STATUS("403 Forbidden"), "", false}}, 1,
         CREDS(SOURCE_SAID), NULL, NULL, 403},
        {"PUT is redirected",
         {{STATUS("302 Found") "Location: http://evil/\r\n", "", false}}, 1,
         CREDS(SOURCE_SAID), NULL, NULL, 302},
        {"an empty token", {{OK200, "", false}}, 1, CREDS(SOURCE_FOREIGN),
         NULL, NULL, 200},
        {"a page for a token", {{OK200, "<html>no TOKEN</html>", false}}, 1,
         CREDS(SOURCE_FOREIGN), NULL, NULL, 200},
        {"a NUL", {{OK200, "TOKEN\x02", false}}, 1, CREDS(SOURCE_FOREIGN),
         NULL, NULL, 200},
        {"two lines", {{OK200, "TOKEN\r\nX: y", false}}, 1,
         CREDS(SOURCE_FOREIGN), NULL, NULL, 200},
        {"no role", {PUT_OK, {STATUS("404 Not Found"), "<html/>", false}}, 2,
         CREDS(NO_ROLE), NULL, NULL, 404},
        {"a role with a slash", {PUT_OK, {OK200, "a/b", false}}, 2,
         CREDS(ROLE_NAME), NULL, NULL, 200},
        {"a role with a brace", {PUT_OK, {OK200, "a{b", false}}, 2,
         CREDS(ROLE_NAME), NULL, NULL, 200},
        {"a role with DEL", {PUT_OK, {OK200, "a\x7f" "b", false}}, 2,
         CREDS(ROLE_NAME), NULL, NULL, 200},
        {"no name of a role", {PUT_OK, {OK200, "\r\n", false}}, 2,
         CREDS(ROLE_NAME), NULL, NULL, 200},
        {"a role of 65 bytes",
         {PUT_OK, {OK200, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                          "aaaaaaaaaaaa", false}}, 2,
         CREDS(ROLE_NAME), NULL, NULL, 200},
        {"an error in a 200",
         {PUT_OK, ROLE_OK,
          {OK200, "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":"
                  "\"EC2 cannot assume\\nthe role\xc2\x9b\xff\xe2\x82\"}",
           false}},
         3, CREDS(SOURCE_SAID), "AssumeRoleUnauthorizedAccess", NULL, 200},
        {"no JSON", {PUT_OK, ROLE_OK, {OK200, "<html/>", false}}, 3,
         CREDS(JSON), NULL, NULL, 200},
        {"names of another case",
         {PUT_OK, ROLE_OK,
          {OK200, "{\"accessKeyId\":\"A\",\"secretAccessKey\":\"SECRET\"}",
           false}},
         3, CREDS(NO_KEYS), NULL, NULL, 200},
        {"half of the keys",
         {PUT_OK, ROLE_OK, {OK200, "{\"AccessKeyId\":\"A\"}", false}}, 3,
         CREDS(NO_KEYS), NULL, NULL, 200},
        {"a key with a space",
         {PUT_OK, ROLE_OK,
          {OK200, "{\"AccessKeyId\":\"ASIAIMDSIMDSIMDS\",\"SecretAccessKey\":\"SEC RET\"}",
           false}},
         3, CREDS(SECRET), NULL, NULL, 200},
        {"a secret as the id",
         {PUT_OK, ROLE_OK,
          {OK200, "{\"AccessKeyId\":\"wJalrXUtnFEMI/K7MDENG\","
                  "\"SecretAccessKey\":\"AKIAIOSFODNN7EXAMPLE\"}", false}},
         3, CREDS(SWAPPED), NULL, NULL, 200},
        {"no token",
         {PUT_OK, ROLE_OK,
          {OK200, "{\"AccessKeyId\":\"ASIAIMDSIMDSIMDS\","
                  "\"SecretAccessKey\":\"SECRET\"}", false}},
         3, CREDS(NO_TOKEN), NULL, NULL, 200},
        {"a name twice",
         {PUT_OK, ROLE_OK,
          {OK200, "{\"AccessKeyId\":\"A\",\"AccessKeyId\":\"B\"}", false}},
         3, CREDS(JSON_TWICE), NULL, NULL, 200},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bad_row row = rows[i];

        if (strcmp(row.row, "an error in a 200") == 0) {
            /* a line end is a control character: no value of a field */
            row.what = CILP_WHAT_JSON_TYPE;
            row.code = NULL;
            check_bad(&cilp_creds_imds, NULL, &row);
            row = rows[i];
            row.replies[2].body = "{\"Code\":\"AssumeRoleUnauthorizedAccess\","
                                  "\"Message\":\"EC2 cannot\xc2\x9b assume\xff"
                                  " it \xe2\x82\"}";
            row.message = "EC2 cannot? assume? it ?";
        }
        check_bad(&cilp_creds_imds, NULL, &row);
    }
}

static void imds_is_asked_three_times(void **state)
{
    static const struct reply busy = {STATUS("503 Busy"), "", false};
    static const struct reply cut = {OK200, "imds-TOKEN", true};
    const struct reply again[] = {busy,    cut, PUT_OK,  busy,
                                  ROLE_OK, cut, KEYS_OK, CANCELLED};
    const struct reply never[] = {busy, busy, busy};
    static const struct cilp_imds once = {NULL, 0, 1};
    const struct bad_row row = {
        "busy", {busy, busy, busy}, 3, CREDS(SOURCE_SAID), NULL, NULL, 503};
    const struct bad_row first = {"busy", {busy}, 1,  CREDS(SOURCE_SAID),
                                  NULL,   NULL,   503};

    (void)state;
    (void)never;
    req.attempts = 1; /* of the flow's */
    assert_int_equal(run(&cilp_creds_imds, NULL, again, COUNT(again))->outcome,
                     CILP_CANCELLED);
    assert_int_equal(cilp_result(&op)->attempts, 1);
    check_bad(&cilp_creds_imds, NULL, &row);
    check_bad(&cilp_creds_imds, &once, &first);
}

static void a_token_that_is_refused_is_asked_for_once_more(void **state)
{
    static const struct reply late = {STATUS("401 Unauthorized"), "", false};
    const struct reply replies[] = {PUT_OK,  late,    PUT_OK,
                                    ROLE_OK, KEYS_OK, CANCELLED};
    const struct bad_row row = {"twice", {PUT_OK, ROLE_OK, late, PUT_OK, late},
                                5,       CREDS(SOURCE_SAID),
                                NULL,    NULL,
                                401};

    (void)state;
    assert_int_equal(run(&cilp_creds_imds, NULL, replies, 6)->outcome,
                     CILP_CANCELLED);
    check_bad(&cilp_creds_imds, NULL, &row);
}

/* Half an answer is none: what it was to says the same request once more. */
static void half_a_refusal_of_imds_is_none(void **state)
{
    static const struct reply halves[] = {
        {STATUS("401 Unauthorized"), "no such token", true},
        {STATUS("404 Not Found"), "no such role", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(halves); i++) {
        const struct reply replies[] = {PUT_OK, halves[i], ROLE_OK, KEYS_OK,
                                        CANCELLED};

        assert_int_equal(
            run(&cilp_creds_imds, NULL, replies, COUNT(replies))->outcome,
            CILP_CANCELLED);
        assert_true(sent(2, "GET /latest/meta-data/iam/security-credentials/"
                            " HTTP/1.1\r\n"));
    }
}

/* A call whose next step is to open a connection to IMDS. */
static void begin_with_imds(void)
{
    serve(NULL, 0, 0);
    req.source = &cilp_creds_imds;
    cilp_start(&op, &req, now);
    assert_int_equal(cilp_next(&op, now), CILP_OPEN);
}

static void tell(enum cilp_want want, const char *reply)
{
    size_t n;

    assert_int_equal(cilp_next(&op, now), CILP_SEND);
    (void)cilp_tx(&op, &n);
    cilp_sent(&op, n);
    assert_int_equal(cilp_next(&op, now), CILP_RECV);
    memcpy(cilp_rx(&op, &n), reply, strlen(reply));
    cilp_received(&op, strlen(reply));
    assert_int_equal(cilp_next(&op, now), want);
}

/* The head says that the token is refused; the call ends nevertheless. */
static void a_stop_amid_a_refusal_of_imds_ends_the_call(void **state)
{
    (void)state;
    begin_with_imds();
    cilp_opened(&op);
    tell(CILP_RECV, OK200 "Content-Length: 1\r\n\r\nt");
    cilp_idle(&op); /* the connection stands, and is quiet */
    tell(CILP_RECV, "HTTP/1.1 401 No\r\nContent-Length: 1\r\n\r\n");
    cilp_stop(&op);
    assert_int_equal(cilp_next(&op, now), CILP_CLOSE);
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, now), CILP_DONE);
    assert_int_equal(cilp_result(&op)->err, CILP_E_STOPPED);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
}

static void imds_that_is_silent_times_out_soon(void **state)
{
    (void)state;
    serve(NULL, 0, 0);
    req.source = &cilp_creds_imds;
    cilp_start(&op, &req, now);
    for (int i = 0; i < 3; i++) {
        while (cilp_next(&op, now) == CILP_WAIT)
            now.mono_ms += cilp_idle_ms(&op);
        assert_int_equal(cilp_next(&op, now), CILP_OPEN);
        now.mono_ms += 1000;
        assert_int_equal(cilp_next(&op, now), CILP_CLOSE);
        cilp_closed(&op);
    }
    assert_int_equal(cilp_next(&op, now), CILP_DONE);
    assert_int_equal(cilp_result(&op)->err, CILP_E_TIMEOUT);
    assert_true(cilp_result(&op)->from_source);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
}

/* A reply that is too long is an error, and not asked for again. */
static void a_long_reply_is_refused(void **state)
{
    static char body[9000], room[1024];
    const struct reply replies[] = {PUT_OK, ROLE_OK, {OK200, body, false}};
    struct bad_row row = {"long",
                          {PUT_OK, ROLE_OK, {OK200, body, false}},
                          3,
                          CILP_E_SPACE,
                          CILP_WHAT_JSON_ROOM,
                          NULL,
                          NULL,
                          200};

    (void)state;
    (void)replies;
    memset(body, ' ', sizeof body - 1);
    check_bad(&cilp_creds_imds, NULL, &row);
    body[1024] = '\0';
    req.room = room;
    req.room_len = sizeof room;
    check_bad(&cilp_creds_imds, NULL, &row);
    for (size_t i = 0; i < sizeof room; i++)
        assert_int_equal(room[i], 0); /* wiped */
}

static void a_reply_is_gathered_in_the_callers_room(void **state)
{
    static char room[2048];
    static const struct reply replies[] = {PUT_OK, ROLE_OK, KEYS_OK, CANCELLED};

    (void)state;
    req.room = room;
    req.room_len = sizeof room;
    assert_int_equal(run(&cilp_creds_imds, NULL, replies, 4)->outcome,
                     CILP_CANCELLED);
    for (size_t i = 0; i + 6 < sizeof room; i++)
        assert_memory_not_equal(room + i, "SECRET", 6);
}

/* Whatever is said of what was read: none of it stays. */
static void a_reply_that_is_none_is_wiped_all_the_same(void **state)
{
    static char room[2048];
    static const char *const heads[] = {
        "ICY 200 OK\r\n",
        "SECRETinTheStatusLine\r\n",
        "HTTP/1.1 200 OK\r\nBad Name : x\r\n",
        "HTTP/1.1 200 OK\r\nSECRETasHeaderName\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: SECRETasLength\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
        "HTTP/1.1 403 No\r\n",
    };
    static const struct cilp_imds once = {NULL, 0, 1};
    struct reply replies[] = {PUT_OK, ROLE_OK, {NULL, "SECRET", false}};

    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++) {
        replies[2].head = heads[i];
        req.room = room;
        req.room_len = sizeof room;
        assert_int_equal(run(&cilp_creds_imds, &once, replies, 3)->outcome,
                         CILP_NOT_SENT);
        CHECK_ROW(heads[i], !memmem(room, sizeof room, "SECRET", 6));
        CHECK_ROW(heads[i], !memmem(&op, sizeof op, "SECRET", 6) &&
                                !memmem(&op, sizeof op, "secret", 6));
    }
}

/* Nor in the XML reader: not as a name, and not the last letter of a text. */
static void nothing_of_a_broken_reply_stays_in_its_readers(void **state)
{
    static const struct cilp_web_identity in = {
        "TOKEN", {"arn:aws:iam::123456789012:role/web", "s-1", NULL, 0}, NULL};
    static const char *const bodies[] = {
        "<AssumeRoleWithWebIdentityResponse><SECRETasElement",
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>"
        "<Credentials><SecretAccessKey>SECRET",
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>"
        "<Credentials><SecretAccessKey>\xc3\xa9\xc3",
    };
    static const uint8_t zeros[sizeof op];
    struct reply replies[] = {{OK200, NULL, false}};

    (void)state;
    req.attempts = 1;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        replies[0].body = bodies[i];
        assert_int_equal(
            run(&cilp_creds_web_identity, &in, replies, 1)->outcome,
            CILP_NOT_SENT);
        CHECK_ROW(bodies[i],
                  memcmp(&op.http, zeros, sizeof op.http) == 0 &&
                      memcmp(&op.reply, zeros, sizeof op.reply) == 0);
    }
}

static void the_region_is_told_without_keys(void **state)
{
    static const struct cilp_imds local = {"http://localhost:1338", 0, 0};
    struct cilp_imds_region memory = {.imds = &local};
    static const struct reply good[] = {PUT_OK, {OK200, "eu-south-2", false}};
    static const struct reply late[] = {PUT_OK,
                                        {STATUS("401 No"), "", false},
                                        PUT_OK,
                                        {OK200, "eu-south-2\n", false}};
    static const struct reply bad[] = {PUT_OK, {OK200, "x@evil/", false}};
    static const struct reply none[] = {PUT_OK, {OK200, "", false}};
    static const struct reply broken[] = {{OK200, "", false}};
    static const char zeros[sizeof op.creds.token];

    (void)state;
    req.flow = &cilp_imds_region;
    req.region = NULL;
    req.memory = &memory;
    assert_int_equal(run(NULL, NULL, good, 2)->outcome, CILP_ANSWERED);
    assert_string_equal(memory.region, "eu-south-2");
    assert_true(sent(1, "GET /latest/meta-data/placement/region HTTP/1.1\r\n"));
    assert_memory_equal(op.creds.token, zeros, sizeof zeros); /* of IMDS */
    assert_int_equal(run(NULL, NULL, late, 4)->outcome, CILP_ANSWERED);
    memory.imds = NULL;
    assert_int_equal(run(NULL, NULL, bad, 2)->what, CILP_WHAT_REGION);
    assert_string_equal(memory.region, "");
    assert_int_equal(run(NULL, NULL, none, 2)->what, CILP_WHAT_REGION);
    assert_int_equal(run(NULL, NULL, broken, 1)->what,
                     CILP_WHAT_SOURCE_FOREIGN);
    req.memory = NULL;
    assert_int_equal(run(NULL, NULL, NULL, 0)->what, CILP_WHAT_MEMORY);
}

/* ---- Container ---------------------------------------------------------------- */

#define AGENT(more)                                                           \
    "{\"AccessKeyId\":\"ASIAECSECSECSECS\",\"SecretAccessKey\":"              \
    "\"SECRETecs\",\"Token\":\"TOKENecs\",\"Expiration\":\"" FUTURE "\"" more \
    "}"

static void the_agent_gives_keys(void **state)
{
    static const struct {
        struct cilp_container in;
        const char *host, *line;
        uint16_t port;
        enum cilp_reach reach;
        bool tls;
        /* clang-format off */
    } rows[] = {
        {{"/v2/credentials/1?a=b", NULL}, "169.254.170.2",
         "GET /v2/credentials/1?a=b HTTP/1.1\r\nHost: 169.254.170.2\r\n", 80,
         CILP_AGENT, false},
        {{"http://127.0.0.1:51678/v1?x", "Bearer TOKEN"}, "127.0.0.1",
         "GET /v1?x HTTP/1.1\r\nHost: 127.0.0.1:51678\r\n", 51678, CILP_AGENT,
         false},
        {{"http://[fd00:ec2::23]/v1/credentials", NULL}, "fd00:ec2::23",
         "GET /v1/credentials HTTP/1.1\r\nHost: [fd00:ec2::23]\r\n", 80,
         CILP_AGENT, false},
        {{"https://agent.example?q", NULL}, "agent.example",
         "GET /?q HTTP/1.1\r\nHost: agent.example\r\n", 443, CILP_ANYWHERE,
         true},
        {{"https://agent.example", NULL}, "agent.example",
         "GET / HTTP/1.1\r\nHost: agent.example\r\n", 443, CILP_ANYWHERE, true},
    };
    /* clang-format on */
    static const struct reply replies[] = {{OK200, AGENT(""), false},
                                           CANCELLED};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        run(&cilp_creds_container, &rows[i].in, replies, 2);
        assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
        assert_string_equal(wire.peers[0].host, rows[i].host);
        assert_int_equal(wire.peers[0].port, rows[i].port);
        assert_int_equal(wire.peers[0].reach, rows[i].reach);
        assert_int_equal(wire.peers[0].tls, rows[i].tls);
        assert_true(wire.peers[0].direct);
        assert_false(wire.peers[1].direct); /* EC2 */
        assert_true(sent(0, rows[i].line));
        assert_true(sent(0, "Accept: application/json\r\n"));
        assert_int_equal(sent(0, "\r\nAuthorization: Bearer TOKEN\r\n"),
                         rows[i].in.authorization != NULL);
        check_signed(1, "ASIAECSECSECSECS", "TOKENecs");
    }
}

static void an_agent_that_refuses_says_why(void **state)
{
    static const struct cilp_container in = {"/x", NULL};
    /* clang-format off */
    static const struct bad_row rows[] = {
        {"its own shape",
         {{STATUS("403 Forbidden"),
           "{\"code\":\"AccessDenied\",\"message\":\"no such token\"}", false}},
         1, CREDS(SOURCE_SAID), "AccessDenied", "no such token", 403},
        {"another shape",
         {{STATUS("400 Bad Request"), "{\"Code\":\"X\",\"Message\":\"y\"}",
           false}},
         1, CREDS(SOURCE_SAID), "X", "y", 400},
        {"a type",
         {{STATUS("401 No"), "{\"__type\":\"UnauthorizedException\"}", false}},
         1, CREDS(SOURCE_SAID), "UnauthorizedException", NULL, 401},
        {"no JSON", {{STATUS("404 Not Found"), "page not found", false}}, 1,
         CREDS(SOURCE_SAID), NULL, NULL, 404},
        {"nothing", {{STATUS("404 Not Found"), "", false}}, 1,
         CREDS(SOURCE_SAID), NULL, NULL, 404},
        {"no keys", {{OK200, "{}", false}}, 1, CREDS(NO_KEYS), NULL, NULL, 200},
        {"null", {{OK200, "{\"AccessKeyId\":null}", false}}, 1, CREDS(NO_KEYS),
         NULL, NULL, 200},
        {"cut three times",
         {{OK200, AGENT(""), true}, {OK200, AGENT(""), true},
          {OK200, AGENT(""), true}}, 3,
         CILP_E_CLOSED, CILP_WHAT_HUNG_UP_MID_REPLY, NULL, NULL, 200},
        {"a half", {{OK200, "{\"AccessKeyId\":\"A\",\"Secr", false}}, 1,
         CREDS(JSON), NULL, NULL, 200},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_bad(&cilp_creds_container, &in, &rows[i]);
}

static void what_the_agent_source_is_given_is_checked(void **state)
{
    static char long_uri[CILP_URI_MAX + 2], long_token[CILP_TOKEN_MAX + 2];
    const struct {
        struct cilp_container in;
        enum cilp_what what;
    } rows[] = {
        {{NULL, NULL}, CILP_WHAT_URI},
        {{"", NULL}, CILP_WHAT_URI},
        {{"v2/x", NULL}, CILP_WHAT_URI},
        {{"/a b", NULL}, CILP_WHAT_URI},
        {{"/a\r\nX: y", NULL}, CILP_WHAT_URI},
        {{"ftp://127.0.0.1/x", NULL}, CILP_WHAT_URI},
        {{"http://user@127.0.0.1/x", NULL}, CILP_WHAT_URI},
        {{"http://127.0.0.1#x", NULL}, CILP_WHAT_URI},
        {{long_uri, NULL}, CILP_WHAT_URI},
        {{"/x", "a\r\nX: y"}, CILP_WHAT_AUTHORIZATION},
        {{"/x", long_token}, CILP_WHAT_AUTHORIZATION},
    };

    (void)state;
    memset(long_uri, '/', sizeof long_uri - 1);
    memset(long_token, 't', sizeof long_token - 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cilp_result *r =
            run(&cilp_creds_container, &rows[i].in, NULL, 0);

        CHECK_ROW("container", r->what == rows[i].what);
        assert_int_equal(r->err, CILP_E_CREDS);
    }
    assert_int_equal(run(&cilp_creds_container, NULL, NULL, 0)->what,
                     CILP_WHAT_SOURCE_ARG);
}

/* ---- STS ------------------------------------------------------------------------ */

#define ARN(name) "arn:aws:iam::123456789012:role/" name
#define STS_KEYS(call, key)                                            \
    "<" call "Response xmlns=\"https://sts.amazonaws."                 \
    "com/doc/2011-06-15/\"><" call "Result><Credentials><AccessKeyId>" \
    "ASIAOFTHEROLE" key "</AccessKeyId><SecretAccessKey>SECRET" key    \
    "</SecretAccessKey>"                                               \
    "<SessionToken>TOKEN" key "</SessionToken><Expiration>" FUTURE     \
    "</Expiration></Credentials><AssumedRoleUser><Arn>arn</Arn>"       \
    "</AssumedRoleUser></" call "Result></" call "Response>"
/* clang-format off */
#define ASSUMED(key) {OK200, STS_KEYS("AssumeRole", key), false}
/* clang-format on */
#define STS_SAYS(code, message)                            \
    "<ErrorResponse><Error><Type>Sender</Type><Code>" code \
    "</Code><Message>" message "</Message></Error>"        \
    "<RequestId>r-9</RequestId></ErrorResponse>"
#define STS_ERROR(code) STS_SAYS(code, "no")

static const struct cilp_static_creds base = {"AKIABASEBASEBASE", "SECRETbase",
                                              NULL};

static void roles_are_assumed_one_after_the_other(void **state)
{
    static const struct cilp_role roles[] = {
        {ARN("one"), "session@1", "ex/ternal&id", 900},
        {ARN("two"), "session-2", NULL, 0},
    };
    static const struct cilp_assume_role in = {&cilp_creds_static, &base, roles,
                                               2, NULL};
    static const struct reply replies[] = {ASSUMED("ONE"), ASSUMED("TWO"),
                                           CANCELLED};

    (void)state;
    assert_int_equal(run(&cilp_creds_assume_role, &in, replies, 3)->outcome,
                     CILP_CANCELLED);
    assert_string_equal(wire.peers[0].host, "sts.eu-west-1.amazonaws.com");
    assert_true(sent(0, "Credential=AKIABASEBASEBASE/20260115/eu-west-1/sts/"));
    assert_true(sent(0, "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws"
                        "%3Aiam%3A%3A123456789012%3Arole%2Fone&RoleSessionName="
                        "session%401&DurationSeconds=900&ExternalId=ex%2Fternal"
                        "%26id"));
    assert_true(sent(1, "Credential=ASIAOFTHEROLEONE/20260115/eu-west-1/sts/"));
    assert_true(sent(1, "X-Amz-Security-Token: TOKENONE\r\n"));
    assert_true(sent(1, "role%2Ftwo&RoleSessionName=session-2"));
    assert_false(sent(1, "ExternalId"));
    assert_false(sent(1, "Duration"));
    check_signed(2, "ASIAOFTHEROLETWO", "TOKENTWO");
    assert_int_equal(cilp_expires_s(&op), NOON + 6 * 3600);
}

/* The base may talk, too; and STS be elsewhere, EC2 have an endpoint. */
static void a_role_may_stand_on_the_role_of_the_instance(void **state)
{
    static const struct cilp_role role = {ARN("one"), "s1", NULL, 0};
    static const struct cilp_assume_role in = {&cilp_creds_imds, NULL, &role, 1,
                                               "https://sts.example:8443"};
    static const struct reply replies[] = {
        PUT_OK,         ROLE_OK,  KEYS_OK, {STATUS("500 Oops"), "", false},
        ASSUMED("ONE"), CANCELLED};

    (void)state;
    req.fips = req.dual_stack = true;
    assert_int_equal(run(&cilp_creds_assume_role, &in, replies, 6)->outcome,
                     CILP_CANCELLED);
    assert_true(sent(4, "Host: sts.example:8443\r\n"));
    assert_true(sent(4, "Credential=ASIAIMDSIMDSIMDS/"));
    assert_string_equal(wire.peers[wire.opens - 1].host,
                        "ec2-fips.eu-west-1.api.aws");
}

static void sts_that_refuses_says_why(void **state)
{
    static char long_token[CILP_TOKEN_MAX + 600];
    const struct cilp_role role = {ARN("one"), "s1", NULL, 0};
    const struct cilp_assume_role in = {&cilp_creds_static, &base, &role, 1,
                                        NULL};
    /* clang-format off */
    const struct bad_row rows[] = {
        {"denied",
         {{STATUS("403 Forbidden"), STS_ERROR("AccessDenied"), false}}, 1,
         CREDS(SOURCE_SAID), "AccessDenied", "no", 403},
        {"a page", {{STATUS("404 Not Found"), "<html></html>", false}}, 1,
         CREDS(SOURCE_SAID), NULL, NULL, 404},
        {"foreign, three times",
         {{OK200, "<html></html>", false}, {OK200, "garbage", false},
          {OK200, STS_KEYS("Other", "X"), false}}, 3,
         CREDS(SOURCE_FOREIGN), NULL, NULL, 200},
        {"no token",
         {{OK200, "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
                  "<AccessKeyId>A</AccessKeyId><SecretAccessKey>SECRET"
                  "</SecretAccessKey></Credentials></AssumeRoleResult>"
                  "</AssumeRoleResponse>", false}}, 1,
         CREDS(NO_KEYS), NULL, NULL, 200},
        {"no secret",
         {{OK200, "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
                  "<AccessKeyId>A</AccessKeyId></Credentials>"
                  "</AssumeRoleResult></AssumeRoleResponse>", false}}, 1,
         CREDS(NO_KEYS), NULL, NULL, 200},
        {"nothing", {{OK200, "<AssumeRoleResponse/>", false}}, 1,
         CREDS(NO_KEYS), NULL, NULL, 200},
        {"a token that is too long", {{OK200, long_token, false}}, 1,
         CREDS(NO_KEYS), NULL, NULL, 200},
        {"an id that is none", {{OK200, STS_KEYS("AssumeRole", "/+"), false}},
         1, CREDS(KEY_ID), NULL, NULL, 200},
    };
    /* clang-format on */
    char *at =
        long_token +
        sprintf(
            long_token,
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A"
            "</AccessKeyId><SecretAccessKey>SECRET</SecretAccessKey><SessionToken>");

    (void)state;
    memset(at, 't', CILP_TOKEN_MAX + 1);
    strcpy(at + CILP_TOKEN_MAX + 1, "</SessionToken></Credentials>"
                                    "</AssumeRoleResult></AssumeRoleResponse>");
    for (size_t i = 0; i < COUNT(rows); i++)
        check_bad(&cilp_creds_assume_role, &in, &rows[i]);
}

static void what_a_role_is_given_is_checked(void **state)
{
    static const struct cilp_role good = {ARN("x"), "s1", NULL, 0};
    static char long_id[1226];
    const struct {
        struct cilp_role role;
        enum cilp_what what;
    } rows[] = {
        {{"arn:aws:iam::1:role", "s1", NULL, 0}, CILP_WHAT_ROLE_ARN},
        {{NULL, "s1", NULL, 0}, CILP_WHAT_ROLE_ARN},
        {{ARN("a b"), "s1", NULL, 0}, CILP_WHAT_ROLE_ARN},
        {{ARN("x"), NULL, NULL, 0}, CILP_WHAT_SESSION_NAME},
        {{ARN("x"), "s", NULL, 0}, CILP_WHAT_SESSION_NAME},
        {{ARN("x"), "a/b", NULL, 0}, CILP_WHAT_SESSION_NAME},
        {{ARN("x"), "s1", "x", 0}, CILP_WHAT_EXTERNAL_ID},
        {{ARN("x"), "s1", long_id, 0}, CILP_WHAT_EXTERNAL_ID},
        {{ARN("x"), "s1", NULL, 899}, CILP_WHAT_DURATION},
        {{ARN("x"), "s1", NULL, 43201}, CILP_WHAT_DURATION},
    };
    const struct cilp_static_creds half = {"AKIABASEBASEBASE", NULL, NULL};
    const struct cilp_assume_role bad[] = {
        {&cilp_creds_static, &base, NULL, 1, NULL},
        {&cilp_creds_static, &base, &good, 0, NULL},
        {&cilp_creds_static, &base, &good, CILP_ROLES_MAX + 1, NULL},
        {&cilp_creds_assume_role, &base, &good, 1, NULL},
    };
    struct cilp_assume_role in = {&cilp_creds_static, &half, &good, 1, NULL};

    (void)state;
    memset(long_id, 'i', sizeof long_id - 1);
    assert_int_equal(run(&cilp_creds_assume_role, &in, NULL, 0)->what,
                     CILP_WHAT_SECRET);
    in.base = NULL;
    assert_int_equal(run(&cilp_creds_assume_role, &in, NULL, 0)->what,
                     CILP_WHAT_NO_SOURCE);
    in.base = &cilp_creds_static;
    in.base_arg = &base;
    for (size_t i = 0; i < COUNT(rows); i++) {
        in.roles = &rows[i].role;
        assert_int_equal(run(&cilp_creds_assume_role, &in, NULL, 0)->what,
                         rows[i].what);
        assert_true(cilp_result(&op)->from_source || wire.opens == 0);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(run(&cilp_creds_assume_role, &bad[i], NULL, 0)->what,
                         CILP_WHAT_ROLES);
    assert_int_equal(run(&cilp_creds_assume_role, NULL, NULL, 0)->what,
                     CILP_WHAT_SOURCE_ARG);
}

/* ---- Web identity ----------------------------------------------------------------- */

/* clang-format off */
#define WEB(key) {OK200, STS_KEYS("AssumeRoleWithWebIdentity", key), false}
/* clang-format on */

static void a_web_identity_gives_keys(void **state)
{
    static char token[CILP_WEB_TOKEN_MAX + 1];
    const struct cilp_web_identity in = {
        token, {ARN("web"), "s-1", "ignored-id", 3600}, NULL};
    static const struct reply replies[] = {
        {STATUS("400 Bad Request"), STS_ERROR("IDPCommunicationError"), false},
        WEB("WEB"),
        CANCELLED};
    size_t n;

    (void)state;
    memset(token, 'a', sizeof token - 1);
    memcpy(token, "TOKEN/+=.", 9);
    req.dual_stack = true;
    assert_int_equal(run(&cilp_creds_web_identity, &in, replies, 3)->outcome,
                     CILP_CANCELLED);
    assert_string_equal(wire.peers[0].host, "sts.eu-west-1.api.aws");
    assert_true(sent(1, "POST / HTTP/1.1\r\n"));
    assert_false(sent(1, "Authorization"));
    assert_true(sent(1, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                        "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2F"
                        "web&RoleSessionName=s-1&DurationSeconds=3600"
                        "&WebIdentityToken=TOKEN%2F%2B%3D.aaa"));
    n = strlen(strstr(wire.requests[1], "\r\n\r\n") + 4);
    {
        char length[40];

        snprintf(length, sizeof length, "Content-Length: %zu\r\n", n);
        assert_true(sent(1, length));
    }
    assert_true(sent(2, "Credential=ASIAOFTHEROLEWEB/"));
    assert_true(sent(2, "X-Amz-Security-Token: TOKENWEB\r\n"));
}

/* That STS cannot reach the provider passes; a token that is wrong stays so. */
static void a_provider_out_of_reach_is_asked_again(void **state)
{
    static const struct cilp_web_identity in = {
        "TOKEN", {ARN("web"), "s-1", NULL, 0}, NULL};
    static const struct reply replies[] = {
        {STATUS("400 Bad Request"),
         STS_SAYS("InvalidIdentityToken",
                  "Couldn't retrieve verification key from your identity"
                  " provider"),
         false},
        WEB("WEB"),
        CANCELLED};
    /* clang-format off */
    static const struct bad_row wrong = {
        "wrong",
        {{STATUS("400 Bad Request"), STS_ERROR("InvalidIdentityToken"), false}},
        1, CREDS(SOURCE_SAID), "InvalidIdentityToken", "no", 400};
    /* clang-format on */

    (void)state;
    assert_int_equal(run(&cilp_creds_web_identity, &in, replies, 3)->outcome,
                     CILP_CANCELLED);
    check_bad(&cilp_creds_web_identity, &in, &wrong);
}

static void a_web_identity_that_is_refused_says_why(void **state)
{
    static char long_token[CILP_WEB_TOKEN_MAX + 2];
    struct cilp_web_identity in = {
        "TOKEN", {ARN("web"), "s-1", NULL, 0}, "https://sts.example"};
    /* clang-format off */
    static const struct bad_row row = {
        "expired",
        {{STATUS("400 Bad Request"), STS_ERROR("ExpiredTokenException"), false}},
        1, CREDS(SOURCE_SAID), "ExpiredTokenException", "no", 400};
    /* clang-format on */

    (void)state;
    check_bad(&cilp_creds_web_identity, &in, &row);
    assert_int_equal(run(&cilp_creds_web_identity, NULL, NULL, 0)->what,
                     CILP_WHAT_SOURCE_ARG);
    in.role.arn = "";
    assert_int_equal(run(&cilp_creds_web_identity, &in, NULL, 0)->what,
                     CILP_WHAT_ROLE_ARN);
    memset(long_token, 'a', sizeof long_token - 1);
    in.token = long_token;
    assert_int_equal(run(&cilp_creds_web_identity, &in, NULL, 0)->what,
                     CILP_WHAT_WEB_TOKEN);
    in.token = "abc";
    assert_int_equal(run(&cilp_creds_web_identity, &in, NULL, 0)->what,
                     CILP_WHAT_WEB_TOKEN);
}

/* ---- SSO ------------------------------------------------------------------------------ */

static void the_portal_gives_keys(void **state)
{
    static const struct cilp_sso in = {"bearer-TOKEN", "123456789012",
                                       "Role@Name", "us-east-2", NULL};
    static const struct {
        const char *ms;
        int64_t s;
        /* clang-format off */
    } rows[] = {{"1768500000000", 1768500000}, {"999", 0}, {"0", 0},
                {"1768500000999", 1768500000},
                {"1234567890123456789", 0}, {"null", 0}};
    /* clang-format on */
    char body[300];
    const struct reply replies[] = {{OK200, body, false}, CANCELLED};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(body, sizeof body,
                 "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSOSSOSSOSSO\","
                 "\"secretAccessKey\":\"SECRETsso\",\"sessionToken\":\"TOKENsso"
                 "\",\"expiration\":%s}}",
                 rows[i].ms);
        req.fips = i == 0;
        assert_int_equal(run(&cilp_creds_sso, &in, replies, 2)->outcome,
                         CILP_CANCELLED);
        assert_int_equal(cilp_expires_s(&op), rows[i].s);
        assert_string_equal(wire.peers[0].host,
                            i == 0 ? "portal.sso-fips.us-east-2.amazonaws.com"
                                   : "portal.sso.us-east-2.amazonaws.com");
        assert_true(sent(0, "GET /federation/credentials?role_name=Role%40Name"
                            "&account_id=123456789012 HTTP/1.1\r\n"));
        assert_true(sent(0, "x-amz-sso_bearer_token: bearer-TOKEN\r\n"));
        assert_true(sent(1, "Credential=ASIASSOSSOSSOSSO/"));
        assert_true(sent(1, "X-Amz-Security-Token: TOKENsso\r\n"));
    }
}

/* In JSON it says so with a code, whatever the status. */
static void a_portal_that_is_busy_is_asked_again(void **state)
{
    static const struct cilp_sso in = {"TOKEN", "123456789012", "R",
                                       "us-east-2", NULL};
    static const struct reply replies[] = {
        {STATUS("400 Bad Request"),
         "{\"__type\":\"ThrottlingException\",\"message\":\"slower\"}", false},
        {OK200,
         "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSOSSOSSOSSO\","
         "\"secretAccessKey\":\"SECRETsso\",\"sessionToken\":\"TOKENsso\"}}",
         false},
        CANCELLED};

    (void)state;
    assert_int_equal(run(&cilp_creds_sso, &in, replies, 3)->outcome,
                     CILP_CANCELLED);
}

static void portal_and_ec2_may_lie_below_a_path(void **state)
{
    static const struct cilp_sso in[] = {
        {"TOKEN", "123456789012", "R", "us-east-2", "https://sso.example/a"},
        {"TOKEN", "123456789012", "R", "us-east-2", "https://sso.example/a/"}};
    static const struct reply replies[] = {
        {OK200,
         "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSOSSOSSOSSO\","
         "\"secretAccessKey\":\"SECRETsso\",\"sessionToken\":\"TOKENsso\"}}",
         false},
        CANCELLED};

    (void)state;
    req.endpoint = "https://ec2.example/b/c";
    for (size_t i = 0; i < COUNT(in); i++) {
        assert_int_equal(run(&cilp_creds_sso, &in[i], replies, 2)->outcome,
                         CILP_CANCELLED);
        assert_true(sent(0, "GET /a/federation/credentials?role_name=R"));
        assert_true(sent(1, "POST /b/c HTTP/1.1\r\nHost: ec2.example\r\n"));
    }
}

static void a_login_that_is_over_says_so(void **state)
{
    static const struct cilp_sso good = {"TOKEN", "123456789012", "R",
                                         "us-east-2", "https://portal.example"};
    /* clang-format off */
    static const struct bad_row row = {
        "over",
        {{STATUS("401 Unauthorized"),
          "{\"message\":\"Session token not found or invalid\",\"__type\":"
          "\"com.amazonaws.switchboard.portal#UnauthorizedException\"}", false}},
        1, CREDS(SOURCE_SAID),
        "com.amazonaws.switchboard.portal?UnauthorizedException",
        "Session token not found or invalid", 401};
    /* clang-format on */
    struct {
        struct cilp_sso in;
        enum cilp_what what;
    } rows[] = {{good, CILP_WHAT_ACCESS_TOKEN}, {good, CILP_WHAT_ACCOUNT_ID},
                {good, CILP_WHAT_ACCOUNT_ID},   {good, CILP_WHAT_ACCOUNT_ID},
                {good, CILP_WHAT_ACCOUNT_ID},   {good, CILP_WHAT_ROLE_NAME}};

    (void)state;
    check_bad(&cilp_creds_sso, &good, &row);
    rows[0].in.access_token = "a\r\nb";
    rows[1].in.account_id = "12345678901";
    rows[2].in.account_id = "1234567890123";
    rows[3].in.account_id = NULL;
    rows[4].in.account_id = "123456789012x";
    rows[5].in.role_name = "a b";
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(run(&cilp_creds_sso, &rows[i].in, NULL, 0)->what,
                         rows[i].what);
    assert_int_equal(run(&cilp_creds_sso, NULL, NULL, 0)->what,
                     CILP_WHAT_SOURCE_ARG);
}

/* ---- JSON ------------------------------------------------------------------------------- */

static void documents_give_keys_or_say_why_not(void **state)
{
#define PROCESS CILP_JSON_PROCESS
#define KEYS \
    "\"AccessKeyId\":\"ASIAPROCPROCPROC\",\"SecretAccessKey\":\"SECRETp\""
    static const struct {
        const char *text;
        enum cilp_json_form form;
        enum cilp_what what;
    } rows[] = {
        {"{\"Version\":1," KEYS ",\"SessionToken\":\"TOKENp\","
         "\"Expiration\":\"" FUTURE "\"}",
         PROCESS, CILP_WHAT_NONE},
        {"{" KEYS ",\"Version\":1}\n", PROCESS, CILP_WHAT_NONE},
        {"{\"Version\":1," KEYS ",\"Expiration\":\"soon\"}", PROCESS,
         CILP_WHAT_NONE},
        {"{\"Version\":1," KEYS ",\"Expiration\":\"2026-01-15T12:00:00Z\"}",
         PROCESS, CILP_WHAT_EXPIRED},
        {"{\"Version\":1," KEYS ",\"Expiration\":\"so on\"}", PROCESS,
         CILP_WHAT_NONE},
        {"{\"Version\":2," KEYS "}", PROCESS, CILP_WHAT_VERSION},
        {"{\"Version\":10," KEYS "}", PROCESS, CILP_WHAT_VERSION},
        {"{" KEYS "}", PROCESS, CILP_WHAT_VERSION},
        {"{\"Version\":\"1\"," KEYS "}", PROCESS, CILP_WHAT_JSON_TYPE},
        {"{\"Version\":1,\"AccessKeyId\":\"A\"}", PROCESS, CILP_WHAT_NO_KEYS},
        {"{\"Version\":1,\"AccessKeyId\":\"\",\"SecretAccessKey\":\"x\"}",
         PROCESS, CILP_WHAT_KEY_ID},
        {"", PROCESS, CILP_WHAT_JSON},
        {"{\"accessToken\":{\"accessKeyId\":\"ASIALOGINLOGINLOG\",\"secretAccessKey\":"
         "\"SECRETl\",\"sessionToken\":\"TOKENl\",\"accountId\":\"1\","
         "\"expiresAt\":\"" FUTURE "\"},\"tokenType\":\"x\"}",
         CILP_JSON_LOGIN, CILP_WHAT_NONE},
        {"{\"accessToken\":{\"accessKeyId\":\"ASIALOGINLOGINLOG\",\"secretAccessKey\":"
         "\"SECRETl\",\"sessionToken\":\"TOKENl\",\"expiresAt\":"
         "\"2026-01-15T11:00:00Z\"}}",
         CILP_JSON_LOGIN, CILP_WHAT_EXPIRED},
        {"{\"accessToken\":null}", CILP_JSON_LOGIN, CILP_WHAT_NO_KEYS},
        {"{\"accessToken\":{\"accessKeyId\":\"ASIALOGINLOGINLOG\","
         "\"secretAccessKey\":\"SECRETl\"}}",
         CILP_JSON_LOGIN, CILP_WHAT_NO_TOKEN},
    };
    static const struct reply replies[] = {CANCELLED};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[2048];
        struct cilp_json_creds in = {text, strlen(rows[i].text), sizeof text,
                                     rows[i].form};
        const struct cilp_result *r;

        strcpy(text, rows[i].text);
        r = run(&cilp_creds_json, &in, replies, 1);
        if (r->what != rows[i].what)
            fail_msg("%s: %s", rows[i].text, cilp_what_text(r->what));
        assert_int_equal(r->outcome,
                         rows[i].what ? CILP_NOT_SENT : CILP_CANCELLED);
        for (size_t k = 0; k < sizeof text; k++)
            assert_int_equal(text[k], 0);
    }
    assert_int_equal(run(&cilp_creds_json, NULL, NULL, 0)->what,
                     CILP_WHAT_SOURCE_ARG);
}

/* ---- Services that begin late ------------------------------------------------------- */

struct late {
    const char *name;
    const struct cilp_source *source;
    const void *arg;
    uint32_t wait_ms, deadline_ms;
    uint32_t begins_ms; /* every open before fails */
    enum cilp_err err;  /* in this way */
    unsigned failures;
    bool waits;
    enum cilp_err last;
};

/* Until an open may succeed, or all is over. */
static void fail_opens(const struct late *row)
{
    uint32_t from = now.mono_ms;
    unsigned failures = 0;
    bool waits = false;
    enum cilp_want want;

    for (;;) {
        want = cilp_next(&op, now);
        if (want == CILP_WAIT) {
            waits |= cilp_is_waiting(&op);
            now.mono_ms += cilp_idle_ms(&op);
        } else if (want == CILP_OPEN && now.mono_ms - from < row->begins_ms) {
            cilp_failed(&op, row->err, 0);
            failures++;
        } else {
            break;
        }
    }
    assert_false(cilp_is_waiting(&op));
    if (failures != row->failures || waits != row->waits)
        fail_msg("%s: %u failures", row->name, failures);
    assert_true(now.mono_ms - from <= 30000);
}

/* A stop ends the call at once, while it connects to who may begin late too. */
static void a_stop_ends_the_wait_for_a_service(void **state)
{
    static const struct cilp_container agent = {"/c", NULL};

    (void)state;
    req.source = &cilp_creds_container;
    req.source_arg = &agent;
    req.wait_ms = 30000;
    cilp_start(&op, &req, now);
    assert_int_equal(cilp_next(&op, now), CILP_OPEN);
    cilp_stop(&op);
    assert_int_equal(cilp_next(&op, now), CILP_CLOSE);
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, now), CILP_DONE);
    assert_int_equal(cilp_result(&op)->err, CILP_E_STOPPED);
}

static void a_service_that_begins_late_is_waited_for(void **state)
{
#define NEVER 1000000
    static const struct cilp_container agent = {"/c", NULL};
    static const struct cilp_imds often = {NULL, 0, 5};
    static const struct cilp_web_identity web = {
        "token", {ARN("x"), "s1", NULL, 0}, NULL};
    const struct reply in_time[] = {{OK200, AGENT(""), false}, CANCELLED};
    const struct late rows[] = {
        {"in time", &cilp_creds_container, &agent, 30000, 0, 1500,
         CILP_E_CONNECT, 2, true, CILP_OK},
        {"without a route", &cilp_creds_container, &agent, 30000, 0, 20500,
         CILP_E_TIMEOUT, 21, true, CILP_OK},
        {"never", &cilp_creds_container, &agent, 5000, 0, NEVER, CILP_E_CONNECT,
         5, true, CILP_E_CONNECT},
        {"half of the deadline", &cilp_creds_container, &agent, 30000, 4000,
         NEVER, CILP_E_CONNECT, 3, true, CILP_E_CONNECT},
        {"a moment", &cilp_creds_imds, NULL, 3000, 0, NEVER, CILP_E_CONNECT, 3,
         true, CILP_E_CONNECT},
        {"a moment, then attempts", &cilp_creds_imds, &often, 3000, 0, NEVER,
         CILP_E_CONNECT, 5, true, CILP_E_CONNECT},
        {"not at all", &cilp_creds_container, &agent, 0, 0, NEVER,
         CILP_E_CONNECT, 3, false, CILP_E_CONNECT},
        {"a certificate is no matter of time", &cilp_creds_container, &agent,
         30000, 0, NEVER, CILP_E_CERT, 1, false, CILP_E_CERT},
        {"STS is not of this machine", &cilp_creds_web_identity, &web, 30000, 0,
         NEVER, CILP_E_CONNECT, 3, false, CILP_E_CONNECT},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct late *row = &rows[i];

        serve(in_time, 2, 0);
        req.source = row->source;
        req.source_arg = row->arg;
        req.wait_ms = row->wait_ms;
        req.deadline_ms = row->deadline_ms;
        cilp_start(&op, &req, now);
        fail_opens(row);
        drive(NULL);
        assert_int_equal(cilp_result(&op)->err, row->last);
        assert_int_equal(cilp_result(&op)->from_source, row->last != CILP_OK);
        cilp_end(&op); /* the next row opens anew */
        drive(NULL);
        (void)set_up(NULL);
    }
}

/* One that is there and breaks is not one that begins late. */
static void a_service_that_breaks_is_not_waited_for(void **state)
{
    static const struct cilp_container agent = {"/c", NULL};
    static const struct reply cut = {OK200, "{\"AccessKeyId\":\"A", true};
    const struct reply replies[] = {cut, cut, cut};

    (void)state;
    req.wait_ms = 30000;
    assert_int_equal(run(&cilp_creds_container, &agent, replies, 3)->err,
                     CILP_E_CLOSED);
    assert_int_equal(wire.next, 3);
    req.wait_ms = 60001;
    assert_int_equal(run(&cilp_creds_container, &agent, NULL, 0)->what,
                     CILP_WHAT_LIMITS);
}

/* Who cannot tell the time cannot tell what is over. */
static void an_unset_clock_judges_no_keys(void **state)
{
    char text[512] = "{\"Version\":1," KEYS ",\"Expiration\":"
                     "\"2026-01-15T11:00:00Z\"}";
    const struct cilp_json_creds in = {text, strlen(text), sizeof text,
                                       PROCESS};

    (void)state;
    now.trusted = false;
    assert_int_equal(run(&cilp_creds_json, &in, NULL, 0)->what,
                     CILP_WHAT_NO_CLOCK);
}

/* ---- For how long keys are used ------------------------------------------- */

#define LIVES(key, expires)                                          \
    {                                                                \
        OK200,                                                       \
            "{\"Code\":\"Success\",\"AccessKeyId\":\"" key           \
            "\",\"SecretAccessKey\":\"SECRET\",\"Token\":\"TOKEN\"," \
            "\"Expiration\":\"" expires "\"}",                       \
            false                                                    \
    }

/* Two calls, so many seconds apart: does the second one ask the source, and is
 * it signed with what it then gives? The same by a clock that is known to be slow. */
static const struct life {
    const char *row, *expires;
    int64_t apart_s;
    bool asks;
} lives[] = {
    {"an hour, at once", "2026-01-15T13:00:00Z", 0, false},
    {"an hour, 60 s before the end", "2026-01-15T13:00:00Z", 3540, false},
    {"an hour, 59 s before the end", "2026-01-15T13:00:00Z", 3541, true},
    {"an hour, at the end", "2026-01-15T13:00:00Z", 3600, true},
    {"an hour, long over", "2026-01-15T13:00:00Z", 9000, true},
    {"60 s, at once", "2026-01-15T12:01:00Z", 0, false},
    {"60 s, the next second", "2026-01-15T12:01:00Z", 1, false},
    {"60 s, at the end", "2026-01-15T12:01:00Z", 60, true},
    {"30 s, before the end", "2026-01-15T12:00:30Z", 29, false},
    {"30 s, at the end", "2026-01-15T12:00:30Z", 30, true},
    {"30 s, over", "2026-01-15T12:00:30Z", 45, true},
    {"over, at once", "2026-01-15T11:50:00Z", 0, false},
    {"over, within a minute", "2026-01-15T11:50:00Z", 59, false},
    {"over, after a minute", "2026-01-15T11:50:00Z", 60, true},
    {"over as they came", "2026-01-15T12:00:00Z", 1, false},
    {"not told", "", 999999, false},
};

static void keys_are_asked_for_anew_when_they_are_about_to_expire(void **state)
{
    (void)state;
    for (size_t k = 0; k < 2 * COUNT(lives); k++) {
        const size_t i = k / 2;
        const int64_t slow_s = k % 2 ? 3000 : 0;
        char first[256];
        struct reply replies[] = {PUT_OK,    ROLE_OK,  {OK200, first, false},
                                  CANCELLED, PUT_OK,   ROLE_OK,
                                  KEYS_OK,   CANCELLED};
        const char *row = lives[i].row;
        bool asks = lives[i].asks;

        set_up(NULL);
        snprintf(first, sizeof first,
                 "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIAFIRSTFIRSTID\","
                 "\"SecretAccessKey\":\"SECRET\",\"Token\":\"TOKENfirst\","
                 "\"Expiration\":\"%s\"}",
                 lives[i].expires);
        CHECK_ROW(row, run(&cilp_creds_imds, NULL, replies, 4)->keys == 1);
        op.offset_s = slow_s;
        now.unix_s += lives[i].apart_s - slow_s;
        now.mono_ms += (uint32_t)lives[i].apart_s * 1000;
        if (asks)
            serve(replies + 4, 4, 0);
        else
            serve(replies + 3, 1, 0);
        CHECK_ROW(row, cilp_wants_keys(&op, &req, now) == asks);
        cilp_start(&op, &req, now);
        drive(NULL);
        CHECK_ROW(row, cilp_result(&op)->outcome == CILP_CANCELLED);
        CHECK_ROW(row, cilp_result(&op)->keys == (asks ? 2 : 1));
        CHECK_ROW(row, wire.next == wire.n);
        CHECK_ROW(row, sent(wire.n - 1, asks ? "Credential=ASIAIMDSIMDSIMDS/"
                                             : "Credential=ASIAFIRSTFIRSTID/"));
    }
}

/* The third call asks again, and is not told that nobody named a source. */
static void a_source_that_failed_is_asked_again(void **state)
{
    static const struct reply first[] = {
        PUT_OK, ROLE_OK, LIVES("ASIAFIRSTFIRSTID", "2026-01-15T13:00:00Z"),
        CANCELLED};
    static const struct reply broken[] = {
        PUT_OK, {STATUS("404 Not Found"), "<html/>", false}};
    static const struct reply again[] = {PUT_OK, ROLE_OK, KEYS_OK, CANCELLED};
    const struct cilp_result *r = cilp_result(&op);

    (void)state;
    run(&cilp_creds_imds, NULL, first, 4);
    now.unix_s += 3600;
    for (int i = 0; i < 2; i++) {
        serve(broken, 2, 0);
        cilp_start(&op, &req, now);
        drive(NULL);
        assert_int_equal(r->err, CILP_E_CREDS);
        assert_int_equal(r->what, CILP_WHAT_NO_ROLE);
        assert_int_equal(r->keys, 2 + i);
        assert_string_equal(cilp_key_id(&op), "");
    }
    serve(again, 4, 0);
    cilp_start(&op, &req, now);
    drive(NULL);
    assert_int_equal(r->outcome, CILP_CANCELLED);
    check_signed(3, "ASIAIMDSIMDSIMDS", "TOKENimds==");
}

/* A call of its keys' last minute goes on with them, whatever it takes. */
static void keys_that_are_named_are_not_asked_for_anew(void **state)
{
    static const struct reply first[] = {
        PUT_OK, ROLE_OK, LIVES("ASIAFIRSTFIRSTID", "2026-01-15T13:00:00Z"),
        CANCELLED};
    static const struct reply second[] = {CANCELLED};

    (void)state;
    run(&cilp_creds_imds, NULL, first, 4);
    now.unix_s += 3590;
    now.mono_ms += 3590000;
    req.keys = cilp_result(&op)->keys;
    assert_false(cilp_wants_keys(&op, &req, now));
    serve(second, 1, 0);
    cilp_start(&op, &req, now);
    drive(NULL);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    assert_true(sent(0, "Credential=ASIAFIRSTFIRSTID/"));
    req.keys = 0;
    assert_true(cilp_wants_keys(&op, &req, now));
}

/* Nor does a question after their end make them ones that came like that. */
static void keys_that_ran_out_have_not_come_like_that(void **state)
{
    static const struct reply first[] = {
        PUT_OK, ROLE_OK, LIVES("ASIAFIRSTFIRSTID", "2026-01-15T12:00:30Z"),
        CANCELLED};
    static const struct reply second[] = {CANCELLED};

    (void)state;
    run(&cilp_creds_imds, NULL, first, 4);
    now.unix_s += 40;
    now.mono_ms += 40000;
    req.keys = 1;
    serve(second, 1, 0);
    cilp_start(&op, &req, now);
    drive(NULL);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    req.keys = 0;
    assert_true(cilp_wants_keys(&op, &req, now));
}

/* A signal in the middle: nothing was sent to EC2. */
static void a_source_can_be_stopped(void **state)
{
    (void)state;
    begin_with_imds();
    cilp_stop(&op);
    assert_int_equal(cilp_next(&op, now), CILP_CLOSE);
    cilp_closed(&op);
    assert_int_equal(cilp_next(&op, now), CILP_DONE);
    assert_int_equal(cilp_result(&op)->err, CILP_E_STOPPED);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
    assert_false(cilp_result(&op)->sent);
}

/* Only a signed request has one. */
static void a_sources_request_has_no_canonical_form(void **state)
{
    char text[64];

    (void)state;
    begin_with_imds();
    cilp_opened(&op);
    assert_int_equal(cilp_next(&op, now), CILP_SEND);
    assert_int_equal(cilp_canonical_request(&op, text, sizeof text), 0);
    wire.standing = 1;
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(imds_gives_the_keys_of_the_role),
        T(imds_may_be_elsewhere),
        T(imds_that_has_no_keys_says_why),
        T(imds_is_asked_three_times),
        T(a_token_that_is_refused_is_asked_for_once_more),
        cmocka_unit_test_setup(imds_that_is_silent_times_out_soon, set_up),
        T(half_a_refusal_of_imds_is_none),
        T(a_stop_amid_a_refusal_of_imds_ends_the_call),
        T(a_long_reply_is_refused),
        T(a_reply_is_gathered_in_the_callers_room),
        T(a_reply_that_is_none_is_wiped_all_the_same),
        T(nothing_of_a_broken_reply_stays_in_its_readers),
        T(the_region_is_told_without_keys),
        T(the_agent_gives_keys),
        T(an_agent_that_refuses_says_why),
        T(what_the_agent_source_is_given_is_checked),
        T(roles_are_assumed_one_after_the_other),
        T(a_role_may_stand_on_the_role_of_the_instance),
        T(sts_that_refuses_says_why),
        T(what_a_role_is_given_is_checked),
        T(a_web_identity_gives_keys),
        T(a_provider_out_of_reach_is_asked_again),
        T(a_web_identity_that_is_refused_says_why),
        T(the_portal_gives_keys),
        T(a_portal_that_is_busy_is_asked_again),
        T(portal_and_ec2_may_lie_below_a_path),
        T(a_login_that_is_over_says_so),
        T(documents_give_keys_or_say_why_not),
        T(an_unset_clock_judges_no_keys),
        T(keys_are_asked_for_anew_when_they_are_about_to_expire),
        T(a_source_that_failed_is_asked_again),
        T(keys_that_are_named_are_not_asked_for_anew),
        T(keys_that_ran_out_have_not_come_like_that),
        T(a_stop_ends_the_wait_for_a_service),
        T(a_service_that_begins_late_is_waited_for),
        T(a_service_that_breaks_is_not_waited_for),
        cmocka_unit_test_setup(a_source_can_be_stopped, set_up),
        T(a_sources_request_has_no_canonical_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
