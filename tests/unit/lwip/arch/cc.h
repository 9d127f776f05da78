/* What lwIP asks of this test's platform: its asserts end the test. */
#ifndef TEST_LWIP_CC_H
#define TEST_LWIP_CC_H

#include <stdio.h>
#include <stdlib.h>

#define LWIP_PLATFORM_DIAG(x) ((void)0)
#define LWIP_PLATFORM_ASSERT(x)           \
    do {                                  \
        fprintf(stderr, "lwIP: %s\n", x); \
        abort();                          \
    } while (0)
#define LWIP_RAND() ((u32_t)rand())

#endif
