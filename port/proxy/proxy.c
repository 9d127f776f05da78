#include "port/proxy/proxy.h"

#include <string.h>

#include "core/text.h"

enum state {
    CLOSED,
    STRAIGHT, /* all passes, open() too */
    OPENING,  /* the stream below, to the proxy */
    ASKING,   /* CONNECT leaves */
    HEARING,  /* its reply comes */
    THROUGH,  /* all passes */
    BROKEN    /* until close() */
};

_Static_assert(CILP_PROXY_ROOM <= UINT16_MAX, "struct cilp_proxy has 16 bits");

static struct cilp_proxy *self(struct cilp_stream *s)
{
    return (struct cilp_proxy *)s; /* its first member */
}

/* ---- Sentences ---------------------------------------------------------- */

/* HOST:PORT, of an IPv6 address with brackets. */
static void put_at(struct cilp_text *t, const char *host, uint16_t port)
{
    bool is_v6 = strchr(host, ':') != NULL;

    cilp_text_str(t, is_v6 ? "[" : "");
    cilp_text_str(t, host);
    cilp_text_str(t, is_v6 ? "]:" : ":");
    cilp_text_uint(t, port);
}

/* Go on behind what the sentence says already. False: nobody wants it. */
static bool go_on(struct cilp_text *t, struct cilp_proxy *p)
{
    if (!p->s.why)
        return false;
    cilp_text_init(t, p->s.why, CILP_STREAM_WHY_MAX);
    t->len = strlen(p->s.why);
    return true;
}

static void say(struct cilp_proxy *p, const char *s)
{
    struct cilp_text t;

    if (!go_on(&t, p))
        return;
    cilp_text_str(&t, s);
    cilp_text_cut(&t);
}

static void say_number(struct cilp_proxy *p, uint16_t v)
{
    struct cilp_text t;

    if (!go_on(&t, p))
        return;
    cilp_text_uint(&t, v);
    cilp_text_cut(&t);
}

static void say_at(struct cilp_proxy *p, const char *host, uint16_t port)
{
    struct cilp_text t;

    if (!go_on(&t, p))
        return;
    put_at(&t, host, port);
    cilp_text_cut(&t);
}

/* Begin a sentence: whose fault it is. */
static void say_proxy(struct cilp_proxy *p)
{
    if (p->s.why)
        p->s.why[0] = '\0';
    say(p, "proxy ");
    say_at(p, p->url->host, p->url->port);
    say(p, ": ");
}

/* The same in front of what the stream below has said; nothing, if it has not. */
static void say_proxy_before(struct cilp_proxy *p)
{
    char said[CILP_STREAM_WHY_MAX];

    if (!p->s.why || !p->s.why[0])
        return;
    memcpy(said, p->s.why, sizeof said);
    say_proxy(p);
    say(p, said);
}

static enum cilp_stream_rc fail(struct cilp_proxy *p, enum cilp_err err,
                                int32_t native, const char *text)
{
    p->state = BROKEN;
    p->s.err = err;
    p->s.native = native;
    say_proxy(p);
    say(p, text);
    return CILP_STREAM_FAIL;
}

/* What the stream below says is right, of a failure and of a pause. */
static enum cilp_stream_rc pass(struct cilp_proxy *p, enum cilp_stream_rc rc)
{
    p->s.more = p->lower->more;
    if (rc != CILP_STREAM_FAIL)
        return rc;
    p->s.err = p->lower->err;
    p->s.native = p->lower->native;
    if (p->url)
        say_proxy_before(p);
    p->state = BROKEN;
    return rc;
}

/* ---- CONNECT ------------------------------------------------------------ */

/* Base64 of "user:password" as it is decoded, three bytes at a time. */
static void put_user(struct cilp_text *t, const struct cilp_proxy_url *url)
{
    const char *s = url->user, *end = s + url->user_len;
    bool colon = memchr(s, ':', url->user_len) != NULL;
    uint8_t bytes[3];
    size_t n = 0;

    cilp_text_str(t, "Proxy-Authorization: Basic ");
    while (s < end || !colon) {
        int c = ':'; /* of a name without a password */

        if (s < end)
            c = cilp_proxy_url_byte(&s, end);
        else
            colon = true;
        bytes[n++] = (uint8_t)c;
        if (n < sizeof bytes)
            continue;
        cilp_text_base64(t, bytes, n);
        n = 0;
    }
    cilp_text_base64(t, bytes, n);
    cilp_text_str(t, "\r\n");
    cilp_zero(bytes, sizeof bytes);
}

/* RFC 9112 section 3.2.3: always with the port. */
static void write_connect(struct cilp_proxy *p, const struct cilp_peer *to)
{
    struct cilp_text t;

    cilp_text_init(&t, (char *)p->io, sizeof p->io);
    cilp_text_str(&t, "CONNECT ");
    put_at(&t, to->host, to->port);
    cilp_text_str(&t, " HTTP/1.1\r\nHost: ");
    put_at(&t, to->host, to->port);
    cilp_text_str(&t, "\r\n");
    if (p->url->user)
        put_user(&t, p->url);
    cilp_text_str(&t, "\r\n");
    p->at = 0;
    p->end = (uint16_t)cilp_text_kept(&t); /* all of it: CILP_PROXY_ROOM */
}

