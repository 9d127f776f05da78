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

static void show_all(struct debug_stream *d, char side, struct redactor *r,
                     const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (redact_next(r, (char)p[i])) {
        case REDACT_SHOW: show(d, side, (char)p[i]); break;
        case REDACT_FIRST:
            for (const char *t = "[hidden]"; *t; t++)
                show(d, side, *t);
            break;
        case REDACT_HIDE: break;
        }
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

    if (!d->is_open)
        remark(d, to->tls ? "opening with TLS " : "opening without TLS ",
               to->host, to->port);
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

/* How many of these bytes are of the head. */
static size_t head_of(struct debug_stream *d, const uint8_t *p, size_t n)
{
    size_t i = 0;

    for (; i < n && !d->in_body; i++) {
        d->in_body = p[i] == '\n' && d->last == '\n';
        if (p[i] != '\r')
            d->last = (char)p[i];
    }
    return i;
}

static void show_reply(struct debug_stream *d, const uint8_t *p, size_t n)
{
    bool was_body = d->in_body;
    size_t head = head_of(d, p, n);

    if (!gives_keys(d))
        head = n;
    show_all(d, '<', &d->received, p, head);
    if (head < n && !was_body)
        remark(d, "(what may hold keys is not shown)", NULL, 0);
}

static enum cilp_stream_rc debug_recv(struct cilp_stream *s, uint8_t *p,
                                      size_t n, size_t *done)
{
    struct debug_stream *d = (struct debug_stream *)s;
    enum cilp_stream_rc rc = d->under->ops->recv(d->under, p, n, done);

    if (rc == CILP_STREAM_OK) {
        if (d->in_request) {
            memset(&d->received, 0, sizeof d->received);
            d->in_body = false;
            d->last = 0;
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
