/*
 * retry.h - when to try again, and after how long.
 *
 * Pure: the dice are an argument, waiting is somebody else's.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode
 *         as of November 2026.
 * Knows:  codes.
 */
#ifndef CILP_RETRY_H
#define CILP_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/codes.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_RETRY_QUOTA          500
#define CILP_RETRY_COST_TRANSIENT 14
#define CILP_RETRY_COST_THROTTLED 5
#define CILP_RETRY_BASE_TRANSIENT 50   /* ms */
#define CILP_RETRY_BASE_THROTTLED 1000 /* ms */
#ifndef CILP_RETRY_CAP
#define CILP_RETRY_CAP 20000 /* ms, before the jitter */
#endif
#define CILP_RETRY_AFTER_SLACK 5000  /* ms that a server's wish may add */
#define CILP_RETRY_ONE         65536 /* the jitter's 1.0 */

enum cilp_retry_class {
    CILP_RETRY_NEVER, /* the answer will not change */
    CILP_RETRY_TRANSIENT,
    CILP_RETRY_THROTTLED
};

/* All zero is not a fresh one. */
struct cilp_retry {
    uint16_t quota; /* tokens left in the bucket */
    uint16_t held;  /* cost of the last retry, returned by a success */
};

void cilp_retry_init(struct cilp_retry *r);

/* What a complete reply means for it. */
enum cilp_retry_class cilp_retry_classify(enum cilp_meaning means);

/* May attempt `attempt` (1.., just failed) of `max` be followed by another?
 * If so take its cost from the quota and set *delay_ms.
 * after_ms: the server's wish, -1: none. jitter: 0..CILP_RETRY_ONE. */
bool cilp_retry_ask(struct cilp_retry *r, enum cilp_retry_class kind,
                    uint8_t attempt, uint8_t max, int32_t after_ms,
                    uint32_t jitter, uint32_t *delay_ms);

/* A call succeeded: give back what its last retry took, or 1. */
void cilp_retry_succeeded(struct cilp_retry *r);

#ifdef __cplusplus
}
#endif

#endif
