/*
 * identity.h - the device's certificate, and its key in PSA's storage.
 *
 * THE SEAM: identity_qemu.c is for QEMU alone. A product names a file of its own
 * with the same function: the certificate lies in flash, and the key in a secure
 * element or in PSA's persistent storage, by its id; it is never read.
 */
#ifndef FIRMWARE_IDENTITY_H
#define FIRMWARE_IDENTITY_H

#include "core/x509_identity.h"

/* cert, key: where the board finds them; a product needs neither. The same at
 * each call, and made at the first. NULL: *fault says why. After
 * cilp_arena_start(). */
const struct cilp_x509_identity *board_identity(const char *cert,
                                                const char *key,
                                                const char **fault);

#endif
