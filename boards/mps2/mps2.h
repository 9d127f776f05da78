/*
 * mps2.h - the chip: registers, time, interrupts.
 *
 * MPS2_ETHERNET comes from board.cmake (BOARD_DEFINITIONS); so may each of the
 * others below, on a board of the family that differs.
 * Source: Arm DAI 0385, 0386, 0500; Armv7-M Architecture Reference Manual.
 */
#ifndef MPS2_H
#define MPS2_H

#include <stdint.h>

#define MPS2_REG(address) (*(volatile uint32_t *)(address))

/* A CMSDK APB UART. */
#ifndef MPS2_UART0
#define MPS2_UART0 0x40004000u
#endif
/* The register of the board's lights. */
#ifndef MPS2_LEDS
#define MPS2_LEDS 0x40028000u
#endif
/* A CMSDK APB watchdog: at 0 it comes as NMI, and at the next one resets. */
#ifndef MPS2_WATCHDOG
#define MPS2_WATCHDOG 0x40008000u
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

/* After so many ticks, with `left` in SysTick's register: it counts from the
 * reload value down to 0, where the tick comes and the next period begins. */
static inline uint64_t mps2_cycles_at(uint32_t ticks, uint32_t left)
{
    const uint32_t period = MPS2_HZ / 1000;

    return (uint64_t)ticks * period + (left ? period - left : 0);
}

/* An interrupt has something for the main loop: board_idle() is not to sleep over
 * it. Called by interrupt handlers. */
void mps2_wake(void);

/* Interrupt handlers, named by the vector table of start.c. */
void lan9118_interrupt(void);
/* PendSV: an RTOS changes tasks in it. Without one it is a fault. */
void mps2_switch(void);

#endif
