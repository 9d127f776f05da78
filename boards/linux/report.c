#include "boards/linux/report.h"

#include <string.h>
#include <unistd.h>

#include "boards/linux/redact.h"

#define OPERATION "CancelImageLaunchPermission"
#define COUNT(a)  (sizeof(a) / sizeof(a)[0])

static bool is_aws(const struct report *r)
{
    return r->set->spelling == SPELLING_AWS;
}

static bool begins(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* ---- Pieces of a line -------------------------------------------------- */

static void put_request_id(struct out *o, const struct report *r)
{
    if (!r->result->request_id[0])
        return;
    out_str(o, " (request id ");
    redact_text(o, r->result->request_id);
    out_char(o, ')');
}

static void put_attempts(struct out *o, const struct report *r)
{
    if (r->result->attempts < 2)
        return;
    out_str(o, " (");
    out_uint(o, r->result->attempts);
    out_str(o, " attempts)");
}

static void put_name(struct out *o, const struct report *r)
{
    bool is_v6 = strchr(r->peer->host, ':') != NULL;

    out_str(o, is_v6 ? "[" : "");
    out_str(o, r->peer->host);
    out_str(o, is_v6 ? "]" : "");
}

static void put_port(struct out *o, const struct report *r)
{
    out_char(o, ':');
    out_uint(o, r->peer->port);
}

static void put_url(struct out *o, const struct report *r)
{
    out_str(o, r->peer->tls ? "\"https://" : "\"http://");
    put_name(o, r);
    if (r->peer->port != (r->peer->tls ? 443 : 80))
        put_port(o, r);
    out_str(o, "/\"");
}

static void put_image(struct out *o, const struct report *r)
{
    out_quoted(o, r->set->req.image_id);
}

/* The fragment that scripts look for. */
static void put_aws_error(struct out *o, const struct report *r)
{
    out_str(o, "An error occurred (");
    out_str(o, r->result->code);
    out_str(o, ") when calling the " OPERATION " operation: ");
    redact_text(o, r->result->message);
    if (r->result->message_cut)
        out_str(o, "... (cut)");
    put_request_id(o, r);
    put_attempts(o, r);
}

/* What broke, best explanation first. */
static void put_cause(struct out *o, const struct report *r)
{
    const struct cilp_result *e = r->result;

    if (e->err == CILP_E_AWS && e->code[0]) {
        put_aws_error(o, r);
        return;
    }
    if (r->why[0] && e->err <= CILP_E_RESOLVE && e->err >= CILP_E_REACH)
        out_str(o, r->why);
    else
        out_str(o, e->what[0] ? e->what : "the connection broke");
    if (e->http_status) {
        out_str(o, ", HTTP status ");
        out_uint(o, e->http_status);
    }
    put_attempts(o, r);
}

/* "HOST:PORT: " in front of a cause that lies there. */
static void put_where(struct out *o, const struct report *r)
{
    if (r->result->err == CILP_E_AWS && r->result->code[0])
        return;
    put_name(o, r);
    put_port(o, r);
    out_str(o, ": ");
}

/* ---- Success ----------------------------------------------------------- */

static const char *success_word(const struct report *r)
{
    switch (r->result->outcome) {
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
    if (r->result->request_id[0])
        out_char(o, ' '); /* two blanks: a column apart */
    put_request_id(o, r);
    out_char(o, '\n');
}

/* What the AWS CLI prints for {"Return": true}. A dry run has no such reply,
 * so nothing is printed for it. */
static void put_reply(struct out *o, const struct report *r)
{
    if (r->result->outcome == CILP_PERMITTED)
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

static int report_success(const struct report *r)
{
    struct out o;

    if (r->result->outcome == CILP_GONE)
        note_gone(r);
    out_init(&o, STDOUT_FILENO);
    if (r->set->output == OUTPUT_OFF)
        return EXIT_DONE;
    if (r->set->output == OUTPUT_TEXT && !is_aws(r))
        put_success(&o, r);
    else
        put_reply(&o, r);
    if (!out_flush(&o))
        repeat_on_stderr(r);
    return EXIT_DONE;
}

/* A dry run in the AWS CLI's spelling is its error, and in JSON has no words
 * on standard output. */
static int report_permitted(const struct report *r)
{
    struct out o;

    if (is_aws(r)) {
        say_error(&o, SPELLING_AWS);
        put_aws_error(&o, r);
        say_end(&o);
        return EXIT_REFUSED;
    }
    if (r->set->output != OUTPUT_JSON)
        return report_success(r);
    say_note(&o);
    put_success(&o, r);
    out_flush(&o);
    return EXIT_DONE;
}

/* ---- Nothing to cancel, refused ---------------------------------------- */

/* clang-format off */
static const struct { const char *code, *advice; } ADVICE[] = {
    { "UnauthorizedOperation", "this principal needs"
      " ec2:CancelImageLaunchPermission on the image; a service control policy"
      " or a permissions boundary may deny it as well" },
    { "AuthFailure", "check the access key, this machine's clock, and that the"
      " account may use this Region" },
    { "SignatureDoesNotMatch", "check AWS_SECRET_ACCESS_KEY: it does not"
      " belong to this access key id" },
    { "IncompleteSignature", "is there a proxy that changes requests?" },
    { "InvalidClientTokenId", "the access key id is not known in this"
      " partition; temporary keys (ASIA...) need AWS_SESSION_TOKEN" },
    { "MissingAuthenticationToken", "is there a proxy that changes"
      " requests?" },
    { "RequestExpired", "set this machine's clock, or get new temporary"
      " credentials" },
    { "ExpiredToken", "get new temporary credentials" },
    { "ExpiredTokenException", "get new temporary credentials" },
    { "OptInRequired", "enable the Region for this account first" },
    { "Blocked", "the account is blocked; ask AWS Support" },
    { "PendingVerification", "the account is being verified; try later" },
    { "InvalidAMIID.Malformed", "check the AMI id" },
    { "RequestLimitExceeded", "EC2 throttles this account; try again later" },
    { "Throttling", "EC2 throttles this account; try again later" },
};
/* clang-format on */

static const char *advice(const char *code)
{
    for (size_t i = 0; i < COUNT(ADVICE); i++)
        if (strcmp(code, ADVICE[i].code) == 0)
            return ADVICE[i].advice;
    return "AWS Support can look up the request id";
}

static int report_nothing(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    put_aws_error(&o, r);
    if (!is_aws(r) && strcmp(r->result->code, "InvalidAMIID.Unavailable") == 0)
        out_str(&o, "; the AMI is deregistered or in no state to be used:"
                    " nothing is left to cancel");
    else if (!is_aws(r)) {
        out_str(&o, "; there is no share of ");
        put_image(&o, r);
        out_str(&o, " with this very account in ");
        out_str(&o, r->set->req.region);
        out_str(&o, ": is it shared with an organization or public (only its"
                    " owner can end that), in another Region, or cancelled"
                    " already?");
    }
    say_end(&o);
    return is_aws(r) ? EXIT_REFUSED : EXIT_NOTHING;
}

/* Two clocks that differ are the cause more often than expired keys. */
static void put_clocks(struct out *o, const struct report *r)
{
    int64_t ahead = r->result->signed_s - r->result->date_s;

    if (!r->result->date_s || !r->result->signed_s ||
        (ahead > -60 && ahead < 60))
        return;
    out_str(o, " (this machine says ");
    out_utc(o, r->result->signed_s);
    out_str(o, ", EC2 says ");
    out_utc(o, r->result->date_s);
    out_char(o, ')');
}

static int report_refused(const struct report *r)
{
    const char *code = r->result->code;
    struct out o;

    say_error(&o, r->set->spelling);
    put_where(&o, r);
    put_cause(&o, r);
    if (r->result->err != CILP_E_AWS) {
        out_str(&o, "; EC2 does not answer so: check --endpoint-url, and"
                    " whether a proxy is in between");
    } else if (!is_aws(r)) {
        out_str(&o, "; ");
        out_str(&o, advice(code));
        if (strcmp(code, "RequestExpired") == 0 ||
            strcmp(code, "AuthFailure") == 0)
            put_clocks(&o, r);
    }
    say_end(&o);
    return EXIT_REFUSED;
}

/* ---- Unknown ----------------------------------------------------------- */

static int report_unknown(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    out_str(&o, "outcome unknown for ");
    put_image(&o, r);
    out_str(&o, " in ");
    out_str(&o, r->set->req.region);
    out_str(&o, ", sent at ");
    out_utc(&o, r->result->signed_s);
    out_str(&o, ": ");
    put_where(&o, r);
    put_cause(&o, r);
    out_str(&o, "; run it again (that does no harm), or search CloudTrail for"
                " eventName=" OPERATION ", invocation id ");
    out_str(&o, r->result->invocation_id);
    if (r->result->err != CILP_E_AWS)
        put_request_id(&o, r);
    say_end(&o);
    return is_aws(r) ? EXIT_NETWORK : EXIT_UNKNOWN;
}

/* ---- Not sent ---------------------------------------------------------- */

static int report_config(const struct report *r)
{
    const struct cilp_request *req = &r->set->req;
    const char *what = r->result->what;
    struct out o;

    say_fault(&o, r->set->spelling, EXIT_CONFIG);
    out_str(&o, what);
    if (begins(what, "endpoint")) {
        out_str(&o, " ('");
        out_quoted(&o, req->endpoint ? req->endpoint : "");
        out_str(&o, "'; see --endpoint-url, --allow-http, --fips,"
                    " --dualstack)");
    } else {
        out_str(&o, " ('");
        out_quoted(&o, req->region);
        out_str(&o, "'; see --region, --fips)");
    }
    say_end(&o);
    return EXIT_CONFIG;
}

/* How the AWS CLI words what broke, in front of the cause. */
static void put_aws_phrase(struct out *o, const struct report *r)
{
    const char *phrase;

    if (r->result->err == CILP_E_TIMEOUT)
        phrase = "Connect timeout on endpoint URL: ";
    else if (r->result->err == CILP_E_CLOSED)
        phrase = "Connection was closed before we received a valid response"
                 " from endpoint URL: ";
    else if (r->result->err == CILP_E_TLS || r->result->err == CILP_E_CERT)
        phrase = "SSL validation failed for ";
    else
        phrase = "Could not connect to the endpoint URL: ";
    out_str(o, phrase);
    put_url(o, r);
    out_str(o, ": ");
}

static const char *resolve_step(const struct report *r)
{
    if (r->set->req.fips)
        return "; FIPS endpoints exist in some Regions only: is this one of"
               " them?";
    if (r->set->req.dual_stack)
        return "; not every Region has a dual-stack endpoint: try without"
               " --dualstack";
    if (r->set->req.endpoint)
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

static const char *network_step(const struct report *r)
{
    switch (r->result->err) {
    case CILP_E_RESOLVE: return resolve_step(r);
    case CILP_E_CERT: return cert_step(r);
    case CILP_E_REACH: return "; --allow-http lets it be elsewhere";
    case CILP_E_TIMEOUT:
        return "; check the route and the firewall, or give"
               " more time (--cli-connect-timeout,"
               " --deadline)";
    case CILP_E_TLS: return "; the endpoint must speak TLS 1.2 or 1.3";
    case CILP_OK:
    case CILP_E_ARG:
    case CILP_E_SPACE:
    case CILP_E_CONFIG:
    case CILP_E_CREDS:
    case CILP_E_CRYPTO:
    case CILP_E_STOPPED:
    case CILP_E_CONNECT:
    case CILP_E_CLOSED:
    case CILP_E_HTTP:
    case CILP_E_XML:
    case CILP_E_REPLY:
    case CILP_E_CLOCK:
    case CILP_E_AWS: break;
    }
    return "; check the endpoint, the route and the firewall";
}

/* Network or TLS; or a dry run that got no answer that can be read. */
static int report_network(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    if (is_aws(r))
        put_aws_phrase(&o, r);
    else
        put_where(&o, r);
    put_cause(&o, r);
    out_str(&o, r->result->sent ? "; nothing was changed, try again"
                                : "; nothing was sent");
    out_str(&o, r->result->sent ? "" : network_step(r));
    say_end(&o);
    return EXIT_NETWORK;
}

static int report_stopped(const struct report *r)
{
    struct out o;

    say_error(&o, r->set->spelling);
    out_str(&o, r->result->sent ? "stopped; EC2 did not act"
                                : "stopped; nothing was sent");
    say_end(&o);
    return EXIT_NETWORK; /* the signal's code takes its place */
}

static int report_not_sent(const struct report *r)
{
    const char *what = r->result->what;

    switch (r->result->err) {
    case CILP_E_ARG:
    case CILP_E_SPACE:
        return (int)complain(r->set->spelling, EXIT_USAGE, what, NULL, "");
    case CILP_E_CONFIG: return report_config(r);
    case CILP_E_CREDS:
        return (int)complain(r->set->spelling, EXIT_CONFIG, what, NULL,
                             " (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,"
                             " AWS_SESSION_TOKEN)");
    case CILP_E_CRYPTO:
        return (int)complain(r->set->spelling, EXIT_CONFIG, what, NULL,
                             "; this machine gives no random bytes or memory");
    case CILP_E_STOPPED: return report_stopped(r);
    case CILP_OK:
    case CILP_E_RESOLVE:
    case CILP_E_CONNECT:
    case CILP_E_TLS:
    case CILP_E_CERT:
    case CILP_E_CLOSED:
    case CILP_E_TIMEOUT:
    case CILP_E_REACH:
    case CILP_E_HTTP:
    case CILP_E_XML:
    case CILP_E_REPLY:
    case CILP_E_CLOCK:
    case CILP_E_AWS: break;
    }
    return report_network(r);
}

/* ---- All --------------------------------------------------------------- */

static int report_outcome(const struct report *r)
{
    switch (r->result->outcome) {
    case CILP_CANCELLED:
    case CILP_GONE: return report_success(r);
    case CILP_PERMITTED: return report_permitted(r);
    case CILP_NOTHING: return report_nothing(r);
    case CILP_REFUSED: return report_refused(r);
    case CILP_ANSWERED:
    case CILP_PENDING:
    case CILP_UNKNOWN: return report_unknown(r);
    case CILP_NOT_SENT: break;
    }
    return report_not_sent(r);
}

/* see report.h */
int report(const struct report *r)
{
    int code = report_outcome(r);

    return r->signal ? EXIT_SIGNAL + r->signal : code;
}
