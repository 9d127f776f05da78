/*
 * list.c - AMIs that are shared with this account, line by line as they come, in
 * constant memory.
 */
#include <string.h>
#include <unistd.h>

#include "boards/linux/plan_file.h"
#include "boards/linux/regions.h"
#include "boards/linux/say/json.h"
#include "boards/linux/say/tally.h"
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
    AT_NAME = 69,
    FOR_USED = 6,   /* more, with --in-use, */
    FOR_REGION = 17 /* and with --regions */
};

#define NOT_ASKED (-2)
#define NOT_KNOWN (-1)
#define HELD      CILP_REFERENCES_IDS

/* What is listed of an image. */
struct entry {
    struct cilp_image image;
    const char *region; /* NULL: there is but one, as always without lanes */
    int64_t age;
    int32_t used; /* resources that refer to it; or NOT_ASKED, NOT_KNOWN */
};

/* A Region's part. With --in-use images are held until it is known of ten of
 * them. */
struct part {
    struct cilp_list list;
    bool is_over; /* the list is, the last question is not */
    uint32_t n;   /* of held */
    struct entry held[HELD];
    const char *ids[HELD];
    struct cilp_references references;
};

struct listing {
    struct session *session;
    struct witness *witness;
    struct cilp_list list;
    struct report report;
    struct out out;
    uint32_t shown; /* items that passed the filter */
    uint32_t seen;  /* in all Regions */
    bool shows_progress;
    bool use_told; /* the user knows that it cannot be asked what is in use */
    char buf[4096];

    /* with several Regions, or --in-use, or for a plan */
    struct part parts[REGIONS_AT_ONCE];
    struct tally tally;

    bool is_plan;                   /* lines of one, instead of the list's */
    const char *whole[REGIONS_MAX]; /* Regions whose list came to its end */
    uint32_t n_whole;
    char
        failed[PLAN_REGIONS_LEN + 1]; /* all others, with commas between them */
};

