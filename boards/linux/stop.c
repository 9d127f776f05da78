#include "boards/linux/stop.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* Every signal that would end the program and is no fault of its own (SEGV and
 * its like), nor KILL. Those that ask for the end, or warn of it: */
static const uint8_t ENDING[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                                 SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU};

/* and those that say nothing about it, which stay blocked for good: then a
 * write() that would raise one fails, as it does where one is ignored. A child
 * starts without them. */
static const uint8_t DEAF_TO[] = {SIGPIPE, SIGXFSZ, SIGVTALRM, SIGPROF,
                                  SIGIO,   SIGPWR,  SIGSTKFLT};

static volatile sig_atomic_t caught;
static const sigset_t *mask;

static void catch (int number)
{
    if (caught)
        _exit(128 + number);
    caught = number;
}

/* A signal that whoever started us ignores (nohup, a job in the background) we
 * ignore too. */
static void handle(int number, const struct sigaction *act)
{
    struct sigaction before;

    if (sigaction(number, act, &before) == 0 && before.sa_handler == SIG_IGN)
        sigaction(number, &before, NULL);
}

/* see stop.h */
void stop_install(sigset_t *waiting)
{
    struct sigaction act;
    sigset_t all;

    sigemptyset(&all);
    for (size_t i = 0; i < sizeof ENDING; i++)
        sigaddset(&all, ENDING[i]);
    for (size_t i = 0; i < sizeof DEAF_TO; i++)
        sigaddset(&all, DEAF_TO[i]);
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
        sigaddset(&all, number);
    sigprocmask(SIG_BLOCK, &all, NULL);
    memset(&act, 0, sizeof act);
    sigemptyset(&act.sa_mask);
    act.sa_handler = catch;
    for (size_t i = 0; i < sizeof ENDING; i++)
        handle(ENDING[i], &act);
    sigprocmask(SIG_BLOCK, NULL, waiting);
    for (size_t i = 0; i < sizeof ENDING; i++)
        sigdelset(waiting, ENDING[i]);
    mask = waiting;
}

/* see stop.h */
int stop_signal(void)
{
    return (int)caught;
}

/* see stop.h */
const sigset_t *stop_mask(void)
{
    return mask;
}
