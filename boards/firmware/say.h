/*
 * say.h - text to UART0. No printf: it would bring malloc with it.
 */
#ifndef FIRMWARE_SAY_H
#define FIRMWARE_SAY_H

#include <stdint.h>

void say(const char *s);
void say_uint(uint32_t v);
void say_int(int32_t v);
void say_hex(uint32_t v);

#endif
