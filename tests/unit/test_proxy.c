/*
 * CONNECT as a stream, over a stream that plays the proxy: how bytes come is its
 * to choose, and what becomes of the call is not.
 */
#include "tests/unit/rows.h"

#include <stdio.h>

#include "port/proxy/proxy.h"

#define OK_REPLY  "HTTP/1.1 200 Connection established\r\nVia: 1.1 p\r\n\r\n"
#define PROXY     "proxy p.test:3128: "
#define NO_ANSWER "it hung up without an answer to CONNECT"

/* What the stream below does. */
static struct {
    struct cilp_stream s;
    const char *reply; /* that the proxy gives, */
    size_t reply_len;  /* of which so much comes, */
    size_t piece;      /* so much at a time, 0: all, */
    size_t at;
    enum cilp_stream_rc end; /* and then this */
    bool early;              /* it comes before a request does */
    bool later;              /* each second call says AGAIN */
    bool was_later;
    bool open_fails, send_fails;
    const char *why_on_close;
    unsigned opens, closes;
    struct cilp_peer to;
    char sent[4096];
    size_t n_sent;
} below;

static bool is_later(void)
{
    below.was_later = below.later && !below.was_later;
    return below.was_later;
}

static enum cilp_stream_rc broken(struct cilp_stream *s)
{
    s->err = CILP_E_CLOSED;
    s->native = 104;
    if (s->why)
        strcpy(s->why, "reset by 10.0.0.1");
    return CILP_STREAM_FAIL;
}

