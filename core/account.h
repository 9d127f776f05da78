/*
 * account.h - what the id of an AWS account looks like.
 *
 * Source: AWS Account Management Reference Guide, "View AWS account
 *         identifiers".
 */
#ifndef CILP_ACCOUNT_H
#define CILP_ACCOUNT_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_ACCOUNT_LEN 12

/* CILP_ACCOUNT_LEN digits and a NUL. False for NULL; reads no further than it
 * has to. */
bool cilp_is_account(const char *s);

#ifdef __cplusplus
}
#endif

#endif
