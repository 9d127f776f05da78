#include "tests/prop/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The server -------------------------------------------------------- */

static const char xml[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/* prefix: in front of a body that is not empty. */
static void say_with(struct script *s, int status, const char *prefix,
                     const char *body)
{
    int n = snprintf((char *)s->reply, sizeof s->reply,
                     "HTTP/1.1 %d Some Reason\r\n"
                     "Date: Thu, 15 Jan 2026 12:00:01 GMT\r\n%s"
                     "Content-Length: %zu\r\n\r\n%s%s",
                     status, s->close_after ? "Connection: close\r\n" : "",
                     strlen(body) ? strlen(prefix) + strlen(body) : 0,
                     strlen(body) ? prefix : "", body);

    if (n < 0 || (size_t)n >= sizeof s->reply)
        abort();
    s->reply_len = (size_t)n;
    s->reply_pos = 0;
    if (s->longest < s->reply_len)
        s->longest = s->reply_len;
}

static void say(struct script *s, int status, const char *body)
{
    say_with(s, status, xml, body);
}

static void say_return(struct script *s, const char *word)
{
    char body[256];

    snprintf(body, sizeof body,
             "<CancelImageLaunchPermissionResponse xmlns=\"http://ec2/\">"
             "<requestId>11111111-2222</requestId><return>%s</return>"
             "</CancelImageLaunchPermissionResponse>",
             word);
    say(s, 200, body);
}

static void say_error(struct script *s, int status, const char *code)
{
    char body[256];

    snprintf(body, sizeof body,
             "<Response><Errors><Error><Code>%s</Code><Message>It &lt;is&gt; "
             "so</Message></Error></Errors><RequestID>33</RequestID>"
             "</Response>",
             code);
    say(s, status, body);
}

static void act(struct script *s)
{
    s->acted = s->acted || s->granted;
    s->granted = false;
}

static bool asks_for(const struct script *s, const char *what)
{
    return strstr((const char *)s->request, what) != NULL;
}

static void say_cancelled(struct script *s)
{
    bool had = s->granted;

    act(s);
    if (had)
        say_return(s, "true");
    else
        say_error(s, 400, "InvalidAMIID.NotFound");
}

#define IMAGES "<DescribeImagesResponse><requestId>44</requestId><imagesSet>"

static void say_image(struct script *s)
{
    if (s->granted)
        say(s, 200,
            IMAGES "<item><imageId>ami-0abcdef1234567890</imageId>"
                   "</item></imagesSet></DescribeImagesResponse>");
    else
        say_error(s, 400, "InvalidAMIID.NotFound");
}

/* The images are numbered, over all pages; a page's token is its number. */
static void say_page(struct script *s)
{
    const char *token = strstr((const char *)s->request, "&NextToken=");
    unsigned page = token ? (unsigned)strtoul(token + 11, NULL, 10) : 0;
    char body[1500] = IMAGES;

    for (unsigned i = 1; i <= s->per_page; i++)
        sprintf(body + strlen(body),
                "<item><imageId>ami-%08u</imageId>"
                "<tagSet><item><key>k</key></item></tagSet></item>",
                page * s->per_page + i);
    strcat(body, "</imagesSet>");
    if (page + 1 < s->pages)
        sprintf(body + strlen(body), "<nextToken>%u</nextToken>", page + 1);
    strcat(body, "</DescribeImagesResponse>");
    say(s, 200, body);
}

static void say_truth(struct script *s)
{
    if (!asks_for(s, "\nAction=DescribeImages"))
        say_cancelled(s);
    else if (asks_for(s, "&ImageId.1="))
        say_image(s);
    else
        say_page(s);
}

static void answer_signed(struct script *s)
{
    size_t at = s->requests < s->n_answers ? s->requests : s->n_answers - 1;

    s->requests++;
    s->broke_rule = s->broke_rule || (s->key_id && !asks_for(s, s->key_id));
    switch (s->answers[at]) {
    case ANSWER_TRUTH: say_truth(s); break;
    case ANSWER_ACT_500:
        act(s);
        say_error(s, 500, "InternalError");
        break;
    case ANSWER_GARBAGE:
        act(s);
        say(s, 200, "<html>hello</html>");
        break;
    case ANSWER_IDLE_500: say_error(s, 500, "InternalError"); break;
    case ANSWER_THROTTLE: say_error(s, 503, "RequestLimitExceeded"); break;
    case ANSWER_DENY: say_error(s, 403, "UnauthorizedOperation"); break;
    case ANSWER_EXPIRED: say_error(s, 400, "RequestExpired"); break;
    case ANSWER_FALSE: say_return(s, "false"); break;
    }
}

/* ---- The sources of credentials ----------------------------------------- */

static bool is_for_source(const struct script *s)
{
    const char *text = (const char *)s->request;

    return strncmp(text, "PUT ", 4) == 0 || strncmp(text, "GET /l", 6) == 0 ||
           strncmp(text, "GET /f", 6) == 0 || strncmp(text, "GET /v", 6) == 0 ||
           strncmp(text, "GET /r", 6) == 0 ||
           strncmp(text, "POST /s", 7) == 0 || strstr(text, "\r\nHost: sts.");
}

static void say_keys_as_xml(struct script *s, const char *action)
{
    char body[800];

    snprintf(body, sizeof body,
             "<%sResponse><%sResult><Credentials><AccessKeyId>" SOURCED_ID
             "R</AccessKeyId><SecretAccessKey>" SOURCED_SECRET
             "R</SecretAccessKey><SessionToken>" SOURCED_TOKEN
             "R</SessionToken><Expiration>2026-01-15T13:00:01Z</Expiration>"
             "</Credentials></%sResult></%sResponse>",
             action, action, action, action);
    say(s, 200, body);
}

#define MEMBERS                                \
    "{\"accessKeyId\":\"" SOURCED_ID           \
    "\",\"secretAccessKey\":\"" SOURCED_SECRET \
    "\",\"sessionToken\":\"" SOURCED_TOKEN     \
    "\",\"expiration\":\"2026-01-15T13:00:01Z\"}"

static void say_keys(struct script *s)
{
    if (asks_for(s, "\nAction=AssumeRoleWithWebIdentity&"))
        say_keys_as_xml(s, "AssumeRoleWithWebIdentity");
    else if (asks_for(s, "\nAction=AssumeRole&"))
        say_keys_as_xml(s, "AssumeRole");
    else if (asks_for(s, "GET /federation/"))
        say_with(s, 200, "",
                 "{\"roleCredentials\":{\"accessKeyId\":\"" SOURCED_ID
                 "\",\"secretAccessKey\":\"" SOURCED_SECRET
                 "\",\"sessionToken\":\"" SOURCED_TOKEN
                 "\",\"expiration\":1768482001000}}");
    else if (asks_for(s, "GET /role-aliases/"))
        say_with(s, 200, "", "{\"credentials\":" MEMBERS "}");
    else if (asks_for(s, "POST /sessions?"))
        say_with(s, 201, "",
                 "{\"credentialSet\":[{\"credentials\":" MEMBERS "}]}");
    else
        say_with(s, 200, "",
                 "{\"Code\":\"Success\",\"AccessKeyId\":\"" SOURCED_ID
                 "\",\"SecretAccessKey\":\"" SOURCED_SECRET
                 "\",\"Token\":\"" SOURCED_TOKEN
                 "\",\"Expiration\":\"2026-01-15T13:00:01Z\"}");
}

static void refuse_keys(struct script *s)
{
    s->refused++;
    if (s->source == SOURCE_500)
        say_with(s, 500, "", "");
    else if (s->source == SOURCE_DENY)
        say_with(s, 403, "", "{\"code\":\"AccessDenied\",\"message\":\"no\"}");
    else
        say_with(s, 200, "", "<html>hello</html>");
}

static void answer_source(struct script *s)
{
    bool refuses = s->source != SOURCE_KEYS &&
                   (!s->refusals || s->refused < s->refusals);

    if (asks_for(s, "PUT /latest/api/token "))
        say_with(s, 200, "", IMDS_TOKEN);
    else if (asks_for(s, "/security-credentials/ "))
        say_with(s, 200, "", "a-role\n");
    else if (refuses)
        refuse_keys(s);
    else
        say_keys(s);
}

/* ---- All that comes ------------------------------------------------------ */

static void answer(struct script *s)
{
    if (is_for_source(s))
        answer_source(s);
    else if (asks_for(s, "GET / "))
        say(s, 302, "<html/>");
    else if (asks_for(s, "\r\nX-Amz-Date: 20260115T1200") ||
             asks_for(s, "\r\nX-Amz-Date: 20260115T1159"))
        answer_signed(s);
    else
        say_error(s, 400, "RequestExpired");
}

static bool is_whole(const struct script *s)
{
    const char *text = (const char *)s->request;
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "\r\nContent-Length: ");

    return end &&
           s->request_len == (size_t)(end + 4 - text) +
                                 (length ? strtoul(length + 18, NULL, 10) : 0);
}