static enum cilp_stream_rc below_open(struct cilp_stream *s,
                                      const struct cilp_peer *to)
{
    below.to = *to;
    if (is_later())
        return CILP_STREAM_AGAIN;
    if (below.open_fails)
        return broken(s);
    below.opens++;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc below_send(struct cilp_stream *s, const uint8_t *p,
                                      size_t n, size_t *done)
{
    if (is_later())
        return CILP_STREAM_AGAIN;
    if (below.send_fails)
        return broken(s);
    n = below.piece && below.piece < n ? below.piece : n;
    assert_true(below.n_sent + n < sizeof below.sent);
    memcpy(below.sent + below.n_sent, p, n);
    below.n_sent += n;
    *done = n;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc below_recv(struct cilp_stream *s, uint8_t *p,
                                      size_t n, size_t *done)
{
    size_t left = below.reply_len - below.at;

    if (is_later() || (below.n_sent == 0 && !below.early))
        return CILP_STREAM_AGAIN;
    if (left == 0)
        return below.end == CILP_STREAM_FAIL ? broken(s) : below.end;
    n = left < n ? left : n;
    n = below.piece && below.piece < n ? below.piece : n;
    memcpy(p, below.reply + below.at, n);
    below.at += n;
    *done = n;
    return CILP_STREAM_OK;
}

static void below_close(struct cilp_stream *s)
{
    below.closes++;
    if (s->why && below.why_on_close)
        strcpy(s->why, below.why_on_close);
}

static const struct cilp_stream_ops BELOW_OPS = {below_open, below_send,
                                                 below_recv, below_close};

/* ---- One stream ---------------------------------------------------------- */

static struct cilp_proxy proxy;
static struct cilp_proxy_url url;
static struct cilp_proxy_ways ways;
static char why[CILP_STREAM_WHY_MAX];
static struct cilp_peer peer;

static void set_up(const char *text, const char *reply)
{
    memset(&below, 0, sizeof below);
    below.s.ops = &BELOW_OPS;
    below.reply = reply;
    below.reply_len = strlen(reply);
    below.end = CILP_STREAM_AGAIN;
    memset(&ways, 0, sizeof ways);
    if (text) {
        assert_null(cilp_proxy_url_read(&url, text));
        ways.for_tls = &url;
    }
    memset(&peer, 0, sizeof peer);
    peer.tls = true;
    peer.port = 443;
    peer.unix_s = 1234;
    peer.judge_dates = true;
    strcpy(peer.host, "ec2.test");
    cilp_proxy_init(&proxy, &below.s, NULL, &ways);
    proxy.s.why = why;
    strcpy(why, "old");
}

static enum cilp_stream_rc open_once(void)
{
    return proxy.s.ops->open(&proxy.s, &peer);
}

/* To the end, or until nothing moves any more. */
static enum cilp_stream_rc open_all(void)
{
    enum cilp_stream_rc rc = CILP_STREAM_AGAIN;

    for (int i = 0; i < 2000 && rc == CILP_STREAM_AGAIN; i++)
        rc = open_once();
    return rc;
}

static void check_fails(const char *row, enum cilp_err err, int32_t native,
                        const char *text)
{
    CHECK_ROW(row, open_all() == CILP_STREAM_FAIL);
    CHECK_ROW(row, proxy.s.err == err);
    CHECK_ROW(row, proxy.s.native == native);
    if (strncmp(why, PROXY, strlen(PROXY)) != 0 ||
        strcmp(why + strlen(PROXY), text) != 0)
        fail_msg("row \"%s\": why is \"%s\"", row, why);
    proxy.s.ops->close(&proxy.s);
    CHECK_ROW(row, strcmp(why + strlen(PROXY), text) == 0);
    CHECK_ROW(row, below.closes == 1);
}

/* ---- The request ---------------------------------------------------------- */

/* clang-format off */
static const struct { const char *url, *host; uint16_t port; const char *sent; } REQUESTS[] = {
    { "http://p.test:3128", "ec2.test", 443,
      "CONNECT ec2.test:443 HTTP/1.1\r\nHost: ec2.test:443\r\n\r\n" },
    { "http://p.test:3128", "2001:db8::1", 8443,
      "CONNECT [2001:db8::1]:8443 HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n\r\n" },
    /* RFC 7617 section 2 */
    { "http://Aladdin:open%20sesame@p.test:3128", "ec2.test", 443,
      "CONNECT ec2.test:443 HTTP/1.1\r\nHost: ec2.test:443\r\n"
      "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n" },
    { "http://test:123%C2%A3@p.test:3128", "ec2.test", 443,
      "CONNECT ec2.test:443 HTTP/1.1\r\nHost: ec2.test:443\r\n"
      "Proxy-Authorization: Basic dGVzdDoxMjPCow==\r\n\r\n" },
    { "http://u@p.test:3128", "ec2.test", 1,
      "CONNECT ec2.test:1 HTTP/1.1\r\nHost: ec2.test:1\r\n"
      "Proxy-Authorization: Basic dTo=\r\n\r\n" },
    { "http://uu:@p.test:3128", "ec2.test", 65535,
      "CONNECT ec2.test:65535 HTTP/1.1\r\nHost: ec2.test:65535\r\n"
      "Proxy-Authorization: Basic dXU6\r\n\r\n" },
    { "http://u:p%40s%3as@p.test:3128", "ec2.test", 443,
      "CONNECT ec2.test:443 HTTP/1.1\r\nHost: ec2.test:443\r\n"
      "Proxy-Authorization: Basic dTpwQHM6cw==\r\n\r\n" },
};
/* clang-format on */

static void check_request(size_t i, size_t piece, bool later)
{
    set_up(REQUESTS[i].url, OK_REPLY);
    strcpy(peer.host, REQUESTS[i].host);
    peer.port = REQUESTS[i].port;
    below.piece = piece;
    below.later = later;
    CHECK_ROW(REQUESTS[i].sent, open_all() == CILP_STREAM_OK);
    CHECK_ROW(REQUESTS[i].sent, strcmp(below.sent, REQUESTS[i].sent) == 0);
    CHECK_ROW(REQUESTS[i].sent, why[0] == '\0');
    proxy.s.ops->close(&proxy.s);
    CHECK_ROW(REQUESTS[i].sent, why[0] == '\0');
    CHECK_ROW(REQUESTS[i].sent, below.opens == 1 && below.closes == 1);
}

static void the_request_is_the_same_however_it_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REQUESTS); i++)
        for (size_t piece = 0; piece < 70; piece++) {
            check_request(i, piece, false);
            check_request(i, piece, true);
        }
}

