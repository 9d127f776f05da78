#include "boards/linux/session.h"

#include <string.h>

#include "boards/linux/stop.h"
#include "boards/linux/way.h"
#include "core/identity.h"

#define PREPARE_MS 60000 /* for a credential_process */
#define REGION_MS  1000  /* as the AWS CLI waits for the metadata service */

/* ---- Before the first call --------------------------------------------- */

static enum exit_code set_up_trust(struct session *c, struct cilp_trust **trust)
{
    const struct settings *s = c->set;

    cilp_trust_init_roots(&c->roots);
    *trust = s->ca_bundle ? &c->bundle.trust : &c->roots;
    if (!s->ca_bundle)
        return EXIT_DONE;
    return bundle_file_trust(&c->bundle_file, &c->bundle, s->ca_bundle,
                             s->ca_bundle_from, s->spelling);
}

static void put_way(struct out *o, const struct cilp_peer *to)
{
    way_tell(o, "* ", to, "\n");
}

static enum exit_code set_up_streams(struct session *c)
{
    struct cilp_drive *d = &c->drive;
    struct cilp_trust *trust;
    struct cilp_stream *way;
    enum exit_code rc = set_up_trust(c, &trust);

    if (rc != EXIT_DONE)
        return rc;
    cilp_posix_tcp_init(&c->tcp);
    rc = way_set_up(c->set, &c->tcp.s, trust, &way);
    if (rc != EXIT_DONE)
        return rc;
    cilp_tls_init(&c->tls, way, trust);
    c->tcp.mask = &c->waiting;
    way->why = c->tls.stream.why = c->why;
    d->op = &c->op;
    d->plain = way;
    d->tls = &c->tls.stream;
    if (c->set->debug) {
        debug_init(&c->debug_plain, d->plain, &c->op);
        debug_init(&c->debug_tls, d->tls, &c->op);
        c->debug_plain.put_way = c->debug_tls.put_way = put_way;
        d->plain = &c->debug_plain.s;
        d->tls = &c->debug_tls.s;
    }
    return EXIT_DONE;
}

/* ---- A call ------------------------------------------------------------ */

/* see session.h */
struct cilp_request *session_request(struct session *c,
                                     const struct cilp_flow *flow,
                                     const char *image_id, void *memory)
{
    c->req = c->set->req;
    c->req.flow = flow;
    c->req.image_id = image_id;
    c->req.memory = memory;
    c->req.source = c->set->chain->source;
    c->req.source_arg = c->set->chain->arg;
    return &c->req;
}

static void snapshot(const struct session *c, struct report *r)
{
    report_take(r, c->set, &c->req, &c->op, c->why);
}

/* see session.h */
int64_t session_time(const struct session *c)
{
    return cilp_port_now().unix_s + cilp_result(&c->op)->clock_offset_s;
}

/* see session.h */
int64_t session_expires_s(const struct session *c)
{
    int64_t expires_s = cilp_expires_s(&c->op);

    return expires_s ? expires_s : c->set->chain->expires_s;
}

/* see session.h */
void session_audit(struct session *c, const struct report *r, bool is_last)
{
    if (c->audit)
        audit_line(c->audit, r, session_time(c),
                   cilp_port_now().mono_ms - c->began_ms, is_last);
}

/* By its name: an image need not have all flows of that one. */
static bool is_cancel(const struct cilp_flow *flow)
{
    return strcmp(cilp_action(flow), cilp_action(&cilp_cancel)) == 0;
}

/* An attempt is over when a pause follows it or the call is done; a line at the
 * end tells the outcome, also of a call that was stopped in a pause. */
static void end_attempt(struct session *c, struct report *r,
                        enum cilp_want want)
{
    uint8_t made = cilp_result(&c->op)->attempts;

    if (want != CILP_DONE && (want != CILP_WAIT || made == c->told))
        return;
    snapshot(c, r);
    if (made && is_cancel(c->req.flow))
        session_audit(c, r, want == CILP_DONE);
    c->told = made;
}

