#include "boards/linux/paper.h"

#include <string.h>

static struct paper *self(struct cilp_stream *s)
{
    return (struct paper *)s; /* its first member */
}

static enum cilp_stream_rc pass(struct paper *p, enum cilp_stream_rc rc)
{
    p->s.err = p->under->err;
    p->s.native = p->under->native;
    p->s.more = p->under->more;
    return rc;
}

static enum cilp_stream_rc refuse(struct paper *p, enum cilp_err err,
                                  const char *why)
{
    p->s.err = err;
    p->s.native = 0;
    strcpy(p->session->why, why);
    return CILP_STREAM_FAIL;
}

/* Paper tells no time. */
static enum cilp_stream_rc paper_open(struct cilp_stream *s,
                                      const struct cilp_peer *to)
{
    struct paper *p = self(s);

    p->under = NULL;
    if (to->identity != &cilp_paper) {
        p->under = to->tls ? p->with_tls : p->plain;
        return pass(p, p->under->ops->open(p->under, to));
    }
    p->len = 0;
    if (to->tls && !to->judge_dates)
        return refuse(p, CILP_E_CLOCK,
                      "this machine's clock is unset, and --at TIME was not"
                      " given");
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc paper_send(struct cilp_stream *s,
                                      const uint8_t *bytes, size_t n,
                                      size_t *done)
{
    struct paper *p = self(s);

    if (p->under)
        return pass(p, p->under->ops->send(p->under, bytes, n, done));
    if (n > sizeof p->bytes - p->len)
        return refuse(p, CILP_E_CLOSED, "the request is too long");
    memcpy(p->bytes + p->len, bytes, n);
    p->len += n;
    *done = n;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc paper_recv(struct cilp_stream *s, uint8_t *bytes,
                                      size_t n, size_t *done)
{
    struct paper *p = self(s);

    return p->under ? pass(p, p->under->ops->recv(p->under, bytes, n, done))
                    : CILP_STREAM_EOF;
}

static void paper_close(struct cilp_stream *s)
{
    struct paper *p = self(s);

    if (p->under)
        p->under->ops->close(p->under);
}

static const struct cilp_stream_ops PAPER_OPS = {paper_open, paper_send,
                                                 paper_recv, paper_close};

/* see paper.h */
void paper_lay(struct paper *p, struct session *session)
{
    p->s.ops = &PAPER_OPS;
    p->session = session;
    p->plain = session->drive.plain;
    p->with_tls = session->drive.tls;
    session->drive.plain = session->drive.tls = &p->s;
}
