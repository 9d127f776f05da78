/*
 * utc.h - UTC seconds to and from text, without a C library.
 *
 * Years 1970 to 9999, proleptic Gregorian, no leap seconds (POSIX time).
 *
 * Knows:  text.
 */
#ifndef CILP_UTC_H
#define CILP_UTC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "20260115T120000Z" and a NUL. A time out of range is written as 1970's
 * beginning. Source: ISO 8601 basic format, as X-Amz-Date has it. */
#define CILP_UTC_BASIC_LEN 16
void cilp_utc_basic(char out[CILP_UTC_BASIC_LEN + 1], int64_t unix_s);

/* "Thu, 15 Jan 2026 12:00:00 GMT": IMF-fixdate (RFC 9110 section 5.6.7); the
 * two obsolete forms are refused. The day's name must be a day's name, and is
 * not compared with the date. False, *unix_s unchanged, for anything else. */
bool cilp_utc_from_http(const char *p, size_t n, int64_t *unix_s);

/* "2026-01-15T12:00:00Z", also with a fraction of 1 to 9 digits (dropped) and
 * with "+00:00" or "-00:00" for the Z (RFC 3339 section 4.3). */
bool cilp_utc_from_iso(const char *p, size_t n, int64_t *unix_s);

#endif
