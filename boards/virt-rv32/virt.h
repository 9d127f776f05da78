/*
 * virt.h - the machine: registers, interrupts.
 *
 * Source: the device tree of QEMU's `virt`; The RISC-V Instruction Set Manual,
 * Volume II (machine mode, CLINT, PLIC).
 */
#ifndef VIRT_H
#define VIRT_H

#include <stdint.h>

#define VIRT_REG(address) (*(volatile uint32_t *)(address))

/* virtio's devices: so many places, one after the other. The interrupt of the
 * first is number 1 of the PLIC. */
#define VIRT_VIRTIO      0x10001000u
#define VIRT_VIRTIO_STEP 0x1000u
#define VIRT_VIRTIO_MAX  8u

/* From now on interrupt `number` of the PLIC comes to virtio_net_interrupt(). */
void virt_listen(uint32_t number);

/* An interrupt has something for the main loop: board_idle() is not to sleep over
 * it. Called by interrupt handlers. */
void virt_wake(void);

/* Interrupt handler, called by start.c's. */
void virtio_net_interrupt(void);

#endif
