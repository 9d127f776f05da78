#include "core/retry.h"

#include <string.h>

#include "core/text.h"

/* The SDKs' list; the status does not matter. One string for each list, which
 * takes no pointers. */
static const char throttled_codes[] =
    "RequestLimitExceeded\0" "Throttling\0" "Throttled\0"
    "RequestThrottled\0" "TooManyRequests\0" "EC2Throttled\0"
    "BandwidthLimitExceeded\0" "SlowDown\0" "PriorRequestNotComplete\0"
    "LimitExceeded\0" "TransactionInProgress\0"
    "ProvisionedThroughputExceeded\0";

static const char transient_codes[] =
    "RequestTimeout\0" "InternalError\0" "InternalFailure\0"
    "ServiceUnavailable\0" "Unavailable\0";

/* see retry.h */
bool cilp_code_is_one_of(const char *code, const char *list)
{
    static const char end[] = "Exception";
    const size_t end_len = sizeof end - 1;
    size_t n, len = strlen(code);

    if (len > end_len && memcmp(code + len - end_len, end, end_len) == 0)
        len -= end_len;
    for (; (n = strlen(list)) > 0; list += n + 1)
        if (cilp_text_equal(code, len, list))
            return true;
    return false;
}

/* see retry.h */
void cilp_retry_init(struct cilp_retry *r)
{
    r->quota = CILP_RETRY_QUOTA;
    r->held = 0;
}

/* see retry.h */
enum cilp_retry_class cilp_retry_classify(uint16_t status, const char *code)
{
    if (status == 429 || cilp_code_is_one_of(code, throttled_codes))
        return CILP_RETRY_THROTTLED;
    if (status == 500 || (status >= 502 && status <= 504) ||
        cilp_code_is_one_of(code, transient_codes))
        return CILP_RETRY_TRANSIENT;
    return CILP_RETRY_NEVER;
}

/* rand[0,1) x min(base x 2^(n-1), cap) */
static uint32_t backoff(uint32_t base, uint8_t attempt, uint32_t jitter)
{
    uint32_t ms = base;

    while (--attempt > 0 && ms < CILP_RETRY_CAP)
        ms *= 2;
    if (ms > CILP_RETRY_CAP)
        ms = CILP_RETRY_CAP;
    return ms * jitter / CILP_RETRY_ONE;    /* 20000 * 65536 fits 32 bits */
}

/* The server's wish counts, but not below our own delay (it would defeat the
 * backoff) and not far above it (a typing error could hang us). */
static uint32_t heed(uint32_t ms, int32_t after_ms)
{
    uint32_t most = ms + CILP_RETRY_AFTER_SLACK;

    if (after_ms < 0 || (uint32_t)after_ms < ms)
        return ms;
    return (uint32_t)after_ms < most ? (uint32_t)after_ms : most;
}

/* see retry.h */
bool cilp_retry_ask(struct cilp_retry *r, enum cilp_retry_class class,
                    uint8_t attempt, uint8_t max, int32_t after_ms,
                    uint32_t jitter, uint32_t *delay_ms)
{
    bool throttled = class == CILP_RETRY_THROTTLED;
    uint16_t cost = throttled ? CILP_RETRY_COST_THROTTLED
                              : CILP_RETRY_COST_TRANSIENT;
    uint32_t base = throttled ? CILP_RETRY_BASE_THROTTLED
                              : CILP_RETRY_BASE_TRANSIENT;

    if (class == CILP_RETRY_NEVER || attempt >= max || r->quota < cost)
        return false;
    r->quota = (uint16_t)(r->quota - cost);
    r->held = cost;
    *delay_ms = heed(backoff(base, attempt, jitter), after_ms);
    return true;
}

/* see retry.h */
void cilp_retry_succeeded(struct cilp_retry *r)
{
    uint16_t back = r->held ? r->held : 1;

    r->held = 0;
    r->quota = (uint16_t)(r->quota + back);
    if (r->quota > CILP_RETRY_QUOTA)
        r->quota = CILP_RETRY_QUOTA;
}
