/* One reply, read from bytes that come in any pieces: framing, the values that
 * matter, every refused shape, every limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/http_resp.h"
#include "tests/unit/split.h"

#define BODY_MAX 200000

/* What a reply is to come to. */
struct row {
    const char *name;
    const char *text; /* "\f": the reply ends before it */
    const char *body; /* NULL: not looked at */
    const char *what; /* of a bad reply; else NULL */
    uint16_t status;
    bool close; /* the peer closes after the text */
    bool keep_alive;
    const char *date; /* as it came; NULL: none */
    int32_t retry_after_ms;
    const char *request_id; /* NULL: "" */
};

/* A run of the reader over a row. */
struct run {
    const struct row *row;
    struct cilp_http_resp h;
    enum cilp_http_rc rc;
    size_t used, body_len;
    char body[BODY_MAX];
    char why[300];
};

static void begin(void *ctx)
{
    struct run *r = ctx;

    cilp_http_resp_init(&r->h);
    r->rc = CILP_HTTP_MORE;
    r->used = r->body_len = 0;
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    struct run *r = ctx;
    const uint8_t *body;
    size_t used, len;

    do {
        r->rc = cilp_http_resp_feed(&r->h, p, n, &used, &body, &len);
        assert_true(used <= n && len <= used);
        assert_true(r->rc == CILP_HTTP_BODY ? len > 0 : len == 0);
        if (len > 0) {
            assert_true(body >= p && body + len == p + used);
            assert_true(r->body_len + len < BODY_MAX);
            memcpy(r->body + r->body_len, body, len);
            r->body_len += len;
        }
        r->used += used;
        p += used;
        n -= used;
    } while (r->rc == CILP_HTTP_BODY);
    if (r->rc == CILP_HTTP_MORE)
        assert_int_equal(n, 0);
}

static const char *differs(struct run *r, const char *of, const char *is,
                           const char *want)
{
    if (!strcmp(is, want))
        return NULL;
    snprintf(r->why, sizeof r->why, "%s is \"%.90s\", not \"%.90s\"", of, is,
             want);
    return r->why;
}

static const char *differs_n(struct run *r, const char *of, long long is,
                             long long want)
{
    if (is == want)
        return NULL;
    snprintf(r->why, sizeof r->why, "%s is %lld, not %lld", of, is, want);
    return r->why;
}

static const char *check_bad(struct run *r)
{
    if (r->rc != CILP_HTTP_BAD)
        return "it is not bad";
    if (r->h.keep_alive)
        return "it would be kept alive";
    return differs(r, "what", cilp_what_text(r->h.what), r->row->what);
}

static const char *check_values(struct run *r)
{
    const struct row *w = r->row;
    const struct {
        const char *of;
        long long is, want;
    } values[] = {
        {"head_done", r->h.head_done, 1},
        {"status", r->h.status, w->status},
        {"keep_alive", r->h.keep_alive, w->keep_alive},
        {"retry", r->h.retry_after_ms,
         w->retry_after_ms ? w->retry_after_ms : -1},
        {"end", (long long)r->used, (long long)strcspn(w->text, "\f")},
    };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *bad =
            differs_n(r, values[i].of, values[i].is, values[i].want);

        if (bad)
            return bad;
    }
    if (strncmp(r->h.date, w->date ? w->date : "", sizeof r->h.date) != 0)
        return differs(r, "date", r->h.date, w->date ? w->date : "");
    return NULL;
}

static const char *check_good(struct run *r)
{
    const struct row *w = r->row;
    const char *bad;

    if (r->rc != CILP_HTTP_DONE)
        return "it is not done";
    r->body[r->body_len] = '\0';
    bad = differs(r, "body", r->body, w->body ? w->body : r->body);
    if (!bad)
        bad = differs(r, "what", cilp_what_text(r->h.what), "");
    if (!bad)
        bad = differs(r, "request id", r->h.request_id,
                      w->request_id ? w->request_id : "");
    return bad ? bad : check_values(r);
}

