/*
 * conversation.h - a whole conversation out of an input: its bytes are what the wire,
 * the clock and the caller do.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include <stdlib.h>
#include <string.h>

#include "core/cilp.h"

/* Not a hash at all: signatures are not looked at here, and this is fast. */
void cilp_sha256_add(struct cilp_sha256 *h, const void *p, size_t n)
{
    const uint8_t *b = p;

    for (size_t i = 0; i < n; i++)
        h->state.bytes[i % CILP_SHA256_LEN] ^= b[i];
}

bool cilp_sha256_end(struct cilp_sha256 *h, uint8_t digest[CILP_SHA256_LEN])
{
    memcpy(digest, h->state.bytes, CILP_SHA256_LEN);
    memset(h, 0, sizeof *h);
    return true;
}

struct input {
    const uint8_t *p;
    size_t n;
};

static inline uint8_t take(struct input *in)
{
    if (in->n == 0)
        return 0;
    in->n--;
    return *in->p++;
}

static inline void need(bool truth)
{
    if (!truth)
        abort();
}

static inline void send_some(struct cilp_op *op, struct input *in)
{
    size_t n;
    const uint8_t *p = cilp_tx(op, &n);

    need(p != NULL && n > 0);
    cilp_sent(op, 1 + take(in) * n / 256);
}

static inline void receive_some(struct cilp_op *op, struct input *in)
{
    size_t cap, n = 1 + take(in);
    uint8_t *p = cilp_rx(op, &cap);

    need(cap > 0);
    n = n < in->n ? n : in->n;
    n = n < cap ? n : cap;
    if (n == 0) {
        cilp_eof(op);
        return;
    }
    memcpy(p, in->p, n);
    in->p += n;
    in->n -= n;
    cilp_received(op, n);
}

/* What goes right, mostly; the rest is what can go wrong. False if the stream
 * broke. */
static inline bool happen(struct cilp_op *op, enum cilp_want want,
                          struct input *in, struct cilp_now *now)
{
    uint8_t luck = take(in);

    if (want == CILP_CLOSE)
        cilp_closed(op);
    else if (luck < 4 && want != CILP_WAIT) {
        cilp_failed(op, CILP_E_CLOSED, luck);
        return false;
    } else if (luck == 5)
        cilp_stop(op);
    else if (luck < 8)
        cilp_eof(op);
    else if (luck < 12 || want == CILP_WAIT)
        now->mono_ms += 1 + luck * 100u;
    else if (want == CILP_OPEN)
        cilp_opened(op);
    else if (want == CILP_SEND)
        send_some(op, in);
    else if (luck < 20)
        cilp_idle(op);
    else
        receive_some(op, in);
    return true;
}

/* Returns whether a stream stands; `held`: whether one stood before. */
static inline bool run(struct cilp_op *op, struct input *in,
                       struct cilp_now *now, bool held)
{
    enum cilp_want want, before = CILP_DONE;
    unsigned laps = 0;

    while ((want = cilp_next(op, *now)) != CILP_DONE) {
        need(++laps < 1000000);
        need(want == CILP_WAIT || held == (want != CILP_OPEN) ||
             before == CILP_OPEN);
        held = want == CILP_OPEN || (held && want != CILP_CLOSE);
        before = held ? want : CILP_DONE;
        held = happen(op, want, in, now) && held;
        now->mono_ms += in->n == 0 ? 50 : 0; /* the input has run out */
    }
    need(cilp_result(op)->outcome != CILP_PENDING);
    return held;
}

/* Three calls, one after the other, and the end of them. */
static inline void converse(struct cilp_op *op,
                            const struct cilp_request *request,
                            const uint8_t *p, size_t n)
{
    struct cilp_now now = {.unix_s = 1768478400, .trusted = true};
    struct input in = {p, n};
    bool held = false;

    need(cilp_init(op, sizeof *op));
    for (int calls = 0; calls < 3; calls++) {
        cilp_start(op, request, now);
        held = run(op, &in, &now, held);
    }
    cilp_end(op);
    need((cilp_next(op, now) == CILP_CLOSE) == held);
    cilp_closed(op);
    need(cilp_next(op, now) == CILP_DONE);
}

#endif
