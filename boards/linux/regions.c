#include "boards/linux/regions.h"

#include <string.h>

#include "boards/linux/region.h"
#include "boards/linux/stop.h"
#include "core/regions.h"

/* Items of one call in one turn, so that others have theirs. */
#define ITEMS_A_TURN 64

static struct {
    uint32_t at; /* the next Region that is begun */
    uint32_t done;
    bool is_all;
    bool is_many; /* there are more than REGIONS_MAX */

    struct witness *witness;
    const struct regions_job *job;
    bool is_over;    /* no further one is begun */
    int code;        /* the worst so far */
    uint32_t fed_ms; /* waited for the reader of job->feed */
    uint8_t turns;   /* since signals were looked for */
    struct lane lanes[REGIONS_AT_ONCE];
} self;

static struct session *session(void)
{
    return self.witness->session;
}

static const struct settings *settings(void)
{
    return session()->set;
}

/* ---- Which Regions ------------------------------------------------------- */

static enum exit_code add(enum spelling spelling, const char *name)
{
    enum exit_code rc = region_check(spelling, name);

    if (rc != EXIT_DONE)
        return rc;
    if (!cilp_region_is_valid(name))
        return complain(spelling, EXIT_USAGE, "--regions: ", name,
                        " is no Region's name; give all, or names as"
                        " eu-west-1,us-east-1");
    if (region_names_find(name))
        return complain(spelling, EXIT_USAGE, "--regions: ", name,
                        " is there twice");
    if (!region_names_keep(name))
        return complain(spelling, EXIT_USAGE,
                        "--regions: more than 128 Regions; are these names of"
                        " Regions?",
                        NULL, "");
    return EXIT_DONE;
}

static enum exit_code read_names(enum spelling spelling, const char *text)
{
    char name[64];
    enum exit_code rc = EXIT_DONE;

    self.is_all = strcmp(text, "all") == 0;
    if (self.is_all)
        return EXIT_DONE;
    for (size_t n; rc == EXIT_DONE; text += n + 1) {
        n = strcspn(text, ",");
        /* what does not fit is too long to be one, cut or not */
        memcpy(name, text, n < sizeof name ? n : sizeof name - 1);
        name[n < sizeof name ? n : sizeof name - 1] = '\0';
        rc = add(spelling, name);
        if (!text[n])
            break;
    }
    return rc;
}

/* see regions.h */
enum exit_code regions_read(enum spelling spelling, const struct options *o)
{
    return o->regions ? read_names(spelling, o->regions) : EXIT_DONE;
}

/* see regions.h */
const char *regions_first(void)
{
    return self.is_all ? NULL : region_names_at(0);
}

/* see regions.h */
uint32_t regions_done(void)
{
    return self.done;
}

/* One that EC2 told. */
static void take_name(void *arg)
{
    const struct cilp_regions *found = arg;

    if (!region_names_keep(found->name))
        self.is_many = true;
}

static enum exit_code ask_names(void)
{
    static struct cilp_regions found;
    static struct report r;
    const struct cilp_errand *e = &self.witness->errand;
    struct session *c = session();

    session_request(c, &cilp_regions, NULL, &found)->keys =
        e->me.account[0] ? e->me_keys : 0;
    c->item = take_name;
    c->item_arg = &found;
    session_run(c, &r);
    if (r.result.outcome != CILP_ANSWERED) {
        report(&r);
        return report_code(&r);
    }
    if (region_names_count() == 0 || self.is_many)
        return complain(SPELLING_OWN, EXIT_CONFIG, "DescribeRegions in ",
                        c->set->req.region,
                        self.is_many
                            ? " tells of more than 128 Regions; name some"
                              " of them with --regions"
                            : " tells of no Region; name them with"
                              " --regions");
    return EXIT_DONE;
}

/* The keys that all lanes share are there, and of the right account. */
static enum exit_code know(void)
{
    struct witness *w = self.witness;
    enum exit_code rc = witness_know(w);

    if (rc != EXIT_DONE || cilp_key_id(&w->session->op)[0])
        return rc;
    report(&w->me_report);
    return report_code(&w->me_report);
}

/* see regions.h */
enum exit_code regions_find(struct witness *w)
{
    enum exit_code rc;

    self.witness = w;
    rc = know();
    return rc == EXIT_DONE && self.is_all ? ask_names() : rc;
}

/* ---- A call -------------------------------------------------------------- */

static void set_up(struct region_call *c)
{
    struct session *s = session();
    struct cilp_stream *way;

    cilp_posix_tcp_init(&c->tcp);
    c->tcp.mask = &s->waiting;
    way_further(&c->way, &c->tcp.s, &way);
    cilp_tls_init(&c->tls, way, s->tls.trust);
    way->why = c->tls.stream.why = c->why;
    c->drive = (struct cilp_drive){&c->op, way, &c->tls.stream, NULL};
    if (!settings()->debug)
        return;
    debug_init(&c->debug_plain, way, &c->op);
    debug_init(&c->debug_tls, &c->tls.stream, &c->op);
    c->debug_plain.put_way = c->debug_tls.put_way = s->debug_tls.put_way;
    c->drive.plain = &c->debug_plain.s;
    c->drive.tls = &c->debug_tls.s;
}

