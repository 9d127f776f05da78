#include "boards/appliance/network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/route.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- Interfaces -------------------------------------------------------- */

static bool set_up(int fd, const char *name)
{
    struct ifreq r;

    memset(&r, 0, sizeof r);
    strncpy(r.ifr_name, name, IF_NAMESIZE - 1);
    if (ioctl(fd, SIOCGIFFLAGS, &r) != 0)
        return false;
    r.ifr_flags = (short)(r.ifr_flags | IFF_UP);
    return ioctl(fd, SIOCSIFFLAGS, &r) == 0;
}

/* see network.h */
bool network_find(char name[IF_NAMESIZE])
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool found = false;

    if (fd < 0)
        return false;
    /* The kernel numbers loopback 1; the few that follow are drivers'. */
    for (unsigned i = 1; i <= 16 && !found; i++)
        if (if_indextoname(i, name))
            found = set_up(fd, name) && strcmp(name, "lo") != 0;
    close(fd);
    return found;
}

/* ---- The lease --------------------------------------------------------- */

/* The first address of a variable with one or more of them, into sa. */
static bool first_address(const char *variable, struct sockaddr *sa)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    const char *value = getenv(variable);
    char text[INET_ADDRSTRLEN];
    size_t len;

    if (!value)
        return false;
    len = strcspn(value, " ");
    if (len >= sizeof text)
        return false;
    memcpy(text, value, len);
    text[len] = '\0';
    memcpy(sa, &in, sizeof *sa);
    return inet_pton(AF_INET, text, &((struct sockaddr_in *)sa)->sin_addr) == 1;
}

static bool set_address(int fd, const char *name)
{
    struct ifreq r;

    memset(&r, 0, sizeof r);
    strncpy(r.ifr_name, name, IF_NAMESIZE - 1);
    if (!first_address("ip", &r.ifr_addr) || ioctl(fd, SIOCSIFADDR, &r) != 0)
        return false;
    return !getenv("subnet") || (first_address("subnet", &r.ifr_netmask) &&
                                 ioctl(fd, SIOCSIFNETMASK, &r) == 0);
}

/* A network without a router is one, too. */
static bool set_route(int fd)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    struct rtentry r;

    if (!getenv("router"))
        return true;
    memset(&r, 0, sizeof r);
    memcpy(&r.rt_dst, &any, sizeof r.rt_dst);
    memcpy(&r.rt_genmask, &any, sizeof r.rt_genmask);
    r.rt_flags = RTF_UP | RTF_GATEWAY;
    return first_address("router", &r.rt_gateway) &&
           ioctl(fd, SIOCADDRT, &r) == 0;
}

static bool write_all(int fd, const char *s, size_t n)
{
    return write(fd, s, n) == (ssize_t)n;
}

/* Addresses are written as text once they were read as addresses: what came
 * over the network goes into no file. */
static bool write_resolver(void)
{
    static const char key[] = "nameserver ";
    struct sockaddr_in at;
    char text[INET_ADDRSTRLEN + 1];
    bool ok;
    int fd;

    if (!first_address("dns", (struct sockaddr *)&at))
        return true; /* numeric endpoints need none */
    inet_ntop(AF_INET, &at.sin_addr, text, INET_ADDRSTRLEN);
    strcat(text, "\n");
    fd = open("/run/resolv.conf", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
              0644);
    if (fd < 0)
        return false;
    ok = write_all(fd, key, sizeof key - 1) &&
         write_all(fd, text, strlen(text));
    close(fd);
    return ok;
}

/* see network.h */
int network_lease(const char *event)
{
    const char *name = getenv("interface");
    bool ok;
    int fd;

    if (strcmp(event, "bound") != 0 && strcmp(event, "renew") != 0)
        return 0;
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || !name)
        return 1;
    ok = set_address(fd, name) && set_route(fd) && write_resolver();
    close(fd);
    return ok ? 0 : 1;
}
