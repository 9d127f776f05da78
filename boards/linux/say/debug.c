#include "boards/linux/say/debug.h"

#include <string.h>
#include <unistd.h>

#define CANONICAL_MAX 4096

/* ---- Lines ------------------------------------------------------------- */

static void end_line(struct debug_stream *d)
{
    if (d->side)
        out_char(&d->out, '\n');
    d->side = 0;
}

static void show(struct debug_stream *d, char side, char c)
{
    char text[2] = {c, '\0'};

    if (d->side != side) {
        end_line(d);
        out_char(&d->out, side);
        out_char(&d->out, ' ');
        d->side = side;
    }
    if (c == '\n')
        end_line(d);
    else if (c == '\0')
        out_str(&d->out, "\\x00");
    else if (c != '\r')
        out_quoted(&d->out, text);
}

static void show_redacted(struct debug_stream *d, char side, struct redactor *r,
                          char c)
{
    switch (redact_next(r, c)) {
    case REDACT_SHOW: show(d, side, c); break;
    case REDACT_FIRST:
        for (const char *t = "[hidden]"; *t; t++)
            show(d, side, *t);
        break;
    case REDACT_HIDE: break;
    }
}

static void show_all(struct debug_stream *d, char side, struct redactor *r,
                     const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        show_redacted(d, side, r, (char)p[i]);
    out_flush(&d->out);
}

static void remark(struct debug_stream *d, const char *before,
                   const char *value, uint32_t number)
{
    end_line(d);
    out_str(&d->out, "* ");
    out_str(&d->out, before);
    if (value)
        out_quoted(&d->out, value);
    if (number) {
        out_char(&d->out, ':');
        out_uint(&d->out, number);
    }
    out_char(&d->out, '\n');
    out_flush(&d->out);
}

/* ---- What is shown ----------------------------------------------------- */

static void show_canonical(struct debug_stream *d)
{
    static char text[CANONICAL_MAX];
    struct redactor r;
    size_t n = cilp_canonical_request(d->op, text, sizeof text);

    memset(&r, 0, sizeof r);
    remark(d, "canonical request:", NULL, 0);
    show_all(d, '*', &r, (const uint8_t *)text,
             n < sizeof text ? n : sizeof text);
    if (n > sizeof text)
        remark(d, "(cut)", NULL, 0);
    end_line(d);
}

/* ---- The stream -------------------------------------------------------- */

static enum cilp_stream_rc pass(struct debug_stream *d, enum cilp_stream_rc rc)
{
    d->s.more = d->under->more;
    if (rc == CILP_STREAM_FAIL) {
        d->s.err = d->under->err;
        d->s.native = d->under->native;
        remark(d, "failed: ", d->under->why ? d->under->why : "", 0);
    }
    return rc;
}

static enum cilp_stream_rc debug_open(struct cilp_stream *s,
                                      const struct cilp_peer *to)
{
    struct debug_stream *d = (struct debug_stream *)s;
    enum cilp_stream_rc rc;

    if (!d->is_open) {
        remark(d, to->tls ? "opening with TLS " : "opening without TLS ",
               to->host, to->port);
        if (d->put_way)
            d->put_way(&d->out, to);
    }
    d->is_open = true;
    d->in_request = false;
    rc = d->under->ops->open(d->under, to);
    if (rc == CILP_STREAM_OK)
        remark(d, "open", NULL, 0);
    return pass(d, rc);
}

static enum cilp_stream_rc debug_send(struct cilp_stream *s, const uint8_t *p,
                                      size_t n, size_t *done)
{
    struct debug_stream *d = (struct debug_stream *)s;
    enum cilp_stream_rc rc;

    if (!d->in_request) {
        memset(&d->sent, 0, sizeof d->sent);
        show_canonical(d);
    }
    d->in_request = true;
    rc = d->under->ops->send(d->under, p, n, done);
    if (rc == CILP_STREAM_OK)
        show_all(d, '>', &d->sent, p, *done);
    return pass(d, rc);
}

/* Only who has keys already is answered without any. */
static bool gives_keys(const struct debug_stream *d)
{
    return cilp_result(d->op)->from_source || !cilp_key_id(d->op)[0];
}

/* Which part of a reply a byte belongs to. */
enum part {
    HEAD,
    BODY,
    BORDER, /* of a chunk: it may lie in the middle of a secret */
    REST    /* after the reply, or after what made it none */
};

/* What a bad status line says tells what the peer is. */
static enum part part_of_bad(struct debug_stream *d, char c)
{
    bool is_status = d->reply.what == CILP_WHAT_STATUS_LINE && !d->has_line;

    d->is_over = !is_status || c == '\n';
    return is_status ? HEAD : REST;
}

static enum part part_of(struct debug_stream *d, uint8_t c)
{
    bool in_head = !d->reply.head_done;
    const uint8_t *body;
    size_t used, len = 0;

    if (d->is_over)
        return REST;
    switch (cilp_http_resp_feed(&d->reply, &c, 1, &used, &body, &len)) {
    case CILP_HTTP_BAD: return part_of_bad(d, (char)c);
    case CILP_HTTP_DONE: d->is_over = true; break;
    case CILP_HTTP_BODY:
        d->is_over = cilp_http_resp_feed(&d->reply, NULL, 0, &used, &body,
                                         &used) == CILP_HTTP_DONE;
        break;
    case CILP_HTTP_MORE: break;
    }
    d->has_line = d->has_line || c == '\n';
    if (in_head && used)
        return HEAD;
    return len ? BODY : in_head ? REST : BORDER;
}

static void show_reply(struct debug_stream *d, const uint8_t *p, size_t n)
{
    const char *hidden = NULL;

    for (size_t i = 0; i < n; i++) {
        enum part part = part_of(d, p[i]);

        if (part == HEAD || (part == BODY && !gives_keys(d)))
            show_redacted(d, '<', &d->received, (char)p[i]);
        else if (part == BODY)
            hidden = "(what may hold keys is not shown)";
        else if (part == REST)
            hidden = "(what follows is no part of a reply, and not shown)";
    }
    if (hidden && !d->was_told)
        remark(d, hidden, NULL, 0);
    d->was_told = d->was_told || hidden;
    out_flush(&d->out);
}

static enum cilp_stream_rc debug_recv(struct cilp_stream *s, uint8_t *p,
                                      size_t n, size_t *done)
{
    struct debug_stream *d = (struct debug_stream *)s;
    enum cilp_stream_rc rc = d->under->ops->recv(d->under, p, n, done);

    if (rc == CILP_STREAM_OK) {
        if (d->in_request) {
            memset(&d->received, 0, sizeof d->received);
            cilp_http_resp_init(&d->reply);
            d->is_over = d->has_line = d->was_told = false;
        }
        d->in_request = false;
        show_reply(d, p, *done);
    } else if (rc == CILP_STREAM_EOF) {
        remark(d, "the peer has finished", NULL, 0);
    }
    return pass(d, rc);
}

static void debug_close(struct cilp_stream *s)
{
    struct debug_stream *d = (struct debug_stream *)s;

    if (d->is_open)
        remark(d, "closed", NULL, 0);
    d->is_open = false;
    d->under->ops->close(d->under);
}

static const struct cilp_stream_ops DEBUG_OPS = {debug_open, debug_send,
                                                 debug_recv, debug_close};

/* see debug.h */
void debug_init(struct debug_stream *d, struct cilp_stream *under,
                struct cilp_op *op)
{
    memset(d, 0, sizeof *d);
    d->s.ops = &DEBUG_OPS;
    d->under = under;
    d->op = op;
    out_init(&d->out, STDERR_FILENO);
}
