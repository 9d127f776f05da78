/* arena_case.c - whether a handshake fits an arena of so many bytes:
 *   arena_case BYTES PORT BUNDLE
 * Exit 0: it does; 1: "out of TLS memory"; 2: anything else. arena.py asks it
 * again and again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbedtls/build_info.h"
#include "mbedtls/platform.h"

#include "port/mbedtls/arena.h"
#include "port/mbedtls/tls.h"
#include "port/posix/tcp.h"

static struct cilp_posix_tcp tcp;
static struct cilp_tls tls;
static struct cilp_trust_bundle bundle;
static char why[CILP_STREAM_WHY_MAX];

struct file {
    struct cilp_trust_reader reader;
    FILE *stream;
};

static bool to_start(struct cilp_trust_reader *r)
{
    return fseek(((struct file *)r)->stream, 0, SEEK_SET) == 0;
}

static size_t read_on(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    return fread(p, 1, cap, ((struct file *)r)->stream);
}

int main(int argc, char **argv)
{
    struct file file = {{to_start, read_on}, NULL};
    struct cilp_peer peer = {.host = "localhost", .tls = true};
    enum cilp_stream_rc rc;

    if (argc != 4 || !(file.stream = fopen(argv[3], "r")) ||
        !cilp_arena_start())
        return 2;
    /* What is held is at the front: the rest is an arena of that size. */
    if (!mbedtls_calloc(1, CILP_TLS_ARENA - (size_t)atol(argv[1])))
        return 2;
    cilp_trust_init_bundle(&bundle, &file.reader);
    cilp_posix_tcp_init(&tcp);
    cilp_tls_init(&tls, &tcp.s, &bundle.trust);
    tls.stream.why = why;
    peer.port = (uint16_t)atoi(argv[2]);
    peer.unix_s = cilp_port_now().unix_s;
    while ((rc = tls.stream.ops->open(&tls.stream, &peer)) == CILP_STREAM_AGAIN)
        cilp_posix_wait(&tcp, tls.stream.more ? 0 : 1000, NULL);
    if (rc == CILP_STREAM_OK)
        return 0;
    fprintf(stderr, "%s\n", why);
    return strncmp(why, "out of TLS memory", 17) ? 2 : 1;
}
