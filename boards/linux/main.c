/*
 * main.c - the static program for Linux: puts the parts together.
 */
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "boards/linux/bundle_file.h"
#include "boards/linux/credentials.h"
#include "boards/linux/debug.h"
#include "boards/linux/report.h"
#include "boards/linux/settings.h"
#include "boards/linux/stop.h"
#include "boards/linux/version.h"
#include "port/drive.h"
#include "port/mbedtls/tls.h"
#include "port/posix/tcp.h"

/* All the memory that there is: no heap, and little stack. */
static struct {
    struct options options;
    struct settings settings;
    struct cilp_op op;
    struct tcp_stream tcp;     /* plain http; */
    struct tcp_stream tls_tcp; /* and what TLS stands on */
    struct tls tls;
    struct trust roots;
    struct trust_bundle bundle;
    struct bundle_file bundle_file;
    struct debug_stream debug_plain, debug_tls;
    struct drive drive;
    sigset_t waiting;
    char why[STREAM_WHY_MAX];
} self;

/* ---- Before anything else ---------------------------------------------- */

/* Secrets are in this memory: no core dump, no reading of /proc/PID/mem by
 * other programs of the same user. */
static void forbid_dumps(void)
{
    struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* A program may be started with standard streams closed. Whatever is opened
 * next would take their numbers, and error messages would be sent to EC2. "/"
 * exists in every chroot, and opened like this takes no writes. */
static void hold_standard_fds(void)
{
    int fd;

    do {
        fd = open("/", O_PATH | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* ---- The streams ------------------------------------------------------- */

static enum exit_code set_up_trust(const struct settings *s,
                                   struct trust **trust)
{
    const char *fault;

    trust_init_roots(&self.roots);
    *trust = &self.roots;
    if (!s->ca_bundle)
        return EXIT_DONE;
    fault = bundle_file_open(&self.bundle_file, s->ca_bundle);
    if (fault) {
        struct out o;

        say_fault(&o, s->spelling, EXIT_CONFIG);
        out_str(&o, "the CA bundle '");
        out_quoted(&o, s->ca_bundle);
        out_str(&o, "' ");
        out_str(&o, fault);
        out_str(&o, "; see --ca-bundle and AWS_CA_BUNDLE");
        say_end(&o);
        return EXIT_CONFIG;
    }
    trust_init_bundle(&self.bundle, &self.bundle_file.reader);
    *trust = &self.bundle.trust;
    return EXIT_DONE;
}

static enum exit_code set_up_streams(const struct settings *s)
{
    struct drive *d = &self.drive;
    struct trust *trust;
    enum exit_code rc = set_up_trust(s, &trust);

    if (rc != EXIT_DONE)
        return rc;
    tcp_init(&self.tcp);
    tcp_init(&self.tls_tcp);
    tls_init(&self.tls, &self.tls_tcp.s, trust);
    self.tcp.mask = self.tls_tcp.mask = &self.waiting;
    self.tcp.s.why = self.tls.stream.why = self.why;
    d->op = &self.op;
    d->plain = &self.tcp.s;
    d->tls = &self.tls.stream;
    if (s->debug) {
        debug_init(&self.debug_plain, d->plain, &self.op);
        debug_init(&self.debug_tls, d->tls, &self.op);
        d->plain = &self.debug_plain.s;
        d->tls = &self.debug_tls.s;
    }
    return EXIT_DONE;
}

/* ---- The call ---------------------------------------------------------- */

/* The socket that the wanted stream stands on; NULL: nothing but time. */
static const struct tcp_stream *socket_of(enum cilp_want want)
{
    if (want == CILP_WAIT)
        return NULL;
    return cilp_peer(&self.op)->tls ? &self.tls_tcp : &self.tcp;
}

static void drive_to_done(void)
{
    enum cilp_want want;

    while ((want = drive_lap(&self.drive)) != CILP_DONE) {
        posix_wait(socket_of(want), cilp_idle_ms(&self.op), &self.waiting);
        if (stop_signal())
            cilp_stop(&self.op);
    }
}

/* EXIT_DONE, or an exit code after a complaint: the call was not begun. */
static enum exit_code begin(struct settings *s)
{
    struct cilp_static_creds keys;
    enum exit_code rc = credentials_read(&keys, s->spelling);

    if (rc != EXIT_DONE)
        return rc;
    if (!port_entropy(s->req.random, sizeof s->req.random))
        return complain(s->spelling, EXIT_CONFIG,
                        "this machine gives no random bytes (getrandom)", NULL,
                        "");
    if (!cilp_init(&self.op, sizeof self.op))
        return complain(s->spelling, EXIT_CONFIG,
                        "the program was built with two sizes", NULL, "");
    s->req.source = &cilp_creds_static;
    s->req.source_arg = &keys;
    cilp_start(&self.op, &s->req, port_now());
    return EXIT_DONE;
}

static int call(struct settings *s)
{
    enum exit_code rc = begin(s);
    struct report r;

    credentials_forget();
    if (rc != EXIT_DONE)
        return (int)rc;
    drive_to_done();
    r.set = s;
    r.result = cilp_result(&self.op);
    r.peer = cilp_peer(&self.op);
    r.why = self.why;
    r.signal = r.result->err == CILP_E_STOPPED ? stop_signal() : 0;
    rc = (enum exit_code)report(&r);
    cilp_end(&self.op);
    while (drive_lap(&self.drive) != CILP_DONE)
        posix_wait(NULL, 0, NULL);
    return (int)rc;
}

/* ---- The program ------------------------------------------------------- */

static int answer(const struct options *o)
{
    struct out out;

    out_init(&out, STDOUT_FILENO);
    if (o->version)
        version_show(&out);
    else
        options_help(o, &out);
    return out_flush(&out) ? EXIT_DONE : EXIT_NETWORK;
}

int main(int argc, char **argv)
{
    enum exit_code rc;

    forbid_dumps();
    hold_standard_fds();
    stop_install(&self.waiting);
    rc = options_read(&self.options, argc, argv);
    if (rc != EXIT_DONE)
        return (int)rc;
    if (self.options.help || self.options.version)
        return answer(&self.options);
    rc = settings_read(&self.settings, &self.options);
    if (rc == EXIT_DONE)
        rc = set_up_streams(&self.settings);
    return rc == EXIT_DONE ? call(&self.settings) : (int)rc;
}
