/*
 * use.h - what of the account refers to an AMI: gathered while EC2 tells it, and
 * said in one line or in JSON.
 */
#ifndef LINUX_USE_H
#define LINUX_USE_H

#include "boards/linux/say/json.h"
#include "core/errand.h"

/* Resources that are named; of others it is said how many there are. */
#define USE_NAMED 10

struct use {
    struct cilp_references references; /* for struct cilp_errand */
    char named[USE_NAMED][CILP_REFERENCE_ARN_MAX + 1];
};

/* Keep the reference that has been read, if it is one of the first. arg: the
 * struct use. */
void use_take(void *arg);

/* "3 resources of this account: ARN, ARN, ARN". */
void use_say(struct out *o, const struct use *u);

/* The members in_use, a number, null if it is not known; and used_by, the ones
 * that are named. None if it was not asked. */
void use_json(struct json *j, const struct use *u, enum cilp_errand_use found);

#endif
