/*
 * A cancel that is signed by one call and sent by another one.
 */
#include "tests/unit/rows.h"

#include <stdio.h>

#include "core/signed.h"
#include "tests/unit/served.h"

#define ID   "ami-0abcdef1234567890"
#define NOON 1768478400 /* 2026-01-15T12:00:00Z */
#define HEAD "Date: Thu, 15 Jan 2026 12:00:00 GMT\r\n"
#define TRUE_REPLY                                              \
    {                                                           \
        "HTTP/1.1 200 OK\r\n" HEAD,                             \
            "<CancelImageLaunchPermissionResponse><requestId>r" \
            "</requestId><return>true</return>"                 \
            "</CancelImageLaunchPermissionResponse>",           \
            false                                               \
    }
#define REFUSAL(code)                                                  \
    {                                                                  \
        "HTTP/1.1 400 Bad Request\r\n" HEAD,                           \
            "<Response><Errors><Error><Code>" code "</Code><Message>m" \
            "</Message></Error></Errors><RequestID>r</RequestID>"      \
            "</Response>",                                             \
            false                                                      \
    }

static struct cilp_static_creds keys;
static struct cilp_request req;
static struct cilp_sign sign;
static struct cilp_signed read_back;
static char paper[8192];
static size_t paper_len;
static int64_t ticks; /* seconds that pass at each event */

static int set_up(void **state)
{
    (void)state;
    keys = (struct cilp_static_creds){"AKIDEXAMPLEKEYID", "secret", NULL};
    memset(&req, 0, sizeof req);
    memset(&sign, 0, sizeof sign);
    ticks = 0;
    req.flow = &cilp_sign;
    req.clock = &cilp_clock_learn;
    req.image_id = ID;
    req.region = "eu-west-1";
    req.source = &cilp_creds_static;
    req.source_arg = &keys;
    req.attempts = 1;
    memset(req.random, 0x5A, sizeof req.random);
    now = (struct cilp_now){.unix_s = NOON, .mono_ms = 1, .trusted = true};
    return cilp_init(&op, sizeof op) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cilp_end(&op);
    drive(NULL);
    return 0;
}

static void on_send(void)
{
    size_t n;
    const uint8_t *p = cilp_tx(&op, &n);

    assert_true(paper_len + n < sizeof paper);
    memcpy(paper + paper_len, p, n);
    paper_len += n;
    cilp_sent(&op, n);
}

/* The call on paper, which can be made to fail at an event. */
static const struct cilp_result *on_paper(enum cilp_want fails)
{
    enum cilp_want want;
    bool is_open = false;

    paper_len = 0;
    cilp_start(&op, &req, now);
    while ((want = cilp_next(&op, now)) != CILP_DONE) {
        if (want == CILP_CLOSE)
            cilp_closed(&op);
        else if (want == fails)
            cilp_failed(&op, CILP_E_CLOSED, 0);
        else if (want == CILP_OPEN)
            cilp_opened(&op);
        else if (want == CILP_SEND)
            on_send();
        else
            cilp_eof(&op);
        /* nothing before it is open: no other connection has it */
        is_open = is_open || want == CILP_OPEN;
        assert_true(is_open || want == CILP_CLOSE);
        now.unix_s += ticks;
    }
    paper[paper_len] = '\0';
    return cilp_result(&op);
}

static const struct cilp_result *sent(const struct reply *replies, size_t n)
{
    serve(replies, n, 0);
    req.attempts = 0;
    req.source = NULL;
    cilp_start(&op, &req, now);
    drive(NULL);
    return cilp_result(&op);
}

static bool read_paper(void)
{
    return cilp_signed_read(&read_back, paper, paper_len);
}

/* ---- Signing ------------------------------------------------------------- */

static void what_is_signed_is_what_a_cancel_sends(void **state)
{
    static const struct reply yes = TRUE_REPLY;

    (void)state;
    for (int dry = 0; dry < 2; dry++) {
        set_up(NULL);
        req.dry_run = dry;
        keys.token = dry ? "token" : NULL;
        req.flow = &cilp_cancel;
        serve(&yes, 1, 0);
        cilp_start(&op, &req, now);
        drive(NULL);
        req.flow = &cilp_sign;
        assert_int_equal(on_paper(CILP_DONE)->outcome, CILP_ANSWERED);
        assert_int_equal(cilp_result(&op)->err, CILP_OK);
        assert_int_equal(cilp_result(&op)->signed_s, NOON);
        assert_string_equal(paper, wire.requests[0]);
    }
}

static void at_signs_for_its_moment_whatever_the_clock(void **state)
{
    (void)state;
    for (int trusted = 0; trusted < 2; trusted++) {
        set_up(NULL);
        now.unix_s = trusted ? NOON + 86400 : 7;
        now.trusted = trusted;
        sign.at_s = NOON;
        ticks = 1;
        req.memory = &sign;
        assert_int_equal(on_paper(CILP_DONE)->outcome, CILP_ANSWERED);
        assert_int_equal(cilp_result(&op)->signed_s, NOON);
        assert_non_null(strstr(paper, "X-Amz-Date: 20260115T120000Z\r\n"));
    }
}

