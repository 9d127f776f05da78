#include "core/utc.h"

#include <string.h>

#include "core/text.h"

#define DAY_S  86400
#define LAST_S UINT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* ---- Writing ----------------------------------------------------------- */

/* The year is counted from March, so that the leap day is its last; m / 153 are
 * its months, of (153 m + 2) / 5 days before month m. 20260115 is a date. */
static uint32_t date_of(uint32_t days)
{
    uint32_t quarters = 4 * (days + 719468) + 3; /* since 0000-03-01 */
    uint32_t rest = quarters % 146097 | 3;       /* in its century */
    uint32_t fifths = rest % 1461 / 4 * 5 + 2;   /* in its year */
    uint32_t month = fifths / 153 + 3;
    uint32_t year = quarters / 146097 * 100 + rest / 1461;

    if (month > 12) {
        month -= 12;
        year++;
    }
    return (year * 100 + month) * 100 + fifths % 153 / 5 + 1;
}

/* see utc.h */
void cilp_utc_basic(char out[CILP_UTC_BASIC_LEN + 1], int64_t unix_s)
{
    uint64_t t = (uint64_t)unix_s > LAST_S ? 0 : (uint64_t)unix_s;
    /* 86400 is 128 * 675: no 64-bit division, which is a library's. */
    uint32_t days = (uint32_t)(t >> 7) / 675;
    uint32_t rest = (uint32_t)(t - (uint64_t)days * DAY_S);
    struct cilp_text text;

    cilp_text_init(&text, out, CILP_UTC_BASIC_LEN + 1);
    cilp_text_uint(&text, date_of(days));
    /* The 1 keeps the zeros behind it, then makes room for the 'T'. */
    cilp_text_uint(&text, 1000000 + rest / 3600 * 10000 + rest / 60 % 60 * 100 +
                              rest % 60);
    cilp_text_char(&text, 'Z');
    (void)cilp_text_end(&text);
    out[8] = 'T';
}

/* ---- Reading ----------------------------------------------------------- */

/* Days from 1970-01-01 to a date from then on. The year is counted from March,
 * so that the leap day is its last; (153 m + 2) / 5 are the days before its
 * month m. Month 13 is the next January. */
static uint32_t days_before(uint32_t year, uint32_t month, uint32_t day)
{
    uint32_t y = month > 2 ? year : year - 1;
    uint32_t m = month > 2 ? month - 3 : month + 9;

    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
           719469;
}

/* Whether p[0..n) looks like shape: '0' a digit, '?' anything, all else
 * itself. */
static bool has_shape(const char *p, size_t n, const char *shape)
{
    if (n != strlen(shape))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (shape[i] == '?')
            continue;
        if (shape[i] == '0' ? !cilp_text_is_digit(p[i]) : p[i] != shape[i])
            return false;
    }
    return true;
}

/* n digits, which are there. */
static uint32_t number(const char *p, size_t n)
{
    uint32_t v = 0;

    for (; n; n--)
        v = v * 10 + (uint32_t)(*p++ - '0');
    return v;
}

/* "hh:mm:ss", of a zone that is east_s ahead of UTC, in seconds since UTC's
 * midnight: below zero of the day before. A 61st second is one of UTC's midnight,
 * and there the first of the next day, as POSIX counts. */
static bool read_clock(const char *p, int32_t east_s, int32_t *s)
{
    uint32_t hour = number(p, 2), minute = number(p + 3, 2);
    uint32_t second = number(p + 6, 2);

    *s = (int32_t)((hour * 60 + minute) * 60 + second) - east_s;
    return hour < 24 && minute < 60 &&
           (second < 60 || (second == 60 && *s % DAY_S == 0));
}

/* 20260115 in days since 1970-01-01. */
static bool read_date(uint32_t date, uint32_t *days)
{
    uint32_t year = date / 10000, month = date / 100 % 100, day = date % 100;

    if (year < 1970 || month < 1 || month > 12 || day < 1)
        return false;
    *days = days_before(year, month, day);
    return *days < days_before(year, month + 1, 1);
}

static bool to_unix(uint32_t date, const char *clock, int32_t east_s,
                    int64_t *unix_s)
{
    uint32_t days;
    int32_t s;
    int64_t t;

    if (!read_clock(clock, east_s, &s) || !read_date(date, &days))
        return false;
    t = (int64_t)days * DAY_S + s;
    if (t < 0 || t > (int64_t)LAST_S)
        return false;
    *unix_s = t;
    return true;
}

/* Which of the three-letter names stands at p, from 1; 0: none. */
static uint32_t name_at(const char *p, const char *names)
{
    for (uint32_t i = 0; names[3 * i]; i++)
        if (memcmp(p, names + 3 * i, 3) == 0)
            return i + 1;
    return 0;
}

/* see utc.h */
bool cilp_utc_from_http(const char *p, size_t n, int64_t *unix_s)
{
    return has_shape(p, n, "???, 00 ??? 0000 00:00:00 GMT") &&
           name_at(p, "MonTueWedThuFriSatSun") &&
           to_unix(number(p + 12, 4) * 10000 +
                       name_at(p + 8, "JanFebMarAprMayJunJulAugSepOctNovDec") *
                           100 +
                       number(p + 5, 2),
                   p + 17, 0, unix_s);
}

/* The length of ".123" at the start of p[0..n), 1 to 9 digits; else 0. */
static size_t fraction_len(const char *p, size_t n)
{
    size_t len = 1;

    if (n == 0 || p[0] != '.')
        return 0;
    while (len < n && len <= 9 && cilp_text_is_digit(p[len]))
        len++;
    return len > 1 ? len : 0;
}

/* p[0..n) as a zone: how far east of UTC it is. */
static bool zone(const char *p, size_t n, int32_t *east_s)
{
    uint32_t hour, minute;

    *east_s = 0;
    if (cilp_text_equal_nocase(p, n, "z") || cilp_text_equal(p, n, "UTC"))
        return true;
    if (n == 0 || (*p != '+' && *p != '-') ||
        (!has_shape(p + 1, n - 1, "00:00") && !has_shape(p + 1, n - 1, "0000")))
        return false;
    hour = number(p + 1, 2);
    minute = number(p + n - 2, 2);
    *east_s = (int32_t)((hour * 60 + minute) * 60);
    if (*p == '-')
        *east_s = -*east_s;
    return hour < 24 && minute < 60;
}

/* see utc.h */
bool cilp_utc_from_iso(const char *p, size_t n, int64_t *unix_s)
{
    static const char shape[] = "0000-00-00?00:00:00";
    const size_t len = sizeof shape - 1;
    int32_t east_s;
    size_t at;

    if (n < len || !has_shape(p, len, shape) || cilp_text_lower(p[10]) != 't')
        return false;
    at = len + fraction_len(p + len, n - len);
    return zone(p + at, n - at, &east_s) &&
           to_unix(number(p, 4) * 10000 + number(p + 5, 2) * 100 +
                       number(p + 8, 2),
                   p + 11, east_s, unix_s);
}
