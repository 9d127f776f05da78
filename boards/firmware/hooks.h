/*
 * hooks.h - what lwIP calls of this board: named by lwipopts.h and arch/cc.h.
 */
#ifndef FIRMWARE_HOOKS_H
#define FIRMWARE_HOOKS_H

#include <stdint.h>

/* An assert of lwIP does not hold: a defect, of ours or of lwIP. Says the line
 * and the address (addr2line), and ends with status 70. */
_Noreturn void firmware_assert_failed(int line);

/* Four random bytes: ports, DNS and DHCP ids, sequence numbers, what a time
 * server must repeat. Without them there is no going on. */
uint32_t firmware_random(void);

/* lwIP is called from the main loop alone: panics in an interrupt handler. */
void firmware_check_main_loop(void);

/* A time server's answer. */
void clock_set(uint32_t unix_s);

/* The ports of name server and time server: fixed by their protocols, but not
 * in tests. */
extern uint16_t net_dns_port, net_sntp_port;

#endif
