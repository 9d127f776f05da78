#include "core/utc.h"

#include <string.h>

#include "core/text.h"

#define DAY_S  86400
#define LAST_S INT64_C(253402300799)   /* 9999-12-31T23:59:59Z */

struct civil {
    uint32_t year, month, day;         /* month and day from 1 */
    uint32_t hour, minute, second;
};

/* ---- The calendar ------------------------------------------------------ */

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

/* The inverse, by search: the first guess is never late, and at most 17 years
 * early. */
static void set_date(struct civil *c, uint32_t days)
{
    c->year = 1970 + days / 366;
    while (days >= days_before(c->year + 1, 1, 1)) c->year++;
    c->month = 1;
    while (days >= days_before(c->year, c->month + 1, 1)) c->month++;
    c->day = days - days_before(c->year, c->month, 1) + 1;
}

static bool is_real(const struct civil *c)
{
    if (c->year < 1970 || c->month < 1 || c->month > 12 || c->day < 1)
        return false;
    if (c->day > days_before(c->year, c->month + 1, 1) -
                     days_before(c->year, c->month, 1))
        return false;
    return c->hour < 24 && c->minute < 60 && c->second < 60;
}

static bool to_unix(const struct civil *c, int64_t *unix_s)
{
    if (!is_real(c)) return false;
    *unix_s = (int64_t)days_before(c->year, c->month, c->day) * DAY_S +
              (int64_t)(c->hour * 3600 + c->minute * 60 + c->second);
    return true;
}

/* ---- Writing ----------------------------------------------------------- */

static char *put_two(char *p, uint32_t v)
{
    *p++ = (char)('0' + v / 10);
    *p++ = (char)('0' + v % 10);
    return p;
}

/* see utc.h */
void cilp_utc_basic(char out[CILP_UTC_BASIC_LEN + 1], int64_t unix_s)
{
    int64_t t = unix_s < 0 ? 0 : unix_s > LAST_S ? LAST_S : unix_s;
    /* 86400 is 128 * 675: no 64-bit division, which is a library's. */
    uint32_t days = (uint32_t)(t >> 7) / 675;
    uint32_t rest = (uint32_t)(t - (int64_t)days * DAY_S);
    struct civil c;

    set_date(&c, days);
    out = put_two(out, c.year / 100);
    out = put_two(out, c.year % 100);
    out = put_two(out, c.month);
    out = put_two(out, c.day);
    *out++ = 'T';
    out = put_two(out, rest / 3600);
    out = put_two(out, rest / 60 % 60);
    out = put_two(out, rest % 60);
    *out++ = 'Z';
    *out = '\0';
}

/* ---- Reading ----------------------------------------------------------- */

/* Whether p[0..n) looks like shape: '0' a digit, '?' anything, all else
 * itself. */
static bool has_shape(const char *p, size_t n, const char *shape)
{
    if (n != strlen(shape)) return false;
    for (size_t i = 0; i < n; i++) {
        if (shape[i] == '?') continue;
        if (shape[i] == '0' ? !cilp_text_is_digit(p[i]) : p[i] != shape[i])
            return false;
    }
    return true;
}

/* n digits, which are there. */
static uint32_t number(const char *p, size_t n)
{
    uint32_t v = 0;

    for (; n; n--) v = v * 10 + (uint32_t)(*p++ - '0');
    return v;
}

/* "hh:mm:ss" */
static void set_time(struct civil *c, const char *p)
{
    c->hour = number(p, 2);
    c->minute = number(p + 3, 2);
    c->second = number(p + 6, 2);
}

/* Which of the three-letter names stands at p, from 1; 0: none. */
static uint32_t name_at(const char *p, const char *names)
{
    for (uint32_t i = 0; names[3 * i]; i++)
        if (memcmp(p, names + 3 * i, 3) == 0) return i + 1;
    return 0;
}

/* see utc.h */
bool cilp_utc_from_http(const char *p, size_t n, int64_t *unix_s)
{
    struct civil c;

    if (!has_shape(p, n, "???, 00 ??? 0000 00:00:00 GMT")) return false;
    if (!name_at(p, "MonTueWedThuFriSatSun")) return false;
    c.day = number(p + 5, 2);
    c.month = name_at(p + 8, "JanFebMarAprMayJunJulAugSepOctNovDec");
    c.year = number(p + 12, 4);
    set_time(&c, p + 17);
    return to_unix(&c, unix_s);
}

/* The length of ".123" at the start of p[0..n), 1 to 9 digits; else 0. */
static size_t fraction_len(const char *p, size_t n)
{
    size_t len = 1;

    if (n == 0 || p[0] != '.') return 0;
    while (len < n && len <= 9 && cilp_text_is_digit(p[len])) len++;
    return len > 1 ? len : 0;
}

/* see utc.h */
bool cilp_utc_from_iso(const char *p, size_t n, int64_t *unix_s)
{
    static const char shape[] = "0000-00-00T00:00:00";
    const size_t len = sizeof shape - 1;
    struct civil c;
    size_t at;

    if (n < len || !has_shape(p, len, shape)) return false;
    at = len + fraction_len(p + len, n - len);
    if (!cilp_text_equal(p + at, n - at, "Z") &&
        !cilp_text_equal(p + at, n - at, "+00:00"))
        return false;
    c.year = number(p, 4);
    c.month = number(p + 5, 2);
    c.day = number(p + 8, 2);
    set_time(&c, p + 11);
    return to_unix(&c, unix_s);
}
