/*
 * identity.h - who is calling: STS GetCallerIdentity, which needs no
 * permission.
 *
 * Source: AWS STS API Reference, GetCallerIdentity.
 */
#ifndef CILP_IDENTITY_H
#define CILP_IDENTITY_H

#include "core/cilp.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_ARN_MAX 640

/* memory: a struct cilp_identity. Goes to the Region's STS endpoint, or to
 * request.endpoint if that is given (of STS, then).
 * Outcome CILP_ANSWERED, or why not; an account that is not 12 digits,
 * or another one in the ARN, is CILP_E_REPLY. */
extern const struct cilp_flow cilp_identity;

struct cilp_identity {
    char account[13];           /* 12 digits */
    char arn[CILP_ARN_MAX + 1]; /* safe to print; longer ones are cut */
};

#ifdef __cplusplus
}
#endif

#endif
