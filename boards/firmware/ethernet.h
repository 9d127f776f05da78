/*
 * ethernet.h - the board's Ethernet driver, for an interface of lwIP (net.c): the
 * board writes it. The interrupt handler only notes that frames are waiting; the
 * main loop fetches them.
 */
#ifndef FIRMWARE_ETHERNET_H
#define FIRMWARE_ETHERNET_H

#include <stdbool.h>

#include "lwip/netif.h"

/* The chip, as it is named where there is none. */
extern const char board_ethernet_name[];

/* What a frame carries at most behind its header, in bytes. */
#define BOARD_ETHERNET_MTU 1500

/* Start the chip: fill in hwaddr (ETH_HWADDR_LEN bytes) and linkoutput, which gets
 * whole frames. The rest is net.c's. ERR_IF: no such chip, or it does not come out of
 * reset. */
err_t board_ethernet_init(struct netif *n);

/* Give lwIP the frames that are waiting. */
void board_ethernet_poll(struct netif *n);

/* Whether a cable is in. */
bool board_ethernet_has_link(void);

#endif
