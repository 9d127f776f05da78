/*
 * doctor.c - what a cancel would meet, from the choice of credentials to EC2's
 * clock. Changes nothing: EC2 is sent an unsigned GET, STS GetCallerIdentity, and
 * the source of credentials what it is always sent.
 *
 * All findings are told, as text or one JSON object, also of what comes behind a
 * step that failed. The exit code is that with which a cancel would have ended
 * before it was sent; EXIT_DONE: it would have been sent.
 */
#include <string.h>
#include <unistd.h>

#include "boards/linux/probe.h"
#include "boards/linux/regions.h"
#include "boards/linux/say/json.h"
#include "boards/linux/stop.h"
#include "boards/linux/verbs/verbs.h"
#include "boards/linux/way.h"
#include "boards/linux/witness.h"
#include "core/regions.h"

#define COLUMN     13
#define ANSWER_MAX 200
#define CLOCKS_S   2 /* two right clocks and the way between them */

struct doctor {
    struct session *session;
    bool me_asked;           /* STS was asked, whatever came of it */
    struct cilp_identity me; /* account "": not known */
    struct report me_report; /* why it is not */
    struct probe probe;      /* what a cancel would meet */
    struct probe again; /* without a look at dates, if those were in the way */
    struct report ec2;
    bool has_bundle; /* it is there, and can be read */
    struct bundle_survey bundle;
    struct report time; /* the one that came to know the time, or did not */

    /* with --regions: what EC2 says there */
    int regions_code; /* the worst of them */
    bool has_regions; /* they were asked */
    struct answer {
        const char *region;
        uint32_t ms;
        char why[ANSWER_MAX]; /* "": it answers */
    } answers[REGIONS_MAX];
    uint32_t n_answers;
    uint32_t began_ms[REGIONS_AT_ONCE];
};

static const struct settings *settings(const struct doctor *d)
{
    return d->session->set;
}

static const struct report *me_report(const struct doctor *d)
{
    return &d->me_report;
}

/* ---- What was found ---------------------------------------------------- */

static bool has_source(const struct doctor *d)
{
    return settings(d)->chain->kind != CILP_CHAIN_KINDS;
}

static bool has_time(const struct doctor *d)
{
    return d->time.result.clock_learnt;
}

/* Reached, and it answers; without TLS it is asked nothing. */
static bool has_ec2(const struct doctor *d)
{
    return d->probe.opened && (has_time(d) || !d->probe.peer.tls);
}

static bool has_keys(const struct doctor *d)
{
    const struct cilp_result *e = &me_report(d)->result;

    return d->me_asked && !e->from_source && e->err != CILP_E_CREDS;
}

static bool is_other_account(const struct doctor *d)
{
    const char *expected = settings(d)->options->expect_account;

    return expected && d->me.account[0] && strcmp(expected, d->me.account) != 0;
}

/* "": the Region's own. */
static const char *endpoint_from(const struct settings *s)
{
    if (!s->req.endpoint)
        return "";
    return s->options->endpoint_url ? "--endpoint-url"
                                    : "a variable or the profile";
}

static const char *region_from(const struct doctor *d,
                               char from[CILP_PROFILE_NAME_MAX])
{
    const struct settings *s = settings(d);

    if (s->options->region)
        return "--region";
    if (s->req.region == regions_first())
        return "--regions";
    if (s->req.region == d->session->where.region)
        return "EC2's metadata service";
    (void)cilp_profile_setting(&s->chain->profile, CILP_PROFILE_REGION, from);
    return strcmp(from, "region") == 0 ? "the profile" : from;
}

/* What a cancel meets comes in this order. */
static enum exit_code find_code(const struct doctor *d)
{
    const struct report *me = me_report(d);

    if (!has_source(d) || !settings(d)->req.region)
        return EXIT_CONFIG;
    if (!has_keys(d))
        return report_code(me);
    if (is_other_account(d))
        return EXIT_CONFIG;
    if (!has_ec2(d))
        return report_code(&d->ec2);
    /* EC2 may be reached where STS is not */
    if (me->result.outcome == CILP_REFUSED ||
        settings(d)->options->expect_account)
        return report_code(me);
    return EXIT_DONE;
}

