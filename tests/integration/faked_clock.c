/*
 * faked_clock.c - the program's own objects on a machine whose clock is wrong.
 *
 * Linked with -Wl,--wrap=clock_gettime, because a static program takes no
 * LD_PRELOAD. The variable FAKED_CLOCK is what the clock shows when it is first
 * read, in seconds since 1970; with a sign, how far it is off. FAKED_PACE is how
 * fast the clock goes that is never set, the one by which the program waits.
 * Tests only: the shipped program knows nothing of it.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);

static time_t off_by(time_t real)
{
    const char *text = getenv("FAKED_CLOCK");
    time_t shown;

    if (!text)
        return 0;
    shown = (time_t)strtoll(text, NULL, 10);
    return text[0] == '+' || text[0] == '-' ? shown : shown - real;
}

static void hurry(struct timespec *t)
{
    const char *text = getenv("FAKED_PACE");
    long long pace = text ? strtoll(text, NULL, 10) : 1;
    long long ns = t->tv_nsec * pace;

    t->tv_sec = (time_t)(t->tv_sec * pace + ns / 1000000000);
    t->tv_nsec = (long)(ns % 1000000000);
}

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
    static bool is_known;
    static time_t off;
    int rc = __real_clock_gettime(id, t);

    if (rc == 0 && id == CLOCK_MONOTONIC)
        hurry(t);
    if (rc != 0 || id != CLOCK_REALTIME)
        return rc;
    if (!is_known)
        off = off_by(t->tv_sec);
    is_known = true;
    t->tv_sec += off;
    return 0;
}