static void paper_that_fails_has_no_request(void **state)
{
    static const enum cilp_want fails[] = {CILP_OPEN, CILP_SEND};

    (void)state;
    for (size_t i = 0; i < COUNT(fails); i++) {
        set_up(NULL);
        req.memory = &sign;
        assert_int_equal(on_paper(fails[i])->outcome, CILP_NOT_SENT);
        assert_int_equal(cilp_result(&op)->err, CILP_E_CLOSED);
    }
}

static void a_clock_that_is_unset_signs_nothing(void **state)
{
    (void)state;
    now.trusted = false;
    req.clock = NULL;
    assert_int_equal(on_paper(CILP_DONE)->outcome, CILP_NOT_SENT);
    assert_int_equal(cilp_result(&op)->err, CILP_E_CLOCK);
    assert_int_equal(paper_len, 0);
}

static void an_id_that_is_none_is_not_signed(void **state)
{
    (void)state;
    req.image_id = "ami-1";
    assert_int_equal(on_paper(CILP_DONE)->err, CILP_E_ARG);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_IMAGE);
}

/* ---- Reading ------------------------------------------------------------- */

static void what_was_signed_is_read(void **state)
{
    (void)state;
    for (int dry = 0; dry < 2; dry++) {
        set_up(NULL);
        keys.token = dry ? "the/token" : NULL;
        req.dry_run = dry;
        req.user_agent = "cilp/1 app/x";
        (void)on_paper(CILP_DONE);
        assert_true(read_paper());
        assert_string_equal(read_back.image_id, ID);
        assert_string_equal(read_back.host, "ec2.eu-west-1.amazonaws.com");
        assert_string_equal(read_back.path, "/");
        assert_string_equal(read_back.region, "eu-west-1");
        assert_string_equal(read_back.key_id, "AKIDEXAMPLEKEYID");
        assert_string_equal(read_back.invocation_id,
                            cilp_result(&op)->invocation_id);
        assert_int_equal(read_back.signed_s, cilp_result(&op)->signed_s);
        assert_int_equal(read_back.dry_run, dry);
    }
}

static void a_request_that_was_cut_is_none(void **state)
{
    (void)state;
    (void)on_paper(CILP_DONE);
    for (size_t n = 0; n < paper_len; n++)
        assert_false(cilp_signed_read(&read_back, guarded(paper, n), n));
    memcpy(paper + paper_len, "x", 1);
    assert_false(cilp_signed_read(&read_back, paper, paper_len + 1));
}

/* Put `to` in the place of what stands in the paper. */
static bool alter(const char *from, const char *to)
{
    static char rest[sizeof paper];
    char *at = strstr(paper, from);

    if (!at)
        return false;
    strcpy(rest, at + strlen(from));
    strcpy(at, to);
    strcat(at, rest);
    paper_len = strlen(paper);
    return true;
}

static void what_was_altered_is_none(void **state)
{
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"POST /", "GET /"},
        {"POST /", "POST "},
        {" HTTP/1.1", " HTTP/1.0"},
        {"Host: ec2", "Host: \x01"},
        {"Host: ec2", "Host: \x7F"},
        {"Host: ec2", "Host: \xFF"},
        {"identity", "gzip"},
        {"Content-Length: 95", "Content-Length: 96"},
        {"Content-Length: 95", "Content-Length: 0x"},
        {"Content-Length: 95", "Content-Length: "},
        {"Action=Cancel", "Action=Modify"},
        {"attempt=1", "attempt=2"},
        {"T120000Z", "X120000Z"},
        {"T120000Z", "T120000X"},
        {"T120000Z", "T120061Z"},
        {"T120000Z", "T129900Z"},
        {"T120000Z", "T1200Z"},
        {"T120000Z", "T1200000Z"},
        {"/ec2/", "/sts/"},
        {"Z\r\nAuth", "Z\r\n\r\nAuth"},
        {"&ImageId=", "&ImageID="},
        {"-5a5a5a5a5a5a\r\n", "-5a5a5a5a5a\r\n"},
        {"true", "junk"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_up(NULL);
        req.dry_run = true;
        (void)on_paper(CILP_DONE);
        CHECK_ROW(rows[i].from, read_paper());
        CHECK_ROW(rows[i].from, alter(rows[i].from, rows[i].to));
        CHECK_ROW(rows[i].to, !read_paper());
    }
}

/* ---- Where it is for ----------------------------------------------------- */

