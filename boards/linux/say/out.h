/*
 * out.h - text to a file descriptor, collected in one small buffer.
 *
 * Writes are write(2): no stdio, so that the program knows at once whether its
 * words arrived, and no lock or buffer is left over when a signal ends it. A
 * reader that takes nothing is waited for, with the signals of stop.h let
 * through; once one came, for a second in all, and what is left is lost.
 */
#ifndef LINUX_OUT_H
#define LINUX_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Not to be copied: buf may point into it. */
struct out {
    int fd;
    bool failed; /* a write failed or was short: sticky */
    size_t len, cap;
    char *buf;
    char own[512];
};

void out_init(struct out *o, int fd);
/* With a larger buffer, lent by the caller: what fits leaves in one write. */
void out_init_with(struct out *o, int fd, char *buf, size_t cap);
void out_char(struct out *o, char c);
void out_str(struct out *o, const char *s); /* trusted text, as it is */
void out_put(struct out *o, const char *p, size_t n);
void out_uint(struct out *o, uint32_t v);
void out_pad(struct out *o, size_t from, size_t to); /* spaces */

/* Text that somebody else chose: every byte outside 0x20..0x7E as \xNN. */
void out_quoted(struct out *o, const char *s);

void out_int(struct out *o, int64_t v);

/* "2026-01-15 12:00:00 UTC" */
void out_utc(struct out *o, int64_t unix_s);
/* "2026-01-15T12:00:00Z" */
void out_iso(struct out *o, int64_t unix_s);

/* Write what is left. False if anything was lost, now or before. */
bool out_flush(struct out *o);

#endif
