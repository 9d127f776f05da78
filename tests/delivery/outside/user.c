/*
 * user.c - a program outside the tree: one cancel with the installed library,
 * where and as whom the environment says. Exit 0: cancelled; 3: cilp_init()
 * refused the struct; 1: anything else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "port/drive.h"
#include "port/mbedtls/tls.h"
#include "port/posix/file.h"
#include "port/posix/tcp.h"

#define BUNDLE_MAX 100000

struct bundle {
    struct cilp_trust_reader reader;
    struct cilp_posix_file file;
};

static struct cilp_op op;
static struct cilp_posix_tcp tcp;
static struct cilp_tls tls;
static struct cilp_trust_bundle roots;
static struct bundle bundle;

static bool to_start(struct cilp_trust_reader *r)
{
    return cilp_posix_file_rewind(&((struct bundle *)r)->file);
}

static size_t read_on(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    return cilp_posix_file_read(&((struct bundle *)r)->file, p, cap);
}

static bool set_up(void)
{
    const char *path = getenv("AWS_CA_BUNDLE");

    bundle.reader.rewind = to_start;
    bundle.reader.read = read_on;
    if (!path || cilp_posix_file_open(&bundle.file, path, BUNDLE_MAX))
        return false;
    cilp_trust_init_bundle(&roots, &bundle.reader);
    cilp_posix_tcp_init(&tcp);
    cilp_tls_init(&tls, &tcp.s, &roots.trust);
    return true;
}

static void run(struct cilp_drive *d)
{
    while (cilp_drive_lap(d) != CILP_DONE)
        cilp_posix_wait(&tcp, cilp_drive_idle_ms(d), NULL);
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
    printf("outcome %d, error %d, %s\n", (int)result->outcome, (int)result->err,
           cilp_what_text(result->what));
    return result->outcome == CILP_CANCELLED ? 0 : 1;
}