/* To a peer whose dates were not judged nothing goes but the question for the
 * time. */
static void arrive(struct script *s, const uint8_t *p, size_t n)
{
    if (s->request_len + n >= sizeof s->request)
        abort();
    memcpy(s->request + s->request_len, p, n);
    s->request_len += n;
    s->request[s->request_len] = '\0';
    if (!s->judges && s->request[0] != 'G')
        s->broke_rule = true;
    if (s->request[0] != 'G' && is_whole(s) && !is_for_source(s))
        s->sent = true;
}

/* ---- The port ---------------------------------------------------------- */

static size_t piece(struct script *s, size_t room)
{
    size_t n = s->piece ? s->piece : room;

    if (s->seed) {
        s->seed = s->seed * 1664525u + 1013904223u;
        n = 1 + (s->seed >> 16) % n;
    }
    return n < room ? n : room;
}

/* Is this touch of the wire the one that goes wrong? */
static bool is_hit(struct script *s)
{
    uint32_t t = s->touches++;
    bool hit = s->fault != FAULT_NONE && t >= s->fault_at &&
               (t == s->fault_at ||
                (s->fault_every && (t - s->fault_at) % s->fault_every == 0));

    s->was_hit = s->was_hit || hit;
    return hit;
}

static void die(struct script *s)
{
    s->is_open = false;
    s->closes++;
}

