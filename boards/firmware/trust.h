/*
 * trust.h - whom this image trusts. trust.c: Amazon's roots. trust_test.c, in
 * the image that the tests run: one certificate more.
 */
#ifndef FIRMWARE_TRUST_H
#define FIRMWARE_TRUST_H

#include "port/mbedtls/trust.h"

/* `anchor`: a DER file of the host, or NULL. NULL: it cannot be had. */
struct cilp_trust *board_trust(const char *anchor);

#endif
