/*
 * reply_case - read one reply of EC2 for conf_replies.py.
 *
 * reply_case ROOT: ROOT is the success element's name. Standard input: the
 * bytes of a connection, then its end. Standard output: lines "name value";
 * texts in hex, behind an "x". Exit status 1: the outcome depends on how the
 * bytes were cut.
 */
#include <stdio.h>
#include <string.h>

#include "core/cilp.h"
#include "core/http_resp.h"
#include "core/reply.h"
#include "core/utc.h"
#include "tests/unit/split.h"

static struct cilp_reply_form form;
static struct cilp_http_resp http;
static struct cilp_reply reply;
static struct cilp_result result;
static enum cilp_http_rc rc;
static char said[16384], first[16384];
static size_t said_len;

static void say_number(const char *name, long long v)
{
    said_len += (size_t)snprintf(said + said_len, sizeof said - said_len,
                                 "%s %lld\n", name, v);
}

static void say_text(const char *name, const char *text)
{
    said_len +=
        (size_t)snprintf(said + said_len, sizeof said - said_len, "%s x", name);
    for (; *text; text++)
        said_len += (size_t)snprintf(said + said_len, sizeof said - said_len,
                                     "%02x", (unsigned char)*text);
    said_len += (size_t)snprintf(said + said_len, sizeof said - said_len, "\n");
}

static void begin(void *ctx)
{
    (void)ctx;
    cilp_http_resp_init(&http);
    cilp_reply_init(&reply, &form, NULL);
    memset(&result, 0, sizeof result);
    rc = CILP_HTTP_MORE;
    said_len = 0;
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    const uint8_t *body;
    size_t used, len;

    (void)ctx;
    do {
        rc = cilp_http_resp_feed(&http, p, n, &used, &body, &len);
        p += used;
        n -= used;
        if (rc == CILP_HTTP_BODY)
            (void)cilp_reply_feed(&reply, &result, body, len);
    } while (rc == CILP_HTTP_BODY);
}

static const char *check(void *ctx)
{
    bool good = cilp_reply_end(&reply, &result);
    int64_t date_s = 0;

    (void)ctx;
    say_number("http", cilp_http_resp_eof(&http) == CILP_HTTP_DONE);
    say_number("closed", rc != CILP_HTTP_DONE);
    say_number("status", http.status);
    say_number("keep", http.keep_alive);
    (void)cilp_utc_from_http(http.date, sizeof http.date, &date_s);
    say_number("date", (long long)date_s);
    say_text("header_id", http.request_id);
    say_number("xml", good);
    say_text("what",
             good ? cilp_what_text(http.what) : cilp_xml_what(&reply.xml));
    say_number("error", reply.is_error);
    say_number("expected", reply.is_expected);
    say_number("return", (int)reply.ret);
    say_text("code", result.code);
    say_text("message", result.message);
    say_number("cut", result.message_cut);
    say_text("id", result.request_id);
    if (!first[0])
        memcpy(first, said, sizeof first);
    return strcmp(first, said) == 0 ? NULL : "another outcome";
}

int main(int argc, char **argv)
{
    static const struct split_reader r = {begin, feed, check, NULL};
    static char input[SPLIT_MAX];
    size_t n = fread(input, 1, sizeof input, stdin);
    const char *bad;

    if (argc != 2)
        return 2;
    form.root = argv[1];
    bad = n > 4096 ? some_split(&r, input, n) : any_split(&r, input, n);
    if (bad) {
        fprintf(stderr, "%s\n", bad);
        return 1;
    }
    fputs(first, stdout);
    return 0;
}