/* The socket that the wanted stream stands on; NULL: nothing but time. */
static const struct cilp_posix_tcp *socket_of(const struct session *c,
                                              enum cilp_want want)
{
    return want == CILP_WAIT ? NULL : &c->tcp;
}

static void tell_waiting(struct session *c)
{
    const struct cilp_peer *peer = cilp_peer(&c->op);
    struct out o;

    if (!cilp_is_waiting(&c->op) || c->wait_told)
        return;
    c->wait_told = true;
    say_note(&o);
    out_str(&o, "nothing answers at ");
    out_str(&o, peer->host);
    out_str(&o, ", port ");
    out_uint(&o, peer->port);
    out_str(&o, ", where credentials are to be had (");
    out_str(&o, cilp_chain_kind_name(c->set->chain->base));
    out_str(&o, "); it is asked again once a second, for up to ");
    out_uint(&o, c->req.wait_ms / 1000);
    out_str(&o, " s or half of --deadline");
    say_end(&o);
}

/* A wait that is over at once lets no signal in, and a peer that is never out of
 * bytes would keep them out for good: once in a while nothing else is looked at. */
static void hear_signals(struct session *c)
{
    if (++c->turns % 16 == 0)
        cilp_posix_wait(NULL, 0, &c->waiting);
    if (stop_signal())
        cilp_stop(&c->op);
}

static void wait_a_while(struct session *c, enum cilp_want want)
{
    uint32_t before = cilp_port_now().mono_ms;

    tell_waiting(c);
    if (c->feed && !out_flush(c->feed)) {
        cilp_stop(&c->op);
        return;
    }
    c->fed_ms += cilp_port_now().mono_ms - before;
    cilp_posix_wait(socket_of(c, want), cilp_drive_idle_ms(&c->drive),
                    &c->waiting);
    hear_signals(c);
}

static void drive_to_done(struct session *c, struct report *r)
{
    enum cilp_want want = CILP_WAIT;

    while (want != CILP_DONE) {
        if (want == CILP_WAIT) /* the next lap may begin an attempt */
            c->began_ms = cilp_port_now().mono_ms;
        want = cilp_drive_lap(&c->drive);
        end_attempt(c, r, want);
        if (want == CILP_ITEM) {
            c->item(c->item_arg);
            hear_signals(c); /* items come without a wait between them */
            cilp_took(&c->op);
        } else if (want != CILP_DONE) {
            wait_a_while(c, want);
        }
    }
}

/* Of a source that has a certificate: read anew, for it may have been renewed. */
static bool load_certificate(struct session *c)
{
    struct cilp_chain *chain = c->set->chain;
    struct cilp_now now = cilp_port_now();

    if (!chain->certificate)
        return true;
    now.unix_s = session_time(c);
    chain->identity = &c->certificate.is;
    return certificate_load(&c->certificate, chain->certificate,
                            chain->private_key, now, chain->why);
}

/* False: there are none to be had; r says why. */
static bool prepare_keys(struct session *c, struct report *r)
{
    struct cilp_chain *chain = c->set->chain;
    uint32_t deadline_ms = c->req.deadline_ms;

    if (load_certificate(c) &&
        cilp_chain_prepare(chain, cilp_port_now(),
                           deadline_ms ? deadline_ms : PREPARE_MS, &c->waiting))
        return true;
    snapshot(c, r);
    memset(&r->result, 0, sizeof r->result);
    r->result.outcome = CILP_NOT_SENT;
    r->result.err = stop_signal() ? CILP_E_STOPPED : CILP_E_CREDS;
    r->result.from_source = true;
    r->signal = stop_signal();
    memcpy(r->why, chain->why, sizeof r->why);
    return false;
}

