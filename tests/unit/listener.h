/*
 * listener.h - who is connected to, on loopback.
 */
#ifndef CILP_TESTS_LISTENER_H
#define CILP_TESTS_LISTENER_H

#include <stdint.h>

/* A listener on 127.0.0.1 (AF_INET) or ::1 (AF_INET6), and its port. */
int listener(int family, uint16_t *port);

#define FILLERS 16

/* One on 127.0.0.1 whose queue is full, so that it answers nobody more. */
struct silence {
    int fd, filler[FILLERS];
    uint16_t port;
};

void silence_begin(struct silence *s);
void silence_end(struct silence *s);

#endif
