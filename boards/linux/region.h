/*
 * region.h - what people give in place of a Region's name.
 *
 * Any Region is taken, and none is looked up in a list: this knows the shapes of
 * what is none, and what to write instead. How a name may look at all is core's
 * (core/endpoint.h).
 */
#ifndef LINUX_REGION_H
#define LINUX_REGION_H

#include "boards/linux/say/say.h"

/* EXIT_DONE, or EXIT_CONFIG after a complaint: the name of an Availability Zone
 * (us-east-1a) or of a Local Zone (us-west-2-lax-1a), or capital letters. */
enum exit_code region_check(enum spelling spelling, const char *region);

#endif