static bool start(struct session *c, struct report *r)
{
    struct cilp_now now = cilp_port_now();

    /* getrandom() answered in session_set_up(), so it is seeded: it cannot fail. */
    (void)cilp_port_entropy(c->req.random, sizeof c->req.random);
    c->told = 0;
    c->fed_ms = 0;
    c->why[0] = '\0';
    if (cilp_wants_keys(&c->op, &c->req, now)) {
        if (!prepare_keys(c, r))
            return false;
        now = cilp_port_now();
    }
    cilp_start(&c->op, &c->req, now);
    if (c->req.source == &cilp_creds_static) /* which has copied them */
        cilp_chain_forget(c->set->chain);
    return true;
}

/* see session.h */
bool session_wants_keys(const struct session *c)
{
    return cilp_wants_keys(&c->op, &c->req, cilp_port_now());
}

/* Keys that never expire are not asked for again: what they came from is
 * wiped. */
static void forget_source(struct session *c)
{
    if (cilp_key_id(&c->op)[0] && !cilp_expires_s(&c->op))
        cilp_chain_forget(c->set->chain);
}

/* What a credential_process said beside the keys explains why there are none;
 * when it has given some it is of no use, and may be a secret. */
static void forget_said(struct session *c, const struct report *r)
{
    if (!r->result.from_source || r->result.attempts)
        cilp_chain_forget_said(c->set->chain);
}

static void tell_expired(struct session *c)
{
    int64_t expires_s = session_expires_s(c);
    struct out o;

    if (!expires_s || expires_s > session_time(c) || c->old_told)
        return;
    c->old_told = true;
    say_note(&o);
    out_str(&o, "the credentials of the source ");
    out_str(&o, cilp_chain_kind_name(c->set->chain->kind));
    out_str(&o, " expired at ");
    out_utc(&o, expires_s);
    out_str(&o, "; they were tried all the same");
    say_end(&o);
}

/* How far this machine's clock is behind EC2's: learnt and mended, or seen in a
 * verified reply to a request that was taken all the same. */
static int64_t clock_offset(const struct report *r)
{
    const struct cilp_result *e = &r->result;

    if (e->clock_learnt)
        return e->clock_offset_s;
    return r->peer.tls && e->date_s ? e->date_s - e->signed_s : 0;
}

static void tell_clock(struct session *c, const struct report *r)
{
    int64_t offset = clock_offset(r);
    struct out o;

    if (c->clock_told ||
        (offset > -CILP_CLOCK_OFF_S && offset < CILP_CLOCK_OFF_S))
        return;
    c->clock_told = true;
    say_note(&o);
    out_str(&o, "this machine's clock is ");
    out_int(&o, offset < 0 ? -offset : offset);
    out_str(&o, offset < 0 ? " s ahead of" : " s behind");
    out_str(&o, r->result.clock_learnt
                    ? " EC2's; requests were signed for EC2's time"
                    : " EC2's, which refuses requests from 15 minutes on");
    say_end(&o);
}

/* see session.h */
void session_run(struct session *c, struct report *r)
{
    if (c->req.flow == &cilp_identity)
        c->req.endpoint = c->set->sts_endpoint;
    if (!start(c, r))
        return;
    drive_to_done(c, r);
    cilp_chain_put_away(c->set->chain);
    forget_said(c, r);
    forget_source(c);
    tell_expired(c);
    tell_clock(c, r);
}

/* see session.h */
void session_try(struct session *c, struct report *r,
                 struct cilp_stream *stream)
{
    static const struct cilp_static_creds none = {"NOBODYNOBODYNOBODY", "none",
                                                  NULL};
    struct cilp_drive before = c->drive;
    struct cilp_now now = cilp_port_now();

    now.trusted = false; /* so that core asks for the time first */
    c->req.source = &cilp_creds_static;
    c->req.source_arg = &none;
    c->req.attempts = 1;
    c->why[0] = '\0';
    c->drive.plain = c->drive.tls = stream;
    cilp_start(&c->op, &c->req, now);
    (void)cilp_next(&c->op, now);
    drive_to_done(c, r);
    c->drive = before;
}

