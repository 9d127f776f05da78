/*
 * process.h - run a command, without a shell, and have what it prints.
 *
 * The command is split into words as a POSIX shell does it (quotes and
 * backslashes; nothing is expanded). It has our environment, /dev/null to read
 * from, and two pipes. What it prints to standard error is handed back, not
 * shown: it may hold a secret. Descriptors 0 to 2 of ours must be open.
 *
 * Source: AWS CLI User Guide, "Sourcing credentials with an external process".
 * Knows: why.
 */
#ifndef CILP_POSIX_PROCESS_H
#define CILP_POSIX_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_PROCESS_WORDS_MAX 64

struct cilp_process {
    char *out;        /* lent: where its output goes; the words of the
                         command lie here until it has begun */
    size_t cap;       /* bytes there; a longer output is an error */
    size_t len;       /* bytes of output */
    const void *mask; /* a sigset_t: a signal that it lets through ends the
                         run; NULL: none does */
    char err[512];    /* the beginning of its standard error, or "" */
    char why[CILP_STREAM_WHY_MAX]; /* after false: a sentence about "it" */
};

/* Split s into words in words[0..cap), NULL after the last. How many; 0: there
 * is none, or too many, or no room, or a quote or escape without its end. */
size_t cilp_process_split(const char *s, char *text, size_t cap,
                          char *words[CILP_PROCESS_WORDS_MAX + 1]);

/* Is there a file that execvp() would find by that word of a command? */
bool cilp_process_is_there(const char *word);

/* Run it to its end, for at most deadline_ms; then it is killed. It has been
 * waited for in any case; a daemon that it leaves on its output is not. True: exit status 0, and all that it printed is in
 * out[0..len). Secrets in out and err are the caller's to wipe; those in err
 * of the run before are. */
bool cilp_process_run(struct cilp_process *p, const char *command,
                      uint32_t deadline_ms);
#ifdef __cplusplus
}
#endif

#endif
