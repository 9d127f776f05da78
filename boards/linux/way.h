/*
 * way.h - through a proxy or straight, as options, variables and profile have it,
 * and what is said of it.
 *
 * Two files make it: way.c; and way_straight.c, of a program that is built without
 * proxies (-DCILP_PROXY=OFF). That one goes straight whatever is set, and says so.
 *
 * Of a proxy's URL nothing is shown but its kind, host and port.
 */
#ifndef LINUX_WAY_H
#define LINUX_WAY_H

#include "boards/linux/settings.h"
#include "port/mbedtls/tls.h"
#include "port/port.h"
#include "port/proxy/proxy.h"

/* *to: the stream, over `tcp`, that goes the right way to any peer, with TLS above
 * it or without; one at a time. trust: the roots for the certificate of an
 * https:// proxy, unless the profile's proxy_ca_bundle names others. EXIT_DONE;
 * EXIT_USAGE or EXIT_CONFIG after a complaint. Before all others below. */
enum exit_code way_set_up(const struct settings *s, struct cilp_stream *tcp,
                          struct cilp_trust *trust, struct cilp_stream **to);

/* What a further stream of that kind stands on. Contents are private. */
struct way_stream {
    struct cilp_proxy proxy;
    struct cilp_tls tls; /* with an https:// proxy */
};

/* The same for a further TCP stream, after way_set_up(). */
void way_further(struct way_stream *w, struct cilp_stream *tcp,
                 struct cilp_stream **to);

/* Which way is taken to a peer, and why: "straight: no proxy is named". */
void way_put(struct out *o, const struct cilp_peer *to);

/* The same between two other texts, where it is worth a word: some proxy is named,
 * used or not. Nothing at all where none is. */
void way_tell(struct out *o, const char *before, const struct cilp_peer *to,
              const char *after);

/* Put the proxy that is used into `text`, as http://HOST:PORT; "": none is. */
#define WAY_URL_MAX (CILP_HOST_MAX + 18)
void way_url(const struct cilp_peer *to, char text[WAY_URL_MAX]);

/* The next step after a failure that is the proxy's own, "; ...", and true. */
bool way_put_step(struct out *o, const struct cilp_result *e, const char *why,
                  const struct cilp_peer *to);

/* Wipe the passwords that were of use, in options and environment: no stream is
 * opened any more. */
void way_forget(void);

#endif
