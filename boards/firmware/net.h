/*
 * net.h - one Ethernet interface: cable, address, name server, time server.
 */
#ifndef FIRMWARE_NET_H
#define FIRMWARE_NET_H

#include <stdbool.h>

#include "boards/firmware/settings.h"

/* Once. False: no such chip. */
bool net_start(const struct settings *set);

/* One round of the main loop: frames, timers, cable. */
void net_poll(void);

/* NULL: cable and address are there. Else what is missing. */
const char *net_missing(void);

/* Ask for an address again, at once, if there is none yet. */
void net_ask_address(void);

/* Name server and time server that were given go before DHCP's: once there is
 * an address. */
void net_set_servers(const struct settings *set);

/* Ask the time server, which answers to clock_set(). False: none is known. */
bool net_ask_time(void);

/* Connections that lwIP holds: 0 once the last one has taken leave. */
unsigned net_connections(void);

#endif
