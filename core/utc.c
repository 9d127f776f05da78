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

/* Whether p[0..n) looks like shape: '?' is anything, zeros are as many digits,
 * all else is itself. The numbers, which are all zero before, are added up in v. */
static bool scan(const char *p, size_t n, const char *shape, uint32_t *v)
{
    if (n != strlen(shape))
        return false;
    for (; *shape; p++, shape++) {
        if (*shape == '?')
            continue;
        if (*shape != '0') {
            if (*p != *shape)
                return false;
            continue;
        }
        if (!cilp_text_is_digit(*p))
            return false;
        *v = *v * 10 + (uint32_t)(*p - '0');
        if (shape[1] != '0')
            v++;
    }
    return true;
}

/* 20260115 in days since 1970-01-01: the day that is written so, found by halving;
 * so there is one calendar, and a date that it does not have is none. */
static bool read_date(uint32_t date, uint32_t *days)
{
    uint32_t first = 0, last = LAST_S / DAY_S;

    while (first < last) {
        uint32_t middle = (first + last) / 2;

        if (date_of(middle) < date)
            first = middle + 1;
        else
            last = middle;
    }
    *days = first;
    return date_of(first) == date;
}

/* Hours, minutes and seconds, of a zone that is east_s ahead of UTC, in seconds
 * since UTC's midnight: below zero of the day before. A 61st second is one of UTC's
 * midnight, and there the first of the next day, as POSIX counts. */
static bool read_clock(const uint32_t clock[3], int32_t east_s, int32_t *s)
{
    *s = (int32_t)((clock[0] * 60 + clock[1]) * 60 + clock[2]) - east_s;
    return clock[0] < 24 && clock[1] < 60 &&
           (clock[2] < 60 || (clock[2] == 60 && *s % DAY_S == 0));
}

static bool to_unix(uint32_t date, const uint32_t clock[3], int32_t east_s,
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
    for (size_t i = 0; names[3 * i]; i++)
        if (memcmp(p, names + 3 * i, 3) == 0)
            return (uint32_t)i + 1;
    return 0;
}

/* see utc.h */
bool cilp_utc_from_http(const char *p, size_t n, int64_t *unix_s)
{
    uint32_t v[5] = {0}; /* day, year, and time of day */
    uint32_t month;

    if (!scan(p, n, "???, 00 ??? 0000 00:00:00 GMT", v) ||
        !name_at(p, "MonTueWedThuFriSatSun"))
        return false;
    month = name_at(p + 8, "JanFebMarAprMayJunJulAugSepOctNovDec");
    return to_unix((v[1] * 100 + month) * 100 + v[0], v + 2, 0, unix_s);
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
    uint32_t parts[2] = {0}, whole[1] = {0};

    *east_s = 0;
    if (cilp_text_is_listed("Z z UTC", p, n))
        return true;
    if (scan(p, n, "?00:00", parts))
        *whole = parts[0] * 100 + parts[1];
    else if (!scan(p, n, "?0000", whole))
        return false;
    *east_s = (int32_t)(*whole / 100 * 60 + *whole % 100) * 60;
    if (*p == '-')
        *east_s = -*east_s;
    return (*p == '+' || *p == '-') && *whole < 2400 && *whole % 100 < 60;
}

/* see utc.h */
bool cilp_utc_from_iso(const char *p, size_t n, int64_t *unix_s)
{
    static const char shape[] = "0000-00-00?00:00:00";
    const size_t len = sizeof shape - 1;
    uint32_t v[6] = {0}; /* date and time of day */
    int32_t east_s;
    size_t at;

    if (n < len || !scan(p, len, shape, v) || cilp_text_lower(p[10]) != 't')
        return false;
    at = len + fraction_len(p + len, n - len);
    return zone(p + at, n - at, &east_s) &&
           to_unix((v[0] * 100 + v[1]) * 100 + v[2], v + 3, east_s, unix_s);
}
