/* What lwIP asks of the fuzzer's platform: its asserts end the run, but for one. */
#ifndef FUZZ_LWIP_CC_H
#define FUZZ_LWIP_CC_H

#include <stdio.h>
#include <stdlib.h>

void *fuzz_malloc(size_t n);
void *fuzz_calloc(size_t n, size_t size);
void fuzz_free(void *p);
unsigned fuzz_rand(void);
void fuzz_assert(const char *what);

#define LWIP_PLATFORM_DIAG(x)   ((void)0)
#define LWIP_PLATFORM_ASSERT(x) fuzz_assert(x)
#define LWIP_RAND()             ((u32_t)fuzz_rand())

#endif
