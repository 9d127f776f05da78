/* What lwIP asks of compiler and board. */
#ifndef FIRMWARE_LWIP_CC_H
#define FIRMWARE_LWIP_CC_H

#include "boards/firmware/hooks.h"

#define LWIP_NO_CTYPE_H       1
#define LWIP_NO_UNISTD_H      1
#define LWIP_PLATFORM_DIAG(x) ((void)0)
/* Its asserts stay in, at a fifth of their size: without their texts. */
#define LWIP_PLATFORM_ASSERT(x) firmware_assert_failed(__LINE__)
#define LWIP_RAND()             firmware_random()

#endif
