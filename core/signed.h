/*
 * signed.h - a cancel that one machine signs and another one sends: the one has
 * keys and no network, the other a network and no keys.
 *
 * What lies between the two is the HTTP request as it is sent. Whoever has it can
 * have it carried out for as long as EC2 takes it: it is a secret until then.
 *
 * Source: RFC 9112 section 3; IAM User Guide, "Create a signed AWS API request";
 *         EC2 API Reference, "Error codes for the Amazon EC2 API" (RequestExpired).
 */
#ifndef CILP_SIGNED_H
#define CILP_SIGNED_H

#include "core/cilp.h"
#include "core/utc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* EC2 takes a request from so many seconds before its X-Amz-Date to so many
 * after it. */
#define CILP_SIGNED_GOOD_S 900

/* Sign what cilp_cancel would send. The keys come from request.source as ever;
 * what wants to be opened then is a peer whose identity is &cilp_paper, and is
 * paper: take the bytes of each CILP_SEND, and answer CILP_RECV with cilp_eof().
 * Never over a connection that stands, wherever that leads.
 * memory: a struct cilp_sign, or NULL for now.
 * Outcome CILP_ANSWERED: the paper has a whole request, signed for
 * result.signed_s. CILP_NOT_SENT: it has none that is. */
extern const struct cilp_flow cilp_sign;
extern const struct cilp_x509_identity cilp_paper;

struct cilp_sign {
    int64_t at_s; /* sign for this moment, UTC; this is also what time it is to
                     the op from here to cilp_end(). 0: now */
};

/* Send what cilp_sign wrote, to where request.region and its kin or
 * request.endpoint lead. memory: a struct cilp_signed that was read;
 * cilp_signed_request() fills in the rest. No keys are needed. Outcomes are those
 * of cilp_cancel: what is repeated is the very same request, so its invocation id
 * and signed_s are those that it was signed with, and a wrong clock of the
 * signer's is not mended. */
extern const struct cilp_flow cilp_send;

/* Strings are printable ASCII. */
struct cilp_signed {
    const char *bytes; /* borrowed, from the reading to CILP_DONE */
    size_t len;
    int64_t signed_s; /* X-Amz-Date, UTC */
    bool dry_run;
    char path[256];
    char host[CILP_HOST_MAX + sizeof "[]:65535"]; /* the value of Host */
    char region[CILP_REGION_MAX + 1];
    char key_id[CILP_KEY_MAX + 1];
    char invocation_id[37];
    char image_id[3 * CILP_IMAGE_ID_MAX + 1]; /* percent-encoded */

    /* private */
    char date[CILP_UTC_BASIC_LEN + 1];
    char length[8];
    char led[CILP_HOST_MAX + sizeof "[]:65535"];
};

/* Read a whole request. False: it is none of cilp_sign's, to the byte: it was cut,
 * altered or comes from elsewhere. Whether its signature is right is for EC2 to
 * say. */
bool cilp_signed_read(struct cilp_signed *s, const char *bytes, size_t len);

/* Fill in flow, memory, region, image_id, dry_run, fips and dual_stack of *req,
 * whose endpoint and allow_http are the caller's. False: the request is for
 * another host or path than EC2's in its Region, in any variant, or than the
 * endpoint; or its Region or the endpoint is none. */
bool cilp_signed_request(struct cilp_signed *s, struct cilp_request *req);

#ifdef __cplusplus
}
#endif

#endif
