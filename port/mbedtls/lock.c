#include <stddef.h>

#include "port/mbedtls/arena.h"

static const struct cilp_lock *lock;

/* see arena.h */
void cilp_arena_use_lock(const struct cilp_lock *given)
{
    lock = given;
}

/* see arena.h */
void cilp_arena_lock(void)
{
    if (lock)
        lock->acquire(lock->context);
}

/* see arena.h */
void cilp_arena_unlock(void)
{
    if (lock)
        lock->release(lock->context);
}
