/*
 * main.c - the static program for Linux: puts the parts together.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "boards/linux/libc/relro.h"
#include "boards/linux/stop.h"
#include "boards/linux/version.h"
#include "boards/linux/witness.h"

/* With what the verbs have, all the memory that there is: no heap, and little
 * stack. */
static struct {
    struct options options;
    struct settings settings;
    struct cilp_chain chain;
    struct session session;
    struct witness witness;
    struct audit audit;
} self;

/* ---- Before anything else ---------------------------------------------- */

/* Secrets are in this memory: no core dump, no reading of /proc/PID/mem by
 * other programs of the same user. */
static void forbid_dumps(void)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* A program may be started with standard streams closed. Whatever is opened
 * next would take their numbers, and error messages would be sent to EC2. "/"
 * exists in every chroot, and opened like this takes no writes. */
static void hold_standard_fds(void)
{
    struct pollfd fds[] = {
        {.fd = STDIN_FILENO}, {.fd = STDOUT_FILENO}, {.fd = STDERR_FILENO}};
    int fd;

    if (poll(fds, 3, 0) == 0) /* one that is closed is an event */
        return;
    do {
        fd = open("/", O_PATH | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* ---- Before the verb --------------------------------------------------- */

static enum exit_code set_up_audit(void)
{
    const char *path = self.options.audit, *fault;
    struct out o;

    if (!path)
        return EXIT_DONE;
    fault = audit_open(&self.audit, path);
    if (!fault) {
        self.audit.key_id = cilp_key_id(&self.session.op);
        self.audit.errand = &self.witness.errand;
        self.session.audit = &self.audit;
        return EXIT_DONE;
    }
    say_fault(&o, self.options.spelling, EXIT_CONFIG);
    out_str(&o, "the audit file '");
    out_quoted(&o, path);
    out_str(&o, "' ");
    out_str(&o, fault);
    out_str(&o, "; nothing was sent");
    say_end(&o);
    return EXIT_CONFIG;
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

/* All that can be wrong before the first packet leaves. */
static enum exit_code set_up(void)
{
    enum exit_code rc;

    self.settings.chain = &self.chain;
    rc = settings_read(&self.settings, &self.options);
    self.witness.session = &self.session;
    cilp_errand_init(&self.witness.errand);
    self.witness.errand.account = self.options.expect_account;
    if (rc == EXIT_DONE)
        rc = session_set_up(&self.session, &self.settings);
    return rc == EXIT_DONE ? set_up_audit() : rc;
}

int main(int argc, char **argv)
{
#define RUN(name, run, ...) [VERB_AT_##name] = verb_##run,
    static int (*const runs[VERB_COUNT])(struct witness *) = {VERBS(RUN)};
    int rc;

    relro_apply();
    forbid_dumps();
    hold_standard_fds();
    stop_install(&self.session.waiting);
    rc = (int)options_read(&self.options, argc, argv);
    if (rc != EXIT_DONE)
        return rc;
    if (self.options.help || self.options.version)
        return answer(&self.options);
    rc = (int)set_up();
    if (rc != EXIT_DONE)
        return rc;
    rc = runs[verb_row(self.options.verb) - verb_rows](&self.witness);
    session_end(&self.session);
    return rc;
}
