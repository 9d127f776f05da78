/*
 * clock.h - the time of day, which these boards learn from the network.
 */
#ifndef FIRMWARE_CLOCK_H
#define FIRMWARE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* UTC, as a time server tells it. What cannot be (before this source was
 * written) is not taken, and said. */
void clock_set(uint32_t unix_s);
bool clock_is_set(void);

/* It may have been a lie: forget it. */
void clock_forget(void);

#endif
