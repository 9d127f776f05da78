#include <errno.h>
#include <sys/random.h>

#include "port/port.h"

/* see port.h. getrandom(2) alone: /dev/urandom may be missing, or be another
 * file, in a chroot, and before its first seed it gives bytes that can be
 * guessed. This waits for that seed (under a second since Linux 5.6); an older
 * kernel than 3.17 has no such call, and that is an error. */
bool cilp_port_entropy(uint8_t *p, size_t n)
{
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}
