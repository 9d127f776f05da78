/*
 * choice.h - is a peer reached through a proxy? A pure function of who it is and
 * of what the user has set.
 *
 * Never through one: what is on this machine or its link (loopback, link-local
 * addresses, EC2's fd00:ec2::/32, "localhost" and names below it), and a peer that
 * wants nobody in between (core/cilp.h, cilp_peer.direct): metadata services and
 * container agents, whose keys would pass through it, and whose addresses mean
 * another machine there.
 *
 * Knows:  no_proxy, url, address, reach.
 */
#ifndef CILP_PROXY_CHOICE_H
#define CILP_PROXY_CHOICE_H

#include "core/cilp.h"
#include "port/proxy/url.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the user has set; all is borrowed. */
struct cilp_proxy_ways {
    const struct cilp_proxy_url *for_tls;   /* for peers with tls; NULL: none */
    const struct cilp_proxy_url *for_plain; /* for the others */
    const char *exempt;                     /* as no_proxy.h has it; or NULL */
    const struct cilp_x509_identity *identity; /* is shown to https:// proxies
                                                  that ask; NULL: none is */
};

enum cilp_proxy_way {
    CILP_PROXY_THROUGH,
    CILP_PROXY_DIRECT,    /* it wants nobody in between */
    CILP_PROXY_NEAR,      /* this machine or its link */
    CILP_PROXY_NOT_NAMED, /* there is none for such peers */
    CILP_PROXY_EXEMPT     /* the list has it */
};

/* The way to `to`. Several reasons to go straight: the first of DIRECT, NEAR,
 * NOT_NAMED, EXEMPT. */
enum cilp_proxy_way cilp_proxy_way(const struct cilp_proxy_ways *ways,
                                   const struct cilp_peer *to);

#ifdef __cplusplus
}
#endif

#endif
