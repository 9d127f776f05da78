/*
 * stop.h - SIGINT and SIGTERM end the call in good order; SIGPIPE does nothing.
 *
 * The two are blocked but while the program waits, so that none is lost
 * between a look and the wait. A second one ends the program on the spot, also
 * as PID 1, which has no default action.
 */
#ifndef LINUX_STOP_H
#define LINUX_STOP_H

#include <signal.h>

/* Once, at the start. *waiting: the mask for the times of waiting. */
void stop_install(sigset_t *waiting);

/* The first signal that came, or 0. */
int stop_signal(void);

#endif
