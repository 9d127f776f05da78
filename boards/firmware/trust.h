/*
 * trust.h - whom this image trusts. trust.c: Amazon's roots. trust_flash.c: what
 * lies in a section of flash. trust_test.c, in the image that the tests run: one
 * certificate more than Amazon's.
 */
#ifndef FIRMWARE_TRUST_H
#define FIRMWARE_TRUST_H

#include "port/mbedtls/trust.h"

/* Where the roots lie, if not among the program's own data; or NULL. */
extern const char *const board_trust_place;

/* `anchor`: a DER file of the host, or NULL. NULL: it cannot be had. */
struct cilp_trust *board_trust(const char *anchor);

#endif
