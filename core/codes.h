/*
 * codes.h - what an error code of EC2 or STS means. Said here and nowhere else:
 * retries, the clock, the flows, the sources and boards ask.
 *
 * A new code, or a new meaning, is a word in codes.c's table.
 *
 * Source: EC2 Developer Guide, "Error codes for the Amazon EC2 API"; STS API
 *         Reference, "Common Error Types" and AssumeRoleWithWebIdentity; AWS
 *         SDKs and Tools Reference Guide, "Retry behavior" (which codes and
 *         statuses are retried), and the SDKs' two lists of codes that a wrong
 *         clock explains.
 * Knows:  text.
 */
#ifndef CILP_CODES_H
#define CILP_CODES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In this order, so that two of the questions below are about a range. */
enum cilp_meaning {
    CILP_MEANS_UNKNOWN,   /* no code, or one that says nothing to us */
    CILP_MEANS_PERMITTED, /* a dry run that would have been carried out */
    CILP_MEANS_NOT_FOUND, /* no such image, or no grant of this account */
    CILP_MEANS_GONE,      /* the image is deregistered, or in no state to be
                             used */
    CILP_MEANS_BAD_ID,    /* not the id of an image */
    CILP_MEANS_DENIED,    /* IAM does not allow the action. Policies may name
                             images: the next one may be allowed */
    CILP_MEANS_THROTTLED, /* too fast: turned away at the door */
    CILP_MEANS_TRANSIENT, /* trouble of the service, which passes */
    /* from here to CLOCK a wrong clock may be the reason */
    CILP_MEANS_NOT_AUTHORIZED, /* AuthFailure, mostly of this image */
    CILP_MEANS_BAD_KEYS,       /* AuthFailure of the keys. From here on every
                                  further image would meet the same */
    CILP_MEANS_BAD_SIGNATURE,  /* of another secret, or of other bytes */
    CILP_MEANS_EXPIRED,        /* the request, by its date; or the keys: EC2 has
                                  one code for both */
    CILP_MEANS_CLOCK,          /* the date is too far off */
    CILP_MEANS_UNKNOWN_KEY,    /* no such access key id in this partition */
    CILP_MEANS_NO_SIGNATURE,   /* it did not arrive whole */
    CILP_MEANS_EXPIRED_KEYS,
    CILP_MEANS_NO_REGION, /* the Region is not enabled for the account */
    CILP_MEANS_BLOCKED,   /* the account is */
    CILP_MEANS_UNVERIFIED /* the account is not verified yet */
};

/* What a whole reply means. status: HTTP's. code: as the service spells it, case
 * and all, with or without a final "Exception", which some services append; ""
 * if it gave none. message: what it said with it, or "": two codes are told
 * apart by it. 429 is THROTTLED, and 500, 502, 503 and 504 are TRANSIENT or
 * THROTTLED, whatever the code. */
enum cilp_meaning cilp_code_means(uint16_t status, const char *code,
                                  const char *message);

/* The account has no grant of this image, so there is nothing to cancel. */
bool cilp_means_nothing(enum cilp_meaning means);

/* A wrong clock may be the reason. */
bool cilp_means_skewed(enum cilp_meaning means);

/* Every further image would meet the same: it is about the keys, the account,
 * the Region or the clock. */
bool cilp_means_hopeless(enum cilp_meaning means);

#ifdef __cplusplus
}
#endif

#endif
