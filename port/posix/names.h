/*
 * names.h - from a host's name to addresses, by the C library's resolver.
 *
 * Each family is asked for by itself: a name server that answers the question
 * for one of them with an error spoils nothing of the other. A full name is asked
 * for as it stands, whatever ndots and search say in /etc/resolv.conf, and so is
 * first any name with a dot; such a name is completed by the search list only
 * when it was not found, and one without a dot from the start. /etc/hosts comes
 * before all of that.
 *
 * IPv6 is left out where this machine has no route to it and IPv4 addresses, or
 * no answer, were had. That one call blocks, by the resolver's own limit for each
 * question; who has kept silent for long is asked no other.
 */
#ifndef CILP_POSIX_NAMES_H
#define CILP_POSIX_NAMES_H

#include "core/cilp.h"
#include "port/posix/address.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Addresses of host, without a port, in the order in which they are to be tried:
 * the families take turns, and IPv6 begins if there is a route. At most `max`
 * (>= 1) go to `to`; returned is how many. mask: the signal mask meanwhile, a
 * sigset_t; NULL: as it is. 0: *rc is getaddrinfo()'s EAI_*. */
uint8_t cilp_posix_names(const char *host, bool full_name, const void *mask,
                         union cilp_posix_addr *to, uint8_t max, int *rc);

#ifdef __cplusplus
}
#endif

#endif