/* ---- Its reply ----------------------------------------------------------- */

static enum cilp_stream_rc refused(struct cilp_proxy *p, enum cilp_err err,
                                   const char *text, const struct cilp_peer *to)
{
    fail(p, err, p->reply.status, text);
    if (to)
        say_at(p, to->host, to->port);
    say(p, " (HTTP status ");
    say_number(p, p->reply.status);
    say(p, ")");
    return CILP_STREAM_FAIL;
}

/* A whole head that is no 2xx. */
static enum cilp_stream_rc judge(struct cilp_proxy *p,
                                 const struct cilp_peer *to)
{
    switch (p->reply.status) {
    case 403: return refused(p, CILP_E_PROXY, "it forbids connecting to ", to);
    case 407:
        return refused(p, CILP_E_PROXY,
                       p->url->user ? "it does not take the user's name and"
                                      " password that it was given, by Basic"
                                    : "it wants a user's name and password",
                       NULL);
    case 502: return refused(p, CILP_E_CONNECT, "it cannot reach ", to);
    case 503:
        return refused(p, CILP_E_CONNECT, "it cannot connect just now to ", to);
    case 504: return refused(p, CILP_E_CONNECT, "it got no answer from ", to);
    default: break;
    }
    if (p->reply.status < 400)
        return refused(p, CILP_E_PROXY, "it answers CONNECT with a redirection",
                       NULL);
    if (p->reply.status < 500)
        return refused(p, CILP_E_PROXY, "it refuses to connect to ", to);
    return refused(p, CILP_E_CONNECT, "it failed to connect to ", to);
}

/* The first byte of a TLS alert: RFC 8446 section 5.1. */
#define ALERT 0x15

/* That of no status line. It tells enough: an alert is shorter than one. */
static enum cilp_stream_rc stranger(struct cilp_proxy *p, uint8_t first)
{
    return fail(p, CILP_E_PROXY, 0,
                first == ALERT
                    ? "it speaks TLS: does its URL begin with https://?"
                    : "what it answers to CONNECT is not HTTP");
}

static enum cilp_stream_rc malformed(struct cilp_proxy *p)
{
    return fail(p, CILP_E_PROXY, 0, "its answer to CONNECT is malformed");
}

/* n bytes have come. The head ends the reply of a 2xx, whatever length it tells
 * (RFC 9110 section 9.3.6), and nobody speaks unasked behind it: such bytes are a
 * page of something that is no proxy. */
