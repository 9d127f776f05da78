/*
 * version.h - what this program was made of, in one line.
 */
#ifndef LINUX_VERSION_H
#define LINUX_VERSION_H

#include "boards/linux/say/out.h"

/* "cilp 0.1.0 (git abc1234) mbedTLS/3.6.7 roots/2023-03-11\n" */
void version_show(struct out *o);

#endif
