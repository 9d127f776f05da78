/*
 * lan9118.h - SMSC LAN9118 and LAN9220 as an interface of lwIP.
 *
 * The interrupt handler only notes that frames are waiting; the main loop
 * fetches them. Source: LAN9118 datasheet, DS00002266.
 */
#ifndef LAN9118_H
#define LAN9118_H

#include <stdbool.h>

#include "lwip/netif.h"

/* For netif_add(). ERR_IF: no such chip, or it does not come out of reset. */
err_t lan9118_init(struct netif *n);

/* Give lwIP the frames that are waiting. */
void lan9118_poll(struct netif *n);

/* Whether a cable is in, as the PHY sees it. */
bool lan9118_has_link(void);

#endif
