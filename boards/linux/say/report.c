#include "boards/linux/say/report.h"

#include <string.h>
#include <unistd.h>

#include "boards/linux/say/redact.h"
#include "boards/linux/say/use.h"
#include "boards/linux/stop.h"
#include "boards/linux/way.h"
#include "core/identity.h"
#include "core/image.h"
#include "core/verdict.h"

static bool is_aws(const struct report *r)
{
    return r->set->spelling == SPELLING_AWS;
}

static bool begins(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* see report.h */
void report_take(struct report *r, const struct settings *set,
                 const struct cilp_request *req, const struct cilp_op *op,
                 const char why[CILP_STREAM_WHY_MAX])
{
    r->set = set;
    r->flow = req->flow;
    r->image_id = req->image_id;
    r->endpoint = req->endpoint;
    r->result = *cilp_result(op);
    r->peer = *cilp_peer(op);
    memcpy(r->why, why, sizeof r->why);
    r->signal = r->result.err == CILP_E_STOPPED ? stop_signal() : 0;
    r->is_temporary = cilp_keys_are_temporary(op);
}

/* ---- Pieces of a line -------------------------------------------------- */

static void put_request_id(struct out *o, const struct report *r)
{
    if (!r->result.request_id[0])
        return;
    out_str(o, " (request id ");
    redact_text(o, r->result.request_id);
    out_char(o, ')');
}

static void put_attempts(struct out *o, const struct report *r)
{
    if (r->result.attempts < 2)
        return;
    out_str(o, " (");
    out_uint(o, r->result.attempts);
    out_str(o, " attempts)");
}

static void put_name(struct out *o, const struct report *r)
{
    bool is_v6 = strchr(r->peer.host, ':') != NULL;

    out_str(o, is_v6 ? "[" : "");
    out_str(o, r->peer.host);
    out_str(o, is_v6 ? "]" : "");
}

static void put_port(struct out *o, const struct report *r)
{
    out_char(o, ':');
    out_uint(o, r->peer.port);
}

static void put_url(struct out *o, const struct report *r)
{
    out_str(o, r->peer.tls ? "\"https://" : "\"http://");
    put_name(o, r);
    if (r->peer.port != (r->peer.tls ? 443 : 80))
        put_port(o, r);
    out_str(o, r->peer.path ? r->peer.path : "/");
    out_char(o, '"');
}

static void put_image(struct out *o, const struct report *r)
{
    out_quoted(o, r->image_id ? r->image_id : "");
}

/* The fragment that scripts look for. */
static void put_aws_error(struct out *o, const struct report *r)
{
    out_str(o, "An error occurred (");
    out_str(o, r->result.code);
    out_str(o, ") when calling the ");
    out_str(o, cilp_action(r->flow));
    out_str(o, " operation: ");
    redact_text(o, r->result.message);
    if (r->result.message_cut)
        out_str(o, "... (cut)");
    put_request_id(o, r);
    put_attempts(o, r);
}

/* The errors that a stream has a sentence for. */
static bool is_network(enum cilp_err err)
{
    return err <= CILP_E_RESOLVE && err >= CILP_E_PROXY;
}

/* A stream's sentence, or that of who has made the keys ready. */
static bool has_why(const struct report *r)
{
    return r->why[0] && (is_network(r->result.err) || !r->result.what);
}

/* What broke, best explanation first. */
static void put_cause(struct out *o, const struct report *r)
{
    const struct cilp_result *e = &r->result;

    if (e->err == CILP_E_AWS && e->code[0]) {
        put_aws_error(o, r);
        return;
    }
    if (has_why(r))
        out_str(o, r->why);
    else
        out_str(o, cilp_what_text(e->what ? e->what : CILP_WHAT_BROKE));
    if (e->http_status) {
        out_str(o, ", HTTP status ");
        out_uint(o, e->http_status);
    }
    put_attempts(o, r);
}

/* "HOST:PORT: " in front of a cause that lies there. */
static void put_where(struct out *o, const struct report *r)
{
    if (r->result.err == CILP_E_AWS && r->result.code[0])
        return;
    put_name(o, r);
    put_port(o, r);
    out_str(o, ": ");
}

/* ---- Success ----------------------------------------------------------- */

static const char *success_word(const struct report *r)
{
    switch (r->result.outcome) {
    case CILP_GONE: return " gone";
    case CILP_PERMITTED:
        return ": you are permitted to cancel it (a dry run,"
               " nothing was changed)";
    case CILP_CANCELLED:
    case CILP_PENDING:
    case CILP_NOTHING:
    case CILP_ANSWERED:
    case CILP_REFUSED:
    case CILP_UNKNOWN:
    case CILP_NOT_SENT: break;
    }
    return " cancelled";
}

static void put_success(struct out *o, const struct report *r)
{
    put_image(o, r);
    out_str(o, success_word(r));
    if (r->result.request_id[0])
        out_char(o, ' '); /* two blanks: a column apart */
    put_request_id(o, r);
    out_char(o, '\n');
}

/* What the AWS CLI prints for {"Return": true}. A dry run has no such reply,
 * so nothing is printed for it. */
static void put_reply(struct out *o, const struct report *r)
{
    if (r->result.outcome == CILP_PERMITTED)
        return;
    out_str(o, r->set->output == OUTPUT_JSON ? "{\n    \"Return\": true\n}\n"
                                             : "True\n");
}

static void note_gone(const struct report *r)
{
    struct out o;

    say_note(&o);
    out_str(&o, "the reply to an earlier attempt was lost, and its repeat"
                " found no permission of this account for ");
    put_image(&o, r);
    out_str(&o, ": that attempt removed it, or there was none");
    say_end(&o);
}

static void repeat_on_stderr(const struct report *r)
{
    struct out o;

    say_note(&o);
    out_str(&o, "standard output could not be written, so here: ");
    put_success(&o, r);
    out_flush(&o);
}

static void report_success(const struct report *r)
{
    struct out o;

    if (r->result.outcome == CILP_GONE)
        note_gone(r);
    out_init(&o, STDOUT_FILENO);
    if (r->set->output == OUTPUT_OFF)
        return;
    if (r->set->output == OUTPUT_TEXT && !is_aws(r))
        put_success(&o, r);
    else
        put_reply(&o, r);
    if (!out_flush(&o))
        repeat_on_stderr(r);
}

/* A dry run in the AWS CLI's spelling is its error, and in JSON has no words
 * on standard output. */
static void report_permitted(const struct report *r)
{
    struct out o;

    if (is_aws(r)) {
        say_error(&o, SPELLING_AWS);
        put_aws_error(&o, r);
        say_end(&o);
    } else if (r->set->output != OUTPUT_JSON) {
        report_success(r);
    } else {
        say_note(&o);
        put_success(&o, r);
        out_flush(&o);
    }
}

/* ---- Nothing to cancel, refused ---------------------------------------- */

/* clang-format off */
static const char *const ADVICE[] = {
    [CILP_MEANS_BAD_ID] = "check the AMI id",
    [CILP_MEANS_DENIED] = "; a service control policy or a permissions boundary"
        " may deny it as well",
    [CILP_MEANS_THROTTLED] = "EC2 throttles this account; try again later",
    [CILP_MEANS_NOT_AUTHORIZED] = "check the access key, this machine's clock,"
        " and that the account may use this Region",
    [CILP_MEANS_BAD_KEYS] = "check the access key, this machine's clock, and"
        " that the account may use this Region",
    [CILP_MEANS_BAD_SIGNATURE] = "check AWS_SECRET_ACCESS_KEY: it does not"
        " belong to this access key id",
    [CILP_MEANS_EXPIRED] = "set this machine's clock, or get new temporary"
        " credentials",
    [CILP_MEANS_CLOCK] = "set this machine's clock",
    [CILP_MEANS_UNKNOWN_KEY] = "the access key id is not known in this"
        " partition; temporary keys (ASIA...) need AWS_SESSION_TOKEN",
    [CILP_MEANS_NO_SIGNATURE] = "is there a proxy that changes requests?",
    [CILP_MEANS_EXPIRED_KEYS] = "get new temporary credentials",
    [CILP_MEANS_NO_REGION] = "enable the Region for this account first",
    [CILP_MEANS_BLOCKED] = "the account is blocked; ask AWS Support",
    [CILP_MEANS_UNVERIFIED] = "the account is being verified; try later",
};
/* clang-format on */

/* EC2 says RequestExpired to a wrong clock and to expired keys alike. With a
 * clock that is right it is the keys. */
static bool has_expired(const struct report *r)
{
    int64_t ahead = r->result.signed_s - r->result.date_s;

    return r->is_temporary && r->result.means == CILP_MEANS_EXPIRED &&
           r->result.date_s && ahead > -CILP_CLOCK_OFF_S &&
           ahead < CILP_CLOCK_OFF_S;
}

static const char *advice(const struct report *r)
{
    const enum cilp_meaning means = r->result.means;

    if (has_expired(r))
        return "the temporary credentials have expired: get new ones";
    return ADVICE[means] ? ADVICE[means]
                         : "AWS Support can look up the request id";
}

static void report_nothing(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    put_aws_error(&o, r);
    if (!is_aws(r) && r->result.means == CILP_MEANS_GONE) {
        out_str(&o, "; ");
        out_str(&o, cilp_verdict_text(CILP_VERDICT_UNAVAILABLE));
    } else if (!is_aws(r))
        out_str(&o, "; nothing to cancel");
    say_end(&o);
}

/* Two clocks that differ are the cause more often than expired keys. */
static void put_clocks(struct out *o, const struct report *r)
{
    int64_t ahead = r->result.signed_s - r->result.date_s;

    if (!r->result.date_s || !r->result.signed_s || (ahead > -60 && ahead < 60))
        return;
    out_str(o, " (this machine says ");
    out_utc(o, r->result.signed_s);
    out_str(o, ", EC2 says ");
    out_utc(o, r->result.date_s);
    out_char(o, ')');
}

static void report_refused(const struct report *r)
{
    const enum cilp_meaning means = r->result.means;
    struct out o;

    say_error(&o, r->set->spelling);
    put_where(&o, r);
    put_cause(&o, r);
    if (r->result.err != CILP_E_AWS) {
        out_str(&o, "; EC2 does not answer so: check --endpoint-url, and"
                    " whether a proxy is in between");
    } else if (!is_aws(r)) {
        out_str(&o, "; ");
        if (means == CILP_MEANS_DENIED) {
            out_str(&o, "this principal needs ec2:");
            out_str(&o, cilp_action(r->flow));
        }
        out_str(&o, advice(r));
        if (cilp_means_skewed(means))
            put_clocks(&o, r);
    }
    say_end(&o);
}

/* ---- Unknown ----------------------------------------------------------- */

static void report_unknown(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    out_str(&o, "outcome unknown for ");
    put_image(&o, r);
    out_str(&o, " in ");
    out_str(&o, r->set->req.region);
    out_str(&o, ", sent at ");
    out_utc(&o, r->result.signed_s);
    out_str(&o, ": ");
    put_where(&o, r);
    put_cause(&o, r);
    out_str(&o, "; run it again (that does no harm), or search CloudTrail for"
                " eventName=");
    out_str(&o, cilp_action(r->flow));
    out_str(&o, ", invocation id ");
    out_str(&o, r->result.invocation_id);
    if (r->result.err != CILP_E_AWS)
        put_request_id(&o, r);
    say_end(&o);
}

/* ---- Not sent ---------------------------------------------------------- */

/* What this program has no source for takes no room in it. */
#define HAS(kind) cilp_chain_kind_linked[CILP_CHAIN_##kind]

static bool is_of_endpoint(enum cilp_what what)
{
    return what >= CILP_WHAT_ENDPOINT && what <= CILP_WHAT_ENDPOINT_HTTP;
}

static void put_value(struct out *o, const char *value, const char *then)
{
    out_str(o, " ('");
    out_quoted(o, value);
    out_str(o, then);
}

static void put_config(struct out *o, const struct report *r)
{
    const enum cilp_what what = r->result.what;
    const char *value = r->set->req.region;
    const char *then = "'; see --region, --fips)";

    if (is_of_endpoint(what)) {
        value = r->endpoint ? r->endpoint : "";
        then = "'; see --endpoint-url, --allow-http, --fips, --dualstack)";
    }
    out_str(o, cilp_what_text(what));
    put_value(o, value, then);
}

static void report_config(const struct report *r)
{
    struct out o;

    say_fault(&o, r->set->spelling, EXIT_CONFIG);
    put_config(&o, r);
    say_end(&o);
}

/* How the AWS CLI words what broke, in front of the cause. */
static void put_aws_phrase(struct out *o, const struct report *r)
{
    const char *phrase;

    if (r->result.err == CILP_E_TIMEOUT)
        phrase = "Connect timeout on endpoint URL: ";
    else if (r->result.err == CILP_E_CLOSED)
        phrase = "Connection was closed before we received a valid response"
                 " from endpoint URL: ";
    else if (r->result.err == CILP_E_TLS || r->result.err == CILP_E_CERT)
        phrase = "SSL validation failed for ";
    else
        phrase = "Could not connect to the endpoint URL: ";
    out_str(o, phrase);
    put_url(o, r);
    out_str(o, ": ");
}

/* Over a network that broke. */
static void put_way(struct out *o, const struct report *r)
{
    if (is_network(r->result.err))
        way_tell(o, "; it was tried ", &r->peer, "");
}

static const char *resolve_step(const struct report *r)
{
    if (r->set->req.fips)
        return "; FIPS endpoints exist in some Regions only: is this one of"
               " them?";
    if (r->set->req.dual_stack)
        return "; not every Region has a dual-stack endpoint: try without"
               " --dualstack";
    if (r->endpoint)
        return "; check --endpoint-url and the name servers";
    return "; check the Region's name and the name servers";
}

static const char *cert_step(const struct report *r)
{
    if (begins(r->set->req.region, "cn-") && !r->set->ca_bundle)
        return "; the built-in roots may not cover this partition: name its"
               " roots with --ca-bundle FILE";
    if (r->set->ca_bundle)
        return "; check the CA bundle, the endpoint and this machine's clock";
    return "; check the endpoint and this machine's clock, or name other roots"
           " with --ca-bundle FILE";
}

/* What it must be, where that may be what it is not: a version that is refused,
 * or alert 40 (handshake failure), which some servers send for one. */
static const char *tls_step(const struct report *r)
{
    return strstr(r->why, "version") || strstr(r->why, "alert 70") ||
                   strstr(r->why, "alert 40")
               ? "; the endpoint must speak TLS 1.2 or 1.3"
               : "";
}

static const char *network_step(const struct report *r)
{
    switch (r->result.err) {
    case CILP_E_RESOLVE: return resolve_step(r);
    case CILP_E_CERT: return cert_step(r);
    case CILP_E_REACH: return "; --allow-http lets it be elsewhere";
    case CILP_E_TIMEOUT:
        return "; check the route and the firewall, or give"
               " more time (--cli-connect-timeout,"
               " --deadline)";
    case CILP_E_TLS: return tls_step(r);
    case CILP_OK:
    case CILP_E_ARG:
    case CILP_E_SPACE:
    case CILP_E_CONFIG:
    case CILP_E_CREDS:
    case CILP_E_CRYPTO:
    case CILP_E_STOPPED:
    case CILP_E_CONNECT:
    case CILP_E_CLOSED:
    case CILP_E_PROXY:
    case CILP_E_HTTP:
    case CILP_E_REPLY:
    case CILP_E_AWS: break;
    case CILP_E_CLOCK:
        return r->result.what == CILP_WHAT_CLOCK ? ""
                                                 : "; set this machine's clock";
    }
    return "; check the endpoint, the route and the firewall";
}

/* What to do about a network that broke, and which way was taken over it. */
static void put_network_step(struct out *o, const struct report *r)
{
    if (way_put_step(o, &r->result, r->why, &r->peer))
        return;
    out_str(o, network_step(r));
    put_way(o, r);
}

/* Network or TLS; or a dry run that got no answer that can be read. */
static void report_network(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    if (is_aws(r))
        put_aws_phrase(&o, r);
    else
        put_where(&o, r);
    put_cause(&o, r);
    out_str(&o, r->result.sent ? "; nothing was changed, try again"
                               : "; nothing was sent");
    if (!r->result.sent)
        put_network_step(&o, r);
    say_end(&o);
}

static void report_stopped(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    out_str(&o, r->result.sent ? "stopped; EC2 did not act"
                               : "stopped; nothing was sent");
    if (r->flow == &cilp_image_references)
        out_str(&o, "; whether the AMI is in use is unknown");
    say_end(&o);
}

/* see report.h */
void report_source_name(struct out *o, const struct cilp_chain *c)
{
    out_str(o, cilp_chain_kind_name(c->kind));
    if (c->base == c->kind)
        return;
    out_str(o, " on ");
    out_str(o, cilp_chain_kind_name(c->base));
}

static const char *source_step(const struct report *r)
{
    const struct cilp_result *e = &r->result;
    enum cilp_chain_kind kind = r->set->chain->base;

    if (kind == CILP_CHAIN_SSO && e->http_status == 401)
        return "; run `aws sso login` where there is a browser";
    if (kind == CILP_CHAIN_IMDS && e->err == CILP_E_TIMEOUT && e->sent == false)
        return "; is this an EC2 instance? In a container its hop limit may be"
               " 1 (modify-instance-metadata-options). Or set"
               " AWS_ACCESS_KEY_ID, AWS_PROFILE, ...";
    if (kind == CILP_CHAIN_IMDS && e->what == CILP_WHAT_NO_ROLE)
        return "; attach an instance profile to it";
    if (e->err == CILP_E_REACH)
        return "; only such addresses may see its token";
    if (verb_row(r->set->options->verb)->needs == NEEDS_NOTHING)
        return ""; /* it shows that itself */
    return "; cilp doctor shows which source is used and why";
}

/* A source that fails is a matter of configuration; the AWS CLI tells its
 * service's refusals and the network's apart. */
static enum exit_code source_code(const struct report *r)
{
    struct cilp_result e = r->result;

    if (!is_aws(r) || r->set->chain->base == CILP_CHAIN_IMDS)
        return outcome_code(&e);
    if (e.err == CILP_E_CREDS && e.code[0])
        return EXIT_REFUSED;
    e.from_source = false;
    return outcome_code(&e);
}

/* Of what was not tried no way was taken. */
static void put_source_step(struct out *o, const struct report *r)
{
    const struct cilp_result *e = &r->result;

    if (e->attempts && way_put_step(o, e, r->why, &r->peer))
        return;
    out_str(o, source_step(r));
    if (e->attempts)
        put_way(o, r);
}

/* Those that have a certificate shown give a message and no code. */
static void put_source_said(struct out *o, const struct cilp_result *e)
{
    if (e->code[0]) {
        out_str(o, e->code);
        out_str(o, ": ");
    } else if (!e->message[0]) {
        return;
    }
    redact_text(o, e->message);
    out_str(o, " (");
}

/* What was named for the source's service; NULL: nothing was, or the source is not
 * in this program. */
static const char *base_endpoint(const struct cilp_chain *c)
{
    if (c->base == CILP_CHAIN_WEB_IDENTITY)
        return c->sts_endpoint;
    if (HAS(SSO) && c->base == CILP_CHAIN_SSO)
        return c->sso_endpoint;
    if (HAS(IOT) && c->base == CILP_CHAIN_IOT)
        return c->iot.endpoint;
    if (HAS(ROLES_ANYWHERE) && c->base == CILP_CHAIN_ROLES_ANYWHERE)
        return c->anywhere_endpoint;
    return NULL;
}

/* Of a role on a source with one of its own it may be either's. */
static void put_source_endpoint(struct out *o, const struct report *r)
{
    const struct cilp_chain *c = r->set->chain;
    const char *first, *second = NULL;

    if (!is_of_endpoint(r->result.what))
        return;
    first = base_endpoint(c);
    if (HAS(ASSUME_ROLE) && c->kind == CILP_CHAIN_ASSUME_ROLE)
        second = c->sts_endpoint;
    if (first)
        put_value(o, first, "')");
    if (second && second != first)
        put_value(o, second, "')");
}

/* Of the network it knows nothing: it has given keys by then. */
static void put_process_output(struct out *o, const struct report *r)
{
    const char *said = r->set->chain->process.err;

    if (!HAS(PROCESS) || r->result.attempts || !said[0])
        return;
    out_str(o, "; it said: ");
    redact_foreign(o, said);
}

static void put_source_fault(struct out *o, const struct report *r)
{
    const struct cilp_result *e = &r->result;

    out_str(o, "no credentials from ");
    report_source_name(o, r->set->chain);
    out_str(o, ": ");
    /* without an attempt the peer is that of a call before */
    if (e->attempts && r->peer.host[0] && e->err != CILP_E_CONFIG)
        put_where(o, r);
    put_source_said(o, e);
    put_cause(o, r);
    put_source_endpoint(o, r);
    if (e->code[0] || e->message[0])
        out_char(o, ')');
    put_request_id(o, r);
    put_process_output(o, r);
    put_source_step(o, r);
}

/* The source of credentials failed: nothing was sent to EC2. */
static void report_source(const struct report *r)
{
    struct out o;

    if (source_code(r) == EXIT_CONFIG)
        say_fault(&o, r->set->spelling, EXIT_CONFIG);
    else
        say_error(&o, r->set->spelling);
    put_source_fault(&o, r);
    say_end(&o);
}

static void report_not_sent(const struct report *r)
{
    const char *what = cilp_what_text(r->result.what);
    enum spelling spelling = r->set->spelling;

    if (r->result.from_source && r->result.err != CILP_E_STOPPED) {
        report_source(r);
        return;
    }
    switch (r->result.err) {
    case CILP_E_ARG:
    case CILP_E_SPACE:
        (void)complain(spelling, EXIT_USAGE, what, NULL, "");
        break;
    case CILP_E_CONFIG: report_config(r); break;
    case CILP_E_CREDS: report_source(r); break;
    case CILP_E_CRYPTO:
        (void)complain(spelling, EXIT_CONFIG, what, NULL,
                       "; this machine gives no random bytes or memory");
        break;
    case CILP_E_STOPPED: report_stopped(r); break;
    case CILP_OK:
    case CILP_E_RESOLVE:
    case CILP_E_CONNECT:
    case CILP_E_TLS:
    case CILP_E_CERT:
    case CILP_E_CLOSED:
    case CILP_E_TIMEOUT:
    case CILP_E_REACH:
    case CILP_E_PROXY:
    case CILP_E_HTTP:
    case CILP_E_REPLY:
    case CILP_E_CLOCK:
    case CILP_E_AWS: report_network(r); break;
    }
}

/* ---- In use ------------------------------------------------------------ */

/* The question was answered, and by that the cancel was left undone. */
static void report_in_use(const struct report *r)
{
    struct out o;

    if (!r->use)
        return;
    say_error(&o, r->set->spelling);
    put_image(&o, r);
    out_str(&o, " is in use by ");
    use_say(&o, r->use);
    out_str(&o, "; nothing was cancelled (--even-if-in-use cancels all the"
                " same)");
    say_end(&o);
}

/* ---- All --------------------------------------------------------------- */

/* see report.h */
const char *report_word(const struct report *r)
{
    return r->use ? "in-use" : outcome_word(r->result.outcome);
}

/* The AWS CLI has fewer codes: a refusal is a refusal, a dry run's too, and what
 * is not known was the network. */
static enum exit_code aws_code(const struct report *r)
{
    switch (r->result.outcome) {
    case CILP_PERMITTED:
    case CILP_NOTHING: return EXIT_REFUSED;
    case CILP_PENDING:
    case CILP_UNKNOWN: return EXIT_NETWORK;
    case CILP_CANCELLED:
    case CILP_GONE:
    case CILP_ANSWERED:
    case CILP_REFUSED:
    case CILP_NOT_SENT: break;
    }
    return outcome_code(&r->result);
}

/* see report.h */
enum exit_code report_code(const struct report *r)
{
    if (r->signal)
        return (enum exit_code)(EXIT_SIGNAL + r->signal);
    if (r->use)
        return EXIT_CONFIG;
    if (r->result.outcome == CILP_NOT_SENT && r->result.from_source)
        return source_code(r);
    return is_aws(r) ? aws_code(r) : outcome_code(&r->result);
}

/* see report.h */
void report(const struct report *r)
{
    switch (r->result.outcome) {
    case CILP_CANCELLED:
    case CILP_GONE: report_success(r); break;
    case CILP_PERMITTED: report_permitted(r); break;
    case CILP_NOTHING: report_nothing(r); break;
    case CILP_REFUSED: report_refused(r); break;
    case CILP_PENDING:
    case CILP_UNKNOWN: report_unknown(r); break;
    case CILP_NOT_SENT: report_not_sent(r); break;
    case CILP_ANSWERED: report_in_use(r); break;
    }
}

/* see report.h */
void report_cause(struct out *o, const struct report *r)
{
    put_where(o, r);
    put_cause(o, r);
}

/* see report.h */
void report_fault(struct out *o, const struct report *r)
{
    if (r->result.from_source || r->result.err == CILP_E_CREDS) {
        put_source_fault(o, r);
        return;
    }
    if (r->result.err == CILP_E_CONFIG) {
        put_config(o, r);
        return;
    }
    report_cause(o, r);
    if (r->result.err == CILP_E_AWS && advice(r)[0] != ';')
        out_str(o, "; ");
    if (r->result.err == CILP_E_AWS)
        out_str(o, advice(r));
    else
        put_network_step(o, r);
}

/* see report.h */
const char *report_message(const struct report *r)
{
    const struct cilp_result *e = &r->result;

    if (e->message[0] || e->err == CILP_OK)
        return e->message;
    return has_why(r) ? r->why : cilp_what_text(e->what);
}
