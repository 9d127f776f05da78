/*
 * http_case - read replies for conf_http.py.
 *
 * Standard input: the bytes of a connection, then its end. Standard output,
 * for each reply: "reply STATUS KEEP END BODY", KEEP 0 or 1, END one of done,
 * closed (done because the peer hung up) and bad, BODY in hex or "-"; behind
 * bad, the rule that was broken. After a reply that does not keep the
 * connection alive the rest is not read. Exit status 1: the outcome depends on
 * how the bytes were cut.
 */
#include <stdio.h>
#include <string.h>

#include "core/http_resp.h"
#include "tests/unit/split.h"

static struct cilp_http_resp reader;
static bool begun, over; /* bytes of this reply were read; no
                            reply comes any more */
static char body[1u << 20];
static size_t body_len;
static char said[1u << 20], first[1u << 20];
static size_t said_len;

static void say(const char *text)
{
    size_t n = strlen(text);

    if (n >= sizeof said - said_len)
        n = sizeof said - said_len - 1;
    memcpy(said + said_len, text, n);
    said_len += n;
    said[said_len] = '\0';
}

static void begin_reply(void)
{
    cilp_http_resp_init(&reader);
    begun = false;
    body_len = 0;
}

static void end_reply(const char *end)
{
    char text[64];

    snprintf(text, sizeof text, "reply %u %d %s ", (unsigned)reader.status,
             reader.keep_alive, end);
    say(text);
    if (body_len == 0)
        say("-");
    for (size_t i = 0; i < body_len; i++) {
        snprintf(text, sizeof text, "%02x", (unsigned char)body[i]);
        say(text);
    }
    say(" ");
    say(cilp_what_text(reader.what));
    say("\n");
    over = !reader.keep_alive;
    begin_reply();
}

static void begin(void *ctx)
{
    (void)ctx;
    begin_reply();
    over = false;
    said_len = 0;
    said[0] = '\0';
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    while (!over) {
        const uint8_t *piece;
        size_t used, len;
        enum cilp_http_rc rc =
            cilp_http_resp_feed(&reader, p, n, &used, &piece, &len);

        begun = begun || used > 0;
        p += used;
        n -= used;
        if (len > sizeof body - body_len)
            len = sizeof body - body_len;
        memcpy(body + body_len, piece, len);
        body_len += len;
        if (rc == CILP_HTTP_MORE)
            return;
        if (rc == CILP_HTTP_DONE)
            end_reply("done");
        if (rc == CILP_HTTP_BAD)
            end_reply("bad");
    }
}

static const char *check(void *ctx)
{
    (void)ctx;
    if (begun && !over)
        end_reply(cilp_http_resp_eof(&reader) == CILP_HTTP_DONE ? "closed"
                                                                : "bad");
    if (!first[0])
        memcpy(first, said, said_len + 1);
    return strcmp(first, said) == 0 ? NULL : "another outcome";
}

int main(void)
{
    static const struct split_reader r = {begin, feed, check, NULL};
    static char input[SPLIT_MAX];
    size_t n = fread(input, 1, sizeof input, stdin);
    const char *bad = n > 4096 ? some_split(&r, input, n)
                               : any_split(&r, input, n);

    if (bad) {
        fprintf(stderr, "%s\n", bad);
        return 1;
    }
    fputs(first, stdout);
    return 0;
}
