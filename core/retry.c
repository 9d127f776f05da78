#include "core/retry.h"

#include <string.h>

#include "core/text.h"

/* The SDKs' list; the status does not matter. */
static const uint32_t codes[] = {
    /* throttled */
    0x8301f2e0, /* RequestLimitExceeded */
    0xc5e7e7b6, /* Throttling */
    0x53fa2edb, /* Throttled */
    0xa1cfcfb6, /* RequestThrottled */
    0xf6b64460, /* TooManyRequests */
    0x305f1397, /* EC2Throttled */
    0x311356a0, /* BandwidthLimitExceeded */
    0x8617cfe4, /* SlowDown */
    0x641f7636, /* PriorRequestNotComplete */
    0x6def9ed1, /* LimitExceeded */
    0x711044b3, /* TransactionInProgress */
    0xb3ffa1de, /* ProvisionedThroughputExceeded */
    /* transient */
    0x677d3505, /* RequestTimeout */
    0xb5ca86c6, /* InternalError */
    0x8ed24272, /* InternalFailure */
    0xc16a6686, /* ServiceUnavailable */
    0xda4baaa9, /* Unavailable */
};

#define LAST_THROTTLED 12
#define N_CODES        (sizeof codes / sizeof *codes)

/* see retry.h */
size_t cilp_code_find(const char *code, const uint32_t *hashes, size_t n)
{
    static const char end[] = "Exception";
    const size_t end_len = sizeof end - 1;
    size_t len = strlen(code);
    uint32_t hash;

    if (len > end_len && memcmp(code + len - end_len, end, end_len) == 0)
        len -= end_len;
    hash = cilp_text_hash(code, len);
    while (n > 0 && hashes[n - 1] != hash)
        n--;
    return n;
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
    size_t at = cilp_code_find(code, codes, N_CODES);

    if (status == 429 || (at > 0 && at <= LAST_THROTTLED))
        return CILP_RETRY_THROTTLED;
    if (at > 0 || status == 500 || (status >= 502 && status <= 504))
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
