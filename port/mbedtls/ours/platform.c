/* What mbedTLS asks of its platform: see psa_config.h for the reasons. */
#include "port/mbedtls/ours/platform.h"

#include <string.h>

#include "mbedtls/build_info.h"
#include "mbedtls/platform.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/platform_util.h"
#include "psa/crypto.h"

#include "port/port.h"

/* ---- Memory and text: none but the arena -------------------------------- */

void *cilp_tls_no_calloc(size_t n, size_t size)
{
    (void)n;
    (void)size;
    return NULL;
}

void cilp_tls_no_free(void *p)
{
    (void)p;
}

int cilp_tls_no_snprintf(char *buf, size_t cap, const char *format, ...)
{
    (void)format;
    if (cap > 0)
        buf[0] = '\0';
    return -1;
}

int cilp_tls_no_vsnprintf(char *buf, size_t cap, const char *format,
                          va_list args)
{
    (void)args;
    (void)format;
    if (cap > 0)
        buf[0] = '\0';
    return -1;
}

int cilp_tls_no_printf(const char *format, ...)
{
    (void)format;
    return -1;
}

int cilp_tls_no_fprintf(void *file, const char *format, ...)
{
    (void)file;
    (void)format;
    return -1;
}

/* mbedTLS calls this when it finds the arena overwritten, and would go on if it
 * returned. */
void cilp_tls_no_exit(int status)
{
    (void)status;
    __builtin_trap();
}

/* ---- Time --------------------------------------------------------------- */

static int64_t judged_s;

/* see platform.h */
void cilp_tls_set_time(int64_t unix_s)
{
    judged_s = unix_s;
}

time_t cilp_tls_time(time_t *t)
{
    time_t now = (time_t)judged_s;

    if (t)
        *t = now;
    return now;
}

/* mbedTLS subtracts these to age tickets, which are not used. */
mbedtls_ms_time_t mbedtls_ms_time(void)
{
    return (mbedtls_ms_time_t)judged_s * 1000;
}

/* Days since 1970-01-01 to a date of the Gregorian calendar. Years are counted
 * from March, so that a leap day comes last; 146,097 days are 400 years. */
static void set_date(struct tm *tm, int64_t days)
{
    int64_t z = days + 719468; /* since 0000-03-01 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = (int)(z - era * 146097);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int month = (5 * doy + 2) / 153; /* 0: March */

    tm->tm_mday = doy - (153 * month + 2) / 5 + 1;
    tm->tm_mon = month < 10 ? month + 2 : month - 10;
    tm->tm_year = (int)(yoe + era * 400) - 1900 + (tm->tm_mon <= 1);
}

struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *tt, struct tm *tm)
{
    int64_t t = (int64_t)*tt;
    int64_t days = t / 86400;
    int s = (int)(t % 86400);

    if (s < 0) {
        s += 86400;
        days--;
    }
    memset(tm, 0, sizeof *tm);
    set_date(tm, days);
    tm->tm_hour = s / 3600;
    tm->tm_min = s / 60 % 60;
    tm->tm_sec = s % 60;
    return tm;
}

/* ---- Random bytes ------------------------------------------------------- */

psa_status_t mbedtls_psa_external_get_random(
    mbedtls_psa_external_random_context_t *context, uint8_t *output,
    size_t output_size, size_t *output_length)
{
    (void)context;
    *output_length = 0;
    if (!cilp_port_entropy(output, output_size))
        return PSA_ERROR_INSUFFICIENT_ENTROPY;
    *output_length = output_size;
    return PSA_SUCCESS;
}
