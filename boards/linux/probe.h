/*
 * probe.h - a stream over the call's own streams that looks at whom it reaches,
 * and over which nothing signed can leave.
 *
 * Core sends something signed only after an open for which dates are judged, or
 * without TLS: that one is refused here, so a call gets as far as the time that
 * it asks for without a signature, and no further (session_try()).
 */
#ifndef LINUX_PROBE_H
#define LINUX_PROBE_H

#include "boards/linux/session.h"

struct probe {
    struct cilp_stream s;
    struct session *session;
    struct cilp_stream *plain, *with_tls; /* the call's own */
    struct cilp_stream *under;            /* the one of the two in use */
    bool judge;                           /* dates, by this machine's clock */
    bool opened;                          /* it came about, TLS and all */
    struct cilp_peer peer;                /* whom it was for; host "": nobody */
    char address[CILP_STREAM_WHY_MAX];    /* that was connected to, or "" */
    struct cilp_tls_facts tls;
};

/* Try to reach EC2, as a cancel would. r: how that ended. If p->opened is false
 * it says why; if r->result.clock_learnt is false, why there is no time. */
void probe(struct probe *p, struct session *session, bool judge,
           struct report *r);

#endif
