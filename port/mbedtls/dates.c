#include "port/mbedtls/dates.h"

#include "core/utc.h"

/* n digits. */
static int number(const char *p, int n)
{
    int v = 0;

    for (; n > 0; n--)
        v = v * 10 + (*p++ - '0');
    return v;
}

/* see dates.h */
mbedtls_x509_time cilp_dates_of(int64_t unix_s)
{
    char text[CILP_UTC_BASIC_LEN + 1]; /* "20260115T120000Z" */

    cilp_utc_basic(text, unix_s);
    return (mbedtls_x509_time){.year = number(text, 4),
                               .mon = number(text + 4, 2),
                               .day = number(text + 6, 2),
                               .hour = number(text + 9, 2),
                               .min = number(text + 11, 2),
                               .sec = number(text + 13, 2)};
}

/* n digits. */
static void put(char *p, int v, int n)
{
    while (n-- > 0) {
        p[n] = (char)('0' + v % 10);
        v /= 10;
    }
}

/* see dates.h */
int64_t cilp_dates_unix(const mbedtls_x509_time *d)
{
    char text[] = "0000-00-00T00:00:00Z";
    int64_t unix_s = 0;

    put(text, d->year, 4);
    put(text + 5, d->mon, 2);
    put(text + 8, d->day, 2);
    put(text + 11, d->hour, 2);
    put(text + 14, d->min, 2);
    put(text + 17, d->sec, 2);
    (void)cilp_utc_from_iso(text, sizeof text - 1, &unix_s);
    return unix_s;
}

static bool is_before(const mbedtls_x509_time *a, const mbedtls_x509_time *b)
{
    int date_a = (a->year * 100 + a->mon) * 100 + a->day;
    int date_b = (b->year * 100 + b->mon) * 100 + b->day;
    int time_a = (a->hour * 100 + a->min) * 100 + a->sec;
    int time_b = (b->hour * 100 + b->min) * 100 + b->sec;

    return date_a != date_b ? date_a < date_b : time_a < time_b;
}

/* see dates.h */
uint32_t cilp_dates_judge(const mbedtls_x509_crt *crt, int64_t unix_s)
{
    mbedtls_x509_time now = cilp_dates_of(unix_s);

    if (is_before(&crt->valid_to, &now))
        return MBEDTLS_X509_BADCERT_EXPIRED;
    if (is_before(&now, &crt->valid_from))
        return MBEDTLS_X509_BADCERT_FUTURE;
    return 0;
}
