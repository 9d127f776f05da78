/*
 * main.c - the static program for Linux: puts the parts together.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "boards/linux/verbs/cancel.h"
#include "boards/linux/verbs/doctor.h"
#include "boards/linux/verbs/explain.h"
#include "boards/linux/verbs/list.h"
#include "boards/linux/libc/relro.h"
#include "boards/linux/stop.h"
#include "boards/linux/version.h"

/* All the memory that there is: no heap, and little stack. */
static struct {
    struct options options;
    struct settings settings;
    struct cilp_chain chain;
    struct session session;
    struct witness witness;
    struct cancel cancel;
    struct listing listing;
    struct doctor doctor;
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

/* ---- The verbs --------------------------------------------------------- */

static int cancel(void)
{
    const struct options *o = &self.options;
    struct cancel *c = &self.cancel;

    if (o->audit)
        self.session.audit = &self.audit;
    c->witness = c->verify.witness = &self.witness;
    if (o->n_words == 1 &&
        (o->verb == VERB_EC2 || strcmp(o->words[0], "-") != 0))
        return cancel_one(c, o->words[0]);
    return cancel_many(c);
}

static int list(void)
{
    self.listing.session = &self.session;
    self.listing.witness = &self.witness;
    return list_shared(&self.listing);
}

static int explain_one(void)
{
    return explain(&self.witness, self.options.words[0]);
}

static int examine(void)
{
    self.doctor.session = &self.session;
    return doctor(&self.doctor);
}

static int run_verb(void)
{
#define RUN(name, run, ...) [VERB_AT_##name] = run,
    static int (*const runs[VERB_COUNT])(void) = {VERBS(RUN)};

    return runs[verb_row(self.options.verb) - verb_rows]();
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
    rc = run_verb();
    session_end(&self.session);
    return rc;
}
