#include "boards/firmware/arena_check.h"

#include <string.h>

#include "mbedtls/build_info.h"
#include "mbedtls/platform.h"

#include "port/mbedtls/arena.h"

#define PAINT 0xA5

/* The one free block of an empty arena. It is looked at again when it is not
 * ours: the arena is static, and nothing runs meanwhile. */
static const unsigned char *whole;
static size_t whole_len;

/* The largest piece there is, painted. Downwards: what fails writes nothing. */
static size_t largest(const unsigned char **at)
{
    size_t n = CILP_TLS_ARENA;
    unsigned char *p = NULL;

    while (n > 0 && !(p = mbedtls_calloc(1, n)))
        n -= 8;
    if (p)
        memset(p, PAINT, n);
    mbedtls_free(p);
    *at = p;
    return n;
}

/* see arena_check.h */
void arena_watch(void)
{
    whole_len = largest(&whole);
}

/* see arena_check.h */
size_t arena_used(void)
{
    size_t n = whole_len;

    while (n > 0 && whole[n - 1] == PAINT)
        n--;
    return CILP_TLS_ARENA - whole_len + n;
}

/* see arena_check.h */
bool arena_is_empty(void)
{
    const unsigned char *at;

    return largest(&at) == whole_len && at == whole;
}

/* see arena_check.h */
bool arena_hold(size_t n)
{
    static void *held;

    mbedtls_free(held);
    held = n > 0 ? mbedtls_calloc(1, n) : NULL;
    return n == 0 || held;
}
