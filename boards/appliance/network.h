/*
 * network.h - one Ethernet interface and its address.
 *
 * busybox's udhcpc asks for a lease and runs a program with what it got: this
 * one again, so that no shell is needed.
 * Knows: nobody.
 */
#ifndef APPLIANCE_NETWORK_H
#define APPLIANCE_NETWORK_H

#include <net/if.h>
#include <stdbool.h>

/* Set loopback up, and the first other interface that has a driver; its name.
 * False: there is none yet. */
bool network_find(char name[IF_NAMESIZE]);

/* What udhcpc runs, with what happened and the lease in the environment (its
 * variables interface, ip, subnet, router, dns): set address, route and
 * /run/resolv.conf. Returns an exit status. */
int network_lease(const char *event);

#endif
