/* No URL, list or reply breaks port/proxy, and a reply's end does not depend on how
 * it is cut. The input: URL, list and host, each with a NUL behind it, then the
 * proxy's reply. */
#include "port/proxy/no_proxy.h"
#include "port/proxy/proxy.h"
#include "tests/fuzz/same.h"

static struct {
    struct cilp_stream s;
    const uint8_t *reply;
    size_t left, piece;
    bool asked;
} below;

static enum cilp_stream_rc below_open(struct cilp_stream *s,
                                      const struct cilp_peer *to)
{
    (void)s;
    MUST(to->port > 0 && to->host[0] && strlen(to->host) <= CILP_HOST_MAX);
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc below_send(struct cilp_stream *s, const uint8_t *p,
                                      size_t n, size_t *done)
{
    (void)s;
    MUST(n > 0 && memchr(p, '\0', n) == NULL);
    below.asked = true;
    *done = n;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc below_recv(struct cilp_stream *s, uint8_t *p,
                                      size_t n, size_t *done)
{
    (void)s;
    if (!below.asked)
        return CILP_STREAM_AGAIN;
    if (below.left == 0)
        return CILP_STREAM_EOF;
    n = below.left < n ? below.left : n;
    n = below.piece && below.piece < n ? below.piece : n;
    memcpy(p, below.reply, n);
    below.reply += n;
    below.left -= n;
    *done = n;
    return CILP_STREAM_OK;
}

static void below_close(struct cilp_stream *s)
{
    (void)s;
}

static const struct cilp_stream_ops BELOW_OPS = {below_open, below_send,
                                                 below_recv, below_close};

/* The text in front of the next NUL, in a block of its own; NULL: there is none. */
static char *next_text(const uint8_t **p, size_t *n)
{
    const uint8_t *end = memchr(*p, '\0', *n);
    char *text = end ? strdup((const char *)*p) : NULL;

    if (end) {
        *n -= (size_t)(end + 1 - *p);
        *p = end + 1;
    }
    return text;
}

/* How it ends, in `why`, when it comes in such pieces. */
static enum cilp_stream_rc run(const struct cilp_proxy_ways *ways,
                               const struct cilp_peer *to, const uint8_t *reply,
                               size_t n, size_t piece,
                               char why[CILP_STREAM_WHY_MAX])
{
    static struct cilp_proxy proxy;
    enum cilp_stream_rc rc;

    memset(&below, 0, sizeof below);
    below.s.ops = &BELOW_OPS;
    below.reply = reply;
    below.left = n;
    below.piece = piece;
    cilp_proxy_init(&proxy, &below.s, &below.s, ways);
    memset(why, 'x', CILP_STREAM_WHY_MAX);
    proxy.s.why = why;
    rc = proxy.s.ops->open(&proxy.s, to);
    MUST(rc == CILP_STREAM_OK || rc == CILP_STREAM_FAIL);
    MUST(memchr(why, '\0', CILP_STREAM_WHY_MAX));
    proxy.s.ops->close(&proxy.s);
    for (size_t i = 0; i < sizeof proxy.io; i++)
        MUST(proxy.io[i] == 0);
    return rc;
}

static void connect_through(const struct cilp_proxy_url *url, const char *list,
                            const char *host, const uint8_t *p, size_t n)
{
    struct cilp_proxy_ways ways = {.for_tls = url, .exempt = list};
    struct cilp_peer to = {.tls = true, .port = 443};
    char whole[CILP_STREAM_WHY_MAX], bytes[CILP_STREAM_WHY_MAX];
    enum cilp_stream_rc rc;

    if (!*host || strlen(host) > CILP_HOST_MAX)
        return;
    strcpy(to.host, host);
    rc = run(&ways, &to, p, n, 1, bytes);
    /* what comes in one piece with a 2xx is told to be a page of its own */
    if (run(&ways, &to, p, n, 0, whole) == rc)
        MUST(strcmp(whole, bytes) == 0);
    else
        MUST(strstr(whole, "a page of its own"));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct cilp_proxy_url to;
    char *url = next_text(&p, &n), *list = next_text(&p, &n);
    char *host = next_text(&p, &n);

    if (host && cilp_proxy_url_read(&to, url) == NULL) {
        MUST(to.port > 0 && strlen(to.host) > 0);
        MUST(!to.user || (to.user >= url && to.user[to.user_len] == '@'));
        connect_through(&to, list, host, p, n);
    }
    free(url);
    free(list);
    free(host);
    return 0;
}
