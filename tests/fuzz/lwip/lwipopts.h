/* lwIP with one interface, which the fuzzer is the other end of, and memory that it
 * may refuse. */
#ifndef FUZZ_LWIPOPTS_H
#define FUZZ_LWIPOPTS_H

#define NO_SYS                       1
#define SYS_LIGHTWEIGHT_PROT         0
#define LWIP_NETCONN                 0
#define LWIP_SOCKET                  0
#define LWIP_IPV4                    1
#define LWIP_IPV6                    0
#define LWIP_ICMP                    0
#define LWIP_DNS                     1
#define LWIP_STATS                   0
#define LWIP_SINGLE_NETIF            1
#define MEM_ALIGNMENT                8
#define MEM_LIBC_MALLOC              1
#define MEMP_MEM_MALLOC              1
#define mem_clib_malloc              fuzz_malloc
#define mem_clib_calloc              fuzz_calloc
#define mem_clib_free                fuzz_free
#define MEMP_NUM_TCP_PCB             4
#define MEMP_NUM_TCP_SEG             32
#define TCP_MSS                      1000
#define TCP_WND                      4000
#define TCP_SND_BUF                  4000
#define TCP_SND_QUEUELEN             16
#define TCP_QUEUE_OOSEQ              0 /* as the boards have it: see port/lwip/README.md */
#define LWIP_CHECKSUM_CTRL_PER_NETIF 0
#define CHECKSUM_GEN_IP              0
#define CHECKSUM_GEN_TCP             0
#define CHECKSUM_CHECK_IP            0
#define CHECKSUM_CHECK_TCP           0
#define CHECKSUM_CHECK_UDP           0

#endif
