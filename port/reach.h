/*
 * reach.h - how far from here an address is, for what enforces cilp_peer.reach:
 * one rule for all platforms. core/cilp.h, enum cilp_reach, says which addresses
 * each reach has.
 *
 * Knows: port.
 */
#ifndef CILP_PORT_REACH_H
#define CILP_PORT_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* p: the address in network order. An IPv4 address that is mapped into IPv6
 * (::ffff:0:0/96) counts as what it is. */
bool cilp_reach_has_v4(enum cilp_reach reach, const uint8_t p[4]);
bool cilp_reach_has_v6(enum cilp_reach reach, const uint8_t p[16]);

/* Why an address was refused: "not an address of ...: ", which it follows. */
const char *cilp_reach_refusal(enum cilp_reach reach);

#ifdef __cplusplus
}
#endif

#endif
