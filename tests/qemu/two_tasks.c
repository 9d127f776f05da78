/*
 * two_tasks.c - FOR TESTS ONLY: two tasks that take turns, on Cortex-M3, -M4 and -M7
 * without a floating-point unit in use. It is no RTOS: no priorities, no queues, two
 * stacks. The first task is the superloop as it is (main.c), by `-Wl,--wrap=main`; the
 * second asks the clock how long it had to wait for its turn.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boards/firmware/board.h"
#include "boards/firmware/say.h"
#include "boards/firmware/task.h"
#include "boards/mps2/mps2.h"

#define ICSR         0xE000ED04u /* bit 28: PendSV is wanted */
#define SHPR3        0xE000ED20u /* PendSV's priority: bits 16 to 23 */
#define PENDSV       (1u << 28)
#define LOWEST       (0xFFu << 16)
#define THUMB        0x01000000u
#define FRAME        16 /* words: eight that the processor pushes, r4 to r11 */
#define STACK_WORDS  128
#define CLOCKS_IN_US (MPS2_HZ / 1000000)

int __real_main(void);
int __wrap_main(void);
uint32_t *two_tasks_next(uint32_t *sp);

static struct {
    uint32_t *sp[2];
    unsigned current;
    uint64_t seen, waited; /* by the second task, in cycles */
    uint32_t turns;
    bool slept;                   /* the first, since the second's last turn */
    unsigned owner, depth, taken; /* the mutex */
} tasks;

static uint64_t second_stack[STACK_WORDS / 2], interrupt_stack[STACK_WORDS / 2];

/* ---- Taking turns -------------------------------------------------------- */

__attribute__((used)) uint32_t *two_tasks_next(uint32_t *sp)
{
    tasks.sp[tasks.current] = sp;
    tasks.current ^= 1;
    return tasks.sp[tasks.current];
}

/* PendSV, of the lowest priority: no other handler is under way. */
__attribute__((naked)) void mps2_switch(void)
{
    __asm__ volatile("mrs r0, psp\n"
                     "stmdb r0!, {r4-r11}\n"
                     "push {r3, lr}\n"
                     "bl two_tasks_next\n"
                     "pop {r3, lr}\n"
                     "ldmia r0!, {r4-r11}\n"
                     "msr psp, r0\n"
                     "bx lr\n");
}

static void switch_soon(void)
{
    MPS2_REG(ICSR) = PENDSV;
    __asm__ volatile("dsb\n isb" ::: "memory");
}

/* see task.h */
void task_yield(void)
{
    switch_soon();
}

/* see task.h. The other has its turn first. */
void task_sleep(void)
{
    task_yield();
    tasks.slept = true;
    board_idle();
}

/* see task.h */
void task_tick(void)
{
    if (tasks.sp[1])
        MPS2_REG(ICSR) = PENDSV;
}

/* ---- The mutex ------------------------------------------------------------ */

static bool take(void)
{
    bool is_mine;

    __asm__ volatile("cpsid i" ::: "memory");
    is_mine = tasks.depth == 0 || tasks.owner == tasks.current;
    if (is_mine) {
        tasks.owner = tasks.current;
        tasks.depth++;
        tasks.taken++;
    }
    __asm__ volatile("cpsie i" ::: "memory");
    return is_mine;
}

static void acquire(void *context)
{
    (void)context;
    while (!take())
        task_yield();
}

static void release(void *context)
{
    (void)context;
    tasks.depth--; /* its owner's alone */
}

/* see task.h */
const struct cilp_lock *task_lock(void)
{
    static const struct cilp_lock lock = {acquire, release, NULL};

    return &lock;
}

/* ---- The second task ------------------------------------------------------ */

/* What it waits while the first sleeps is not counted: nobody computes then, and QEMU's
 * time goes on as the host's does. */
static _Noreturn void watch(void)
{
    for (;;) {
        uint64_t now = board_cycles();

        if (tasks.seen != 0 && !tasks.slept && now - tasks.seen > tasks.waited)
            tasks.waited = now - tasks.seen;
        tasks.slept = false;
        tasks.seen = now;
        tasks.turns++;
        task_yield();
    }
}

/* As if it had been interrupted before its first instruction. */
static void begin_second(void)
{
    uint32_t *sp = (uint32_t *)(second_stack + STACK_WORDS / 2) - FRAME;

    sp[FRAME - 2] = (uint32_t)watch & ~1u;
    sp[FRAME - 1] = THUMB;
    MPS2_REG(SHPR3) |= LOWEST;
    tasks.sp[1] = sp;
}

/* The stack that is in use becomes the first task's; interrupts get one of their own. */
static void begin_first(void)
{
    __asm__ volatile("cpsid i\n"
                     "mrs r0, msp\n"
                     "msr psp, r0\n"
                     "movs r0, #2\n"
                     "msr control, r0\n"
                     "isb\n"
                     "msr msp, %0\n"
                     "cpsie i\n" ::"r"(interrupt_stack + STACK_WORDS / 2)
                     : "r0", "memory");
}

static void say_figures(void)
{
    say("second task: ");
    say_uint(tasks.turns);
    say(" turns, longest wait ");
    say_uint((uint32_t)(tasks.waited * 1000 / CLOCKS_IN_US));
    say(" ns; lock: taken ");
    say_uint(tasks.taken);
    say(", held ");
    say_uint(tasks.depth);
    say("\n");
}

int __wrap_main(void)
{
    int status;

    begin_first();
    begin_second();
    status = __real_main();
    say_figures();
    return status;
}
