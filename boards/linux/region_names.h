/*
 * region_names.h - the Regions of a run, each once, for as long as it lasts: those
 * that are asked in, and those that stand behind ids of a batch.
 */
#ifndef LINUX_REGION_NAMES_H
#define LINUX_REGION_NAMES_H

#include <stdint.h>

#define REGIONS_MAX 128 /* of one run */

/* The same name, for good, put behind the others if it is new; NULL: there are
 * REGIONS_MAX others. */
const char *region_names_keep(const char *name);

/* The same if it is there; NULL: it is not. */
const char *region_names_find(const char *name);

/* How many there are, and number i of them, in the order in which they came. */
uint32_t region_names_count(void);
const char *region_names_at(uint32_t i);

#endif