/* Of the source's certificate; NULL: it has none, or it cannot be used. */
static const struct cilp_client_cert *certificate(const struct doctor *d)
{
    const struct cilp_client_cert *c = &d->session->certificate;

    return certificate_is_there(c) ? c : NULL;
}

/* ---- Text -------------------------------------------------------------- */

static void begin(struct out *o, const char *what)
{
    out_str(o, what);
    out_pad(o, strlen(what), COLUMN);
}

static void line(struct out *o, const char *what, const char *value)
{
    begin(o, what);
    out_quoted(o, value);
    out_char(o, '\n');
}

static void fault_line(struct out *o, const char *what, const struct report *r)
{
    begin(o, what);
    out_str(o, "FAILED: ");
    report_fault(o, r);
    out_char(o, '\n');
}

static void put_skipped(struct out *o, const struct cilp_chain *c)
{
    for (int i = 0; i < CILP_CHAIN_KINDS; i++) {
        if (!c->skipped[i])
            continue;
        begin(o, "");
        out_str(o, "not ");
        out_str(o, cilp_chain_kind_name((enum cilp_chain_kind)i));
        out_str(o, ": ");
        out_quoted(o, c->skipped[i]);
        out_char(o, '\n');
    }
}

/* What became of a file of the AWS CLI's; NULL: it is read. */
static const char *file_fault(const struct cilp_profile_file *f)
{
    switch (f->seen) {
    case CILP_PROFILE_FOUND: return NULL;
    case CILP_PROFILE_NULL: return "is left out";
    case CILP_PROFILE_NO_HOME: return "cannot be found: HOME is not set";
    case CILP_PROFILE_NOTHING:
    case CILP_PROFILE_BAD: break;
    }
    return f->fault;
}

static void put_files(struct out *o, const struct cilp_chain *c)
{
    for (int i = 0; i < 2; i++) {
        const struct cilp_profile_file *f = &c->files.files[i];
        const char *fault = file_fault(f);

        if (!f->path) /* another fault came first */
            continue;
        begin(o, "file");
        if (f->seen == CILP_PROFILE_BAD)
            out_str(o, "FAILED: ");
        out_quoted(o, f->path);
        if (f->variable) {
            out_str(o, ", named by ");
            out_str(o, f->variable);
            out_str(o, fault ? "," : "");
        }
        if (fault) {
            out_char(o, ' ');
            out_str(o, fault);
        }
        out_char(o, '\n');
    }
}

static void put_source(struct out *o, const struct cilp_chain *c)
{
    put_files(o, c);
    begin(o, "profile");
    out_quoted(o, c->name ? c->name : "");
    out_str(o, c->profile.found ? "\n" : ", which no file has\n");
    begin(o, "credentials");
    if (c->kind == CILP_CHAIN_KINDS) {
        out_str(o, "FAILED: ");
        out_quoted(o, c->why);
    } else {
        report_source_name(o, c);
    }
    if (c->path) {
        out_str(o, ", which reads ");
        out_quoted(o, c->path);
    }
    out_char(o, '\n');
    if (c->for_helper)
        line(o, "",
             "aws_signing_helper is not there: this program does its work");
    put_skipped(o, c);
}

static void put_certificate(struct out *o, const struct doctor *d)
{
    const struct cilp_client_cert *c = certificate(d);

    if (!c)
        return;
    begin(o, "identity");
    out_str(o, c->subject);
    out_str(o, ", until ");
    out_utc(o, c->until_s);
    out_char(o, '\n');
}

static void put_expiry(struct out *o, const struct session *c)
{
    int64_t expires_s = session_expires_s(c);

    begin(o, "expiry");
    if (expires_s)
        out_utc(o, expires_s);
    else
        out_str(o, "none that is known");
    if (expires_s && expires_s <= session_time(c))
        out_str(o, ", which is past; they are tried all the same");
    out_char(o, '\n');
}

