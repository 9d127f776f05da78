#include <time.h>

#include "port/port.h"

/* A clock that shows less was never set: no program of this source existed
 * then. A constant of the source, not the day of the build, so that two builds
 * are equal byte for byte. 2026-01-01T00:00:00Z. */
#define CLOCK_FLOOR_S 1767225600

/* see port.h */
struct cilp_now port_now(void)
{
    struct timespec mono = {0, 0}, real = {0, 0};
    struct cilp_now now;

    clock_gettime(CLOCK_MONOTONIC, &mono);
    clock_gettime(CLOCK_REALTIME, &real);
    /* unsigned: it wraps after 49 days, as core expects */
    now.mono_ms =
        (uint32_t)mono.tv_sec * 1000u + (uint32_t)(mono.tv_nsec / 1000000);
    now.unix_s = (int64_t)real.tv_sec;
    now.trusted = now.unix_s >= CLOCK_FLOOR_S;
    return now;
}
