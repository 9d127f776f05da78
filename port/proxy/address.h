/*
 * address.h - numeric addresses out of text, without a resolver and without a
 * platform's reader.
 *
 * Knows: nothing.
 */
#ifndef CILP_PROXY_ADDRESS_H
#define CILP_PROXY_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Read s[0..n), which needs no NUL, into `to`, in network order: 4 (IPv4) or 16
 * (IPv6), the bytes that it has; 0: it is no address, and `to` is undefined.
 *
 * IPv4 has four decimal parts without leading zeros: "127.1" and "0x7f000001" are
 * names. IPv6 stands without brackets and zone, in any spelling of RFC 4291
 * section 2.2; one that maps IPv4 (::ffff:0:0/96) counts as what it is, 4. */
uint8_t cilp_proxy_address(const char *s, size_t n, uint8_t to[16]);

#ifdef __cplusplus
}
#endif

#endif
