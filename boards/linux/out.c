#include "boards/linux/out.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* see out.h */
void out_init(struct out *o, int fd)
{
    o->fd = fd;
    o->failed = false;
    o->len = 0;
}

/* see out.h */
bool out_flush(struct out *o)
{
    size_t at = 0;

    while (!o->failed && at < o->len) {
        ssize_t n = write(o->fd, o->buf + at, o->len - at);

        if (n > 0)
            at += (size_t)n;
        else if (n == 0 || errno != EINTR)
            o->failed = true;
    }
    o->len = 0;
    return !o->failed;
}

/* see out.h */
void out_char(struct out *o, char c)
{
    if (o->len == sizeof o->buf)
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

/* At least `width` digits. */
static void put_digits(struct out *o, uint32_t v, size_t width)
{
    char digit[10];
    size_t n = 0;

    while (v || n < width || n == 0) {
        digit[n++] = (char)('0' + v % 10);
        v /= 10;
    }
    while (n > 0)
        out_char(o, digit[--n]);
}

/* see out.h */
void out_uint(struct out *o, uint32_t v)
{
    put_digits(o, v, 1);
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
void out_utc(struct out *o, int64_t unix_s)
{
    time_t t = (time_t)unix_s;
    struct tm tm;

    if (!gmtime_r(&t, &tm)) {
        out_str(o, "an unknown time");
        return;
    }
    put_digits(o, (uint32_t)(tm.tm_year + 1900), 4);
    out_char(o, '-');
    put_digits(o, (uint32_t)(tm.tm_mon + 1), 2);
    out_char(o, '-');
    put_digits(o, (uint32_t)tm.tm_mday, 2);
    out_char(o, ' ');
    put_digits(o, (uint32_t)tm.tm_hour, 2);
    out_char(o, ':');
    put_digits(o, (uint32_t)tm.tm_min, 2);
    out_char(o, ':');
    put_digits(o, (uint32_t)tm.tm_sec, 2);
    out_str(o, " UTC");
}
