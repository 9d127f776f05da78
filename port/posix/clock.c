#include <time.h>

#include "port/port.h"

/* see port.h */
struct cilp_now cilp_port_now(void)
{
    struct timespec mono = {0, 0}, real = {0, 0};
    struct cilp_now now;

    clock_gettime(CLOCK_MONOTONIC, &mono);
    clock_gettime(CLOCK_REALTIME, &real);
    /* unsigned: it wraps after 49 days, as core expects */
    now.mono_ms = (uint32_t)mono.tv_sec * 1000u +
                  (uint32_t)(mono.tv_nsec / 1000000);
    now.unix_s = (int64_t)real.tv_sec;
    now.trusted = now.unix_s >= CILP_PORT_CLOCK_FLOOR_S;
    return now;
}
