/* lwIP on the loopback interface of a test, both address families, with its
 * books open. */
#ifndef TEST_LWIPOPTS_H
#define TEST_LWIPOPTS_H

void test_core_is_locked(void);

#define NO_SYS                    1
#define SYS_LIGHTWEIGHT_PROT      0
#define LWIP_ASSERT_CORE_LOCKED() test_core_is_locked()
#define LWIP_NETCONN              0
#define LWIP_SOCKET               0
#define LWIP_IPV4                 1
#define LWIP_IPV6                 1
#define LWIP_ICMP6                1
#define LWIP_IPV6_REASS           0
#define LWIP_HAVE_LOOPIF          1
#define LWIP_NETIF_LOOPBACK       1
#define LWIP_LOOPBACK_MAX_PBUFS   0
#define LWIP_DNS                  1
#define DNS_TABLE_SIZE            4
#define MEM_ALIGNMENT             8
#define MEM_SIZE                  16000
#define MEMP_NUM_TCP_PCB          4
#define MEMP_NUM_TCP_SEG          32
#define TCP_MSS                   1000
#define TCP_WND                   4000
#define TCP_SND_BUF               4000
#define TCP_SND_QUEUELEN          16
#define LWIP_STATS                1
#define LWIP_STATS_DISPLAY        0

#endif
