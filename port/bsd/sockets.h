/*
 * sockets.h - where the sockets are declared: POSIX's headers, which ESP-IDF, NuttX
 * and Zephyr (CONFIG_POSIX_API) have too; or, with CILP_BSD_LWIP, lwIP's own, of which
 * LWIP_COMPAT_SOCKETS, LWIP_SOCKET_POLL and LWIP_DNS must be on. Private to this port.
 */
#ifndef CILP_BSD_SOCKETS_H
#define CILP_BSD_SOCKETS_H

#include <errno.h>

#if defined(CILP_BSD_LWIP)
#include "lwip/netdb.h"
#include "lwip/sockets.h"
#define CILP_BSD_V6 LWIP_IPV6
#else
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#define CILP_BSD_V6 1
#endif

/* Where no write raises a signal there is nothing to turn off. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#endif
