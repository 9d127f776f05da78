/*
 * say.h - one line to the user, on standard error.
 *
 * The program has two spellings. In its own a complaint is "cilp: TEXT"; in
 * the AWS CLI's it is an empty line and "aws: [ERROR]: TEXT", as AWS CLI 2.34
 * and later write, with the kind of error in front of TEXT.
 */
#ifndef LINUX_SAY_H
#define LINUX_SAY_H

#include "boards/linux/say/out.h"
#include "boards/outcome.h"

enum spelling { SPELLING_OWN, SPELLING_AWS };

/* Begin a line on standard error; end it with say_end(). */
void say_error(struct out *o, enum spelling spelling);
/* The same for an error of ours, before anything was sent: EXIT_USAGE or
 * EXIT_CONFIG, which the AWS CLI names in front. */
void say_fault(struct out *o, enum spelling spelling, enum exit_code code);
void say_note(struct out *o); /* not an error: "cilp: note: " */
/* A part of a summary, ", 3 gone" with what " gone"; nothing of what there is none. */
void say_part(struct out *o, uint32_t n, const char *what);
void say_end(struct out *o);

/* From now on each of these lines begins with that name as well, "cilp: NAME: ":
 * what it is about. Borrowed; NULL: no name. */
void say_about(const char *name);

/* One whole line: before, then `value` (NULL: none; shown in quotes and
 * escaped, it is the user's), then after. `code` is EXIT_USAGE or EXIT_CONFIG,
 * and is returned. */
enum exit_code complain(enum spelling spelling, enum exit_code code,
                        const char *before, const char *value,
                        const char *after);
void note(const char *before, const char *value, const char *after);

/* The complaint about a standard output that takes no more. more: "", or what that
 * means. Returns EXIT_NETWORK. */
enum exit_code complain_of_output(const char *more);

/* "cilp: N TEXT" on standard error, for a look: the next one takes its place,
 * and every other line clears it away first. Only for a terminal. */
void say_progress(uint32_t n, const char *text);
/* "cilp: DONE of ALL THINGS, N TEXT" */
void say_progress_of(uint32_t done, uint32_t all, const char *things,
                     uint32_t n, const char *text);
void say_progress_end(void);

#endif