/* ---- Before the first call, the Region ---------------------------------- */

/* Which Region this machine is in, from EC2's metadata service: one look, for
 * most machines have no such thing. Unless a signal comes, EXIT_DONE. */
static enum exit_code ask_region(struct session *c)
{
    struct report r;

    c->where.imds = cilp_chain_metadata(c->set->chain);
    if (!c->where.imds)
        return EXIT_DONE;
    c->req = c->set->req;
    c->req.flow = &cilp_imds_region;
    c->req.memory = &c->where;
    c->req.attempts = 1;
    c->req.connect_ms = c->req.read_ms =
        c->where.imds->timeout_ms ? c->where.imds->timeout_ms : REGION_MS;
    cilp_start(&c->op, &c->req, cilp_port_now());
    drive_to_done(c, &r);
    if (r.signal)
        return (enum exit_code)(EXIT_SIGNAL + r.signal);
    if (r.result.outcome == CILP_ANSWERED)
        c->set->req.region = c->where.region;
    return EXIT_DONE;
}

/* --regions all asks somewhere which there are, and where does not matter: in the
 * first Region of most accounts' partition. */
static void take_first_region(struct settings *s)
{
    if (!CILP_REGIONS || s->req.region || !s->options->regions)
        return;
    s->req.region = "us-east-1";
    note("no Region is named; ", s->req.region,
         " is asked which Regions there are");
}

/* For verbs that do not know it themselves. */
static enum exit_code find_region(struct session *c)
{
    enum verb_needs needs = verb_row(c->set->options->verb)->needs;
    enum exit_code rc = EXIT_DONE;

    if (!c->set->req.region && (needs == NEEDS_BOTH || needs == NEEDS_NOTHING))
        rc = ask_region(c);
    if (rc == EXIT_DONE)
        take_first_region(c->set);
    if (rc != EXIT_DONE || c->set->req.region || needs != NEEDS_BOTH)
        return rc;
    return settings_no_region(c->set);
}

/* see session.h */
enum exit_code session_set_up(struct session *c, struct settings *s)
{
    enum exit_code rc;

    c->set = s;
    s->req.room = c->room;
    s->req.room_len = sizeof c->room;
    /* A sandbox that forbids the one allows no limit of time. */
    if (cilp_port_now().unreadable)
        return complain(s->spelling, EXIT_CONFIG,
                        "this machine's clock cannot be read (clock_gettime"
                        " fails), so nothing was sent: no limit of time would"
                        " hold; does a container runtime or sandbox filter"
                        " system calls? It has to allow this one",
                        NULL, "");
    rc = set_up_streams(c);
    if (rc != EXIT_DONE)
        return rc;
    /* Calls take their own; this is to know before anything is sent. */
    if (!cilp_port_entropy(c->req.random, sizeof c->req.random))
        return complain(s->spelling, EXIT_CONFIG,
                        "this machine gives no random bytes (getrandom)", NULL,
                        "");
    if (!cilp_init(&c->op, sizeof c->op))
        return complain(s->spelling, EXIT_CONFIG,
                        "the program was built with two sizes", NULL, "");
    return find_region(c);
}

/* ---- Beside calls ------------------------------------------------------ */

/* see session.h */
bool session_sleep(const struct session *c, uint32_t ms)
{
    uint32_t from = cilp_port_now().mono_ms, gone = 0;

    while (!stop_signal() && gone < ms) {
        cilp_posix_wait(NULL, ms - gone, &c->waiting);
        gone = cilp_port_now().mono_ms - from;
    }
    return !stop_signal();
}

/* see session.h */
void session_end(struct session *c)
{
    cilp_chain_forget(c->set->chain);
    cilp_end(&c->op);
    while (cilp_drive_lap(&c->drive) != CILP_DONE)
        cilp_posix_wait(NULL, 0, NULL);
    certificate_forget(&c->certificate);
    way_forget();
}
