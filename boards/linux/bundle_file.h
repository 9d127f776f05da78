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
    const char *fault; /* NULL, or why the block that begins in ... */
    uint32_t line;     /* ... that one cannot be used: "the block " goes on */
};

/* Open it, keep it open (what was checked is what will be read), and make a
 * bundle of it. NULL, or a static text that follows the path in a sentence: it
 * holds no certificate, and what it looks like; or none that can be used, and
 * b->fault says why not the first of them. */
const char *bundle_file_open(struct bundle_file *b, const char *path,
                             struct cilp_trust_bundle *bundle);

#define BUNDLE_FAULTS 16 /* that are told of one by one */

/* What became of a bundle's blocks. */
struct bundle_survey {
    struct cilp_trust_survey survey;
    uint32_t anchors; /* certificates that can be one */
    uint32_t faults;  /* those that cannot, the first of them ... */
    struct {
        uint32_t line;     /* ... begin in these, */
        const char *fault; /* and "the block " goes on with that */
    } first[BUNDLE_FAULTS];
};

/* Look at all of a bundle, not during a handshake. False: it could not be read
 * to its end. */
bool bundle_survey(struct bundle_survey *s, struct cilp_trust_bundle *bundle);

/* The same, and `bundle` reads it; from: who has named it. EXIT_DONE, or
 * EXIT_CONFIG after a complaint. */
enum exit_code bundle_file_trust(struct bundle_file *b,
                                 struct cilp_trust_bundle *bundle,
                                 const char *path, const char *from,
                                 enum spelling spelling);

#endif