static const char *check(void *ctx)
{
    struct run *r = ctx;

    if (r->row->close)
        r->rc = cilp_http_resp_eof(&r->h);
    return r->row->what ? check_bad(r) : check_good(r);
}

static struct run the_run;
static const struct split_reader reader = {begin, feed, check, &the_run};

static void run_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *bad;

        the_run.row = &rows[i];
        bad = any_split(&reader, rows[i].text, strlen(rows[i].text));
        if (bad)
            fail_msg("%s: %s", rows[i].name, bad);
    }
}
#define RUN(rows) run_rows(rows, sizeof(rows) / sizeof *(rows))

#define OK      "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define CL0     "Content-Length: 0\r\n\r\n"

/* ---- Good replies ------------------------------------------------------ */

static void every_way_of_framing_a_body_is_read(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"a body of known length ends where it ends",
         OK "Content-Length: 5\r\n\r\nhello\f" "HTTP/1.1 500 no\r\n\r\n",
         "hello",
         .status = 200, .keep_alive = true},
        {"a body of length 0 is complete with its head", OK CL0 "\f" "x", "",
         .status = 200, .keep_alive = true},
        {"leading zeros of a length are digits too",
         OK "Content-Length: 0005\r\n\r\nhello", "hello",
         .status = 200, .keep_alive = true},
        {"chunks are joined",
         CHUNKED "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n\f" "!",
         "hello world", .status = 200, .keep_alive = true},
        {"chunk sizes are hexadecimal in either case",
         CHUNKED "a\r\n0123456789\r\n0B\r\nabcdefghijk\r\n00\r\n\r\n",
         "0123456789abcdefghijk", .status = 200, .keep_alive = true},
        {"a chunk size may have sixteen digits",
         CHUNKED "0000000000000001\r\nx\r\n0\r\n\r\n", "x",
         .status = 200, .keep_alive = true},
        {"chunk extensions are skipped",
         CHUNKED "2;a=b; c=\"d\t\xc3\xa9\"\r\nhi\r\n0;last\r\n\r\n", "hi",
         .status = 200, .keep_alive = true},
        {"also of a name alone, of several, and with quotes in quotes",
         CHUNKED "1;a\r\nh\r\n1; a ;b=c ;\td=\";\\\"\\\\\";e\r\ni\r\n0;l;m\r\n\r\n",
         "hi", .status = 200, .keep_alive = true},
        {"trailers are skipped, and say nothing about framing",
         CHUNKED "2\r\nhi\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\n"
         "Connection: close\r\n\r\n\f" "x", "hi",
         .status = 200, .keep_alive = true},
        {"a coding's name is compared without case",
         OK "TRANSFER-encoding:\t Chunked \t\r\n\r\n1\r\nx\r\n0\r\n\r\n", "x",
         .status = 200, .keep_alive = true},
        {"without framing the body goes on until the peer closes",
         OK "\r\nall of it", "all of it", .status = 200, .close = true},
        {"such a body may be empty", OK "\r\n", "", .status = 200,
         .close = true},
        {"closing behind a complete reply changes nothing",
         OK "Content-Length: 2\r\n\r\nhi", "hi", .status = 200,
         .close = true, .keep_alive = true},
        {"204 has no body whatever it says",
         "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n\f" "hello", "",
         .status = 204, .keep_alive = true},
        {"304 has no body whatever it says",
         "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
         "\f" "5",
         "",
         .status = 304, .keep_alive = true},
        {"bytes that look like markup or lines are body",
         OK "Content-Length: 8\r\n\r\n\r\n\r\n\n\r<>", "\r\n\r\n\n\r<>",
         .status = 200, .keep_alive = true},
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
}

