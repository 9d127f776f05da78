/*
 * keys.h - whose keys this image uses. keys.c: a file of the host. keys_test.c,
 * in the image that the tests run: that, or EC2's instance metadata.
 */
#ifndef MPS2_KEYS_H
#define MPS2_KEYS_H

#include "boards/mps2/settings.h"
#include "core/cilp.h"

/* Set source and source_arg. NULL, or what is wrong. keys_wipe() is to follow
 * once cilp_start() was called. */
const char *keys_choose(const struct settings *set, struct cilp_request *req);
void keys_wipe(void);

/* For keys_test.c: the file. */
const char *keys_from_file(const struct settings *set,
                           struct cilp_request *req);

#endif
