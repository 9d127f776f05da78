/*
 * user.c - an application of an RTOS, played on this machine: one cancel over plain BSD
 * sockets, where and as whom the environment says. Exit 0: cancelled; 3: cilp_init()
 * refused the struct; 1: anything else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "port/bsd/tcp.h"
#include "port/drive.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/tls.h"

struct bundle {
    struct cilp_trust_reader reader;
    FILE *file;
};

static struct cilp_op op;
static struct cilp_bsd_tcp tcp;
static struct cilp_tls tls;
static struct cilp_trust_bundle roots;
static struct bundle bundle;

static bool to_start(struct cilp_trust_reader *r)
{
    return fseek(((struct bundle *)r)->file, 0, SEEK_SET) == 0;
}

static size_t read_on(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    FILE *file = ((struct bundle *)r)->file;
    size_t n = fread(p, 1, cap, file);

    return ferror(file) ? CILP_TRUST_READ_FAILED : n;
}

static bool set_up(void)
{
    const char *path = getenv("AWS_CA_BUNDLE");

    bundle.reader = (struct cilp_trust_reader){to_start, read_on};
    bundle.file = path ? fopen(path, "r") : NULL;
    if (!bundle.file)
        return false;
    cilp_trust_init_bundle(&roots, &bundle.reader);
    cilp_bsd_tcp_init(&tcp);
    cilp_tls_init(&tls, &tcp.s, &roots.trust);
    return true;
}

static void run(struct cilp_drive *d)
{
    while (cilp_drive_lap(d) != CILP_DONE)
        cilp_bsd_wait(&tcp, cilp_drive_idle_ms(d));
}

int main(int argc, char **argv)
{
    struct cilp_static_creds keys = {getenv("AWS_ACCESS_KEY_ID"),
                                     getenv("AWS_SECRET_ACCESS_KEY"),
                                     getenv("AWS_SESSION_TOKEN")};
    struct cilp_request req = {.flow = &cilp_cancel,
                               .image_id = argc > 1 ? argv[1] : "",
                               .region = getenv("AWS_REGION"),
                               .endpoint = getenv("AWS_ENDPOINT_URL_EC2"),
                               .source = &cilp_creds_static,
                               .source_arg = &keys};
    struct cilp_drive d = {&op, &tcp.s, &tls.stream, NULL};
    const struct cilp_result *result;

    if (!cilp_init(&op, sizeof op))
        return 3;
    if (!set_up() || !cilp_port_entropy(req.random, sizeof req.random))
        return 1;
    cilp_start(&op, &req, cilp_port_now());
    run(&d);
    cilp_end(&op);
    run(&d);
    result = cilp_result(&op);
    printf("outcome %d, arena %d, window %d\n", (int)result->outcome,
           CILP_TLS_ARENA, CILP_IO_MAX);
    return result->outcome == CILP_CANCELLED ? 0 : 1;
}