static void interim_replies_are_skipped(void **state)
{
    static const struct row rows[] = {
        {"100 Continue", "HTTP/1.1 100 Continue\r\n\r\n" OK CL0, "",
         .status = 200, .keep_alive = true},
        {"103 Early Hints, whose fields are forgotten",
         "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\nRetry-After: 7\r\n"
         "x-amzn-requestid: early\r\nConnection: close\r\n"
         "Date: Thu, 15 Jan 2026 12:00:00 GMT\r\n\r\n" OK CL0,
         "", .status = 200, .keep_alive = true},
        {"eight of them",
#define I "HTTP/1.1 102 Processing\r\n\r\n"
         I I I I I I I I OK CL0, "", .status = 200, .keep_alive = true},
    };
    static const struct row bad[] = {
        {"nine of them are too many", I I I I I I I I I OK CL0,
         .what = "too many 1xx replies"},
#undef I
        {"101 was not asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
         .what = "unexpected status"},
        {"099 is no status", "HTTP/1.1 099 x\r\n\r\n",
         .what = "unexpected status"},
    };

    (void)state;
    RUN(rows);
    RUN(bad);
}

static void a_status_line_is_read(void **state)
{
    static const struct row rows[] = {
        {"the reason may be empty", "HTTP/1.1 503 \r\n" CL0, "", .status = 503,
         .keep_alive = true},
        {"the reason and its space may be absent", "HTTP/1.1 404\r\n" CL0, "",
         .status = 404, .keep_alive = true},
        {"the reason may have tabs and bytes beyond ASCII",
         "HTTP/1.1 400 Ung\xc3\xbcltig\t(\xe9)\r\n" CL0, "", .status = 400,
         .keep_alive = true},
        {"statuses up to 999 are passed on", "HTTP/1.1 999 x\r\n" CL0, "",
         .status = 999, .keep_alive = true},
        {"HTTP/1.0 is read and never kept alive",
         "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" CL0, "",
         .status = 200},
        {"HTTP/1.0 without a length is read until the peer closes",
         "HTTP/1.0 502 Bad Gateway\r\n\r\nsorry", "sorry", .status = 502,
         .close = true},
    };
    static const struct row bad[] = {
/* clang-format off */
#define BAD(n, t) {n, t, .what = "bad status line"}
        /* clang-format on */
        BAD("HTTP/1.x is unknown", "HTTP/1.x 200 OK\r\n"),
        BAD("HTTP/1.2 is unknown", "HTTP/1.2 200 OK\r\n"),
        BAD("HTTP/2 is no text", "HTTP/2.0 200 OK\r\n"),
        BAD("HTTP/0.9 is unknown", "HTTP/0.9 200 OK\r\n"),
        BAD("names are in capitals", "http/1.1 200 OK\r\n"),
        BAD("an empty line before it is refused", "\r\nHTTP/1.1 200 OK\r\n"),
        BAD("two spaces before the status", "HTTP/1.1  200 OK\r\n"),
        BAD("a tab before the status", "HTTP/1.1\t200 OK\r\n"),
        BAD("four digits", "HTTP/1.1 2000 OK\r\n"),
        BAD("two digits", "HTTP/1.1 20 OK\r\n"),
        BAD("hexadecimal digits", "HTTP/1.1 2ff OK\r\n"),
        BAD("a sign", "HTTP/1.1 +20 OK\r\n"),
        BAD("a bare LF after the status", "HTTP/1.1 200\n\r\n"),
        BAD("HTML at once", "<html><body>no</body></html>"),
#undef BAD
        {"a bare LF after the reason", "HTTP/1.1 200 OK\n",
         .what = "control character"},
        {"a bare CR in the reason", "HTTP/1.1 200 O\rK\r\n",
         .what = "bad line end"},
        {"NUL in the reason", "HTTP/1.1 200 O\x01K\r\n",
         .what = "control character"},
    };

    (void)state;
    RUN(rows);
    RUN(bad);
}

