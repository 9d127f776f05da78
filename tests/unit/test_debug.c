/*
 * any_split for --debug as a whole: a reply that quotes secrets is cut at every
 * place, by the borders of chunks and of reads, and shown alike each time.
 */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "boards/linux/say/debug.h"

#define CAP   4096
#define TOKEN "IQoJb3JpZ2luX2VjEJr//wEaCXVzLWVhc3QtMQ=="

/* clang-format off */
static const struct { const char *before, *secret, *behind; } QUOTES[] = {
    { "<Message>should be 'POST\n/\n\nx-amz-security-token:", TOKEN, "\n\nhost'" },
    { "<Message>X-Amz-Security-Token: ", TOKEN, "</Message>" },
    { "?a=b&X-Amz-Security-Token=", TOKEN, " and so on" },
    { "Signature=", "0123456789abcdef0123456789abcdef", ", which is wrong" },
    { "\nAuthorization: Bearer", " an-agent-s-own-token", "\nnext" },
};
/* clang-format on */

/* ---- The stream below --------------------------------------------------- */

static struct {
    const char *p;
    size_t n, at, cut; /* a read ends at `cut`; 0: each takes one byte */
} below;

static enum cilp_stream_rc take(struct cilp_stream *s, const uint8_t *p,
                                size_t n, size_t *done)
{
    (void)s, (void)p;
    *done = n;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc give(struct cilp_stream *s, uint8_t *p, size_t n,
                                size_t *done)
{
    size_t end = below.n;

    (void)s;
    if (!below.cut)
        end = below.at + 1;
    else if (below.at < below.cut && below.cut < end)
        end = below.cut;
    *done = end - below.at < n ? end - below.at : n;
    memcpy(p, below.p + below.at, *done);
    below.at += *done;
    return CILP_STREAM_OK;
}

static const struct cilp_stream_ops OPS = {.send = take, .recv = give};
static struct cilp_stream under = {.ops = &OPS};

/* ---- What is shown ------------------------------------------------------ */

static struct cilp_op op; /* with keys: replies are shown */

static int set_up(void **state)
{
    static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID", "secret",
                                                  NULL};
    static const struct cilp_request req = {.flow = &cilp_cancel,
                                            .image_id = "ami-12345678",
                                            .region = "us-east-1",
                                            .source = &cilp_creds_static,
                                            .source_arg = &keys};
    const struct cilp_now now = {.unix_s = 1768478400, .trusted = true};

    (void)state;
    if (!cilp_init(&op, sizeof op))
        return -1;
    cilp_start(&op, &req, now);
    return cilp_key_id(&op)[0] ? 0 : -1;
}

/* The text for a reply that comes in reads cut so. */
static void read_reply(const char *reply, size_t n, size_t cut, char *shown)
{
    struct debug_stream d;
    uint8_t room[CAP];
    size_t done;
    ssize_t len;

    debug_init(&d, &under, &op);
    d.out.fd = memfd_create("debug", 0);
    assert_true(d.out.fd >= 0);
    assert_int_equal(d.s.ops->send(&d.s, (const uint8_t *)"GET", 3, &done),
                     CILP_STREAM_OK);
    assert_int_equal(ftruncate(d.out.fd, 0), 0);
    assert_int_equal(lseek(d.out.fd, 0, SEEK_SET), 0);
    below.p = reply;
    below.n = n;
    below.at = 0;
    below.cut = cut;
    while (below.at < below.n)
        d.s.ops->recv(&d.s, room, sizeof room, &done);
    len = pread(d.out.fd, shown, CAP - 1, 0);
    assert_true(len >= 0);
    shown[len] = '\0';
    close(d.out.fd);
}

#define HEAD "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n"

/* In two chunks, the first of `cut` bytes; 0: in one. */
static size_t chunked(const char *body, size_t cut, char *reply)
{
    size_t n = strlen(body);

    if (!cut || cut == n)
        return (size_t)snprintf(reply, CAP, HEAD "%zx\r\n%s\r\n0\r\n\r\n", n,
                                body);
    return (size_t)snprintf(reply, CAP,
                            HEAD "%zx\r\n%.*s\r\n%zx\r\n%s\r\n0\r\n\r\n", cut,
                            (int)cut, body, n - cut, body + cut);
}

static void a_quote_is_shown_alike_however_it_is_cut(void **state)
{
    char body[512], reply[CAP], whole[CAP], shown[CAP];

    (void)state;
    for (size_t i = 0; i < COUNT(QUOTES); i++) {
        snprintf(body, sizeof body, "%s%s%s", QUOTES[i].before,
                 QUOTES[i].secret, QUOTES[i].behind);
        read_reply(reply, chunked(body, 0, reply), CAP, whole);
        CHECK_ROW(QUOTES[i].before, strstr(whole, "[hidden]") &&
                                        !strstr(whole, QUOTES[i].secret));
        for (size_t border = 1; border < strlen(body); border++) {
            size_t n = chunked(body, border, reply);

            for (size_t cut = 0; cut < n; cut++) {
                read_reply(reply, n, cut, shown);
                CHECK_ROW(reply, strcmp(shown, whole) == 0);
            }
        }
    }
}

/* What is no reply is not shown beyond the line that says so; nor is what comes
 * behind one. */
static void what_is_no_reply_is_not_shown(void **state)
{
    /* clang-format off */
    static const struct { const char *text, *shown; } rows[] = {
        { "SSH-2.0-x\r\nX-Amz-Security-Token : " TOKEN "\r\n", "< SSH-2.0-x\n" },
        { "HTTP/1.1 200 OK\r\nX-Amz-Security-Token : " TOKEN "\r\n\r\n",
          "< HTTP/1.1 200 OK\n" },
        { HEAD "zz\r\nx-amz-security-token:" TOKEN, "< HTTP/1.1 403 No\n" },
        { HEAD "0\r\n\r\nx-amz-security-token:" TOKEN, "< HTTP/1.1 403 No\n" },
        { HEAD "0\r\n" "x-amz-security: " TOKEN "\r\n\r\n", "< HTTP/1.1 403 No\n" },
        { "HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nabc" TOKEN, "< abc" },
    };
    /* clang-format on */
    char shown[CAP];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t cut = 0; cut <= strlen(rows[i].text); cut++) {
            read_reply(rows[i].text, strlen(rows[i].text), cut, shown);
            CHECK_ROW(rows[i].text, strstr(shown, rows[i].shown) &&
                                        !strstr(shown, "IQoJ") &&
                                        !strstr(shown, "MQ=="));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_quote_is_shown_alike_however_it_is_cut,
                               set_up),
        cmocka_unit_test_setup(what_is_no_reply_is_not_shown, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