static void the_proxy_is_who_is_connected_to(void **state)
{
    (void)state;
    set_up("http://p.test:3128", OK_REPLY);
    assert_int_equal(open_all(), CILP_STREAM_OK);
    assert_string_equal(below.to.host, "p.test");
    assert_int_equal(below.to.port, 3128);
    assert_int_equal(below.to.reach, CILP_ANYWHERE);
    assert_false(below.to.tls);
    assert_true(below.to.judge_dates);
    assert_int_equal(below.to.unix_s, 1234);
}

static void the_longest_request_has_room(void **state)
{
    static char text[4 * CILP_PROXY_USER_MAX];

    (void)state;
    strcpy(text, "http://u:");
    for (size_t i = 0; i < CILP_PROXY_USER_MAX - 2; i++)
        strcat(text, "p");
    strcat(text, "@p.test:3128");
    set_up(text, OK_REPLY);
    memset(peer.host, ':', CILP_HOST_MAX); /* in brackets, too */
    peer.host[0] = 'a';
    peer.port = 65535;
    assert_int_equal(open_all(), CILP_STREAM_OK);
    assert_true(below.n_sent > CILP_PROXY_ROOM - 40);
}

/* ---- What is left of the secret -------------------------------------------- */

static bool has(const void *where, size_t n, const char *what)
{
    for (size_t i = 0; i + strlen(what) <= n; i++)
        if (memcmp((const char *)where + i, what, strlen(what)) == 0)
            return true;
    return false;
}

/* Also one that is given up half sent. */
static void the_password_is_wiped(void **state)
{
    static const char secret[] = "QWxhZGRpbjpv";

    (void)state;
    set_up("http://Aladdin:open%20sesame@p.test:3128", OK_REPLY);
    below.piece = 1;
    below.later = true;
    while (below.n_sent < 90)
        assert_int_equal(open_once(), CILP_STREAM_AGAIN);
    assert_true(has(&proxy, sizeof proxy, secret));
    proxy.s.ops->close(&proxy.s);
    assert_false(has(&proxy, sizeof proxy, secret));
    set_up("http://Aladdin:open%20sesame@p.test:3128", "");
    assert_int_equal(open_all(), CILP_STREAM_AGAIN);
    assert_true(has(below.sent, below.n_sent, secret));
    assert_false(has(&proxy, sizeof proxy, secret));
}

/* ---- Its reply --------------------------------------------------------------- */

static void good_replies_open_the_stream(void **state)
{
    static const char *const rows[] = {
        OK_REPLY,
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 201 Yes\r\n\r\n",
        "HTTP/1.1 204 Yes\r\n\r\n",
        /* RFC 9110 section 9.3.6: they are to be ignored */
        "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: </>\r\n\r\n"
         "HTTP/1.1 200 OK\r\n\r\n"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t piece = 0; piece < strlen(rows[i]); piece++) {
            set_up("http://p.test:3128", rows[i]);
            below.piece = piece;
            CHECK_ROW(rows[i], open_all() == CILP_STREAM_OK);
            CHECK_ROW(rows[i], below.at == below.reply_len);
        }
}