static void connection_tokens_decide_about_keeping(void **state)
{
/* clang-format off */
#define C(n, v, keep) {n, OK "Connection:" v "\r\n" CL0, "", \
                       .status = 200, .keep_alive = keep}
    /* clang-format on */
    static const struct row rows[] = {
        C("close", " close", false),
        C("in any case", "CLOSE", false),
        C("first of a list", " close, x", false),
        C("last of a list, blanks around", " keep-alive ,\t close \t", false),
        C("amid empty elements", " ,,close,,", false),
        C("on a second line", " keep-alive\r\nConnection: close", false),
        C("close wins", " close\r\nConnection: keep-alive", false),
        C("keep-alive", " keep-alive", true),
        C("a word that begins so: to be on the safe side", " closed", false),
        C("a word that ends so", " unclose", false),
        C("two words are no token", " not close", false),
        C("nothing at all", "", true),
        C("in quotes: it is on the safe side, too", " \"close\"", false),
        {"Proxy-Connection is another header",
         OK "Proxy-Connection: close\r\n" CL0, "", .status = 200,
         .keep_alive = true},
        {"a value of 96 bytes is looked at",
         OK "Connection: 0123456789012345678901234567890123456789"
            "0123456789012345678901234567890123456789,2345678901,close\r\n" CL0,
         "", .status = 200, .keep_alive = false},
        {"a list too long to be looked at means close",
         OK "Connection: 0123456789012345678901234567890123456789"
            "0123456789012345678901234567890123456789,2345678901234567\r\n" CL0,
         "", .status = 200, .keep_alive = false},
    };
#undef C

    (void)state;
    RUN(rows);
}

static void values_that_matter_are_read_and_others_ignored(void **state)
{
/* clang-format off */
#define H(n, v, ...) {n, OK v "\r\n" CL0, "", \
                      .status = 200, .keep_alive = true, __VA_ARGS__}
/* clang-format on */
#define DATE "Thu, 15 Jan 2026 12:00:00 GMT"
    static const struct row rows[] = {
        H("Date", "Date: Thu, 15 Jan 2026 12:00:00 GMT", .date = DATE),
        H("blanks after a value", "date:Thu, 15 Jan 2026 12:00:00 GMT  \t",
          .date = DATE),
        H("a Date in another form", "Date: 2026-01-15", .date = NULL),
        H("Retry-After in seconds", "Retry-After: 7", .retry_after_ms = 7000),
        H("Retry-After as a date", "Retry-After: Thu, 15 Jan 2026 12:00:00 GMT",
          .retry_after_ms = -1),
        H("Retry-After of a day", "Retry-After: 86400",
          .retry_after_ms = 86400000),
        H("Retry-After of more than a day", "Retry-After: 86401",
          .retry_after_ms = 86400000),
        H("Retry-After below zero", "Retry-After: -1", .retry_after_ms = -1),
        H("Retry-After beyond all numbers",
          "Retry-After: 99999999999999999999999999", .retry_after_ms = -1),
        H("Retry-After of nothing", "Retry-After:", .retry_after_ms = -1),
        H("x-amz-retry-after in milliseconds", "X-Amz-Retry-After: 1500",
          .retry_after_ms = 1500),
        H("the finer one wins", "x-amz-retry-after: 9\r\nRetry-After: 7",
          .retry_after_ms = 9),
        H("in either order", "Retry-After: 7\r\nx-amz-retry-after: 9",
          .retry_after_ms = 9),
        H("request id", "X-Amzn-RequestId: 59dbff89-35bd-4eac-99ed-be587EX",
          .request_id = "59dbff89-35bd-4eac-99ed-be587EX"),
        H("the older name of it", "x-amz-request-id: ABC", .request_id = "ABC"),
        H("an empty one is none",
          "x-amz-request-id: ABC\r\nx-amzn-requestid:", .request_id = "ABC"),
        H("with a blank inside it is none", "x-amz-request-id: A B",
          .request_id = NULL),
        H("beyond ASCII it is none", "x-amz-request-id: A\xc3\xa9",
          .request_id = NULL),
        H("with 64 bytes it is one",
          "x-amz-request-id: 0123456789abcdef0123456789abcdef"
          "0123456789abcdef0123456789abcdef",
          .request_id = "0123456789abcdef0123456789abcdef"
                        "0123456789abcdef0123456789abcdef"),
        H("with 65 bytes it is none",
          "x-amz-request-id: 0123456789abcdef0123456789abcdef"
          "0123456789abcdef0123456789abcdef0",
          .request_id = NULL),
        H("longer than what is looked at it is none",
          "x-amz-request-id: 0123456789abcdef0123456789abcdef"
          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
          .request_id = NULL),
        H("a name longer than all of ours is another header",
          "Content-Length-Content-Length-Content-Length-Content-Length-"
          "Content-Length-Content-Length-Content-Length: x",
          .request_id = NULL),
        H("names of all token characters", "!#$%&'*+-.^_`|~09azAZ: x",
          .request_id = NULL),
        H("values of all bytes but controls", "x: \t !~\x80\xff",
          .request_id = NULL),
    };
