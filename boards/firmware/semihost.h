/*
 * semihost.h - what the debugger or QEMU does for the firmware: arguments, an
 * exit status, files of the host.
 *
 * Source: Semihosting for AArch32 and AArch64, Arm (2.0).
 */
#ifndef FIRMWARE_SEMIHOST_H
#define FIRMWARE_SEMIHOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* End QEMU with `status`, 0 to 255. */
_Noreturn void semihost_exit(int status);

/* The words after -semihosting-config's arg=, one space between. False: none,
 * or more than cap bytes. */
bool semihost_arguments(char *line, size_t cap);

/* A file of the host, for reading; -1: cannot be opened. */
int semihost_open(const char *path);
/* The next bytes, fewer than n only at the end. */
size_t semihost_read(int file, void *p, size_t n);
void semihost_close(int file);

#endif
