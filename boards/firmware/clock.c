#include "boards/firmware/clock.h"

#include "boards/firmware/board.h"
#include "boards/firmware/say.h"
#include "port/port.h"

static uint32_t base_s, base_ms; /* 0: not set */

/* see clock.h */
void clock_set(uint32_t unix_s)
{
    if (unix_s < CILP_PORT_CLOCK_FLOOR_S) {
        say("clock: the time server's time is of before this program\n");
        return;
    }
    base_s = unix_s;
    base_ms = board_ms();
}

/* see clock.h */
bool clock_is_set(void)
{
    return base_s != 0;
}

/* see clock.h */
void clock_forget(void)
{
    base_s = 0;
}

/* see port.h. Counted from the last time that a server told, which is less
 * than 49 days ago: SNTP asks every hour. */
struct cilp_now cilp_port_now(void)
{
    uint32_t ms = board_ms();

    return (struct cilp_now){.mono_ms = ms,
                             .unix_s = (int64_t)base_s + (ms - base_ms) / 1000,
                             .trusted = clock_is_set()};
}