static enum cilp_stream_rc hear(struct cilp_proxy *p,
                                const struct cilp_peer *to, size_t n)
{
    const uint8_t *body;
    size_t used, len, i = 0;

    if (!p->answered && p->io[0] != 'H')
        return stranger(p, p->io[0]);
    p->answered = true;
    for (; i < n && !p->reply.head_done; i++)
        if (cilp_http_resp_feed(&p->reply, p->io + i, 1, &used, &body, &len) ==
            CILP_HTTP_BAD)
            return malformed(p);
    if (!p->reply.head_done)
        return CILP_STREAM_AGAIN;
    if (p->reply.status > 299)
        return judge(p, to);
    if (i < n)
        return fail(p, CILP_E_PROXY, p->reply.status,
                    "it sends a page of its own behind its answer to CONNECT");
    p->state = THROUGH;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc read_reply(struct cilp_proxy *p,
                                      const struct cilp_peer *to)
{
    enum cilp_stream_rc rc = CILP_STREAM_AGAIN;

    while (rc == CILP_STREAM_AGAIN) {
        size_t n = 0;

        rc = p->lower->ops->recv(p->lower, p->io, sizeof p->io, &n);
        if (rc == CILP_STREAM_AGAIN || rc == CILP_STREAM_FAIL)
            return pass(p, rc);
        if (rc == CILP_STREAM_EOF)
            return fail(
                p, CILP_E_CLOSED, 0,
                p->answered
                    ? "it hung up in the middle of its answer to CONNECT"
                    : "it hung up without an answer to CONNECT");
        rc = hear(p, to, n);
    }
    return rc;
}

/* ---- Opening ------------------------------------------------------------- */

static enum cilp_stream_rc begin(struct cilp_proxy *p,
                                 const struct cilp_peer *to)
{
    p->url = NULL;
    if (cilp_proxy_way(p->ways, to) == CILP_PROXY_THROUGH)
        p->url = to->tls ? p->ways->for_tls : p->ways->for_plain;
    p->lower = p->url && p->url->tls ? p->tls : p->plain;
    if (!p->lower)
        return fail(p, CILP_E_PROXY, 0,
                    "an https:// proxy cannot be used from here");
    p->lower->why = p->s.why;
    if (p->s.why)
        p->s.why[0] = '\0';
    p->state = p->url ? OPENING : STRAIGHT;
    return CILP_STREAM_OK;
}

/* Whom the stream below is to connect to. */
static enum cilp_stream_rc open_lower(struct cilp_proxy *p,
                                      const struct cilp_peer *to)
{
    struct cilp_peer peer;

    if (!p->url)
        return p->lower->ops->open(p->lower, to);
    memset(&peer, 0, sizeof peer);
    peer.unix_s = to->unix_s;
    peer.judge_dates = to->judge_dates;
    peer.tls = p->url->tls;
    peer.reach = CILP_ANYWHERE;
    peer.identity = p->ways->identity;
    peer.port = p->url->port;
    memcpy(peer.host, p->url->host, sizeof peer.host);
    return p->lower->ops->open(p->lower, &peer);
}

/* The proxy is connected to. One that has something to say already would be taken
 * for having answered. */
static enum cilp_stream_rc greet(struct cilp_proxy *p,
                                 const struct cilp_peer *to)
{
    size_t n = 0;

    switch (p->lower->ops->recv(p->lower, p->io, sizeof p->io, &n)) {
    case CILP_STREAM_OK:
        return fail(p, CILP_E_PROXY, 0,
                    "it speaks before it is asked: that is no proxy for HTTP");
    case CILP_STREAM_EOF:
        return fail(p, CILP_E_CLOSED, 0,
                    "it hung up without an answer to CONNECT");
    case CILP_STREAM_FAIL: return pass(p, CILP_STREAM_FAIL);
    case CILP_STREAM_AGAIN: break;
    }
    write_connect(p, to);
    cilp_http_resp_init(&p->reply);
    p->answered = false;
    p->state = ASKING;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc ask(struct cilp_proxy *p)
{
    while (p->at < p->end) {
        size_t done = 0;
        enum cilp_stream_rc rc = p->lower->ops->send(
            p->lower, p->io + p->at, (size_t)(p->end - p->at), &done);

        if (rc != CILP_STREAM_OK)
            return pass(p, rc);
        p->at = (uint16_t)(p->at + done);
    }
    cilp_zero(p->io, sizeof p->io);
    p->state = HEARING;
    return CILP_STREAM_OK;
}

/* One step towards an open stream; OK: take the next one, or it is there. */
static enum cilp_stream_rc step(struct cilp_proxy *p,
                                const struct cilp_peer *to)
{
    enum cilp_stream_rc rc;

    switch (p->state) {
    case CLOSED: return begin(p, to);
    case OPENING:
        rc = open_lower(p, to);
        return rc == CILP_STREAM_OK ? greet(p, to) : pass(p, rc);
    case ASKING: return ask(p);
    case HEARING: return read_reply(p, to);
    default: return CILP_STREAM_FAIL; /* BROKEN, as it was told */
    }
}

static enum cilp_stream_rc proxy_open(struct cilp_stream *s,
                                      const struct cilp_peer *to)
{
    struct cilp_proxy *p = self(s);
    enum cilp_stream_rc rc = CILP_STREAM_OK;

    while (rc == CILP_STREAM_OK && p->state != THROUGH && p->state != STRAIGHT)
        rc = step(p, to);
    if (rc == CILP_STREAM_OK && p->state == STRAIGHT)
        return pass(p, open_lower(p, to));
    return rc;
}

/* ---- Carrying and closing ------------------------------------------------- */

static enum cilp_stream_rc proxy_send(struct cilp_stream *s, const uint8_t *p,
                                      size_t n, size_t *done)
{
    struct cilp_stream *lower = self(s)->lower;

    return pass(self(s), lower->ops->send(lower, p, n, done));
}

static enum cilp_stream_rc proxy_recv(struct cilp_stream *s, uint8_t *p,
                                      size_t n, size_t *done)
{
    struct cilp_stream *lower = self(s)->lower;

    return pass(self(s), lower->ops->recv(lower, p, n, done));
}

static void proxy_close(struct cilp_stream *s)
{
    struct cilp_proxy *p = self(s);
    uint8_t was = p->state;

    if (was == CLOSED)
        return;
    cilp_zero(p->io, sizeof p->io);
    p->state = CLOSED;
    if (!p->lower)
        return;
    p->lower->ops->close(p->lower);
    if (was == OPENING) /* it may have said who kept silent */
        say_proxy_before(p);
    if (was != ASKING && was != HEARING)
        return;
    say_proxy(p);
    say(p, p->answered ? "the rest of its answer to CONNECT does not come"
                       : "it takes connections and does not answer CONNECT");
}

static const struct cilp_stream_ops proxy_ops = {proxy_open, proxy_send,
                                                 proxy_recv, proxy_close};

/* see proxy.h */
void cilp_proxy_init(struct cilp_proxy *p, struct cilp_stream *plain,
                     struct cilp_stream *tls,
                     const struct cilp_proxy_ways *ways)
{
    memset(p, 0, sizeof *p);
    p->s.ops = &proxy_ops;
    p->plain = plain;
    p->tls = tls;
    p->ways = ways;
}
