/*
 * no_proxy.h - whom a list exempts from going through a proxy.
 *
 * The list is what NO_PROXY holds: entries with commas or blanks between them,
 * letter case aside.
 *
 *     *                        everybody
 *     example.com              that name, and all below it; so do .example.com,
 *                              *.example.com and example.com.
 *     10.0.0.1, fd00::1        that address, however it is spelt
 *     10.0.0.0/8, fd00::/8     addresses that begin so (RFC 4632)
 *     any of them:PORT         at that port alone; IPv6 then in brackets
 *
 * A name is never looked up: an address exempts whom the user calls by an address.
 * An entry that is none of these exempts nobody.
 *
 * Source: none has the word. tests/conformance/conf_no_proxy.py holds it against
 *         curl and Python's urllib, and names each difference with its reason.
 * Knows:  address.
 */
#ifndef CILP_NO_PROXY_H
#define CILP_NO_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether `list` exempts host:port. host: a name without a dot at its end, or an
 * address without []. Then *entry is the first entry that does, inside list, and
 * *len its bytes. list NULL: there is none. */
bool cilp_no_proxy_has(const char *list, const char *host, uint16_t port,
                       const char **entry, size_t *len);

#ifdef __cplusplus
}
#endif

#endif
