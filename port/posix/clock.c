#include <limits.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "port/port.h"

/* Where a long has 32 bits there are two system calls that tell the time. Old
 * container runtimes answer EPERM to the newer one, after which no C library
 * tries the other. */
#if defined SYS_clock_gettime32
#define OLD_CALL SYS_clock_gettime32
#elif ULONG_MAX == 0xFFFFFFFF && defined SYS_clock_gettime
#define OLD_CALL SYS_clock_gettime
#endif

static bool read_clock(clockid_t id, struct timespec *t)
{
#ifdef OLD_CALL
    long old[2];
#endif

    if (clock_gettime(id, t) == 0)
        return true;
#ifdef OLD_CALL
    if (syscall(OLD_CALL, id, old) == 0) {
        t->tv_sec = old[0];
        t->tv_nsec = old[1];
        return true;
    }
#endif
    return false;
}

/* see port.h */
struct cilp_now cilp_port_now(void)
{
    struct timespec mono = {0, 0}, real = {0, 0};
    bool has_mono = read_clock(CLOCK_MONOTONIC, &mono);
    bool has_real = read_clock(CLOCK_REALTIME, &real);
    struct cilp_now now;

    /* unsigned: it wraps after 49 days, as core expects */
    now.mono_ms = (uint32_t)mono.tv_sec * 1000u +
                  (uint32_t)(mono.tv_nsec / 1000000);
    now.unix_s = (int64_t)real.tv_sec;
    now.trusted = now.unix_s >= CILP_PORT_CLOCK_FLOOR_S;
    now.unreadable = !has_mono || !has_real;
    return now;
}
