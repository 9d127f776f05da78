#include "boards/linux/say/out.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* see out.h */
void out_init_with(struct out *o, int fd, char *buf, size_t cap)
{
    o->fd = fd;
    o->failed = false;
    o->mask = NULL;
    o->len = 0;
    o->cap = cap;
    o->buf = buf;
}

/* see out.h */
void out_init(struct out *o, int fd)
{
    out_init_with(o, fd, o->own, sizeof o->own);
}

/* A pipe that has room takes 4096 bytes at once, so what follows does not
 * wait. */
static bool has_room(const struct out *o)
{
    struct pollfd p = {o->fd, POLLOUT, 0};

    return !o->mask || ppoll(&p, 1, NULL, o->mask) > 0;
}

/* see out.h */
bool out_flush(struct out *o)
{
    size_t at = 0;

    while (!o->failed && at < o->len) {
        ssize_t n = -1;

        errno = 0;
        if (has_room(o))
            n = write(o->fd, o->buf + at, o->len - at);
        if (n > 0)
            at += (size_t)n;
        else if (n == 0 || errno != EINTR || o->mask)
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
