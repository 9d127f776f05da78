/*
 * written.h - what the code under test writes, for one target (linked with
 * --wrap=write): kept, while written.is_on, instead of written.
 */
#ifndef WRITTEN_H
#define WRITTEN_H

#include <unistd.h>

#include "tests/fuzz/same.h"

static struct {
    bool is_on;
    size_t n;
    char bytes[1u << 17];
} written;

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
    if (!written.is_on)
        return __real_write(fd, p, n);
    MUST(fd == STDERR_FILENO && written.n + n < sizeof written.bytes);
    memcpy(written.bytes + written.n, p, n);
    written.n += n;
    return (ssize_t)n;
}

#endif
