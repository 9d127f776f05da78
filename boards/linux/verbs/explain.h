/*
 * explain.h - the verb `explain`: what stands between an account and a cancel.
 */
#ifndef LINUX_EXPLAIN_H
#define LINUX_EXPLAIN_H

#include "boards/linux/witness.h"

/* A dry run, a look, and who is calling; the verdict on standard output.
 * Returns the exit code: EXIT_DONE if a cancel may find a permission to remove,
 * EXIT_NOTHING if there is none. */
int explain(struct witness *w, const char *image_id);

#endif