/* A clock that is unset judges nothing: the server's own time does. */
static void do_open(struct script *s, struct cilp_op *op)
{
    s->judges = cilp_peer(op)->judge_dates;
    s->broke_rule =
        s->broke_rule || s->is_open ||
        (s->judges && !s->now.trusted && cilp_peer(op)->unix_s != SERVER_S);
    s->opens++;
    s->is_open = true;
    s->request_len = s->reply_len = s->reply_pos = 0;
    cilp_opened(op);
}

static void do_send(struct script *s, struct cilp_op *op)
{
    size_t n;
    const uint8_t *p = cilp_tx(op, &n);

    s->broke_rule = s->broke_rule || !s->is_open || n == 0;
    if (n > s->max_write)
        s->max_write = (uint32_t)n;
    n = piece(s, n);
    if (s->reply_len) /* a new request on a standing connection */
        s->request_len = s->reply_len = 0;
    arrive(s, p, n);
    cilp_sent(op, n);
    if (is_whole(s))
        answer(s);
}

static void do_recv(struct script *s, struct cilp_op *op)
{
    size_t cap, n = s->reply_len - s->reply_pos;
    uint8_t *p = cilp_rx(op, &cap);

    s->broke_rule = s->broke_rule || !s->is_open || cap == 0;
    if (n == 0 && s->close_after && s->reply_len) {
        cilp_eof(op);
        return;
    }
    if (n == 0) { /* quiet: time passes */
        uint32_t idle = cilp_idle_ms(op);

        cilp_idle(op);
        s->now.mono_ms += idle;
        return;
    }
    if (s->first_cut && s->reply_pos == 0 && s->first_cut < n)
        n = s->first_cut;
    n = piece(s, n < cap ? n : cap);
    memcpy(p, s->reply + s->reply_pos, n);
    s->reply_pos += n;
    cilp_received(op, n);
}

/* The caller takes longer than any deadline: that is not the peer's doing. */
static void do_item(struct script *s, struct cilp_op *op)
{
    s->items++;
    s->broke_rule = s->broke_rule || !s->list ||
                    s->list->pages.count != s->items ||
                    strtoul(s->list->image.id + 4, NULL, 10) != s->items;
    s->now.mono_ms += 100000;
    cilp_took(op);
}

static void oblige(struct script *s, struct cilp_op *op, enum cilp_want want)
{
    switch (want) {
    case CILP_OPEN: do_open(s, op); break;
    case CILP_SEND: do_send(s, op); break;
    case CILP_RECV: do_recv(s, op); break;
    case CILP_CLOSE:
        s->broke_rule = s->broke_rule || !s->is_open;
        die(s);
        cilp_closed(op);
        break;
    case CILP_WAIT:
        s->broke_rule = s->broke_rule || cilp_idle_ms(op) == 0;
        s->now.mono_ms += cilp_idle_ms(op);
        break;
    case CILP_ITEM: do_item(s, op); break;
    case CILP_DONE: s->broke_rule = true; break;
    }
}

