/*
 * way_named.h - who names a proxy: the option --proxy, or a variable.
 *
 * HTTPS_PROXY is for endpoints with TLS, HTTP_PROXY for plain ones, NO_PROXY for
 * both. The lower-case spelling wins, also when it is empty: then there is none.
 * HTTP_PROXY does not count where REQUEST_METHOD is set: there a stranger can set
 * it, as the header "Proxy" of a request to a CGI program.
 */
#ifndef LINUX_WAY_NAMED_H
#define LINUX_WAY_NAMED_H

#include "boards/linux/options.h"

struct way_named {
    const char *from; /* "--proxy", "https_proxy", ...; NULL: nobody */
    const char *text; /* what it says; NULL: that there is none */
};

/* A proxy for peers with TLS, or without. */
struct way_named way_named(const struct options *o, bool tls);

/* The list of those that go straight. */
struct way_named way_exempt(void);

/* A variable that names a proxy and does not count for such peers; NULL: none. */
const char *way_overlooked(bool tls);

/* "straight: ...", where no proxy is named for such peers. overlooked: NULL, or
 * the variable that does not count. */
void way_put_unnamed(struct out *o, struct way_named named,
                     const char *overlooked, bool tls);

/* "straight, not through the proxy that FROM names: " */
void way_put_unused(struct out *o, struct way_named named);

/* Overwrite what stands in front of an '@' in each of them. */
void way_named_wipe(const struct options *o);

#endif
