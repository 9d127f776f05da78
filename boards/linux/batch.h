/*
 * batch.h - cancel one image, or one after the other: what is said, remembered and
 * looked at afterwards, whoever names the images.
 */
#ifndef LINUX_BATCH_H
#define LINUX_BATCH_H

#include "boards/linux/ids.h"
#include "boards/linux/witness.h"

/* Once in a run, as are the functions below. Makes the session's calls as the
 * options say, tells what came out, and returns the exit code. */
int batch_one(struct witness *w, const char *image_id);

/* Many: begin; go on with one list of ids after the other; end, with looks at
 * what was cancelled and a summary. w is borrowed until then. */
void batch_begin(struct witness *w);

/* The list to its end, or to where every further image of it would meet the same
 * (errand.over is HOPELESS then, and the caller's to set back if its next list is of
 * another Region). False: no further list is of use. */
bool batch_go_on(struct ids *ids);

/* The worst exit code, or that of the signal. */
int batch_end(void);

#endif
