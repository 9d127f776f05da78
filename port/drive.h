/*
 * drive.h - carries bytes between one call and its streams.
 */
#ifndef CILP_DRIVE_H
#define CILP_DRIVE_H

#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cilp_drive {
    struct cilp_op *op;
    struct cilp_stream *plain; /* for peers with tls false */
    struct cilp_stream *tls;   /* for peers with tls true */
    struct cilp_stream *cur;   /* the one in use; NULL at first */
};

/* Bytes are received so many times in one lap at most: a peer that never stops
 * sending keeps nobody from other duties, signals or a deadline of its own. */
#define CILP_DRIVE_RECEIVES 16

/* One lap: do whatever can be done without waiting. Returns what is still
 * wanted: CILP_DONE (finished; the connection may stand until cilp_end()),
 * CILP_ITEM (the caller's to take), or the want that must wait for the stream
 * or, at the latest, for cilp_drive_idle_ms(). Never blocks.
 *
 * One thread at a time for one call; for what its streams share, see theirs. */
enum cilp_want cilp_drive_lap(struct cilp_drive *d);

/* Milliseconds for which, after a lap, there is nothing to do unless the stream
 * moves: the timeout of poll(2). 0: the lap ended although it could have gone
 * on; look at other duties, and do not wait for the stream. */
uint32_t cilp_drive_idle_ms(const struct cilp_drive *d);

#ifdef __cplusplus
}
#endif

#endif
