#include "boards/linux/stop.h"

#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

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

    if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
        return;
    sigaction(number, act, NULL);
}

/* see stop.h */
void stop_install(sigset_t *waiting)
{
    struct sigaction act;
    sigset_t both;

    memset(&act, 0, sizeof act);
    sigemptyset(&act.sa_mask);
    act.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &act, NULL);
    act.sa_handler = catch;
    handle(SIGINT, &act);
    handle(SIGTERM, &act);
    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGTERM);
    sigprocmask(SIG_BLOCK, &both, waiting);
    sigdelset(waiting, SIGINT);
    sigdelset(waiting, SIGTERM);
}

/* see stop.h */
int stop_signal(void)
{
    return (int)caught;
}
