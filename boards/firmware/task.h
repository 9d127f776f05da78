/*
 * task.h - the four calls that the superloop makes of an RTOS when it is one of its
 * tasks: yield, sleep, lock, tick. A board that runs one names its own file as
 * BOARD_TASK. task_none.c has them for a board that runs nothing else;
 * tests/qemu/two_tasks.c for two tasks that take turns, which is for tests only.
 */
#ifndef FIRMWARE_TASK_H
#define FIRMWARE_TASK_H

#include "port/mbedtls/arena.h"

/* The loop could go on at once: others of its priority have their turn first.
 * Returns when it is its turn again. */
void task_yield(void);

/* The loop has nothing to do: sleep until an interrupt, at the latest the clock's,
 * after a millisecond; not at all if one has left something for it. Others run. */
void task_sleep(void);

/* The mutex for cilp_arena_use_lock(), which its owner may take again; NULL where one
 * task alone calls TLS. Static. */
const struct cilp_lock *task_lock(void);

/* A millisecond is over. From the clock's interrupt: it may ask for another task to
 * be run, and must not wait. */
void task_tick(void);

#endif
