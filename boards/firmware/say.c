#include "boards/firmware/say.h"

#include <stddef.h>

#include "boards/firmware/board.h"

/* see say.h */
void say(const char *s)
{
    for (; *s; s++) {
        if (*s == '\n')
            board_putc('\r');
        board_putc(*s);
    }
}

static void say_number(uint32_t v, uint32_t base)
{
    char digits[11];
    size_t at = sizeof digits - 1;

    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v > 0);
    say(digits + at);
}

/* see say.h */
void say_uint(uint32_t v)
{
    say_number(v, 10);
}

/* see say.h */
void say_int(int32_t v)
{
    if (v < 0)
        say("-");
    say_uint(v < 0 ? 0 - (uint32_t)v : (uint32_t)v);
}

/* see say.h */
void say_hex(uint32_t v)
{
    say("0x");
    say_number(v, 16);
}