static void it_leads_where_it_was_signed_for(void **state)
{
    static const struct {
        const char *host; /* in the request */
        const char *path;
        const char *endpoint;
        bool leads, fips, dual;
    } rows[] = {
        {"ec2.eu-west-1.amazonaws.com", "/", NULL, true, false, false},
        {"ec2-fips.eu-west-1.amazonaws.com", "/", NULL, true, true, false},
        {"ec2.eu-west-1.api.aws", "/", NULL, true, false, true},
        {"ec2-fips.eu-west-1.api.aws", "/", NULL, true, true, true},
        {"ec2.us-east-1.amazonaws.com", "/", NULL, false, false, false},
        {"ec2.eu-west-1.amazonaws.com.example.com", "/", NULL, false, 0, 0},
        {"ec2.eu-west-1.amazonaws.com", "/x", NULL, false, false, false},
        {"localhost:4443", "/", "https://localhost:4443", true, false, false},
        {"localhost:4443", "/x", "https://localhost:4443/x", true, 0, 0},
        {"localhost:4443", "/", "https://localhost:4444", false, false, false},
        {"localhost:4443", "/", "ftp://localhost:4443", false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        memset(&read_back, 0, sizeof read_back);
        strcpy(read_back.host, rows[i].host);
        strcpy(read_back.path, rows[i].path);
        strcpy(read_back.region, "eu-west-1");
        memset(&req, 0, sizeof req);
        req.endpoint = rows[i].endpoint;
        CHECK_ROW(rows[i].host,
                  cilp_signed_request(&read_back, &req) == rows[i].leads);
        CHECK_ROW(rows[i].host, req.flow == &cilp_send);
        CHECK_ROW(rows[i].host, !rows[i].leads || req.fips == rows[i].fips);
        CHECK_ROW(rows[i].host,
                  !rows[i].leads || req.dual_stack == rows[i].dual);
    }
}

/* ---- Sending ------------------------------------------------------------- */

/* Sign, read back, and forget the keys. */
static void make_ready(void)
{
    set_up(NULL);
    (void)on_paper(CILP_DONE);
    assert_true(read_paper());
    tear_down(NULL);
    set_up(NULL);
    assert_true(cilp_signed_request(&read_back, &req));
}

static void the_very_bytes_are_sent(void **state)
{
    static const struct reply yes = TRUE_REPLY;

    (void)state;
    make_ready();
    memset(req.random, 0, sizeof req.random);
    assert_int_equal(sent(&yes, 1)->outcome, CILP_CANCELLED);
    assert_string_equal(wire.requests[0], paper);
    assert_string_equal(wire.peers[0].host, "ec2.eu-west-1.amazonaws.com");
    assert_true(wire.peers[0].tls);
    assert_string_equal(cilp_result(&op)->invocation_id,
                        read_back.invocation_id);
    assert_int_equal(cilp_result(&op)->signed_s, read_back.signed_s);
}

static void doubt_is_that_of_a_cancel(void **state)
{
    static const struct {
        struct reply replies[2];
        size_t n;
        enum cilp_outcome outcome;
    } rows[] = {
        {{REFUSAL("InvalidAMIID.NotFound")}, 1, CILP_NOTHING},
        {{{"HTTP/1.1 200 OK\r\n" HEAD, "<Cancel", true},
          REFUSAL("InvalidAMIID.NotFound")},
         2,
         CILP_GONE},
        {{{"HTTP/1.1 200 OK\r\n" HEAD, "<Cancel", true}, TRUE_REPLY},
         2,
         CILP_CANCELLED},
        {{{"HTTP/1.1 200 OK\r\n" HEAD, "<Cancel", true},
          REFUSAL("RequestExpired")},
         2,
         CILP_UNKNOWN},
        {{REFUSAL("UnauthorizedOperation")}, 1, CILP_REFUSED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        make_ready();
        assert_int_equal(sent(rows[i].replies, rows[i].n)->outcome,
                         rows[i].outcome);
        if (rows[i].n == 2)
            assert_string_equal(wire.requests[0], wire.requests[1]);
        tear_down(NULL);
    }
}

static void a_wrong_date_is_not_mended(void **state)
{
    static const struct reply no = REFUSAL("RequestExpired");

    (void)state;
    make_ready();
    read_back.signed_s -= 86400;
    assert_int_equal(sent(&no, 1)->outcome, CILP_REFUSED);
    assert_int_equal(cilp_result(&op)->signed_s, read_back.signed_s);
}

static void nothing_to_send_is_an_error(void **state)
{
    (void)state;
    req.flow = &cilp_send;
    assert_int_equal(sent(NULL, 0)->what, CILP_WHAT_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(what_is_signed_is_what_a_cancel_sends),
        T(at_signs_for_its_moment_whatever_the_clock),
        T(paper_that_fails_has_no_request),
        T(a_clock_that_is_unset_signs_nothing),
        T(an_id_that_is_none_is_not_signed),
        T(what_was_signed_is_read),
        T(a_request_that_was_cut_is_none),
        T(what_was_altered_is_none),
        T(it_leads_where_it_was_signed_for),
        T(the_very_bytes_are_sent),
        T(doubt_is_that_of_a_cancel),
        T(a_wrong_date_is_not_mended),
        T(nothing_to_send_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
