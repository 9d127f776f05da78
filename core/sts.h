/*
 * sts.h - keys out of the replies of STS.
 *
 * Knows:  source.
 */
#ifndef CILP_STS_H
#define CILP_STS_H

#include "core/source.h"

/* Places of the two calls: the Result's name differs. */
enum {
    CILP_STS_RESULT = CILP_PLACE_OWN,
    CILP_STS_CREDENTIALS,
    CILP_STS_KEY_ID,
    CILP_STS_SECRET,
    CILP_STS_TOKEN,
    CILP_STS_EXPIRES
};

/* clang-format off */
#define CILP_STS_STEPS(result) \
    {CILP_PLACE_SUCCESS,   CILP_STS_RESULT,      result}, \
    {CILP_STS_RESULT,      CILP_STS_CREDENTIALS, "Credentials"}, \
    {CILP_STS_CREDENTIALS, CILP_STS_KEY_ID,      "AccessKeyId"}, \
    {CILP_STS_CREDENTIALS, CILP_STS_SECRET,      "SecretAccessKey"}, \
    {CILP_STS_CREDENTIALS, CILP_STS_TOKEN,       "SessionToken"}, \
    {CILP_STS_CREDENTIALS, CILP_STS_EXPIRES,     "Expiration"}
/* clang-format on */

extern const struct cilp_reply_field cilp_sts_fields[4];

/* Into op->io.keys.fresh, beside the keys that signed. */
extern const struct cilp_reader cilp_reads_keys;

/* False, and *step, if there are none; else they are in op->creds. */
bool cilp_sts_took_keys(struct cilp_op *op, enum cilp_step *step);

/* The parts of a role that both calls have; NONE, or which one is wrong. */
enum cilp_what cilp_sts_check(const struct cilp_role *role);
void cilp_sts_put(struct cilp_text *out, const struct cilp_role *role);

#endif
