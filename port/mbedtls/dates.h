/*
 * dates.h - when a certificate is valid, judged by the time that core gives.
 *
 * mbedTLS has a clock of the process and no other: one that is read anew for
 * each certificate, wrong or missing on a board, and the same for two calls
 * that know better each. So its verdict on dates, where it is built to have
 * one, is replaced by this.
 *
 * Source: RFC 5280 section 4.1.2.5 (both ends are included).
 * Knows:  mbedTLS, core/utc.h.
 */
#ifndef CILP_DATES_H
#define CILP_DATES_H

#include <stdint.h>

#include "mbedtls/build_info.h"
#include "mbedtls/x509_crt.h"

/* All flags that speak of dates. */
#define CILP_DATES_FLAGS \
    ((uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE))

/* UTC seconds as mbedTLS keeps a date. A time before 1970 or after 9999 is
 * 1970's beginning, at which no certificate of use is valid. */
mbedtls_x509_time cilp_dates_of(int64_t unix_s);

/* The same the other way. A date before 1970 is 0. */
int64_t cilp_dates_unix(const mbedtls_x509_time *d);

/* MBEDTLS_X509_BADCERT_EXPIRED, MBEDTLS_X509_BADCERT_FUTURE, or 0. */
uint32_t cilp_dates_judge(const mbedtls_x509_crt *crt, int64_t unix_s);

#endif
