#include "tests/unit/served.h"

#include "tests/unit/rows.h"

#include <stdio.h>

struct wire wire;
struct cilp_op op;
struct cilp_now now;

/* see served.h */
void serve(const struct reply *replies, size_t n, size_t piece)
{
    const int standing = wire.standing;

    memset(&wire, 0, sizeof wire);
    wire.standing = standing;
    wire.replies = replies;
    wire.n = n;
    wire.piece = piece;
}

static void answer(void)
{
    const struct reply *r = &wire.replies[wire.next];
    int n;

    assert_true(wire.next < wire.n);
    n = snprintf(wire.reply, sizeof wire.reply,
                 "%sContent-Length: %zu\r\n\r\n%s", r->head, strlen(r->body),
                 r->body);
    assert_true(n > 0 && (size_t)n < sizeof wire.reply);
    for (char *p = wire.reply; (p = strchr(p, '\x02')) != NULL;)
        *p = '\0';
    wire.len = (size_t)n - (r->cut ? strlen(r->body) / 2 : 0);
    wire.cut = r->cut;
    wire.at = 0;
    wire.next++;
    wire.request_len = 0;
}

static void on_open(void)
{
    assert_true(wire.opens < OPENS);
    wire.peers[wire.opens] = *cilp_peer(&op);
    wire.opens++;
    wire.standing++;
    wire.at = wire.len = 0;
    wire.cut = false;
    cilp_opened(&op);
}

static void on_send(void)
{
    size_t n;
    const uint8_t *p = cilp_tx(&op, &n);
    char *text = wire.requests[wire.next];

    assert_true(wire.next < REQUESTS);
    assert_true(wire.request_len + n < sizeof wire.requests[0]);
    memcpy(text + wire.request_len, p, n);
    wire.request_len += n;
    text[wire.request_len] = '\0';
    cilp_sent(&op, n);
    if (cilp_next(&op, now) == CILP_RECV)
        answer();
}

static void on_recv(void)
{
    size_t cap, n = wire.len - wire.at;
    uint8_t *p = cilp_rx(&op, &cap);

    if (n == 0) {
        if (wire.cut)
            cilp_eof(&op);
        else
            cilp_idle(&op);
        return;
    }
    n = n < cap ? n : cap;
    n = wire.piece && wire.piece < n ? wire.piece : n;
    memcpy(p, wire.reply + wire.at, n);
    wire.at += n;
    cilp_received(&op, n);
}

/* see served.h */
void drive(void (*item)(void))
{
    enum cilp_want want;

    while ((want = cilp_next(&op, now)) != CILP_DONE) {
        switch (want) {
        case CILP_OPEN: on_open(); break;
        case CILP_SEND: on_send(); break;
        case CILP_RECV: on_recv(); break;
        case CILP_ITEM: item(); break;
        case CILP_WAIT: now.mono_ms += cilp_idle_ms(&op); break;
        case CILP_CLOSE:
            wire.closes++;
            wire.standing--;
            cilp_closed(&op);
            break;
        case CILP_DONE: break;
        }
    }
}
