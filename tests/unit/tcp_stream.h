/*
 * tcp_stream.h - the TCP that a test is built with: port/posix's, or with TEST_BSD
 * port/bsd's. Both have one contract (port/port.h), so one test serves.
 */
#ifndef CILP_TESTS_TCP_STREAM_H
#define CILP_TESTS_TCP_STREAM_H

#if defined(TEST_BSD)
#include "port/bsd/tcp.h"

typedef struct cilp_bsd_tcp tcp_stream;
#define tcp_stream_init cilp_bsd_tcp_init

static inline void tcp_stream_wait(const tcp_stream *t, uint32_t ms)
{
    cilp_bsd_wait(t, ms);
}
#else
#include "port/posix/tcp.h"

typedef struct cilp_posix_tcp tcp_stream;
#define tcp_stream_init cilp_posix_tcp_init

static inline void tcp_stream_wait(const tcp_stream *t, uint32_t ms)
{
    cilp_posix_wait(t, ms, NULL);
}
#endif

#endif
