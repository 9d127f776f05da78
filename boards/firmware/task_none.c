/* No RTOS: the superloop is all that runs. */
#include <stddef.h>

#include "boards/firmware/board.h"
#include "boards/firmware/task.h"

/* see task.h */
void task_yield(void)
{
}

/* see task.h */
void task_sleep(void)
{
    board_idle();
}

/* see task.h */
const struct cilp_lock *task_lock(void)
{
    return NULL;
}

/* see task.h */
void task_tick(void)
{
}