#undef H

    (void)state;
    RUN(rows);
}

/* ---- Refused ----------------------------------------------------------- */

static void two_readings_of_a_length_are_refused(void **state)
{
/* clang-format off */
#define L(n, v) {n, OK v "\r\n\r\nhello", .what = "bad Content-Length"}
    /* clang-format on */
    /* clang-format off */
    static const struct row rows[] = {
        L("two lengths", "Content-Length: 5\r\nContent-Length: 6"),
        L("the same length twice", "Content-Length: 5\r\ncontent-length: 5"),
        L("a list", "Content-Length: 5, 5"),
        L("a plus sign", "Content-Length: +5"),
        L("a minus sign", "Content-Length: -5"),
        L("a space inside", "Content-Length: 5 5"),
        L("hexadecimal", "Content-Length: 0x5"),
        L("a hexadecimal digit", "Content-Length: a"),
        L("a fraction", "Content-Length: 5.0"),
        L("nothing", "Content-Length:"),
        L("blanks", "Content-Length: \t "),
        L("2^32 - 6", "Content-Length: 4294967290"),
        L("2^60", "Content-Length: 1152921504606846976"),
        L("2^64 + 5", "Content-Length: 18446744073709551621"),
        L("more bytes than are looked at",
          "Content-Length: 000000000000000000000000000000000000000000000000000"
          "0000000000000000000000000000000000000000000000000000000000000005"),
        L("a digit beyond blanks that are not looked at",
          "Content-Length: 5                                                "
          "                                                                5"),
        {"both framings", OK "Content-Length: 5\r\nTransfer-Encoding: chunked"
         "\r\n\r\n0\r\n\r\n", .what = "two kinds of framing"},
        {"both framings the other way round", OK "Transfer-Encoding: chunked"
         "\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
         .what = "two kinds of framing"},
        {"both framings in an interim reply", "HTTP/1.1 100 Continue\r\n"
         "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
         .what = "two kinds of framing"},
    };
    /* clang-format on */
#undef L
/* clang-format off */
#define T(n, v) {n, v "\r\n\r\n0\r\n\r\n", .what = "bad Transfer-Encoding"}
    /* clang-format on */
    static const struct row codings[] = {
        T("another coding", OK "Transfer-Encoding: gzip"),
        T("another coding before it", OK "Transfer-Encoding: gzip, chunked"),
        T("identity", OK "Transfer-Encoding: identity"),
        T("a word that begins so", OK "Transfer-Encoding: chunkedx"),
        T("parameters", OK "Transfer-Encoding: chunked;q=1"),
        T("twice in a list", OK "Transfer-Encoding: chunked, chunked"),
        T("twice on two lines", OK "Transfer-Encoding: chunked\r\n"
                                   "Transfer-Encoding: chunked"),
        T("empty", OK "Transfer-Encoding:"),
        T("in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked"),
        T("more bytes than are looked at",
          OK "Transfer-Encoding: chunked,"
             "0123456789012345678901234567890123456789012345678901234567890123"
             "456789012345678901234567890123456789"),
    };
#undef T

    (void)state;
    RUN(rows);
    RUN(codings);
}

