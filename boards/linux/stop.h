/*
 * stop.h - signals: those that ask for the end end the call in good order, with
 * the outcome so far and exit code 128 and their number; no other one ends it.
 *
 *   HUP INT QUIT TERM USR1 USR2 ALRM XCPU     ask for the end
 *   PIPE XFSZ, timers, IO, PWR, real time     do nothing (the C library keeps
 *                                             some of these to itself)
 *   SEGV and its like, KILL, STOP, CHLD ...   as ever
 *
 * Those that ask are blocked but while the program waits, so that none is lost
 * between a look and the wait. A second one ends the program on the spot, also
 * as PID 1, which has no default action.
 */
#ifndef LINUX_STOP_H
#define LINUX_STOP_H

#include <signal.h>

/* Once, at the start. *waiting, which has to stay: the mask for the times of
 * waiting. */
void stop_install(sigset_t *waiting);

/* The first signal that came, or 0. */
int stop_signal(void);

/* The mask for the times of waiting; NULL before stop_install(). */
const sigset_t *stop_mask(void);

#endif
