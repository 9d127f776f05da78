#include "boards/linux/say/out.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "boards/linux/stop.h"

/* see out.h */
void out_init_with(struct out *o, int fd, char *buf, size_t cap)
{
    o->fd = fd;
    o->failed = false;
    o->len = 0;
    o->cap = cap;
    o->buf = buf;
}

/* see out.h */
void out_init(struct out *o, int fd)
{
    out_init_with(o, fd, o->own, sizeof o->own);
}

/* Wait for room: without an end, but once a signal has come for a second, which
 * is for all that is still to be said. A pipe that has room takes 4096 bytes. */
static bool has_room(const struct out *o)
{
    static const struct timespec second = {1, 0}, none = {0, 0};
    static bool given_up;
    struct pollfd p = {o->fd, POLLOUT, 0};
    int rc;

    if (!stop_mask())
        return true;
    do {
        const struct timespec *limit = given_up ? &none : &second;

        rc = ppoll(&p, 1, stop_signal() ? limit : NULL, stop_mask());
    } while (rc < 0 && errno == EINTR);
    given_up = given_up || rc == 0;
    return rc != 0;
}

/* Another writer may have taken the room meanwhile: then this waits, and is not
 * deaf either. */
static ssize_t write_some(const struct out *o, size_t at)
{
    sigset_t before;
    ssize_t n;

    if (stop_mask())
        sigprocmask(SIG_SETMASK, stop_mask(), &before);
    n = write(o->fd, o->buf + at, o->len - at);
    if (stop_mask())
        sigprocmask(SIG_SETMASK, &before, NULL);
    return n;
}

/* The descriptor may be one that somebody else made non-blocking. */
static bool is_for_later(ssize_t n)
{
    return n < 0 && (errno == EINTR || errno == EAGAIN);
}

/* see out.h */
bool out_flush(struct out *o)
{
    size_t at = 0;

    while (!o->failed && at < o->len) {
        ssize_t n = has_room(o) ? write_some(o, at) : 0;

        if (n > 0)
            at += (size_t)n;
        else if (!is_for_later(n))
            o->failed = true;
    }
    o->len = 0;
    return !o->failed;
}

/* see out.h */
void out_char(struct out *o, char c)
{
    if (o->len == o->cap)
        out_flush(o);
    o->buf[o->len++] = c;
}

/* see out.h */
void out_put(struct out *o, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out_char(o, p[i]);
}

/* see out.h */
void out_str(struct out *o, const char *s)
{
    out_put(o, s, strlen(s));
}

static void put_digits(struct out *o, uint64_t v)
{
    char digit[20];
    size_t n = 0;

    do {
        digit[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    while (n > 0)
        out_char(o, digit[--n]);
}

/* see out.h */
void out_uint(struct out *o, uint32_t v)
{
    put_digits(o, v);
}

/* see out.h */
void out_pad(struct out *o, size_t from, size_t to)
{
    while (from++ < to)
        out_char(o, ' ');
}

/* see out.h */
void out_quoted(struct out *o, const char *s)
{
    for (; *s; s++) {
        uint8_t c = (uint8_t)*s;

        if (c >= 0x20 && c <= 0x7E) {
            out_char(o, *s);
        } else {
            out_str(o, "\\x");
            out_char(o, "0123456789abcdef"[c >> 4]);
            out_char(o, "0123456789abcdef"[c & 15]);
        }
    }
}

/* see out.h */
void out_int(struct out *o, int64_t v)
{
    if (v < 0)
        out_char(o, '-');
    put_digits(o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}