/* All that is the same for each call there. */
static void make(const struct lane *l, struct cilp_request *req)
{
    *req = settings()->req;
    req->region = l->region;
    req->source = &cilp_creds_shared;
    req->source_arg = &session()->op;
    req->room = NULL;
    req->room_len = 0;
    req->wait_ms = 0;
}

static void start(struct lane *l, struct region_call *c,
                  struct cilp_request *req)
{
    if (!c->is_open)
        (void)cilp_init(&c->op, sizeof c->op); /* as the session's was */
    c->is_open = true;
    c->why[0] = '\0';
    /* see session.c: it cannot fail */
    (void)cilp_port_entropy(req->random, sizeof req->random);
    if (req->flow == &cilp_identity)
        req->endpoint = settings()->sts_endpoint;
    cilp_start(&c->op, req, cilp_port_now());
    l->is_fresh = true;
}

static void end(struct region_call *c)
{
    if (!c->is_open)
        return;
    cilp_end(&c->op);
    while (cilp_drive_lap(&c->drive) != CILP_DONE)
        cilp_posix_wait(NULL, 0, NULL);
    c->is_open = false;
}

/* ---- A Region ------------------------------------------------------------ */

static void finish(struct lane *l)
{
    end(&l->call);
    end(&l->beside);
    l->is_busy = false;
    self.done++;
    if (self.job->over)
        self.job->over(self.job->arg, l);
}

/* The next call there, or none. */
static void go_on(struct lane *l)
{
    make(l, &l->req);
    if (self.is_over || !self.job->next(self.job->arg, l)) {
        finish(l);
        return;
    }
    l->fed_ms = l->asked_ms = 0;
    l->fed_from = self.fed_ms;
    l->is_given_up = false;
    start(l, &l->call, &l->req);
}

static void begin(struct lane *l)
{
    if (!l->call.drive.op) {
        l->number = (unsigned)(l - self.lanes);
        set_up(&l->call);
        set_up(&l->beside);
    }
    l->region = region_names_at(self.at++);
    l->calls = 0;
    l->is_busy = true;
    go_on(l);
}

static void ask(struct lane *l)
{
    make(l, &l->ask_req);
    l->is_asking = true;
    l->asked_from = cilp_port_now().mono_ms;
    self.job->ask(self.job->arg, l);
    start(l, &l->beside, &l->ask_req);
}

/* The item of the call, once more after a question. */
static void offer(struct lane *l)
{
    uint32_t before = cilp_port_now().mono_ms;
    bool is_taken = self.job->item(self.job->arg, l);

    self.fed_ms += cilp_port_now().mono_ms - before;
    if (is_taken)
        cilp_took(&l->call.op);
    else
        ask(l);
}

static void take_item(struct lane *l)
{
    if (!l->is_asking) {
        offer(l);
        return;
    }
    self.job->ask_item(self.job->arg, l);
    cilp_took(&l->beside.op);
}

static void answered(struct lane *l)
{
    report_take(&l->ask_report, settings(), &l->ask_req, &l->beside.op,
                l->beside.why);
    l->is_asking = false;
    l->asked_ms += cilp_port_now().mono_ms - l->asked_from;
    self.job->answered(self.job->arg, l);
    l->is_fresh = true;
    if (!self.is_over)
        offer(l);
}

static void ended(struct lane *l)
{
    if (l->is_asking) {
        answered(l);
        return;
    }
    if (!l->is_given_up)
        report_take(&l->report, settings(), &l->req, &l->call.op, l->call.why);
    l->fed_ms = self.fed_ms - l->fed_from + l->asked_ms;
    l->calls++;
    go_on(l);
}

/* Nobody is there: a whole time for connecting has passed. Asking twice more, as
 * is done elsewhere, would hold all of it up. */
static bool is_dead(const struct region_call *c)
{
    const struct cilp_result *r = cilp_result(&c->op);

    return c->want == CILP_WAIT && r->err == CILP_E_TIMEOUT && !r->sent;
}

static void give_up(struct lane *l)
{
    report_take(&l->report, settings(), &l->req, &l->call.op, l->call.why);
    l->is_given_up = true;
    cilp_stop(&l->call.op);
    l->is_fresh = true;
}

static struct region_call *under_way(struct lane *l)
{
    return l->is_asking ? &l->beside : &l->call;
}

