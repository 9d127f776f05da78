/*
 * send.c - send a cancel that another machine has signed (sign.c).
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "boards/linux/request_file.h"
#include "boards/linux/stop.h"
#include "boards/linux/verbs/verbs.h"
#include "boards/linux/witness.h"
#include "core/text.h"
#include "port/posix/file.h"

static struct {
    struct cilp_signed request;
    struct report report;
    size_t len;
    char bytes[REQUEST_FILE_MAX + 1]; /* one more: to see what is too long */
} self;

static enum exit_code bad_file(const char *name, const char *fault)
{
    return complain(SPELLING_OWN, EXIT_USAGE, "", name, fault);
}

/* ---- Reading --------------------------------------------------------------- */

/* The next bytes of standard input: how many; 0: none, or a signal came. */
static ssize_t read_some(const struct session *c)
{
    struct pollfd p = {STDIN_FILENO, POLLIN, 0};
    ssize_t n = -1;

    while (n < 0 && !stop_signal()) {
        if (ppoll(&p, 1, NULL, &c->waiting) <= 0)
            continue;
        n = read(STDIN_FILENO, self.bytes + self.len,
                 sizeof self.bytes - self.len);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return n;
    }
    return stop_signal() ? 0 : n;
}

static enum exit_code read_input(const struct session *c)
{
    ssize_t n = 1;

    if (isatty(STDIN_FILENO))
        note("the signed request is read from this terminal; Ctrl-D ends it",
             NULL, "");
    while (n > 0 && self.len < sizeof self.bytes) {
        n = read_some(c);
        self.len += n > 0 ? (size_t)n : 0;
    }
    if (stop_signal())
        return (enum exit_code)(EXIT_SIGNAL + stop_signal());
    return n < 0 ? bad_file("-", " (standard input) cannot be read")
                 : EXIT_DONE;
}

static enum exit_code read_path(const char *path)
{
    struct cilp_posix_file f;
    const char *fault = cilp_posix_file_open(&f, path, sizeof self.bytes);
    struct out o;

    if (!fault && !cilp_posix_file_read_all(&f, (uint8_t *)self.bytes,
                                            sizeof self.bytes, &self.len))
        fault = "cannot be read";
    if (!fault)
        return EXIT_DONE;
    say_fault(&o, SPELLING_OWN, EXIT_USAGE);
    out_str(&o, "the file '");
    out_quoted(&o, path);
    out_str(&o, "' ");
    out_str(&o, fault);
    say_end(&o);
    return EXIT_USAGE;
}

static enum exit_code read_request(const struct session *c, const char *name)
{
    bool is_input = strcmp(name, "-") == 0;
    enum exit_code rc = is_input ? read_input(c) : read_path(name);
    const char *fault = NULL;

    if (rc != EXIT_DONE)
        return rc;
    if (self.len > REQUEST_FILE_MAX)
        fault = " is too long for a file of cilp sign's";
    else
        fault = request_file_read(&self.request, self.bytes, self.len);
    return fault ? bad_file(name, fault) : EXIT_DONE;
}

/* ---- What EC2 would refuse ------------------------------------------------ */

/* By a clock that may be wrong; one that is not set does not judge. */
static enum exit_code check_time(void)
{
    struct cilp_now now = cilp_port_now();
    int64_t age_s = now.unix_s - self.request.signed_s;
    bool is_old = age_s > CILP_SIGNED_GOOD_S;
    struct out o;

    if (!now.trusted || (!is_old && age_s >= -CILP_SIGNED_GOOD_S))
        return EXIT_DONE;
    say_fault(&o, SPELLING_OWN, EXIT_CONFIG);
    out_str(&o, is_old ? "the request has expired: EC2 took it until "
                       : "it is too early for the request: EC2 takes it from ");
    out_utc(&o, self.request.signed_s +
                    (is_old ? CILP_SIGNED_GOOD_S : -CILP_SIGNED_GOOD_S));
    out_str(&o, ", and this machine says ");
    out_utc(&o, now.unix_s);
    out_str(&o, is_old ? "; sign it anew" : "; send it then");
    say_end(&o);
    return EXIT_CONFIG;
}

static enum exit_code tell_other_host(const struct session *c)
{
    const char *endpoint = c->set->req.endpoint;
    struct out o;

    say_fault(&o, SPELLING_OWN, EXIT_CONFIG);
    out_str(&o, "the request was signed for '");
    out_quoted(&o, self.request.host);
    out_quoted(&o, self.request.path);
    out_str(&o, "', which is not ");
    if (endpoint) {
        out_str(&o, "the endpoint '");
        out_quoted(&o, endpoint);
        out_char(&o, '\'');
    } else {
        out_str(&o, "EC2's in the Region '");
        out_quoted(&o, self.request.region);
        out_str(&o, "'; one of your own is named by --endpoint-url");
    }
    out_str(&o, "; nothing was sent");
    say_end(&o);
    return EXIT_CONFIG;
}

/* ---- Sending --------------------------------------------------------------- */

static void advise(void)
{
    if (self.report.result.outcome == CILP_REFUSED &&
        cilp_means_skewed(self.report.result.means))
        note("EC2 takes a request for 15 minutes before and after the time for"
             " which it is signed; sign it anew",
             NULL, "");
}

static enum exit_code send_it(struct session *c)
{
    struct cilp_request *req;

    c->set->req.region = self.request.region;
    req = session_request(c, &cilp_send, NULL, NULL);
    if (!cilp_signed_request(&self.request, req))
        return tell_other_host(c);
    session_run(c, &self.report);
    report(&self.report);
    advise();
    return report_code(&self.report);
}

/* see verbs.h */
int verb_send(struct witness *w)
{
    struct session *c = w->session;
    enum exit_code rc = read_request(c, c->set->options->words[0]);

    if (rc == EXIT_DONE)
        rc = check_time();
    if (rc == EXIT_DONE)
        rc = send_it(c);
    cilp_zero(self.bytes, sizeof self.bytes);
    return (int)rc;
}
