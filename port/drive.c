#include "port/drive.h"

/* The stream broke: it is closed before core hears of it (cilp_failed()). */
static void fail(struct cilp_drive *d)
{
    struct cilp_stream *s = d->cur;
    enum cilp_err err = s->err;
    int32_t native = s->native;

    s->ops->close(s);
    d->cur = NULL;
    cilp_failed(d->op, err, native);
}

static enum cilp_stream_rc do_open(struct cilp_drive *d)
{
    const struct cilp_peer *to = cilp_peer(d->op);
    enum cilp_stream_rc rc;

    d->cur = to->tls ? d->tls : d->plain;
    rc = d->cur->ops->open(d->cur, to);
    if (rc == CILP_STREAM_OK)
        cilp_opened(d->op);
    return rc;
}

static enum cilp_stream_rc do_send(struct cilp_drive *d)
{
    size_t n, done = 0;
    const uint8_t *p = cilp_tx(d->op, &n);
    enum cilp_stream_rc rc = d->cur->ops->send(d->cur, p, n, &done);

    if (rc == CILP_STREAM_OK)
        cilp_sent(d->op, done);
    return rc;
}

/* "Nothing there yet" may change the want: before a standing connection is
 * used again core looks once whether the peer has hung up meanwhile, and goes
 * on to send if it has not. Only an unchanged want has to wait. */
static enum cilp_stream_rc after_idle(struct cilp_drive *d)
{
    cilp_idle(d->op);
    return cilp_next(d->op, cilp_port_now()) == CILP_RECV ? CILP_STREAM_AGAIN
                                                          : CILP_STREAM_OK;
}

static enum cilp_stream_rc do_recv(struct cilp_drive *d)
{
    size_t n, done = 0;
    uint8_t *p = cilp_rx(d->op, &n);
    enum cilp_stream_rc rc = d->cur->ops->recv(d->cur, p, n, &done);

    if (rc == CILP_STREAM_OK)
        cilp_received(d->op, done);
    else if (rc == CILP_STREAM_EOF)
        cilp_eof(d->op);
    else if (rc == CILP_STREAM_AGAIN)
        rc = after_idle(d);
    return rc;
}

static enum cilp_stream_rc do_close(struct cilp_drive *d)
{
    if (d->cur) /* NULL if time ran out before the open was tried */
        d->cur->ops->close(d->cur);
    d->cur = NULL;
    cilp_closed(d->op);
    return CILP_STREAM_OK;
}

/* It is not asked again before the next lap, though it may have more. */
static enum cilp_want stop_here(struct cilp_drive *d, enum cilp_want want)
{
    d->cur->more = true;
    return want;
}

/* see drive.h */
enum cilp_want cilp_drive_lap(struct cilp_drive *d)
{
    unsigned receives = 0;

    if (d->cur)
        d->cur->more = false; /* of the lap before */
    for (;;) {
        enum cilp_want want = cilp_next(d->op, cilp_port_now());
        enum cilp_stream_rc rc = CILP_STREAM_AGAIN;

        if (want == CILP_RECV && receives++ == CILP_DRIVE_RECEIVES)
            return stop_here(d, want);
        switch (want) {
        case CILP_OPEN: rc = do_open(d); break;
        case CILP_SEND: rc = do_send(d); break;
        case CILP_RECV: rc = do_recv(d); break;
        case CILP_CLOSE: rc = do_close(d); break;
        case CILP_WAIT:
        case CILP_ITEM:
        case CILP_DONE: break;
        }
        if (rc == CILP_STREAM_AGAIN)
            return want;
        if (rc == CILP_STREAM_FAIL)
            fail(d);
    }
}

/* see drive.h */
uint32_t cilp_drive_idle_ms(const struct cilp_drive *d)
{
    return d->cur && d->cur->more ? 0 : cilp_idle_ms(d->op);
}
