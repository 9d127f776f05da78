#include "boards/linux/probe.h"

#include <string.h>

static struct probe *self(struct cilp_stream *s)
{
    return (struct probe *)s; /* its first member */
}

static enum cilp_stream_rc pass(struct probe *p, enum cilp_stream_rc rc)
{
    p->s.err = p->under->err;
    p->s.native = p->under->native;
    p->s.more = p->under->more;
    return rc;
}

static enum cilp_stream_rc refuse(struct probe *p)
{
    p->s.err = CILP_E_CLOSED;
    p->s.native = 0;
    return CILP_STREAM_FAIL;
}

static enum cilp_stream_rc probe_open(struct cilp_stream *s,
                                      const struct cilp_peer *to)
{
    struct probe *p = self(s);
    struct session *c = p->session;
    enum cilp_stream_rc rc;

    if (p->opened || (to->tls && to->judge_dates))
        return refuse(p);
    p->peer = *to;
    p->peer.judge_dates = p->judge;
    p->under = to->tls ? p->with_tls : p->plain;
    rc = p->under->ops->open(p->under, &p->peer);
    if (!p->address[0])
        cilp_posix_tcp_address(&c->tcp, p->address);
    p->opened = rc == CILP_STREAM_OK;
    return p->opened && !to->tls ? refuse(p) : pass(p, rc);
}

static enum cilp_stream_rc probe_send(struct cilp_stream *s,
                                      const uint8_t *bytes, size_t n,
                                      size_t *done)
{
    struct probe *p = self(s);

    return pass(p, p->under->ops->send(p->under, bytes, n, done));
}

static enum cilp_stream_rc probe_recv(struct cilp_stream *s, uint8_t *bytes,
                                      size_t n, size_t *done)
{
    struct probe *p = self(s);

    return pass(p, p->under->ops->recv(p->under, bytes, n, done));
}

static void probe_close(struct cilp_stream *s)
{
    struct probe *p = self(s);

    if (p->under)
        p->under->ops->close(p->under);
}

static const struct cilp_stream_ops PROBE_OPS = {probe_open, probe_send,
                                                 probe_recv, probe_close};

/* see probe.h */
void probe(struct probe *p, struct session *session, bool judge,
           struct report *r)
{
    memset(p, 0, sizeof *p);
    p->s.ops = &PROBE_OPS;
    p->session = session;
    p->plain = session->drive.plain;
    p->with_tls = session->drive.tls;
    p->judge = judge;
    session->tls.facts = &p->tls;
    /* the id is never sent */
    session_request(session, &cilp_cancel, "ami-00000000", NULL)->dry_run =
        true;
    session_try(session, r, &p->s);
    session->tls.facts = NULL;
}
