#include "port/mbedtls/dates.h"

#include "core/utc.h"
#include "port/mbedtls/trust.h"

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

static bool may_be(const mbedtls_x509_crt *crt, const mbedtls_x509_buf *name)
{
    return cilp_trust_name_may_equal(crt->subject_raw.p, crt->subject_raw.len,
                                     name->p, name->len);
}

/* see dates.h */
void cilp_dates_prefer_valid(mbedtls_x509_crt **list,
                             const mbedtls_x509_buf *issuer, int64_t unix_s)
{
    mbedtls_x509_crt **front = list, **at;

    while (*front &&
           !(may_be(*front, issuer) && cilp_dates_judge(*front, unix_s)))
        front = &(*front)->next;
    at = front;
    while (*at) {
        mbedtls_x509_crt *crt = *at;

        if (!may_be(crt, issuer) || cilp_dates_judge(crt, unix_s)) {
            at = &crt->next;
            continue;
        }
        *at = crt->next;
        crt->next = *front;
        *front = crt;
        front = &crt->next;
    }
}
