/*
 * utc.h - UTC seconds to and from text, without a C library: one
 * calendar for core, ports and boards.
 *
 * Seconds since 1970-01-01T00:00:00Z, up to the end of 9999; Gregorian, without
 * leap seconds (POSIX time): a 61st second is read as the first of the next day,
 * and at no time but UTC's midnight.
 *
 * Knows:  text.
 */
#ifndef CILP_UTC_H
#define CILP_UTC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "20260115T120000Z" and a NUL. A time out of range is written as 1970's
 * beginning. Source: ISO 8601 basic format, as X-Amz-Date has it. */
#define CILP_UTC_BASIC_LEN 16
void cilp_utc_basic(char out[CILP_UTC_BASIC_LEN + 1], int64_t unix_s);

/* "Thu, 15 Jan 2026 12:00:00 GMT": IMF-fixdate (RFC 9110 section 5.6.7); the
 * two obsolete forms are refused. The day's name must be a day's name, and is
 * not compared with the date. False, *unix_s unchanged, for anything else. */
bool cilp_utc_from_http(const char *p, size_t n, int64_t *unix_s);

/* p[0..n): "2026-01-15T12:00:00Z" (RFC 3339 section 5.6), also with a fraction
 * of 1 to 9 digits, which is dropped; T and Z in either case. The zone is a Z,
 * or "+05:30", "-08:00" and so on, taken off, or what others write instead of
 * them: "+0530" (ISO 8601's basic form, strftime's %z) and "UTC" (old caches of
 * the AWS CLI). False, *unix_s unchanged, for anything else: no zone, a day that
 * the month does not have, a moment before 1970 or after 9999. */
bool cilp_utc_from_iso(const char *p, size_t n, int64_t *unix_s);

#ifdef __cplusplus
}
#endif

#endif
