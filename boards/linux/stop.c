#include "boards/linux/stop.h"

#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void catch(int number)
{
    if (caught)
        _exit(128 + number);
    caught = number;
}

/* see stop.h */
void stop_install(sigset_t *waiting)
{
    static const int numbers[] = { SIGINT, SIGTERM };
    struct sigaction act;
    sigset_t both;

    memset(&act, 0, sizeof act);
    sigemptyset(&act.sa_mask);
    act.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &act, NULL);
    act.sa_handler = catch;
    sigemptyset(&both);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigaddset(&both, numbers[i]);
        sigaction(numbers[i], &act, NULL);
    }
    sigprocmask(SIG_BLOCK, &both, waiting);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigdelset(waiting, numbers[i]);
}

/* see stop.h */
int stop_signal(void)
{
    return (int)caught;
}