static void malformed_header_lines_are_refused(void **state)
{
/* clang-format off */
#define N(n, v) {n, OK v, .what = "bad header name"}
    /* clang-format on */
    static const struct row rows[] = {
        N("a space before the colon", "Content-Length : 5\r\n\r\n"),
        N("a space in the name", "Content Length: 5\r\n\r\n"),
        N("a line that begins with a space", " x: y\r\n\r\n"),
        N("a folded line (obs-fold)", "x: y\r\n z\r\n\r\n"),
        N("a line folded with a tab", "x: y\r\n\tz\r\n\r\n"),
        N("no name", ": y\r\n\r\n"),
        N("no colon", "xy\r\n\r\n"),
        N("a name beyond ASCII", "\xc3\xa9: y\r\n\r\n"),
        N("a control character in the name", "x\x01: y\r\n\r\n"),
        N("a separator in the name", "x[y]: z\r\n\r\n"),
        N("a bare LF for the empty line", "x: y\r\n\n"),
        N("DEL in the name", "x\x7f: y\r\n\r\n"),
        N("in a trailer too", "Transfer-Encoding: chunked\r\n\r\n"
                              "0\r\nx : y\r\n\r\n"),
    };
#undef N
    static const struct row lines[] = {
        {"a bare LF after a value", OK "x: y\n\r\n",
         .what = "control character"},
        {"DEL in a value", OK "x: \x7f\r\n\r\n", .what = "control character"},
        {"a bare CR in a value", OK "x: a\rb\r\n\r\n", .what = "bad line end"},
        {"two CRs", OK "x: a\r\r\n\r\n", .what = "bad line end"},
        {"a bare CR for the empty line", OK "\rx", .what = "bad line end"},
        {"a control character in a trailer", CHUNKED "0\r\nx: \x1b[2J\r\n\r\n",
         .what = "control character"},
    };

    (void)state;
    RUN(rows);
    RUN(lines);
}

static void nul_bytes_are_refused(void **state)
{
    static const struct row rows[] = {
        {"in the status line", .what = "bad status line"},
        {"in a reason", .what = "control character"},
        {"in a name", .what = "bad header name"},
        {"in a value", .what = "control character"},
    };
    static const char texts[][24] = {
        "HTTP/1.1 20\0 OK\r\n\r\n",
        "HTTP/1.1 200 O\0\r\n\r\n",
        "HTTP/1.1 200\r\nx\0:\r\n",
        "HTTP/1.1 200\r\nx:\0\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *bad;

        the_run.row = &rows[i];
        bad = any_split(&reader, texts[i], sizeof texts[i] - 1);
        if (bad)
            fail_msg("%s: %s", rows[i].name, bad);
    }
}

static void malformed_chunks_are_refused(void **state)
{
/* clang-format off */
#define S(n, v) {n, CHUNKED v, .what = "bad chunk size"}
    /* clang-format on */
    /* clang-format off */
    static const struct row rows[] = {
        S("no digits", "\r\n"), S("only an extension", ";x\r\n"),
        S("a sign", "+5\r\nhello\r\n0\r\n\r\n"), S("below zero", "-1\r\n"),
        S("a space before", " 5\r\nhello\r\n"), S("0x", "0x5\r\nhello\r\n"),
        S("a space after", "5 \r\nhello\r\n"), S("a letter", "5g\r\n"),
        S("a bare LF", "5\nhello\r\n"), S("NUL's neighbour", "5\x01\r\n"),
        S("seventeen digits", "00000000000000005\r\nhello\r\n"),
        S("2^32", "100000000\r\n"),
        S("2^60", "1000000000000000\r\n"),
        S("2^64 - 1", "ffffffffffffffff\r\n"),
        S("beyond the data, no size", "1\r\nx\r\n\r\n"),
        S("an extension without a name", "5;\r\nhello\r\n0\r\n\r\n"),
        S("the same, of blanks", "5; \t\r\nhello\r\n0\r\n\r\n"),
        S("of the last chunk", "5\r\nhello\r\n0;\r\n\r\n"),
        S("the second", "5;x;\r\nhello\r\n0\r\n\r\n"),
        S("a value without a name", "5;=x\r\nhello\r\n0\r\n\r\n"),
        S("a name in quotes", "5;\"x\"\r\nhello\r\n0\r\n\r\n"),
        S("behind a quoted value", "5;x=\"\";\r\nhello\r\n0\r\n\r\n"),
        {"quotes without an end", CHUNKED "5;x=\"y\r\nhello\r\n0\r\n\r\n",
         .what = "control character"},
        {"a quote that does not end them",
         CHUNKED "5;x=\"y\\\"\r\nhello\r\n0\r\n\r\n",
         .what = "control character"},
        {"a bare CR in a size line", CHUNKED "5\rhello",
         .what = "bad line end"},
        {"a bare LF in an extension", CHUNKED "5;x\nhello",
         .what = "control character"},
        {"data longer than its chunk", CHUNKED "2\r\nhello\r\n0\r\n\r\n",
         .what = "bad line end"},
        {"a bare LF after data", CHUNKED "5\r\nhello\n0\r\n\r\n",
         .what = "bad line end"},
        {"a bare CR after data", CHUNKED "5\r\nhello\r0\r\n\r\n",
         .what = "bad line end"},
    };
    /* clang-format on */
#undef S

    (void)state;
    RUN(rows);
}

