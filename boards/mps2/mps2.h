/*
 * mps2.h - the chip: registers, time, sleep, stack.
 *
 * MPS2_ETHERNET comes from board.cmake (BOARD_DEFINITIONS); so may each of the
 * others below, on a board of the family that differs.
 * Source: Arm DAI 0385, 0386, 0500; Armv7-M Architecture Reference Manual.
 */
#ifndef MPS2_H
#define MPS2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPS2_REG(address) (*(volatile uint32_t *)(address))

/* A CMSDK APB UART. */
#ifndef MPS2_UART0
#define MPS2_UART0 0x40004000u
#endif
/* Of SysTick, and of the processor. A multiple of 1000. */
#ifndef MPS2_HZ
#define MPS2_HZ 25000000u
#endif
/* Below MPS2_IRQS, how many the vector table has room for. */
#ifndef MPS2_IRQ_ETHERNET
#define MPS2_IRQ_ETHERNET 13
#endif
#ifndef MPS2_IRQS
#define MPS2_IRQS 32
#endif

/* Since the start. Wraps after 49 days. */
uint32_t mps2_ms(void);
/* The same in cycles of MPS2_HZ: never less than the time before. */
uint64_t mps2_cycles(void);

/* After so many ticks, with `left` in SysTick's register: it counts from the
 * reload value down to 0, where the tick comes and the next period begins. */
static inline uint64_t mps2_cycles_at(uint32_t ticks, uint32_t left)
{
    const uint32_t period = MPS2_HZ / 1000;

    return (uint64_t)ticks * period + (left ? period - left : 0);
}

/* An interrupt has something for the main loop: do not sleep over it. Called
 * by interrupt handlers. */
void mps2_wake(void);
/* Sleep until an interrupt: at the latest SysTick's, after a millisecond.
 * Not at all if one called mps2_wake() since the last time. */
void mps2_idle(void);
/* True in an interrupt handler. */
bool mps2_in_interrupt(void);

/* One character to UART0. */
void mps2_putc(char c);

/* Bytes of stack: what there is, and what was used at most. */
size_t mps2_stack_size(void);
size_t mps2_stack_used(void);

/* Say why, and end with status 70 (a defect: sysexits' EX_SOFTWARE). */
_Noreturn void mps2_panic(const char *why);

/* Interrupt handlers, named by the vector table of start.c. */
void lan9118_interrupt(void);

#endif
