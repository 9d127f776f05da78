/*
 * keys_lines.h - the lines of keys=FILE, for a source that shows the device's
 * certificate. None is a secret. What the file of the host says here, a product
 * has in flash.
 */
#ifndef FIRMWARE_KEYS_LINES_H
#define FIRMWARE_KEYS_LINES_H

#include <stdbool.h>

#include "boards/firmware/settings.h"

/* Reads the file, of 1,024 bytes at most: whether its first line begins so. Lines
 * of another file that were read before are gone. */
bool keys_lines_begin(const struct settings *set, const char *first);

/* The next one, from the first on; "" behind the last. Lent until another file is
 * read. */
const char *keys_line(void);

/* The same; NULL for one that is empty. */
const char *keys_line_or_null(void);

#endif