static void a_reply_cut_short_is_bad(void **state)
{
    static const char text[] = CHUNKED "5;x\r\nhello\r\n0\r\nx: y\r\n\r\n";
    static const struct row rows[] = {
        {"in a body of known length", OK "Content-Length: 5\r\n\r\nhell",
         .close = true, .what = "reply cut short"},
        {"before its body", OK "Content-Length: 5\r\n\r\n", .close = true,
         .what = "reply cut short"},
        {"after an interim reply", "HTTP/1.1 100 Continue\r\n\r\n",
         .close = true, .what = "reply cut short"},
    };

    (void)state;
    RUN(rows);
    for (size_t n = 0; n < sizeof text - 1; n++) {
        static const struct row cut = {"anywhere", text, .close = true,
                                       .what = "reply cut short"};
        const char *bad;

        the_run.row = &cut;
        bad = any_split(&reader, text, n);
        if (bad)
            fail_msg("cut after %zu bytes: %s", n, bad);
    }
}

/* ---- Limits ------------------------------------------------------------ */

static char big[BODY_MAX];

/* before, then `fill` bytes of c, then after: good, and with one more byte bad
 * for the reason `what`. */
static void limit(const char *before, size_t fill, char c, const char *after,
                  const char *what)
{
    for (size_t more = 0; more < 2; more++) {
        struct row row = {.name = what,
                          .text = big,
                          .status = 200,
                          .keep_alive = true,
                          .what = more ? what : NULL};
        size_t n = strlen(before);
        const char *bad;

        memcpy(big, before, n);
        memset(big + n, c, fill + more);
        strcpy(big + n + fill + more, after);
        the_run.row = &row;
        bad = some_split(&reader, big, strlen(big));
        if (bad)
            fail_msg("%s, %zu more: %s", what, more, bad);
    }
}

static void limits_are_kept_to_the_byte(void **state)
{
    (void)state;
    /* a header line: name, value and CRLF */
    limit(OK "x:", 8192 - 4, 'v', "\r\n" CL0, "header line too long");
    limit(OK "", 8192 - 4, 'n', ":x\r\n" CL0, "header line too long");
    limit("HTTP/1.1 200 ", 8192 - 15, 'r', "\r\n" CL0, "header line too long");
    /* a chunk line */
    limit(CHUNKED "1;", 256 - 4, 'x', "\r\nx\r\n0\r\n\r\n",
          "chunk or trailer too long");
    limit(CHUNKED "1;a\r\nx\r\n1;", 256 - 4, 'x', "\r\nx\r\n0\r\n\r\n",
          "chunk or trailer too long");
    limit(CHUNKED "0;", 256 - 4, 'x', "\r\n\r\n", "chunk or trailer too long");
    /* a trailer section, the empty line included */
    limit(CHUNKED "0\r\na: b\r\nx:", 8192 - 6 - 6, 'v', "\r\n\r\n",
          "chunk or trailer too long");
}