static void put_keys(struct out *o, const struct doctor *d)
{
    const struct cilp_identity *me = &d->me;

    if (!d->me_asked) {
        if (has_source(d))
            line(o, "keys", "not checked: there is no Region to ask in");
        return;
    }
    if (!has_keys(d)) {
        fault_line(o, "keys", me_report(d));
        return;
    }
    line(o, "keys", cilp_key_id(&d->session->op));
    put_expiry(o, d->session);
    if (!me->account[0]) {
        fault_line(o, "account", me_report(d));
        return;
    }
    begin(o, "account");
    out_str(o, me->account);
    if (is_other_account(d)) {
        out_str(o, ": FAILED: --expect-account says ");
        out_str(o, settings(d)->options->expect_account);
    }
    out_char(o, '\n');
    line(o, "principal", me->arn);
}

static void put_region(struct out *o, const struct doctor *d)
{
    const struct settings *s = settings(d);
    char from[CILP_PROFILE_NAME_MAX];

    begin(o, "Region");
    if (!s->req.region) {
        out_str(o, "FAILED: none; give --region NAME or set AWS_REGION\n");
        return;
    }
    out_quoted(o, s->req.region);
    out_str(o, ", from ");
    out_str(o, region_from(d, from));
    out_char(o, '\n');
}

static void put_endpoint(struct out *o, const struct doctor *d)
{
    const struct cilp_peer *peer = &d->probe.peer;
    const char *from = endpoint_from(settings(d));
    bool is_v6 = strchr(peer->host, ':') != NULL;

    begin(o, "endpoint");
    out_str(o, peer->tls ? "https://" : "http://");
    out_str(o, is_v6 ? "[" : "");
    out_quoted(o, peer->host);
    out_str(o, is_v6 ? "]:" : ":");
    out_uint(o, peer->port);
    out_str(o, from[0] ? ", from " : ", the Region's");
    out_str(o, from);
    out_char(o, '\n');
}

static void put_way(struct out *o, const struct doctor *d)
{
    const struct probe *p = &d->probe;
    char url[WAY_URL_MAX];

    begin(o, "way");
    way_put(o, &p->peer);
    out_char(o, '\n');
    if (!p->address[0])
        return;
    way_url(&p->peer, url);
    begin(o, "address");
    out_quoted(o, p->address);
    out_str(o, url[0] ? ", the proxy's\n" : "\n");
}

static void put_tls(struct out *o, const struct doctor *d)
{
    const struct cilp_tls_facts *f = &d->probe.tls;

    if (f->version) {
        begin(o, "TLS");
        out_str(o, f->version);
        out_str(o, ", ");
        out_str(o, f->cipher);
        out_char(o, '\n');
    }
    for (uint8_t i = 0; i < f->n; i++)
        line(o, i == 0 ? "certificate" : "issuer", f->chain[i]);
    if (f->n && f->has_anchor)
        line(o, "trust", d->session->tls.trust->name);
}

static void put_unusable(struct out *o, const struct bundle_survey *b)
{
    for (uint32_t i = 0; i < b->faults && i < BUNDLE_FAULTS; i++) {
        begin(o, "");
        out_str(o, "not the block in line ");
        out_uint(o, b->first[i].line);
        out_str(o, ": it ");
        out_str(o, b->first[i].fault);
        out_char(o, '\n');
    }
    if (b->faults > BUNDLE_FAULTS) {
        begin(o, "");
        out_str(o, "nor ");
        out_uint(o, b->faults - BUNDLE_FAULTS);
        out_str(o, " others\n");
    }
}

static void put_bundle(struct out *o, const struct doctor *d)
{
    const struct bundle_survey *b = &d->bundle;

    if (!d->has_bundle)
        return;
    begin(o, "CA bundle");
    out_quoted(o, settings(d)->ca_bundle);
    out_str(o, ", from ");
    out_str(o, settings(d)->ca_bundle_from);
    out_str(o, ": ");
    out_uint(o, b->anchors);
    out_str(o, b->anchors == 1 ? " anchor\n" : " anchors\n");
    put_unusable(o, b);
}

