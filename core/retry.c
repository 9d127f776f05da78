#include "core/retry.h"

/* see retry.h */
void cilp_retry_init(struct cilp_retry *r)
{
    r->quota = CILP_RETRY_QUOTA;
    r->held = 0;
}

/* see retry.h */
enum cilp_retry_class cilp_retry_classify(enum cilp_meaning means)
{
    if (means == CILP_MEANS_THROTTLED)
        return CILP_RETRY_THROTTLED;
    return means == CILP_MEANS_TRANSIENT ? CILP_RETRY_TRANSIENT
                                         : CILP_RETRY_NEVER;
}

/* rand[0,1) x min(base x 2^(n-1), cap) */
static uint32_t backoff(uint32_t base, uint8_t attempt, uint32_t jitter)
{
    uint32_t ms = base;

    while (--attempt > 0 && ms < CILP_RETRY_CAP)
        ms *= 2;
    if (ms > CILP_RETRY_CAP)
        ms = CILP_RETRY_CAP;
    return ms * jitter / CILP_RETRY_ONE; /* 20000 * 65536 fits 32 bits */
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