/* clang-format off */
static const struct {
    const char *url, *reply;
    enum cilp_err err;
    int32_t native;
    const char *why;
} REFUSALS[] = {
    { "http://p.test:3128",
      "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 3\r\n\r\nno\n",
      CILP_E_PROXY, 407,
      "it wants a user's name and password (HTTP status 407)" },
    { "http://u:p@p.test:3128", "HTTP/1.1 407 No\r\n\r\n", CILP_E_PROXY, 407,
      "it does not take the user's name and password that it was given, by Basic"
      " (HTTP status 407)" },
    { "http://p.test:3128", "HTTP/1.1 403 No\r\n\r\n<html>", CILP_E_PROXY, 403,
      "it forbids connecting to ec2.test:443 (HTTP status 403)" },
    { "http://p.test:3128", "HTTP/1.1 404 No\r\n\r\n", CILP_E_PROXY, 404,
      "it refuses to connect to ec2.test:443 (HTTP status 404)" },
    { "http://p.test:3128", "HTTP/1.1 405 No\r\n\r\n", CILP_E_PROXY, 405,
      "it refuses to connect to ec2.test:443 (HTTP status 405)" },
    { "http://p.test:3128", "HTTP/1.0 302 Found\r\nLocation: http://l/\r\n\r\n", CILP_E_PROXY, 302,
      "it answers CONNECT with a redirection (HTTP status 302)" },
    { "http://p.test:3128", "HTTP/1.1 500 No\r\n\r\n", CILP_E_CONNECT, 500,
      "it failed to connect to ec2.test:443 (HTTP status 500)" },
    { "http://p.test:3128", "HTTP/1.1 502 No\r\n\r\n", CILP_E_CONNECT, 502,
      "it cannot reach ec2.test:443 (HTTP status 502)" },
    { "http://p.test:3128", "HTTP/1.1 503 No\r\n\r\n", CILP_E_CONNECT, 503,
      "it cannot connect just now to ec2.test:443 (HTTP status 503)" },
    { "http://p.test:3128", "HTTP/1.1 504 No\r\n\r\n", CILP_E_CONNECT, 504,
      "it got no answer from ec2.test:443 (HTTP status 504)" },
    { "http://p.test:3128", "<html><body>hello</body></html>\n", CILP_E_PROXY, 0,
      "what it answers to CONNECT is not HTTP" },
    { "http://p.test:3128", "SSH-2.0-OpenSSH_9.2\r\n", CILP_E_PROXY, 0,
      "what it answers to CONNECT is not HTTP" },
    { "http://p.test:3128", "\x15\x03\x01\x02\x02\x02\x46", CILP_E_PROXY, 0,
      "it speaks TLS: does its URL begin with https://?" },
    { "http://p.test:3128", "HELLO, this is mail.test\r\n", CILP_E_PROXY, 0,
      "its answer to CONNECT is malformed" },
    { "http://p.test:3128", "HTTP/1.1 200 OK\nVia: x\n\n", CILP_E_PROXY, 0,
      "its answer to CONNECT is malformed" },
    { "http://p.test:3128", "HTTP/1.1 101 Switching Protocols\r\n\r\n", CILP_E_PROXY, 0,
      "its answer to CONNECT is malformed" },
};
/* clang-format on */

static void each_refusal_has_its_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REFUSALS); i++)
        for (size_t piece = 0; piece < strlen(REFUSALS[i].reply); piece++) {
            set_up(REFUSALS[i].url, REFUSALS[i].reply);
            below.piece = piece;
            below.end = CILP_STREAM_EOF;
            check_fails(REFUSALS[i].reply, REFUSALS[i].err, REFUSALS[i].native,
                        REFUSALS[i].why);
        }
}

/* A web server that says 200 to everything. In a piece of its own it is TLS's to
 * refuse. */
static void a_page_behind_the_answer_is_told(void **state)
{
    (void)state;
    set_up("http://p.test:3128", OK_REPLY "<html>");
    check_fails("page", CILP_E_PROXY, 200,
                "it sends a page of its own behind its answer to CONNECT");
}

static void who_speaks_first_is_no_proxy(void **state)
{
    (void)state;
    set_up("http://p.test:3128", OK_REPLY);
    below.early = true;
    check_fails("early", CILP_E_PROXY, 0,
                "it speaks before it is asked: that is no proxy for HTTP");
    assert_int_equal(below.n_sent, 0);
}

