/* threads_case.c - a thread for each port, each with a stream of its own, all of
 * them at once, under one lock:
 *   threads_case ROUNDS BUNDLE PORT...
 * threads.py builds it with the thread sanitizer. Exit 0: every handshake was good.
 * Without a lock (ROUNDS negative) it is to fail: that is the test's own test. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sha256.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/tls.h"
#include "port/posix/tcp.h"

#define THREADS 4

struct file {
    struct cilp_trust_reader reader;
    FILE *stream;
};

static struct lane {
    pthread_t thread;
    struct file file;
    struct cilp_posix_tcp tcp;
    struct cilp_tls tls;
    struct cilp_trust_bundle bundle;
    uint16_t port;
    int failed;
    char why[CILP_STREAM_WHY_MAX];
} lanes[THREADS];
static int rounds;

/* ---- A lock --------------------------------------------------------------- */

static pthread_mutex_t mutex;

static void acquire(void *context)
{
    pthread_mutex_lock(context);
}

static void release(void *context)
{
    pthread_mutex_unlock(context);
}

static const struct cilp_lock lock = {acquire, release, &mutex};

static void set_lock(void)
{
    pthread_mutexattr_t kind;

    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &kind);
    cilp_arena_use_lock(&lock);
}

/* ---- Calls ---------------------------------------------------------------- */

static bool to_start(struct cilp_trust_reader *r)
{
    return fseek(((struct file *)r)->stream, 0, SEEK_SET) == 0;
}

static size_t read_on(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    return fread(p, 1, cap, ((struct file *)r)->stream);
}

/* One conversation. False: it failed, and why says how. */
static bool talk(struct lane *l)
{
    static const char get[] = "GET / HTTP/1.0\r\n\r\n";
    struct cilp_stream *s = &l->tls.stream;
    struct cilp_peer peer = {.host = "localhost", .port = l->port, .tls = true};
    enum cilp_stream_rc rc;
    uint8_t buf[1000];
    size_t done;

    while ((rc = s->ops->open(s, &peer)) == CILP_STREAM_AGAIN)
        cilp_posix_wait(&l->tcp, s->more ? 0 : 1000, NULL);
    if (rc == CILP_STREAM_OK)
        rc = s->ops->send(s, (const uint8_t *)get, sizeof get - 1, &done);
    while (rc == CILP_STREAM_OK || rc == CILP_STREAM_AGAIN) {
        if (rc == CILP_STREAM_AGAIN)
            cilp_posix_wait(&l->tcp, s->more ? 0 : 1000, NULL);
        rc = s->ops->recv(s, buf, sizeof buf, &done);
    }
    s->ops->close(s);
    return rc == CILP_STREAM_EOF;
}

static void *run(void *arg)
{
    struct lane *l = arg;
    struct cilp_sha256 hash;
    uint8_t digest[CILP_SHA256_LEN];

    for (int i = 0; i < rounds && l->failed == 0; i++) {
        memset(&hash, 0, sizeof hash);
        cilp_sha256_add(&hash, "text", 4);
        if (!cilp_sha256_end(&hash, digest) || digest[0] != 0x98 || !talk(l))
            l->failed++;
    }
    return NULL;
}

static bool begin(struct lane *l, const char *bundle, const char *port)
{
    l->file = (struct file){{to_start, read_on}, fopen(bundle, "r")};
    l->port = (uint16_t)atoi(port);
    cilp_trust_init_bundle(&l->bundle, &l->file.reader);
    cilp_posix_tcp_init(&l->tcp);
    cilp_tls_init(&l->tls, &l->tcp.s, &l->bundle.trust);
    l->tls.stream.why = l->why;
    return l->file.stream && pthread_create(&l->thread, NULL, run, l) == 0;
}

int main(int argc, char **argv)
{
    int n = argc - 3, failed = 0;

    if (n < 1 || n > THREADS)
        return 2;
    rounds = abs(atoi(argv[1]));
    if (atoi(argv[1]) > 0)
        set_lock();
    for (int i = 0; i < n; i++)
        if (!begin(&lanes[i], argv[2], argv[3 + i]))
            return 2;
    for (int i = 0; i < n; i++) {
        pthread_join(lanes[i].thread, NULL);
        failed += lanes[i].failed;
        if (lanes[i].failed)
            fprintf(stderr, "thread %d: %s\n", i, lanes[i].why);
    }
    return failed ? 1 : 0;
}
