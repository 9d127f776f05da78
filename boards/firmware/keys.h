/*
 * keys.h - whose keys this image uses. keys.c: a file's of the host;
 * keys_iot_alone.c, keys_roles_anywhere_alone.c: those that AWS IoT or IAM Roles
 * Anywhere gives for the device's certificate; keys_test.c, in the image that the
 * tests run: any of them, or those of EC2's instance metadata.
 */
#ifndef FIRMWARE_KEYS_H
#define FIRMWARE_KEYS_H

#include <stdbool.h>

#include "boards/firmware/settings.h"
#include "core/cilp.h"

/* Set source and source_arg. NULL, or what is wrong. keys_wipe() is to follow
 * once cilp_start() was called. */
const char *keys_choose(const struct settings *set, struct cilp_request *req);
void keys_wipe(void);

/* The four of them that have a file: whether it is one for AWS IoT or for IAM Roles
 * Anywhere, and the keys of each kind. */
bool keys_are_of_iot(const struct settings *set);
bool keys_are_of_roles_anywhere(const struct settings *set);
const char *keys_from_iot(const struct settings *set, struct cilp_request *req);
const char *keys_from_roles_anywhere(const struct settings *set,
                                     struct cilp_request *req);
const char *keys_from_file(const struct settings *set,
                           struct cilp_request *req);

#endif
