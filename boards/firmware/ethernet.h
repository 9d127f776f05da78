/*
 * ethernet.h - the board's Ethernet driver, an interface of lwIP: the board
 * writes it. The interrupt handler only notes that frames are waiting; the main
 * loop fetches them.
 */
#ifndef FIRMWARE_ETHERNET_H
#define FIRMWARE_ETHERNET_H

#include <stdbool.h>

#include "lwip/netif.h"

/* The chip, as it is named where there is none. */
extern const char board_ethernet_name[];

/* For netif_add(). ERR_IF: no such chip, or it does not come out of reset. */
err_t board_ethernet_init(struct netif *n);

/* Give lwIP the frames that are waiting. */
void board_ethernet_poll(struct netif *n);

/* Whether a cable is in. */
bool board_ethernet_has_link(void);

#endif
