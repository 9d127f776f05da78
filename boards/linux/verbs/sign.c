/*
 * sign.c - sign a cancel, and send nothing: another machine does (send.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "boards/linux/paper.h"
#include "boards/linux/verbs/verbs.h"
#include "boards/linux/witness.h"
#include "core/text.h"

/* All that a secret passes through. */
static struct {
    struct paper paper;
    struct cilp_signed request;
    struct cilp_sign at;
    struct report report;
    struct out out;
    char buf[REQUEST_FILE_MAX];
} self;

static const char *path_of(const struct witness *w)
{
    return w->session->set->options->to_file;
}

static enum exit_code bad_file(const struct witness *w, const char *fault)
{
    return complain(SPELLING_OWN, EXIT_CONFIG, "-o ", path_of(w), fault);
}

static enum exit_code read_at(const struct witness *w)
{
    const char *at = w->session->set->options->at;

    if (!at || cilp_utc_from_iso(at, strlen(at), &self.at.at_s))
        return EXIT_DONE;
    return complain(SPELLING_OWN, EXIT_USAGE, "--at ", at,
                    " is no time; give one as 2026-01-15T12:00:00Z");
}

/* A file that is there may be somebody's; and who could read it goes on doing
 * so. */
static enum exit_code open_file(const struct witness *w)
{
    int fd = STDOUT_FILENO;

    if (!path_of(w) && isatty(fd))
        return complain(SPELLING_OWN, EXIT_USAGE,
                        "the signed request is a secret, and not shown on a"
                        " terminal; give -o FILE, or send standard output"
                        " elsewhere",
                        NULL, "");
    if (path_of(w))
        fd = open(path_of(w), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                  S_IRUSR | S_IWUSR);
    if (fd < 0)
        return bad_file(w, errno == EEXIST
                               ? " is there already, and is not written over;"
                                 " nothing was signed"
                               : " cannot be made; nothing was signed");
    out_init_with(&self.out, fd, self.buf, sizeof self.buf);
    return EXIT_DONE;
}

/* Only if the keys have to be somebody's: that takes a network. */
static enum exit_code know_who(struct witness *w)
{
    return w->errand.account ? witness_know(w) : EXIT_DONE;
}

static enum exit_code sign(struct witness *w)
{
    struct session *c = w->session;
    const struct options *o = c->set->options;
    struct cilp_request *req;
    enum exit_code rc = know_who(w);

    if (rc != EXIT_DONE)
        return rc;
    paper_lay(&self.paper, c);
    req = session_request(c, &cilp_sign, o->words[0], &self.at);
    req->dry_run = o->dry_run == CHOICE_YES;
    req->attempts = 1;
    req->keys = w->errand.me.account[0] ? w->errand.me_keys : 0;
    session_run(c, &self.report);
    if (self.report.result.outcome == CILP_ANSWERED)
        return EXIT_DONE;
    report(&self.report);
    return report_code(&self.report);
}

static enum exit_code put_file(const struct witness *w)
{
    bool is_read =
        cilp_signed_read(&self.request, self.paper.bytes, self.paper.len);

    if (is_read && request_file_put(&self.out, &self.request) &&
        (!path_of(w) || fsync(self.out.fd) == 0))
        return EXIT_DONE;
    return complain(SPELLING_OWN, EXIT_NETWORK,
                    "the signed request could not be written", NULL, "");
}

static void tell(void)
{
    const struct cilp_signed *s = &self.request;
    struct out o;

    say_note(&o);
    out_str(&o, s->dry_run ? "a dry run for " : "the cancel of ");
    out_quoted(&o, s->image_id);
    out_str(&o, " in ");
    out_quoted(&o, s->region);
    out_str(&o, " is signed; EC2 takes it from ");
    out_utc(&o, s->signed_s - CILP_SIGNED_GOOD_S);
    out_str(&o, " to ");
    out_utc(&o, s->signed_s + CILP_SIGNED_GOOD_S);
    out_str(&o, ", from whoever has it: cilp send");
    say_end(&o);
}

/* see verbs.h */
int verb_sign(struct witness *w)
{
    enum exit_code rc = read_at(w);

    if (rc == EXIT_DONE)
        rc = open_file(w);
    if (rc != EXIT_DONE)
        return (int)rc;
    rc = sign(w);
    if (rc == EXIT_DONE)
        rc = put_file(w);
    if (rc == EXIT_DONE && w->session->set->output != OUTPUT_OFF)
        tell();
    if (rc != EXIT_DONE && path_of(w))
        unlink(path_of(w));
    cilp_zero(self.paper.bytes, sizeof self.paper.bytes);
    cilp_zero(self.buf, sizeof self.buf);
    return (int)rc;
}
