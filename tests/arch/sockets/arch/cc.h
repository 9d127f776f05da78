/* What lwIP asks of compiler and board. */
#ifndef TEST_SOCKETS_CC_H
#define TEST_SOCKETS_CC_H

#include <sys/time.h>

#define LWIP_ERRNO_STDINCLUDE 1

#endif
