/* lwIP under an RTOS, with its sockets: compiled only (vendors.sh). */
#ifndef TEST_SOCKETS_LWIPOPTS_H
#define TEST_SOCKETS_LWIPOPTS_H

#define NO_SYS               0
#define LWIP_SOCKET          1
#define LWIP_NETCONN         1
#define LWIP_DNS             1
#define LWIP_IPV4            1
#define LWIP_TIMEVAL_PRIVATE 0 /* newlib has it */

#endif
