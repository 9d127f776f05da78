#include "tests/unit/rows.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/listener.h"

/* see listener.h */
int listener(int family, uint16_t *port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool is_v4 = family == AF_INET;
    void *a = is_v4 ? (void *)&v4 : (void *)&v6;
    socklen_t len = is_v4 ? sizeof v4 : sizeof v6;
    int fd = socket(family, SOCK_STREAM, 0);

    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, a, len), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, a, &len), 0);
    *port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
    return fd;
}

/* see listener.h */
void silence_begin(struct silence *s)
{
    struct sockaddr_in a = {.sin_family = AF_INET};

    s->fd = listener(AF_INET, &s->port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons(s->port);
    for (size_t i = 0; i < FILLERS; i++) {
        s->filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(s->filler[i], (struct sockaddr *)&a, sizeof a);
    }
}

/* see listener.h */
void silence_end(struct silence *s)
{
    for (size_t i = 0; i < FILLERS; i++)
        close(s->filler[i]);
    close(s->fd);
}
