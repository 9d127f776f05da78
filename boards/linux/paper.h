/*
 * paper.h - a stream that takes EC2's request down instead of sending it. What a
 * source of credentials is asked goes over the session's own streams.
 */
#ifndef LINUX_PAPER_H
#define LINUX_PAPER_H

#include "boards/linux/request_file.h"
#include "boards/linux/session.h"

struct paper {
    struct cilp_stream s;
    struct session *session;
    struct cilp_stream *plain, *with_tls; /* the session's own */
    struct cilp_stream *under;            /* the one in use; NULL: paper */
    size_t len;
    char bytes[REQUEST_MAX]; /* the request: a secret */
};

/* From now on the session goes over paper. */
void paper_lay(struct paper *p, struct session *session);

#endif
