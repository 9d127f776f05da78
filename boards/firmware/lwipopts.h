/*
 * lwipopts.h - lwIP for one TCP client, DHCP, DNS and SNTP, on IPv4.
 *
 * BOARD_MSS (bytes), BOARD_WINDOW (segments), BOARD_PBUFS and BOARD_HEAP (bytes) are
 * the profile's.
 */
#ifndef FIRMWARE_LWIPOPTS_H
#define FIRMWARE_LWIPOPTS_H

#include "boards/firmware/hooks.h"
#include "core/cilp_config.h"

/* ---- The main loop and nobody else -------------------------------------- */

#define NO_SYS                    1
#define SYS_LIGHTWEIGHT_PROT      0
#define LWIP_NETCONN              0
#define LWIP_SOCKET               0
#define LWIP_ASSERT_CORE_LOCKED() firmware_check_main_loop()

/* ---- Protocols ---------------------------------------------------------- */

#define LWIP_IPV4                 1
#define LWIP_IPV6                 0
#define LWIP_RAW                  0
#define LWIP_SINGLE_NETIF         1
#define IP_REASSEMBLY             0 /* DNS, DHCP and SNTP fit one frame */
#define IP_FRAG                   0
#define LWIP_DHCP                 1
#define LWIP_ACD                  0
#define LWIP_DHCP_DOES_ACD_CHECK  0
#define LWIP_DHCP_GET_NTP_SRV     1
#define LWIP_DHCP_MAX_NTP_SERVERS 1
#define LWIP_DNS                  1
#define DNS_SERVER_PORT           net_dns_port
#define DNS_TABLE_SIZE            2
#define DNS_MAX_SERVERS           1
#define DNS_MAX_NAME_LENGTH       (CILP_HOST_MAX + 1)
#define TCP_QUEUE_OOSEQ           0 /* rare on a client's wire; the peer repeats */

/* ---- SNTP --------------------------------------------------------------- */

#define SNTP_PORT               net_sntp_port
#define SNTP_MAX_SERVERS        1
#define SNTP_STARTUP_DELAY      0 /* asked when a call needs the time */
#define SNTP_SET_SYSTEM_TIME(s) clock_set(s)
/* An answer must repeat what was asked, and nobody can guess that: it is no
 * time but 64 random bits. */
#define SNTP_CHECK_RESPONSE 2
#define SNTP_GET_SYSTEM_TIME_NTP(s, f)  \
    do {                                \
        (s) = (s32_t)firmware_random(); \
        (f) = firmware_random();        \
    } while (0)

/* Sequence numbers cannot be guessed (RFC 9293 section 3.4.1). */
#define LWIP_HOOK_TCP_ISN(local, lport, remote, rport) firmware_random()

/* ---- Memory: static pools and one static heap --------------------------- */

#define MEM_LIBC_MALLOC         0
#define MEMP_MEM_MALLOC         0
#define MEM_ALIGNMENT           4
#define MEM_SIZE                BOARD_HEAP
#define MEMP_NUM_UDP_PCB        4 /* DHCP, SNTP, a port for each question to DNS */
#define MEMP_NUM_SYS_TIMEOUT    (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 1) /* SNTP's */
#define MEMP_NUM_TCP_PCB        2 /* the call's, and one that takes leave */
#define MEMP_NUM_TCP_PCB_LISTEN 1
#define MEMP_NUM_TCP_SEG        8
#define MEMP_NUM_PBUF           4
#define MEMP_NUM_ARP_QUEUE      2
#define ARP_TABLE_SIZE          4
#define TCP_MSS                 BOARD_MSS
#define TCP_WND                 (BOARD_WINDOW * TCP_MSS)
#define TCP_SND_BUF             (2 * TCP_MSS)
#define TCP_SND_QUEUELEN        8
#define PBUF_POOL_SIZE          BOARD_PBUFS
#define PBUF_POOL_BUFSIZE       (BOARD_MSS + 60) /* a frame with one segment */

#define LWIP_STATS 0

#endif
