/*
 * file.h - read a regular file of bounded length.
 *
 * A path comes from an option or a variable: it may name a device that never
 * ends, a FIFO that never begins, or a disk full of zeros. None of them is
 * read, and none is waited for.
 */
#ifndef CILP_POSIX_FILE_H
#define CILP_POSIX_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_POSIX_FILE_FAILED SIZE_MAX

struct cilp_posix_file {
    int fd;      /* -1: closed */
    size_t max;  /* bytes that may be read of it */
    size_t left; /* of them, since the last rewind */
};

/* Why a file could not be opened, by its errno: a static text that follows the
 * path in a sentence, and says no more than is known. */
const char *cilp_posix_file_fault(int number);

/* Open it for reading. NULL, or a static text that follows the path in a
 * sentence: "does not exist". */
const char *cilp_posix_file_open(struct cilp_posix_file *f, const char *path,
                                 size_t max);

/* What is at a path, for who goes on without a file if nothing is there: that
 * must not be taken for something that cannot be read. */
enum cilp_posix_seen {
    CILP_POSIX_NOTHING, /* neither the path nor a link that leads to it */
    CILP_POSIX_NULL,    /* /dev/null: nothing, on purpose */
    CILP_POSIX_FILE,    /* a regular file that can be opened */
    CILP_POSIX_LOOSE,   /* the same; others than its owner have rights to it */
    CILP_POSIX_BAD      /* anything else, or what a folder above it hides */
};

/* fault: NULL, or a static text that follows the path in a sentence (of NOTHING
 * and BAD). max: as above. */
enum cilp_posix_seen cilp_posix_file_look(const char *path, size_t max,
                                          const char **fault);

/* Back to the first byte. */
bool cilp_posix_file_rewind(struct cilp_posix_file *f);

/* The next bytes, at most cap of them: how many; 0 at the end;
 * CILP_POSIX_FILE_FAILED, also for more than max bytes in all. */
size_t cilp_posix_file_read(struct cilp_posix_file *f, uint8_t *p, size_t cap);

/* All that is left of it, but no more than cap bytes, and close it: *n are at p.
 * False: it could not be read, or has more than max bytes, which shows with a cap
 * that is larger; *n is then what came before. */
bool cilp_posix_file_read_all(struct cilp_posix_file *f, uint8_t *p, size_t cap,
                              size_t *n);

void cilp_posix_file_close(struct cilp_posix_file *f);

#ifdef __cplusplus
}
#endif

#endif
