/*
 * port.h - what a platform gives: byte streams, two clocks, entropy.
 *
 * A stream is a table of functions because several kinds live in one image
 * (TCP, TLS over TCP, a test's script). Clock and entropy are plain functions
 * because an image has exactly one of each: the linker picks the file.
 *
 * Nothing here blocks (posix's name look-up apart), and no step goes on for as
 * long as a peer likes to send: what it takes from below is bounded. Nothing here is known to
 * core/.
 */
#ifndef CILP_PORT_H
#define CILP_PORT_H

#include "core/cilp.h"

#ifdef __cplusplus
extern "C" {
#endif

enum cilp_stream_rc {
    CILP_STREAM_OK,    /* progress was made; for send and recv, *done >= 1 */
    CILP_STREAM_AGAIN, /* none possible yet, or enough for once (s->more); call
                          again later, same arguments */
    CILP_STREAM_EOF,   /* recv only: the peer has finished, in its protocol's
                          orderly way (TCP FIN; under TLS close_notify) */
    CILP_STREAM_FAIL   /* broken for good; s->err and s->native say how */
};

/* Longest explanation of a failure, NUL included. */
#define CILP_STREAM_WHY_MAX 256

struct cilp_stream;

struct cilp_stream_ops {
    /* Begin, then go on with, opening. `to` is the same at every call until
     * the answer is not CILP_STREAM_AGAIN, and is not kept. */
    enum cilp_stream_rc (*open)(struct cilp_stream *s,
                                const struct cilp_peer *to);

    /* CILP_STREAM_OK with *done = n only when the layer below took every byte:
     * "sent" means that (core/cilp.h, result.sent). */
    enum cilp_stream_rc (*send)(struct cilp_stream *s, const uint8_t *p,
                                size_t n, size_t *done);
    enum cilp_stream_rc (*recv)(struct cilp_stream *s, uint8_t *p, size_t n,
                                size_t *done);

    /* In any state, any number of times. Never flushes a write that is
     * pending, so TLS sends close_notify only if none is. */
    void (*close)(struct cilp_stream *s);
};

/* First member of every implementation. */
struct cilp_stream {
    const struct cilp_stream_ops *ops;
    enum cilp_err err; /* after CILP_STREAM_FAIL: one of the network group */
    int32_t native;    /* errno, mbedTLS's or lwIP's number */
    char *why;         /* room for CILP_STREAM_WHY_MAX bytes, or NULL: where
                          the stream puts one printable sentence about a
                          failure ("" if it has none): which issuer is not
                          trusted, what name the certificate is for */
    bool more;         /* after CILP_STREAM_AGAIN: it could go on, and stopped
                          so that others have their turn. Do not wait for the
                          peer: what it holds need not show below. Each step of a
                          stream that reads ahead sets it, and passes on what the
                          stream below it has set; TCP never does */
};

/* A clock that shows less was never set: no program of this source existed
 * then. A constant of the source, not the day of the build, so that two builds
 * are equal byte for byte. 2026-01-01T00:00:00Z. */
#define CILP_PORT_CLOCK_FLOOR_S 1767225600u

/* Both clocks at once. One that cannot be read is an error, never a default: it
 * sets `unreadable`, and core ends the call. A program asks once before it sends
 * anything. */
struct cilp_now cilp_port_now(void);

/* Fill p[0..n) with random bytes fit for keys. False: none can be had, and
 * the caller stops. */
bool cilp_port_entropy(uint8_t *p, size_t n);

/* Called for each piece of memory that our mbedTLS takes, so all through a computation
 * that is one step of a TLS stream: some thousand times a handshake, X25519 alone
 * being without. Yours to define, for a duty that cannot wait for the step's end: a
 * light, a watchdog, the tick of a PLC. Without yours it does nothing; with an
 * mbedTLS of the user's nobody calls it.
 *
 * It runs in the middle of TLS, on its stack, with its lock, in whatever thread: it
 * calls nothing of cilp, mbedTLS or lwIP, does not wait, and is done in
 * microseconds. Registers and plain variables are its to touch. */
void cilp_port_tick(void);

#ifdef __cplusplus
}
#endif

#endif