static void who_hangs_up_at_once_is_told(void **state)
{
    (void)state;
    set_up("http://p.test:3128", "");
    below.early = true;
    below.end = CILP_STREAM_EOF;
    check_fails("eof", CILP_E_CLOSED, 0, NO_ANSWER);
    set_up("http://p.test:3128", "");
    below.early = true;
    below.end = CILP_STREAM_FAIL;
    check_fails("reset", CILP_E_CLOSED, 104, "reset by 10.0.0.1");
}

/* A connection that ends, breaks or falls silent behind each byte of the reply. */
static void cuts_at_every_byte_are_told(void **state)
{
    (void)state;
    for (size_t n = 0; n < strlen(OK_REPLY); n++) {
        const char *silent =
            n ? "the rest of its answer to CONNECT does not come"
              : "it takes connections and does not answer CONNECT";

        set_up("http://p.test:3128", OK_REPLY);
        below.reply_len = n;
        below.end = CILP_STREAM_EOF;
        check_fails("eof", CILP_E_CLOSED, 0,
                    n ? "it hung up in the middle of its answer to CONNECT"
                      : NO_ANSWER);
        set_up("http://p.test:3128", OK_REPLY);
        below.reply_len = n;
        below.end = CILP_STREAM_FAIL;
        check_fails("reset", CILP_E_CLOSED, 104, "reset by 10.0.0.1");
        set_up("http://p.test:3128", OK_REPLY);
        below.reply_len = n;
        assert_int_equal(open_all(), CILP_STREAM_AGAIN);
        assert_string_equal(why, "");
        proxy.s.ops->close(&proxy.s);
        assert_string_equal(why + strlen(PROXY), silent);
    }
}

/* ---- The stream below ---------------------------------------------------------- */

static void what_the_stream_below_says_is_the_proxys(void **state)
{
    (void)state;
    set_up("http://p.test:3128", OK_REPLY);
    below.open_fails = true;
    check_fails("open", CILP_E_CLOSED, 104, "reset by 10.0.0.1");
    set_up("http://p.test:3128", OK_REPLY);
    below.send_fails = true;
    check_fails("send", CILP_E_CLOSED, 104, "reset by 10.0.0.1");
    set_up("http://p.test:3128", OK_REPLY);
    below.later = true;
    below.why_on_close = "no answer from 10.0.0.1:3128";
    assert_int_equal(open_once(), CILP_STREAM_AGAIN);
    proxy.s.ops->close(&proxy.s);
    assert_string_equal(why, PROXY "no answer from 10.0.0.1:3128");
    proxy.s.ops->close(&proxy.s);
    assert_int_equal(below.closes, 1);
}

static void an_https_proxy_without_tls_below_is_refused(void **state)
{
    (void)state;
    set_up("https://p.test:3128", OK_REPLY);
    assert_int_equal(open_all(), CILP_STREAM_FAIL);
    assert_int_equal(proxy.s.err, CILP_E_PROXY);
    assert_string_equal(why,
                        PROXY "an https:// proxy cannot be used from here");
    proxy.s.ops->close(&proxy.s);
    assert_int_equal(below.closes, 0);
}

static void an_https_proxy_is_asked_over_tls(void **state)
{
    (void)state;
    set_up("https://p.test:3128", OK_REPLY);
    cilp_proxy_init(&proxy, NULL, &below.s, &ways);
    assert_int_equal(open_all(), CILP_STREAM_OK);
    assert_true(below.to.tls);
    assert_string_equal(below.to.host, "p.test");
}

static void nobody_has_to_want_the_sentence(void **state)
{
    (void)state;
    set_up("http://p.test:3128", "HTTP/1.1 403 No\r\n\r\n");
    proxy.s.why = NULL;
    assert_int_equal(open_all(), CILP_STREAM_FAIL);
    assert_int_equal(proxy.s.native, 403);
    proxy.s.ops->close(&proxy.s);
    assert_string_equal(why, "old");
}

