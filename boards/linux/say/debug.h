/*
 * debug.h - --debug: a stream that shows what passes through another.
 *
 * On standard error: "> " what is sent, "< " what is received, both as they
 * are before TLS, "* " everything else, the canonical request among it.
 * Secrets are hidden (redact.h); what is not printable ASCII is escaped. A body
 * is shown without the borders of its chunks, and nothing after what makes a
 * reply none: so what is hidden does not depend on where bytes are cut. Of
 * replies from which keys or tokens come the head alone is shown: a reply that
 * is not as it should be may have its secrets anywhere.
 */
#ifndef LINUX_DEBUG_H
#define LINUX_DEBUG_H

#include "boards/linux/say/redact.h"
#include "core/http_resp.h"
#include "port/port.h"

/* Contents are private but for the marked one. */
struct debug_stream {
    struct cilp_stream s;
    struct cilp_stream *under;
    struct cilp_op *op; /* whose canonical request is shown */
    /* yours to set after debug_init(): puts a line, or none, about the way that
     * is taken to a peer. NULL: nobody knows */
    void (*put_way)(struct out *o, const struct cilp_peer *to);
    struct redactor sent, received;
    struct out out;
    bool is_open;
    bool in_request;
    struct cilp_http_resp reply; /* as far as it has come */
    bool is_over;                /* it is whole, or is none */
    bool has_line;               /* its status line has ended */
    bool was_told;               /* that something is not shown */
    char side;                   /* of the line under way: '>', '<' or 0 */
};

/* Show what passes through `under`, which is borrowed. */
void debug_init(struct debug_stream *d, struct cilp_stream *under,
                struct cilp_op *op);

#endif