/* The bytes of the fault's moment may still have arrived. */
static void break_it(struct script *s, struct cilp_op *op, enum cilp_want want)
{
    switch (s->fault) {
    case FAULT_EOF:
        if (want == CILP_RECV) {
            cilp_eof(op);
            return;
        }
        /* fall through */
    case FAULT_FAIL:
        if (want == CILP_OPEN)
            s->opens++;
        die(s);
        cilp_failed(op, CILP_E_CLOSED, 104);
        return;
    case FAULT_STALL:
        if (want == CILP_OPEN) {
            s->opens++;
            s->is_open = true;
        }
        /* 0 is "look, do not wait": whoever does not even look loses time */
        s->now.mono_ms += cilp_idle_ms(op) ? cilp_idle_ms(op) : 1000;
        return;
    case FAULT_STOP:
        if (want == CILP_OPEN) {
            s->opens++;
            s->is_open = true;
        }
        cilp_stop(op);
        if (want == CILP_CLOSE) /* which is wanted all the same */
            oblige(s, op, want);
        return;
    case FAULT_NONE: return;
    }
}

/* The caller may give up at any time, the wire breaks only where it is used. */
static bool can_be_hit(const struct script *s, enum cilp_want want)
{
    return want == CILP_OPEN || want == CILP_SEND || want == CILP_RECV ||
           s->fault == FAULT_STOP;
}

/* The last piece may be with the server although we never hear of it: the
 * stream accepted it, and then died. */
static void arrive_dying(struct script *s, struct cilp_op *op)
{
    size_t n;
    const uint8_t *p = cilp_tx(op, &n);

    arrive(s, p, n);
    cilp_sent(op, n);
    if (is_whole(s))
        answer(s);
    s->reply_len = s->reply_pos = 0;
}

/* see script.h */
bool script_run(struct script *s, struct cilp_op *op)
{
    enum cilp_want want;

    while ((want = cilp_next(op, s->now)) != CILP_DONE) {
        if (++s->events > 1000000)
            return false;
        if (!can_be_hit(s, want) || !is_hit(s)) {
            oblige(s, op, want);
            continue;
        }
        if (want == CILP_SEND && s->acts_at_death) {
            arrive_dying(s, op);
            want = cilp_next(op, s->now);
        }
        break_it(s, op, want);
    }
    return true;
}

/* A question changes nothing: it was answered, or it was not. */
static const char *lie_of_answer(const struct script *s)
{
    if (s->list)
        return s->items == s->pages * s->per_page ? NULL : "items were lost";
    if (s->look)
        return s->look->found == s->granted ? NULL : "not what can be seen";
    return "an answer to a question that was not asked";
}

/* see script.h */
const char *script_lie(const struct script *s, bool was_granted,
                       const struct cilp_result *r)
{
    if (r->clock_learnt && r->clock_offset_s != SERVER_S - s->now.unix_s)
        return "the clock is not the server's";
    if (r->sent != s->sent)
        return "sent is not what the stream took";
    if ((s->list || s->look) && r->outcome != CILP_ANSWERED &&
        r->outcome != CILP_REFUSED && r->outcome != CILP_NOT_SENT)
        return "not the outcome of a question";
    switch (r->outcome) {
    case CILP_PENDING: return "done, and the outcome is pending";
    case CILP_CANCELLED:
        return s->acted ? NULL : "cancelled, but the server did not act";
    case CILP_GONE: return s->granted ? "gone, but the grant is there" : NULL;
    case CILP_NOTHING:
        return was_granted ? "nothing to cancel, but there was a grant" : NULL;
    case CILP_REFUSED: return s->acted ? "refused, but the server acted" : NULL;
    case CILP_NOT_SENT:
        return s->acted ? "not sent, but the server acted" : NULL;
    case CILP_ANSWERED: return lie_of_answer(s);
    case CILP_PERMITTED: return "permitted, but nobody asked for a dry run";
    case CILP_UNKNOWN:
        return s->sent ? NULL : "unknown, although nothing was sent";
    }
    return "not an outcome";
}