static void put_clock(struct out *o, const struct doctor *d)
{
    int64_t offset = d->time.result.clock_offset_s;
    bool is_right = offset > -CLOCKS_S && offset < CLOCKS_S;

    begin(o, "clock");
    if (!d->time.peer.tls) {
        out_str(o, "not checked: only a peer with TLS is believed");
    } else if (!has_time(d)) {
        out_str(o, "not checked: EC2 told no time");
    } else if (is_right) {
        out_str(o, "right, says EC2");
    } else {
        out_int(o, offset < 0 ? -offset : offset);
        out_str(o, offset < 0 ? " s ahead of EC2's" : " s behind EC2's");
    }
    out_char(o, '\n');
}

static void put_ec2(struct out *o, const struct doctor *d)
{
    const struct probe *p = &d->probe;

    if (!settings(d)->req.region)
        return;
    if (!p->peer.host[0]) {
        fault_line(o, "endpoint", &d->ec2);
        return;
    }
    put_endpoint(o, d);
    put_way(o, d);
    put_tls(o, d);
    if (!has_ec2(d))
        fault_line(o, "EC2", &d->ec2);
    put_clock(o, d);
}

static void put_answers(struct out *o, const struct doctor *d)
{
    for (uint32_t i = 0; CILP_REGIONS && i < d->n_answers; i++) {
        const struct answer *a = &d->answers[i];

        begin(o, i == 0 ? "Regions" : "");
        out_quoted(o, a->region);
        out_pad(o, strlen(a->region), 15);
        if (a->why[0]) {
            out_str(o, " FAILED: ");
            out_quoted(o, a->why);
        } else {
            out_str(o, " EC2 answers, ");
            out_uint(o, a->ms);
            out_str(o, " ms");
        }
        out_char(o, '\n');
    }
}

static void put_text(struct out *o, const struct doctor *d)
{
    put_source(o, settings(d)->chain);
    put_certificate(o, d);
    put_keys(o, d);
    put_region(o, d);
    put_bundle(o, d);
    put_ec2(o, d);
    put_answers(o, d);
}

/* ---- JSON -------------------------------------------------------------- */