/* A head of 65,536 bytes, made of many lines. */
static void a_head_of_64_kb_passes_and_no_more(void **state)
{
    static char before[BODY_MAX];
    static const char start[] = "HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n" OK;
    size_t n = strlen(start);

    (void)state;
    strcpy(before, start);
    while (n < 65536 - 5000) {
        memset(before + n, 'a', 4000);
        memcpy(before + n + 2000, ":\r\n", 3);
        before[n + 2001] = ' ';
        before[n + 2002] = ' ';
        memcpy(before + n + 3998, "\r\n", 3);
        n += 4000;
    }
    strcpy(before + n, "x:");
    n += 2;
    limit(before, 65536 - n - 2 - strlen(CL0), 'v', "\r\n" CL0,
          "head too long");
}

static void the_longest_lengths_are_read(void **state)
{
    static const char *const texts[] = {
        OK "Content-Length: 4294967289\r\n\r\nbody",
        CHUNKED "ffffffff\r\nbody",
        CHUNKED "00000000ffffffff\r\nbody",
    };
    static const uint32_t lefts[] = {4294967285, UINT32_MAX - 4,
                                     UINT32_MAX - 4};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        begin(&the_run);
        feed(&the_run, (const uint8_t *)texts[i], strlen(texts[i]));
        assert_int_equal(the_run.rc, CILP_HTTP_MORE);
        assert_int_equal(the_run.body_len, 4);
        assert_int_equal(the_run.h.left, lefts[i]);
    }
}

/* ---- Endings ----------------------------------------------------------- */

static void an_ending_stays(void **state)
{
    static const char done[] = OK CL0, bad[] = "nonsense at length";
    const uint8_t *body;
    size_t used, len;

    (void)state;
    begin(&the_run);
    feed(&the_run, (const uint8_t *)done, sizeof done - 1);
    assert_int_equal(cilp_http_resp_feed(&the_run.h, (const uint8_t *)bad, 8,
                                         &used, &body, &len),
                     CILP_HTTP_DONE);
    assert_int_equal(used, 0);
    assert_int_equal(cilp_http_resp_eof(&the_run.h), CILP_HTTP_DONE);
    assert_int_equal(cilp_http_resp_eof(&the_run.h), CILP_HTTP_DONE);

    begin(&the_run);
    feed(&the_run, (const uint8_t *)bad, sizeof bad - 1);
    assert_int_equal(cilp_http_resp_feed(&the_run.h, (const uint8_t *)done, 8,
                                         &used, &body, &len),
                     CILP_HTTP_BAD);
    assert_int_equal(used, 0);
    assert_int_equal(cilp_http_resp_eof(&the_run.h), CILP_HTTP_BAD);
    assert_int_equal(the_run.h.what, CILP_WHAT_STATUS_LINE);
}

static void nothing_at_all_may_be_fed(void **state)
{
    const uint8_t *body;
    size_t used = 1, len = 1;

    (void)state;
    begin(&the_run);
    assert_int_equal(
        cilp_http_resp_feed(&the_run.h, NULL, 0, &used, &body, &len),
        CILP_HTTP_MORE);
    assert_int_equal(used, 0);
    assert_int_equal(len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_framing_a_body_is_read),
        cmocka_unit_test(interim_replies_are_skipped),
        cmocka_unit_test(a_status_line_is_read),
        cmocka_unit_test(connection_tokens_decide_about_keeping),
        cmocka_unit_test(values_that_matter_are_read_and_others_ignored),
        cmocka_unit_test(two_readings_of_a_length_are_refused),
        cmocka_unit_test(malformed_header_lines_are_refused),
        cmocka_unit_test(nul_bytes_are_refused),
        cmocka_unit_test(malformed_chunks_are_refused),
        cmocka_unit_test(a_reply_cut_short_is_bad),
        cmocka_unit_test(limits_are_kept_to_the_byte),
        cmocka_unit_test(a_head_of_64_kb_passes_and_no_more),
        cmocka_unit_test(the_longest_lengths_are_read),
        cmocka_unit_test(an_ending_stays),
        cmocka_unit_test(nothing_at_all_may_be_fed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
