/*
 * board.h - what the firmware asks of a board, beside ethernet.h and
 * cilp_port_entropy() (port/port.h). Each board writes these; image.c has what
 * is the same on all.
 */
#ifndef FIRMWARE_BOARD_H
#define FIRMWARE_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Of the board ------------------------------------------------------- */

/* Milliseconds since the start. Wraps after 49 days. */
uint32_t board_ms(void);
/* The same as finely as the board can: never less than the time before, and
 * what so much of it is in microseconds, more than 2^32 - 1 as if it were that. */
uint64_t board_cycles(void);
uint32_t board_us(uint64_t cycles);

/* Sleep until an interrupt: at the latest the clock's, after a millisecond. Not
 * at all if one has left something for the main loop since the last time. */
void board_idle(void);
/* True in an interrupt handler. */
bool board_in_interrupt(void);

/* One character to the UART. */
void board_putc(char c);
/* The light that the main loop blinks. */
void board_light(bool is_on);

/* From now on the watchdog bites where board_kick() is not called for `ms`: it says
 * so, and ends as board_panic() does. */
#define BOARD_WATCHDOG_MAX 60000u
void board_watchdog(uint32_t ms);
void board_kick(void);
/* The instruction that asks the debugger or QEMU for a service: semihost.c. */
intptr_t board_semihost(int operation, const void *block);

/* Where random bytes come from, in words: in the file of BOARD_ENTROPY. */
extern const char board_entropy_name[];

/* ---- Of image.c --------------------------------------------------------- */

/* First of all, on the stack of the linker script: .data and .bss get their
 * values, and the stack is painted below where it is. */
void board_begin(void);

/* Bytes of stack: what there is, and what was used at most. */
size_t board_stack_size(void);
size_t board_stack_used(void);

/* Say why, and end with status 70 (a defect: sysexits' EX_SOFTWARE). */
_Noreturn void board_panic(const char *why);

#endif
