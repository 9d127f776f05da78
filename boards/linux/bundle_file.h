/*
 * bundle_file.h - a PEM bundle in a file, as port/mbedtls/trust.h reads one.
 */
#ifndef LINUX_BUNDLE_FILE_H
#define LINUX_BUNDLE_FILE_H

#include "boards/linux/say/say.h"
#include "port/mbedtls/trust.h"
#include "port/posix/file.h"

/* Bytes. Distributions' bundles have a quarter of a megabyte. */
#define BUNDLE_FILE_MAX ((size_t)16 << 20)

struct bundle_file {
    struct cilp_trust_reader reader;
    struct cilp_posix_file file;
};

/* Open it, and keep it open: what was checked is what will be read. NULL, or
 * a static text that follows the path in a sentence. */
const char *bundle_file_open(struct bundle_file *b, const char *path);

/* The same, and `bundle` reads it; from: who has named it. EXIT_DONE, or
 * EXIT_CONFIG after a complaint. */
enum exit_code bundle_file_trust(struct bundle_file *b,
                                 struct cilp_trust_bundle *bundle,
                                 const char *path, const char *from,
                                 enum spelling spelling);

#endif