/* Up to a point at which it has to wait. */
static void step(struct lane *l)
{
    for (int items = 0; items < ITEMS_A_TURN && l->is_busy; items++) {
        struct region_call *c = under_way(l);

        l->is_fresh = false;
        c->want = cilp_drive_lap(&c->drive);
        if (c->want == CILP_ITEM)
            take_item(l);
        else if (c->want == CILP_DONE)
            ended(l);
        else if (!l->is_asking && is_dead(c))
            give_up(l);
        else
            return;
    }
    l->is_fresh = l->is_busy;
}

/* ---- All of them --------------------------------------------------------- */

static bool is_any_busy(void)
{
    for (size_t i = 0; i < REGIONS_AT_ONCE; i++)
        if (self.lanes[i].is_busy)
            return true;
    return false;
}

static void stop_all(void)
{
    self.is_over = true;
    for (size_t i = 0; i < REGIONS_AT_ONCE; i++) {
        struct lane *l = &self.lanes[i];

        if (!l->is_busy)
            continue;
        cilp_stop(&l->call.op);
        if (l->is_asking)
            cilp_stop(&l->beside.op);
        l->is_asking = false;
        l->is_fresh = true;
    }
}

/* Keys are renewed between calls, never in one: with none under way. False: not
 * yet. */
static bool has_keys(void)
{
    enum exit_code rc;

    (void)session_request(session(), &cilp_regions, NULL, NULL);
    if (!session_wants_keys(session()))
        return true;
    if (is_any_busy())
        return false;
    rc = know();
    if (rc == EXIT_DONE)
        return true;
    regions_worsen((int)rc);
    self.is_over = true;
    return false;
}

/* --debug shows one at a time: nobody could read eight. */
static size_t at_once(void)
{
    return settings()->debug ? 1 : REGIONS_AT_ONCE;
}

static void begin_some(void)
{
    for (size_t i = 0; i < at_once(); i++)
        if (!self.lanes[i].is_busy && !self.is_over &&
            self.at < region_names_count() && has_keys())
            begin(&self.lanes[i]);
}

/* What is waited for, and for how long at most. */
static size_t list_sockets(const struct cilp_posix_tcp *at[REGIONS_AT_ONCE],
                           uint32_t *ms)
{
    size_t n = 0;

    *ms = UINT32_MAX;
    for (size_t i = 0; i < REGIONS_AT_ONCE; i++) {
        struct lane *l = &self.lanes[i];
        struct region_call *c = under_way(l);
        uint32_t idle;

        if (!l->is_busy)
            continue;
        idle = l->is_fresh ? 0 : cilp_drive_idle_ms(&c->drive);
        *ms = idle < *ms ? idle : *ms;
        at[n++] = c->want == CILP_WAIT ? NULL : &c->tcp;
    }
    return n;
}

static void wait_a_while(void)
{
    const struct cilp_posix_tcp *at[REGIONS_AT_ONCE];
    uint32_t before = cilp_port_now().mono_ms, ms;
    size_t n = list_sockets(at, &ms);

    if (self.job->feed && !out_flush(self.job->feed)) {
        stop_all();
        return;
    }
    self.fed_ms += cilp_port_now().mono_ms - before;
    if (n)
        cilp_posix_wait_any(at, n, ms, &session()->waiting);
    if (++self.turns % 16 == 0) /* see session.c */
        cilp_posix_wait(NULL, 0, &session()->waiting);
    if (stop_signal())
        stop_all();
}

/* see regions.h */
int regions_run(struct witness *w, const struct regions_job *job)
{
    self.witness = w;
    self.job = job;
    self.at = self.done = 0;
    self.code = EXIT_DONE;
    self.is_over = stop_signal() != 0;
    do {
        begin_some();
        for (size_t i = 0; i < REGIONS_AT_ONCE; i++)
            if (self.lanes[i].is_busy)
                step(&self.lanes[i]);
        wait_a_while();
    } while (is_any_busy() ||
             (!self.is_over && self.at < region_names_count()));
    return stop_signal() ? EXIT_SIGNAL + stop_signal() : self.code;
}

/* see regions.h */
void regions_worsen(int code)
{
    self.code = outcome_worse(self.code, code);
}

/* The keys are good, for STS took them: it is no fault of theirs. */
static void hint(const struct lane *l)
{
    enum cilp_meaning means = l->report.result.means;

    if (l->report.result.outcome == CILP_REFUSED &&
        means == CILP_MEANS_BAD_KEYS && self.witness->errand.me.account[0])
        note("these keys are good elsewhere: perhaps this Region is not enabled"
             " for the account (aws account list-regions tells)",
             NULL, "");
    else if (l->report.result.err == CILP_E_RESOLVE)
        note("is that a Region's name? --regions all asks EC2 which ones there"
             " are",
             NULL, "");
}

/* see regions.h */
void lane_failed(const struct lane *l)
{
    if (l->report.result.err == CILP_E_STOPPED)
        return;
    say_about(l->region);
    report(&l->report);
    hint(l);
    say_about(NULL);
    regions_worsen((int)report_code(&l->report));
}