static void bytes_pass_when_it_is_open(void **state)
{
    uint8_t got[8];
    size_t n = 0;

    (void)state;
    set_up("http://p.test:3128", OK_REPLY "hello");
    below.reply_len -= 5;
    assert_int_equal(open_all(), CILP_STREAM_OK);
    below.reply_len += 5;
    assert_int_equal(
        proxy.s.ops->send(&proxy.s, (const uint8_t *)"ping", 4, &n), 0);
    assert_int_equal(n, 4);
    assert_memory_equal(below.sent + below.n_sent - 4, "ping", 4);
    assert_int_equal(proxy.s.ops->recv(&proxy.s, got, sizeof got, &n), 0);
    assert_int_equal(n, 5);
    assert_memory_equal(got, "hello", 5);
    below.end = CILP_STREAM_EOF;
    assert_int_equal(proxy.s.ops->recv(&proxy.s, got, 8, &n), CILP_STREAM_EOF);
    below.end = CILP_STREAM_FAIL;
    assert_int_equal(proxy.s.ops->recv(&proxy.s, got, 8, &n), CILP_STREAM_FAIL);
    assert_string_equal(why, PROXY "reset by 10.0.0.1");
}

static void straight_nothing_is_added(void **state)
{
    size_t n;

    (void)state;
    set_up(NULL, "");
    below.later = true;
    assert_int_equal(open_once(), CILP_STREAM_AGAIN);
    assert_int_equal(open_once(), CILP_STREAM_OK);
    assert_memory_equal(&below.to, &peer, sizeof peer);
    assert_int_equal(below.n_sent, 0);
    below.later = false;
    assert_int_equal(
        proxy.s.ops->send(&proxy.s, (const uint8_t *)"ping", 4, &n), 0);
    assert_string_equal(below.sent, "ping");
    below.send_fails = true;
    assert_int_equal(
        proxy.s.ops->send(&proxy.s, (const uint8_t *)"ping", 4, &n),
        CILP_STREAM_FAIL);
    assert_int_equal(proxy.s.native, 104);
    assert_string_equal(why, "reset by 10.0.0.1");
}

/* Each open() chooses anew: of one run's peers some go straight. */
static void one_stream_serves_both_ways(void **state)
{
    (void)state;
    set_up("http://p.test:3128", OK_REPLY);
    ways.exempt = "other.test";
    for (int i = 0; i < 4; i++) {
        below.at = below.n_sent = 0;
        strcpy(peer.host, i & 1 ? "other.test" : "ec2.test");
        assert_int_equal(open_all(), CILP_STREAM_OK);
        assert_string_equal(below.to.host, i & 1 ? "other.test" : "p.test");
        proxy.s.ops->close(&proxy.s);
    }
    assert_int_equal(below.opens, 4);
    assert_int_equal(below.closes, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_the_same_however_it_is_taken),
        cmocka_unit_test(the_proxy_is_who_is_connected_to),
        cmocka_unit_test(the_longest_request_has_room),
        cmocka_unit_test(the_password_is_wiped),
        cmocka_unit_test(good_replies_open_the_stream),
        cmocka_unit_test(each_refusal_has_its_sentence),
        cmocka_unit_test(a_page_behind_the_answer_is_told),
        cmocka_unit_test(who_speaks_first_is_no_proxy),
        cmocka_unit_test(who_hangs_up_at_once_is_told),
        cmocka_unit_test(cuts_at_every_byte_are_told),
        cmocka_unit_test(what_the_stream_below_says_is_the_proxys),
        cmocka_unit_test(an_https_proxy_without_tls_below_is_refused),
        cmocka_unit_test(an_https_proxy_is_asked_over_tls),
        cmocka_unit_test(nobody_has_to_want_the_sentence),
        cmocka_unit_test(bytes_pass_when_it_is_open),
        cmocka_unit_test(straight_nothing_is_added),
        cmocka_unit_test(one_stream_serves_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
