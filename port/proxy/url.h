/*
 * url.h - where a proxy is: its URL, as HTTPS_PROXY has it.
 *
 *     [http://|https://][USER[:PASSWORD]@]HOST[:PORT][/]
 *
 * Without a scheme it is http://, as the AWS CLI takes it; without a port 80 or
 * 443. The last '@' ends the user's part, so that one in a password does no harm.
 *
 * Source: RFC 3986 section 3.2; RFC 7617 section 2 (what a user's name may be).
 * Knows:  address, core/cilp_config.
 */
#ifndef CILP_PROXY_URL_H
#define CILP_PROXY_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cilp_config.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of "user:password", decoded. */
#ifndef CILP_PROXY_USER_MAX
#define CILP_PROXY_USER_MAX 256
#endif

/* No secret is copied out of the URL: `user` points into it, and it is decoded
 * where it is sent. */
struct cilp_proxy_url {
    bool tls; /* https:// */
    uint16_t port;
    uint16_t user_len;            /* bytes of it, percent-encoded as it came */
    const char *user;             /* "user:password"; NULL: none */
    char host[CILP_HOST_MAX + 1]; /* a name, or an address without [] */
};

/* Read url, which is borrowed as long as *to is used. NULL; or what is wrong with
 * it: a static text that follows whatever names the URL in a sentence, and shows
 * nothing of it. */
const char *cilp_proxy_url_read(struct cilp_proxy_url *to, const char *url);

/* The next byte of a percent-encoded text at *s, which is moved behind it; *s is
 * not at `end`. Below 0: what stands there is no encoding. */
int cilp_proxy_url_byte(const char **s, const char *end);

#ifdef __cplusplus
}
#endif

#endif
