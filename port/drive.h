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

/* One lap: do whatever can be done without waiting. Returns what is still
 * wanted: CILP_DONE (finished; the connection may stand until cilp_end()),
 * CILP_ITEM (the caller's to take), or the want that must wait for the stream
 * or, at the latest, for cilp_idle_ms(). Never blocks. */
enum cilp_want cilp_drive_lap(struct cilp_drive *d);

#ifdef __cplusplus
}
#endif

#endif
