/*
 * address.h - every kind of address that is connected to.
 */
#ifndef CILP_POSIX_ADDRESS_H
#define CILP_POSIX_ADDRESS_H

#include <netinet/in.h>

union cilp_posix_addr {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

#endif