/* Whole days, or UNKNOWN_AGE. */
static int64_t age_of(const struct listing *l, const struct cilp_image *image)
{
    const char *text = image->created;
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

/* "3", "-": none, "?": not known. */
static size_t put_used(struct out *o, size_t at, int32_t used, size_t next)
{
    char text[] = "          ";
    size_t n = sizeof text - 1;

    for (; used > 0; used /= 10)
        text[--n] = (char)('0' + used % 10);
    return put_cell(o, at, used == NOT_KNOWN ? "?" : text + n, next);
}

/* The Region of an image in a list of several, or a plan; NULL: there is but one. */
static const char *region_of(const struct entry *e)
{
    return CILP_REGIONS ? e->region : NULL;
}

/* The same for the question whether it is in use. */
static int32_t use_of(const struct entry *e)
{
    return CILP_REGIONS ? e->used : NOT_ASKED;
}

/* What only some lists have, in front of the name; from AT_NAME on. */
static void put_more(struct out *o, size_t at, const struct entry *e)
{
    size_t next = AT_NAME;

    if (use_of(e) != NOT_ASKED) {
        next += FOR_USED;
        at = put_used(o, at, e->used, next);
    }
    if (region_of(e))
        (void)put_cell(o, at, e->region, next + FOR_REGION);
}

static void put_text(struct out *o, const struct entry *e)
{
    const struct cilp_image *image = &e->image;
    char deprecated[11] = "";
    size_t at;

    memcpy(deprecated, image->deprecated, sizeof deprecated - 1);
    at = put_cell(o, 0, image->id, AT_OWNER);
    at = put_cell(o, at, image->owner, AT_AGE);
    at = put_age(o, at, e->age);
    at = put_cell(o, at, image->state, AT_DEPRECATED);
    at = put_cell(o, at, deprecated, AT_NAME);
    put_more(o, at, e);
    out_str(o, image->name);
    out_char(o, '\n');
}

static void put_header(struct out *o, const struct entry *e)
{
    size_t at = put_cell(o, 0, "AMI", AT_OWNER), next = AT_NAME;

    at = put_cell(o, at, "OWNER", AT_AGE);
    at = put_cell(o, at, " DAYS", AT_STATE);
    at = put_cell(o, at, "STATE", AT_DEPRECATED);
    at = put_cell(o, at, "DEPRECATED", AT_NAME);
    if (use_of(e) != NOT_ASKED) {
        next += FOR_USED;
        at = put_cell(o, at, "USED", next);
    }
    if (region_of(e))
        put_cell(o, at, "REGION", next + FOR_REGION);
    out_str(o, "NAME\n");
}

static void put_json(struct out *o, const struct entry *e)
{
    const struct cilp_image *image = &e->image;
    struct json j;

    json_begin(&j, o);
    if (region_of(e))
        json_str(&j, "region", e->region);
    json_str(&j, "image", image->id);
    json_str(&j, "owner", image->owner);
    json_str(&j, "name", image->name);
    json_str(&j, "created", image->created);
    if (e->age == UNKNOWN_AGE)
        json_str(&j, "age_days", NULL);
    else
        json_int(&j, "age_days", e->age);
    json_str(&j, "state", image->state);
    json_str(&j, "deprecated", image->deprecated);
    json_bool(&j, "public", strcmp(image->is_public, "true") == 0);
    json_bool(&j, "allowed", strcmp(image->is_allowed, "false") != 0);
    if (use_of(e) == NOT_KNOWN)
        json_str(&j, "in_use", NULL);
    else if (use_of(e) != NOT_ASKED)
        json_int(&j, "in_use", e->used);
    json_end(&j);
}

static void put_id(struct out *o, const struct entry *e)
{
    out_str(o, e->image.id);
    if (region_of(e)) {
        out_char(o, ' ');
        out_str(o, e->region);
    }
    out_char(o, '\n');
}

static void put_entry(struct listing *l, const struct entry *e)
{
    if (CILP_REGIONS && l->is_plan) {
        plan_put_image(&l->out, &e->image, e->region, e->used);
        l->shown++;
        return;
    }
    switch (l->session->set->output) {
    case OUTPUT_JSON: put_json(&l->out, e); break;
    case OUTPUT_IDS: put_id(&l->out, e); break;
    case OUTPUT_OFF: break;
    case OUTPUT_DEFAULT:
    case OUTPUT_TEXT:
        if (l->shown == 0)
            put_header(&l->out, e);
        put_text(&l->out, e);
        break;
    }
    l->shown++;
}

/* False: it is younger than what is asked for. An unknown age is not known to be
 * older. */
static bool enter(const struct listing *l, const struct cilp_image *image,
                  struct entry *e)
{
    uint32_t older_than = l->session->set->options->older_than;

    e->age = age_of(l, image);
    if (older_than && e->age < (int64_t)older_than)
        return false;
    e->image = *image;
    e->region = NULL;
    e->used = NOT_ASKED;
    return true;
}

static void take(void *arg)
{
    struct listing *l = arg;
    uint32_t before = cilp_port_now().mono_ms;
    struct entry e;

    if (l->shows_progress && l->list.pages.count % PROGRESS_EVERY == 0)
        say_progress(l->list.pages.count, " AMIs so far");
    if (enter(l, &l->list.image, &e))
        put_entry(l, &e);
    l->session->fed_ms += cilp_port_now().mono_ms - before;
}

/* ---- All of them ------------------------------------------------------- */

/* Whose list is it? EXIT_DONE, or an exit code after a complaint: the keys are
 * not, or not any more, of the account that they have to be of. Otherwise the
 * list is asked for with the keys that are known now. */
static enum exit_code know_who(struct listing *l)
{
    const struct cilp_errand *e = &l->witness->errand;
    enum exit_code rc = witness_know(l->witness);

    if (rc == EXIT_DONE)
        session_request(l->session, &cilp_list, NULL, &l->list)->keys =
            e->me.account[0] ? e->me_keys : 0;
    return rc;
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
static bool was_kept(const struct report *r, uint32_t fed_ms)
{
    enum cilp_err err = r->result.err;

    return r->result.outcome == CILP_NOT_SENT && fed_ms >= SLOW_READER_MS &&
           (err == CILP_E_TIMEOUT || err == CILP_E_CLOSED || err == CILP_E_TLS);
}

static void tell_how_far(const struct cilp_list *list)
{
    struct out o;

    say_error(&o, SPELLING_OWN);
    out_str(&o, "the list is not complete: it broke after ");
    out_uint(&o, list->pages.count);
    out_str(&o, list->pages.count == 1 ? " AMI" : " AMIs");
    out_str(&o, " (whole pages: ");
    out_uint(&o, list->pages.whole);
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
    while (was_kept(&l->report, l->session->fed_ms)) {
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
    if (CILP_REGIONS && options->regions) {
        out_uint(&o, region_names_count());
        out_str(&o, region_names_count() == 1 ? " Region" : " Regions");
    } else {
        out_quoted(&o, s->req.region);
    }
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
        tell_how_far(&l->list);
    if (is_whole && !l->shown)
        tell_empty(l);
}

static const char *not_complete(const struct listing *l)
{
    return CILP_REGIONS && l->is_plan ? "; the plan is not complete"
                                      : "; the list is not complete";
}

/* False: not all of it could be written, and that is not because of a signal. */
static bool end_output(struct listing *l)
{
    if (l->shows_progress)
        say_progress_end();
    return out_flush(&l->out) || stop_signal();
}

/* ---- In several Regions, or with what is in use -------------------------- */

static void tell_progress(const struct listing *l)
{
    if (l->shows_progress)
        say_progress_of(regions_done(), region_names_count(), " Regions",
                        l->seen, " AMIs so far");
}

/* A plan tells for each image, so that people see it before it is applied. */
static bool asks_use(const struct options *o)
{
    return o->in_use || o->verb == VERB_PLAN;
}

static bool begin_part(struct listing *l, struct part *p, struct lane *lane)
{
    const struct options *o = l->session->set->options;
    const char *account = l->witness->errand.me.account;

    if (lane->calls == 0) {
        memset(&p->list, 0, sizeof p->list);
        p->list.owner = o->owner;
        p->list.name = o->name;
        p->list.account = account[0] ? account : NULL;
        p->is_over = false;
        p->n = 0;
    }
    lane->req.flow = &cilp_list;
    lane->req.memory = &p->list;
    return true;
}

/* The question about all that are held. */
static void ask_used(struct part *p, struct cilp_request *req)
{
    memset(&p->references, 0, sizeof p->references);
    for (uint32_t i = 0; i < p->n; i++) {
        p->ids[i] = p->held[i].image.id;
        p->held[i].used = 0;
    }
    p->references.ids = p->ids;
    p->references.n_ids = (uint8_t)p->n;
    req->flow = &cilp_image_references;
    req->memory = &p->references;
}

static void count_used(struct part *p)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (p->n == 1 || strcmp(p->ids[i], p->references.image_id) == 0)
            p->held[i].used++;
}

/* What is not known is said to be so, once why. */
static void tell_unknown_use(struct listing *l, const struct lane *lane,
                             const struct report *r)
{
    struct out o;

    if (r->result.err == CILP_E_STOPPED)
        return;
    if (r->result.means != CILP_MEANS_DENIED)
        regions_worsen((int)report_code(r));
    if (l->use_told)
        return;
    l->use_told = true;
    say_about(lane->region);
    say_note(&o);
    out_str(&o, "which AMIs are in use could not be checked: ");
    report_cause(&o, r);
    say_end(&o);
    say_about(NULL);
}

/* The question was answered, or not: what is held can be shown. */
static void show_held(struct listing *l, struct part *p,
                      const struct lane *lane, const struct report *r)
{
    bool is_known = r->result.outcome == CILP_ANSWERED;

    if (!is_known)
        tell_unknown_use(l, lane, r);
    for (uint32_t i = 0; i < p->n; i++) {
        if (!is_known)
            p->held[i].used = NOT_KNOWN;
        put_entry(l, &p->held[i]);
    }
    p->n = 0;
}

static void fail_part(const struct part *p, const struct lane *lane)
{
    lane_failed(lane);
    if (!p->list.pages.count)
        return;
    say_about(lane->region);
    tell_how_far(&p->list);
    say_about(NULL);
}

/* For struct regions_job. */
static bool next_call(void *arg, struct lane *lane)
{
    struct listing *l = arg;
    struct part *p = &l->parts[lane->number];

    if (lane->calls == 0)
        return begin_part(l, p, lane);
    if (p->is_over) {
        show_held(l, p, lane, &lane->report);
        return false;
    }
    if (was_kept(&lane->report, lane->fed_ms))
        return begin_part(l, p, lane);
    if (lane->report.result.outcome != CILP_ANSWERED)
        fail_part(p, lane);
    else
        l->whole[l->n_whole++] = lane->region;
    p->is_over = true;
    if (p->n)
        ask_used(p, &lane->req);
    return p->n > 0;
}

static bool take_item(void *arg, struct lane *lane)
{
    struct listing *l = arg;
    struct part *p = &l->parts[lane->number];
    const struct options *o = l->session->set->options;
    struct entry *e = &p->held[p->n];

    if (lane->req.flow == &cilp_image_references) {
        count_used(p);
        return true;
    }
    if (p->n == HELD)
        return false;
    if (++l->seen % PROGRESS_EVERY == 0)
        tell_progress(l);
    if (!enter(l, &p->list.image, e))
        return true;
    e->region = o->regions || l->is_plan ? lane->region : NULL;
    tally_add(&l->tally, lane->region, e->image.owner);
    if (asks_use(o))
        p->n++;
    else
        put_entry(l, e);
    return true;
}

static void ask_beside(void *arg, struct lane *lane)
{
    struct listing *l = arg;

    ask_used(&l->parts[lane->number], &lane->ask_req);
}

static void take_beside(void *arg, struct lane *lane)
{
    struct listing *l = arg;

    count_used(&l->parts[lane->number]);
}

static void show_answered(void *arg, struct lane *lane)
{
    struct listing *l = arg;

    show_held(l, &l->parts[lane->number], lane, &lane->ask_report);
}

static void part_over(void *arg, struct lane *lane)
{
    struct listing *l = arg;
    struct part *p = &l->parts[lane->number];

    (void)lane;
    p->n = 0;
    tell_progress(l);
}

/* ---- A plan --------------------------------------------------------------- */

/* People get the list that they can read. */
static bool is_plan(const struct options *o)
{
    return o->verb == VERB_PLAN &&
           (o->output == OUTPUT_JSON ||
            (o->output == OUTPUT_DEFAULT && !isatty(STDOUT_FILENO)));
}

/* EXIT_DONE, or an exit code after a complaint: whose it would be is not known. */
static enum exit_code begin_plan(struct listing *l)
{
    const struct settings *s = l->session->set;
    const struct options *o = s->options;
    const struct witness *w = l->witness;
    const struct plan_about about = {.account = w->errand.me.account,
                                     .principal = w->errand.me.arn,
                                     .regions = o->regions ? o->regions
                                                           : s->req.region,
                                     .owner = o->owner,
                                     .name = o->name,
                                     .older_than = o->older_than,
                                     .time_s = session_time(l->session)};

    if (!l->is_plan)
        return EXIT_DONE;
    if (about.account[0]) {
        plan_put_head(&l->out, &about);
        return EXIT_DONE;
    }
    report(&w->me_report);
    return report_code(&w->me_report);
}

static bool is_whole(const struct listing *l, const char *region)
{
    for (uint32_t i = 0; i < l->n_whole; i++)
        if (l->whole[i] == region)
            return true;
    return false;
}

/* Which Regions it lacks, or has in part. There is room for all. */
static uint32_t list_failed(struct listing *l)
{
    char *to = l->failed;
    uint32_t n = 0;

    for (uint32_t i = 0; i < region_names_count(); i++) {
        const char *region = region_names_at(i);

        if (is_whole(l, region))
            continue;
        to = stpcpy(stpcpy(to, n++ ? "," : ""), region);
    }
    return n;
}

/* What was stopped by a signal has no end. */
static void end_plan(struct listing *l)
{
    uint32_t failed;
    struct out o;

    if (!l->is_plan || stop_signal())
        return;
    failed = list_failed(l);
    plan_put_end(&l->out, l->shown, l->failed);
    if (!failed)
        return;
    say_error(&o, SPELLING_OWN);
    out_str(&o, "the plan is not complete, and says so; it lacks AMIs of ");
    out_str(&o, l->failed);
    say_end(&o);
}

/* ---- All parts ------------------------------------------------------------ */

static int run_parts(struct listing *l)
{
    const struct regions_job job = {.arg = l,
                                    .next = next_call,
                                    .item = take_item,
                                    .ask = ask_beside,
                                    .ask_item = take_beside,
                                    .answered = show_answered,
                                    .over = part_over,
                                    .feed = &l->out};
    enum exit_code rc = regions_find(l->witness);
    int code;

    if (rc == EXIT_DONE)
        rc = begin_plan(l);
    if (rc != EXIT_DONE)
        return (int)rc;
    leave_out_own(l);
    code = regions_run(l->witness, &job);
    end_plan(l);
    return code;
}

static int list_parts(struct listing *l)
{
    const struct options *o = l->session->set->options;
    int code;

    if (!o->regions)
        (void)region_names_keep(l->session->set->req.region);
    code = run_parts(l);
    if (!end_output(l))
        return (int)complain_of_output(not_complete(l));
    if ((o->regions || o->verb == VERB_PLAN) && isatty(STDERR_FILENO))
        tally_show(&l->tally);
    if (code == EXIT_DONE && !l->shown)
        tell_empty(l);
    return code;
}

/* ---- The verb ------------------------------------------------------------ */

static int list_one(struct listing *l)
{
    const struct options *o = l->session->set->options;
    enum exit_code rc;

    l->list.owner = o->owner;
    l->list.name = o->name;
    l->session->item = take;
    l->session->item_arg = l;
    l->session->feed = &l->out;
    rc = run(l);
    if (!end_output(l))
        return (int)complain_of_output(not_complete(l));
    tell_end(l, rc);
    return rc == EXIT_DONE ? (int)report_code(&l->report) : (int)rc;
}

/* see verbs.h */
int verb_list(struct witness *w)
{
    static struct listing all;
    struct listing *l = &all;
    const struct options *o = w->session->set->options;

    l->witness = w;
    l->session = w->session;
    out_init_with(&l->out, STDOUT_FILENO, l->buf, sizeof l->buf);
    l->shows_progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
    l->is_plan = CILP_REGIONS && is_plan(o);
    if (CILP_REGIONS && (o->regions || asks_use(o)))
        return list_parts(l);
    return list_one(l);
}
