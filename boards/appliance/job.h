/*
 * job.h - what the machine shall do, out of a file in the image and the
 * kernel's command line.
 *
 * Both have the same settings, README.md lists them: a line NAME=VALUE in the
 * file, cilp.NAME=VALUE among the kernel's parameters. Who comes later wins,
 * so the command line is read last. Texts are taken apart where they lie.
 * No message repeats a value: it may be a secret.
 * Knows: nobody.
 */
#ifndef APPLIANCE_JOB_H
#define APPLIANCE_JOB_H

#include <stdbool.h>
#include <stddef.h>

#define JOB_WORDS_MAX 64 /* of the program's arguments, its name included */
#define JOB_ENV_MAX   64 /* variables */

struct job {
    const char *words[JOB_WORDS_MAX + 1]; /* NULL behind the last, for exec */
    const char *env[JOB_ENV_MAX + 1];     /* NAME=VALUE, likewise */
    const char *room;    /* size of /run, as tmpfs reads it: "64k" */
    unsigned deadline_s; /* from boot to the end: 1 to 86,400 */
    unsigned network_s;  /* of which for an address: 1 to 3,600 */
    unsigned exit_port;  /* where isa-debug-exit listens; 0: power off */
    bool believe_clock;  /* the machine's; else the clock is unset */
    const char *why;     /* after false: one sentence, static */

    /* private */
    size_t n_words, n_env;
};

/* The defaults, and no job. */
void job_init(struct job *job);

/* Read the file's text, or the kernel's command line. It is changed, and
 * borrowed until the job has been started. Parameters of the kernel that are
 * none of ours are passed over; in the file every line must be understood, or
 * empty, or begin with '#'. False: see why. */
bool job_read_file(struct job *job, char *text);
bool job_read_kernel(struct job *job, char *text);

#endif