static void json_files(struct json *j, const struct cilp_chain *c)
{
    json_open(j, "files", '[');
    for (int i = 0; i < 2; i++) {
        const struct cilp_profile_file *f = &c->files.files[i];

        if (!f->path)
            continue;
        json_open(j, NULL, '{');
        json_str(j, "path", f->path);
        json_str(j, "variable", f->variable);
        json_bool(j, "found", f->seen == CILP_PROFILE_FOUND);
        json_str(j, "why", file_fault(f));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_source(struct json *j, const struct cilp_chain *c)
{
    json_files(j, c);
    json_str(j, "profile", c->name);
    json_str(j, "source",
             c->kind == CILP_CHAIN_KINDS ? NULL
                                         : cilp_chain_kind_name(c->kind));
    json_str(j, "base",
             c->kind == CILP_CHAIN_KINDS ? NULL
                                         : cilp_chain_kind_name(c->base));
    json_str(j, "file", c->path);
    json_open(j, "skipped", '{');
    for (int i = 0; i < CILP_CHAIN_KINDS; i++)
        if (c->skipped[i])
            json_str(j, cilp_chain_kind_name((enum cilp_chain_kind)i),
                     c->skipped[i]);
    json_close(j, '}');
}

static void json_certificate(struct json *j, const struct doctor *d)
{
    const struct cilp_client_cert *c = certificate(d);

    if (!c) {
        json_str(j, "identity", NULL);
        return;
    }
    json_open(j, "identity", '{');
    json_str(j, "subject", c->subject);
    json_time(j, "until", c->until_s);
    json_close(j, '}');
}

static void json_keys(struct json *j, const struct doctor *d)
{
    const struct cilp_op *op = &d->session->op;
    int64_t expires_s = has_keys(d) ? session_expires_s(d->session) : 0;

    json_str(j, "access_key_id", has_keys(d) ? cilp_key_id(op) : NULL);
    json_str(j, "account", d->me.account);
    json_str(j, "principal", d->me.arn);
    if (expires_s)
        json_time(j, "expires", expires_s);
    else
        json_str(j, "expires", NULL);
}

static void json_ec2(struct json *j, const struct doctor *d)
{
    const struct settings *s = settings(d);
    const struct probe *p = &d->probe;
    char from[CILP_PROFILE_NAME_MAX], url[WAY_URL_MAX];

    json_str(j, "region", s->req.region);
    json_str(j, "region_from", s->req.region ? region_from(d, from) : NULL);
    json_str(j, "host", p->peer.host);
    json_count(j, "port", p->peer.port);
    json_str(j, "endpoint_from", endpoint_from(s));
    way_url(&p->peer, url);
    json_str(j, "proxy", url[0] ? url : NULL);
    json_str(j, "address", p->address);
    json_str(j, "tls", p->tls.version);
    json_str(j, "cipher", p->tls.cipher);
    json_open(j, "chain", '[');
    for (uint8_t i = 0; i < p->tls.n; i++)
        json_str(j, NULL, p->tls.chain[i]);
    json_close(j, ']');
    json_str(j, "trust",
             p->tls.has_anchor ? d->session->tls.trust->name : NULL);
    if (has_time(d))
        json_int(j, "clock_offset_s", d->time.result.clock_offset_s);
    else
        json_str(j, "clock_offset_s", NULL);
}

static void json_bundle(struct json *j, const struct doctor *d)
{
    const struct bundle_survey *b = &d->bundle;

    if (!d->has_bundle) {
        json_str(j, "ca_bundle", NULL);
        return;
    }
    json_open(j, "ca_bundle", '{');
    json_str(j, "path", settings(d)->ca_bundle);
    json_str(j, "from", settings(d)->ca_bundle_from);
    json_count(j, "anchors", b->anchors);
    json_count(j, "unusable", b->faults);
    json_open(j, "blocks", '[');
    for (uint32_t i = 0; i < b->faults && i < BUNDLE_FAULTS; i++) {
        json_open(j, NULL, '{');
        json_count(j, "line", b->first[i].line);
        json_str(j, "why", b->first[i].fault);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void json_answers(struct json *j, const struct doctor *d)
{
    if (!CILP_REGIONS || !d->has_regions)
        return;
    json_open(j, "regions", '[');
    for (uint32_t i = 0; i < d->n_answers; i++) {
        json_open(j, NULL, '{');
        json_str(j, "region", d->answers[i].region);
        json_int(j, "ms", d->answers[i].ms);
        json_str(j, "error", d->answers[i].why);
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* What failed, in the order of the text; null: that did not. */
static void json_errors(struct json *j, const struct doctor *d)
{
    const char *why = report_message(me_report(d));

    json_open(j, "errors", '{');
    json_str(j, "credentials",
             has_source(d) ? (has_keys(d) ? NULL : why)
                           : settings(d)->chain->why);
    json_str(j, "account",
             is_other_account(d)                ? "not the expected one"
             : has_keys(d) && !d->me.account[0] ? why
                                                : NULL);
    json_str(j, "region", settings(d)->req.region ? NULL : "none");
    json_str(j, "ec2", has_ec2(d) ? NULL : report_message(&d->ec2));
    json_close(j, '}');
}

static void put_json(struct out *o, const struct doctor *d)
{
    struct json j;

    json_begin(&j, o);
    json_source(&j, settings(d)->chain);
    json_certificate(&j, d);
    json_keys(&j, d);
    json_bundle(&j, d);
    json_ec2(&j, d);
    json_answers(&j, d);
    json_errors(&j, d);
    json_int(&j, "exit", outcome_worse((int)find_code(d), d->regions_code));
    json_end(&j);
}

/* ---- The verb ---------------------------------------------------------- */

/* A certificate that is refused may be a clock that is wrong: ask for the time
 * with all but the dates checked, as is done for a clock that is unset. */
static void reach_ec2(struct doctor *d)
{
    probe(&d->probe, d->session, cilp_port_now().trusted, &d->ec2);
    d->time = d->ec2;
    if (d->ec2.result.err == CILP_E_CERT && !stop_signal())
        probe(&d->again, d->session, false, &d->time);
}

static void ask_who(struct doctor *d)
{
    d->me_asked = true;
    session_request(d->session, &cilp_identity, NULL, &d->me);
    session_run(d->session, &d->me_report);
    if (d->me_report.result.outcome != CILP_ANSWERED)
        d->me.account[0] = '\0'; /* half an answer is none */
}

/* ---- In several Regions -------------------------------------------------- */

/* DescribeRegions, which changes nothing: EC2 is there, and takes these keys. That
 * it is not allowed says both as well. */
static bool is_answer(const struct cilp_result *r)
{
    return r->outcome == CILP_ANSWERED ||
           (r->outcome == CILP_REFUSED && r->means == CILP_MEANS_DENIED);
}

static void keep_answer(struct doctor *d, const struct lane *lane)
{
    struct answer *a = &d->answers[d->n_answers];

    if (lane->report.result.err == CILP_E_STOPPED)
        return;
    d->n_answers++;
    a->region = lane->region;
    a->ms = cilp_port_now().mono_ms - d->began_ms[lane->number];
    if (is_answer(&lane->report.result))
        return;
    strncpy(a->why, report_message(&lane->report), sizeof a->why - 1);
    regions_worsen((int)report_code(&lane->report));
}

/* For struct regions_job. */
static bool next_call(void *arg, struct lane *lane)
{
    static struct cilp_regions found[REGIONS_AT_ONCE];
    struct doctor *d = arg;

    if (lane->calls > 0) {
        keep_answer(d, lane);
        return false;
    }
    d->began_ms[lane->number] = cilp_port_now().mono_ms;
    memset(&found[lane->number], 0, sizeof found[0]);
    lane->req.flow = &cilp_regions;
    lane->req.memory = &found[lane->number];
    return true;
}

static bool pass_item(void *arg, struct lane *lane)
{
    (void)arg;
    (void)lane;
    return true;
}

static void ask_regions(struct doctor *d, struct witness *w)
{
    const struct regions_job job = {
        .arg = d, .next = next_call, .item = pass_item};

    if (!CILP_REGIONS || !settings(d)->options->regions || !has_keys(d) ||
        is_other_account(d) || stop_signal())
        return;
    d->has_regions = true;
    d->regions_code = (int)regions_find(w);
    if (d->regions_code == EXIT_DONE)
        d->regions_code = regions_run(w, &job);
}

static bool tell(const struct doctor *d)
{
    struct out o;

    out_init(&o, STDOUT_FILENO);
    if (settings(d)->output == OUTPUT_JSON)
        put_json(&o, d);
    else if (settings(d)->output != OUTPUT_OFF)
        put_text(&o, d);
    return out_flush(&o);
}

/* see verbs.h */
int verb_doctor(struct witness *w)
{
    static struct doctor all;
    struct doctor *d = &all;
    const struct settings *s = w->session->set;

    d->session = w->session;
    d->session->clock_told = d->session->old_told =
        true; /* on lines of their own */
    if (s->req.region)
        reach_ec2(d);
    if (s->req.region && has_source(d) && !stop_signal())
        ask_who(d);
    ask_regions(d, w);
    d->has_bundle = s->ca_bundle &&
                    bundle_survey(&d->bundle, &d->session->bundle);
    if (stop_signal())
        return EXIT_SIGNAL + stop_signal();
    if (!tell(d))
        return (int)complain_of_output("");
    return outcome_worse((int)find_code(d), d->regions_code);
}
