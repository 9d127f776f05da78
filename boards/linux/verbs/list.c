/*
 * list.c - AMIs that are shared with this account, line by line as they come, in
 * constant memory.
 */
#include <string.h>
#include <unistd.h>

#include "boards/linux/say/json.h"
#include "boards/linux/stop.h"
#include "boards/linux/verbs/verbs.h"
#include "boards/linux/witness.h"
#include "core/utc.h"

#define DAY_S          86400
#define UNKNOWN_AGE    (-1)
#define PROGRESS_EVERY 1000
#define SLOW_READER_MS 500

/* Columns of the text; a name may be longer than its header. */
enum {
    AT_OWNER = 23,
    AT_AGE = 37,
    AT_STATE = 46,
    AT_DEPRECATED = 57,
    AT_NAME = 69
};

struct listing {
    struct session *session;
    struct witness *witness;
    struct cilp_list list;
    struct report report;
    struct out out;
    uint32_t shown; /* items that passed the filter */
    bool shows_progress;
    char buf[4096];
};

/* Whole days, or UNKNOWN_AGE. */
static int64_t age_of(const struct listing *l)
{
    const char *text = l->list.image.created;
    int64_t created, now = session_time(l->session);

    if (!cilp_utc_from_iso(text, strlen(text), &created))
        return UNKNOWN_AGE;
    return now > created ? (now - created) / DAY_S : 0;
}

/* ---- One image --------------------------------------------------------- */

/* A cell, and blanks up to the next column; at least one. */
static size_t put_cell(struct out *o, size_t at, const char *s, size_t next)
{
    out_str(o, s[0] ? s : "-");
    at += s[0] ? strlen(s) : 1;
    out_pad(o, at, next);
    if (at < next)
        return next;
    out_char(o, ' ');
    return at + 1;
}

/* To the right, five wide. */
static size_t put_age(struct out *o, size_t at, int64_t age)
{
    char text[] = "            ?";
    size_t n = sizeof text - 1;

    for (; age != UNKNOWN_AGE && (age > 0 || n == sizeof text - 1); age /= 10)
        text[--n] = (char)('0' + age % 10);
    if (n > sizeof text - 6)
        n = sizeof text - 6;
    return put_cell(o, at, text + n, AT_STATE);
}

static void put_text(struct out *o, const struct cilp_image *image, int64_t age)
{
    char deprecated[11] = "";
    size_t at;

    memcpy(deprecated, image->deprecated, sizeof deprecated - 1);
    at = put_cell(o, 0, image->id, AT_OWNER);
    at = put_cell(o, at, image->owner, AT_AGE);
    at = put_age(o, at, age);
    at = put_cell(o, at, image->state, AT_DEPRECATED);
    put_cell(o, at, deprecated, AT_NAME);
    out_str(o, image->name);
    out_char(o, '\n');
}

static void put_header(struct out *o)
{
    size_t at = put_cell(o, 0, "AMI", AT_OWNER);

    at = put_cell(o, at, "OWNER", AT_AGE);
    at = put_cell(o, at, " DAYS", AT_STATE);
    at = put_cell(o, at, "STATE", AT_DEPRECATED);
    put_cell(o, at, "DEPRECATED", AT_NAME);
    out_str(o, "NAME\n");
}

static void put_json(struct out *o, const struct cilp_image *image, int64_t age)
{
    struct json j;

    json_begin(&j, o);
    json_str(&j, "image", image->id);
    json_str(&j, "owner", image->owner);
    json_str(&j, "name", image->name);
    json_str(&j, "created", image->created);
    if (age == UNKNOWN_AGE)
        json_str(&j, "age_days", NULL);
    else
        json_int(&j, "age_days", age);
    json_str(&j, "state", image->state);
    json_str(&j, "deprecated", image->deprecated);
    json_bool(&j, "public", strcmp(image->is_public, "true") == 0);
    json_bool(&j, "allowed", strcmp(image->is_allowed, "false") != 0);
    json_end(&j);
}

static void put_image(struct listing *l, int64_t age)
{
    const struct cilp_image *image = &l->list.image;

    switch (l->session->set->output) {
    case OUTPUT_JSON: put_json(&l->out, image, age); break;
    case OUTPUT_IDS:
        out_str(&l->out, image->id);
        out_char(&l->out, '\n');
        break;
    case OUTPUT_OFF: break;
    case OUTPUT_DEFAULT:
    case OUTPUT_TEXT:
        if (l->shown == 0)
            put_header(&l->out);
        put_text(&l->out, image, age);
        break;
    }
    l->shown++;
}

static void take(void *arg)
{
    struct listing *l = arg;
    uint32_t older_than = l->session->set->options->older_than;
    uint32_t before = cilp_port_now().mono_ms;
    int64_t age = age_of(l);

    if (l->shows_progress && l->list.pages.count % PROGRESS_EVERY == 0)
        say_progress(l->list.pages.count, " AMIs so far");
    if (age >= (int64_t)older_than || !older_than)
        put_image(l, age); /* an unknown age is not known to be older */
    l->session->fed_ms += cilp_port_now().mono_ms - before;
}

