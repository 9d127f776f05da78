/* No reply of a peer breaks core/http_resp, and none is read differently for
 * being cut differently. */
#include "core/http_resp.h"
#include "tests/fuzz/same.h"

static struct cilp_http_resp reader;
static enum cilp_http_rc rc;
static struct script said, first;
static int has_first;
static unsigned long long used_in_all;

static void begin(void *ctx)
{
    (void)ctx;
    cilp_http_resp_init(&reader);
    rc = CILP_HTTP_MORE;
    said.len = 0;
    used_in_all = 0;
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    const uint8_t *body;
    size_t used, len;

    (void)ctx;
    do {
        rc = cilp_http_resp_feed(&reader, p, n, &used, &body, &len);
        MUST(used <= n && len <= used);
        MUST((rc == CILP_HTTP_BODY) == (len > 0));
        MUST(len == 0 || body + len == p + used);
        MUST(rc != CILP_HTTP_MORE || used == n);
        if (len > 0)
            script_add(&said, body, len);
        used_in_all += used;
        p += used;
        n -= used;
    } while (rc == CILP_HTTP_BODY);
}

static const char *check(void *ctx)
{
    (void)ctx;
    MUST((rc == CILP_HTTP_BAD) == (reader.what != CILP_WHAT_NONE));
    script_add_number(&said, (unsigned)rc);
    script_add_number(&said, (unsigned)cilp_http_resp_eof(&reader));
    script_add_number(&said, used_in_all);
    script_add_number(&said, reader.status);
    script_add_number(&said, reader.head_done);
    script_add_number(&said, reader.keep_alive);
    script_add(&said, reader.date, sizeof reader.date);
    script_add_number(&said, (unsigned)reader.retry_after_ms);
    script_add(&said, reader.request_id, strlen(reader.request_id));
    script_add_number(&said, (unsigned)reader.what);
    MUST(!reader.head_done || (reader.status >= 200 && reader.status <= 999));
    MUST(reader.retry_after_ms >= -1 && reader.retry_after_ms <= 86400000);
    return script_check(&said, &first, &has_first);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct split_reader r = {begin, feed, check, NULL};

    has_first = 0;
    must_be_same(&r, p, n);
    return 0;
}