/* ---- All of them ------------------------------------------------------- */

/* Whose list is it? EXIT_DONE, or an exit code after a complaint: the keys are
 * not, or not any more, of the account that they have to be of. Otherwise the
 * list is asked for with the keys that are known now. */
static enum exit_code know_who(struct listing *l)
{
    const struct cilp_errand *e = &l->witness->errand;

    witness_begin(l->witness, CILP_ERRAND_TO_KNOW, NULL);
    witness_finish(l->witness);
    if (stop_signal())
        return (enum exit_code)(EXIT_SIGNAL + stop_signal());
    if (e->over)
        return witness_tell_account(l->witness);
    session_request(l->session, &cilp_list, NULL, &l->list)->keys =
        e->me.account[0] ? e->me_keys : 0;
    return EXIT_DONE;
}

/* EC2 lists what names the account, its own images too if their owner wrote
 * that down. Leaving them out takes to know who we are. */
static void leave_out_own(struct listing *l)
{
    const struct witness *w = l->witness;
    struct out o;

    if (w->errand.me.account[0]) {
        l->list.account = w->errand.me.account;
        return;
    }
    say_note(&o);
    out_str(&o, "this account's own AMIs are not left out; who is asking could"
                " not be found out: ");
    report_cause(&o, &w->me_report);
    say_end(&o);
}

/* Whoever reads the list may be slower than EC2 and its deadlines bear: a batch
 * of cancels at the other end of a pipe. Then the list goes on where it was;
 * core asks for the page again and passes over what was handed out. */
static bool was_kept(const struct listing *l)
{
    enum cilp_err err = l->report.result.err;

    return l->report.result.outcome == CILP_NOT_SENT &&
           l->session->fed_ms >= SLOW_READER_MS &&
           (err == CILP_E_TIMEOUT || err == CILP_E_CLOSED || err == CILP_E_TLS);
}

static void tell_how_far(const struct listing *l)
{
    struct out o;

    say_error(&o, SPELLING_OWN);
    out_str(&o, "the list is not complete: it broke after ");
    out_uint(&o, l->list.pages.count);
    out_str(&o, l->list.pages.count == 1 ? " AMI" : " AMIs");
    out_str(&o, " (whole pages: ");
    out_uint(&o, l->list.pages.whole);
    out_char(&o, ')');
    say_end(&o);
}

/* Page after page, and from the start of the list to its end. EXIT_DONE, or an
 * exit code after a complaint. */
static enum exit_code run(struct listing *l)
{
    enum exit_code rc = know_who(l);

    if (rc != EXIT_DONE)
        return rc;
    leave_out_own(l);
    session_run(l->session, &l->report);
    while (was_kept(l)) {
        rc = know_who(l);
        if (rc != EXIT_DONE)
            return rc;
        session_run(l->session, &l->report);
    }
    return EXIT_DONE;
}

static void put_filter(struct out *o, const char *option, const char *value)
{
    if (!value)
        return;
    out_str(o, option);
    out_quoted(o, value);
}

/* Nothing at all would leave open whether the question was the right one. */
static void tell_empty(const struct listing *l)
{
    const struct settings *s = l->session->set;
    const struct options *options = s->options;
    struct out o;

    say_note(&o);
    out_str(&o, "no AMI in ");
    out_quoted(&o, s->req.region);
    out_str(&o, " is shared with this account");
    put_filter(&o, " and has --owner ", options->owner);
    put_filter(&o, " and has --name ", options->name);
    if (options->older_than) {
        out_str(&o, " and is older than ");
        out_uint(&o, options->older_than);
        out_str(&o, options->older_than == 1 ? " day" : " days");
    }
    say_end(&o);
}

/* How it ended, if there is more to say than the list itself. */
static void tell_end(const struct listing *l, enum exit_code rc)
{
    bool is_whole = rc == EXIT_DONE &&
                    l->report.result.outcome == CILP_ANSWERED;

    if (rc == EXIT_DONE && !is_whole)
        report(&l->report);
    if (!is_whole && l->list.pages.count)
        tell_how_far(l);
    if (is_whole && !l->shown)
        tell_empty(l);
}

/* see verbs.h */
int verb_list(struct witness *w)
{
    static struct listing all;
    struct listing *l = &all;
    const struct options *o = w->session->set->options;
    enum exit_code rc;

    l->witness = w;
    l->session = w->session;
    out_init_with(&l->out, STDOUT_FILENO, l->buf, sizeof l->buf);
    l->shows_progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
    l->list.owner = o->owner;
    l->list.name = o->name;
    l->session->item = take;
    l->session->item_arg = l;
    l->session->feed = &l->out;
    rc = run(l);
    if (l->shows_progress)
        say_progress_end();
    if (!out_flush(&l->out) && !stop_signal())
        return (int)complain(SPELLING_OWN, EXIT_NETWORK,
                             "standard output could not be written; the list"
                             " is not complete",
                             NULL, "");
    tell_end(l, rc);
    return rc == EXIT_DONE ? (int)report_code(&l->report) : (int)rc;
}
