#include "tests/prop/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The server -------------------------------------------------------- */

static const char xml[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

static void say(struct script *s, int status, const char *body)
{
    int n = snprintf((char *)s->reply, sizeof s->reply,
                     "HTTP/1.1 %d Some Reason\r\n"
                     "Date: Thu, 15 Jan 2026 12:00:01 GMT\r\n%s"
                     "Content-Length: %zu\r\n\r\n%s%s",
                     status, s->close_after ? "Connection: close\r\n" : "",
                     strlen(body) ? sizeof xml - 1 + strlen(body) : 0,
                     strlen(body) ? xml : "", body);

    if (n < 0 || (size_t)n >= sizeof s->reply)
        abort();
    s->reply_len = (size_t)n;
    s->reply_pos = 0;
}

static void say_return(struct script *s, const char *word)
{
    char body[256];

    snprintf(body, sizeof body,
             "<CancelImageLaunchPermissionResponse xmlns=\"http://ec2/\">"
             "<requestId>11111111-2222</requestId><return>%s</return>"
             "</CancelImageLaunchPermissionResponse>", word);
    say(s, 200, body);
}

static void say_error(struct script *s, int status, const char *code)
{
    char body[256];

    snprintf(body, sizeof body,
             "<Response><Errors><Error><Code>%s</Code><Message>It &lt;is&gt; "
             "so</Message></Error></Errors><RequestID>33</RequestID>"
             "</Response>", code);
    say(s, status, body);
}

static void act(struct script *s)
{
    s->acted = s->acted || s->granted;
    s->granted = false;
}

static void answer(struct script *s)
{
    size_t at = s->requests < s->n_answers ? s->requests : s->n_answers - 1;
    bool had = s->granted;

    s->requests++;
    switch (s->answers[at]) {
    case ANSWER_TRUTH:
        act(s);
        if (had)
            say_return(s, "true");
        else
            say_error(s, 400, "InvalidAMIID.NotFound");
        break;
    case ANSWER_ACT_500:
        act(s);
        say_error(s, 500, "InternalError");
        break;
    case ANSWER_GARBAGE:
        act(s);
        say(s, 200, "<html>hello</html>");
        break;
    case ANSWER_IDLE_500: say_error(s, 500, "InternalError");          break;
    case ANSWER_THROTTLE: say_error(s, 503, "RequestLimitExceeded");   break;
    case ANSWER_DENY:     say_error(s, 403, "UnauthorizedOperation");  break;
    case ANSWER_FALSE:    say_return(s, "false");                      break;
    }
}

static bool is_whole(const struct script *s)
{
    const char *text = (const char *)s->request;
    const char *end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "\r\nContent-Length: ");

    return end && length &&
           s->request_len == (size_t)(end + 4 - text) +
                                 strtoul(length + 18, NULL, 10);
}

static void arrive(struct script *s, const uint8_t *p, size_t n)
{
    if (s->request_len + n >= sizeof s->request)
        abort();
    memcpy(s->request + s->request_len, p, n);
    s->request_len += n;
    s->request[s->request_len] = '\0';
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
        return;
    case FAULT_NONE:
        return;
    }
}

static void do_open(struct script *s, struct cilp_op *op)
{
    s->broke_rule = s->broke_rule || s->is_open;
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
    if (s->reply_len)       /* a new request on a standing connection */
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
    if (n == 0) {           /* quiet: time passes */
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
    case CILP_ITEM:
    case CILP_DONE:
        s->broke_rule = true;
        break;
    }
}

static bool is_wire(enum cilp_want want)
{
    return want == CILP_OPEN || want == CILP_SEND || want == CILP_RECV;
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
        if (!is_wire(want) || !is_hit(s)) {
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

/* see script.h */
const char *script_lie(const struct script *s, bool was_granted,
                       const struct cilp_result *r)
{
    switch (r->outcome) {
    case CILP_PENDING:
        return "done, and the outcome is pending";
    case CILP_CANCELLED:
        return s->acted ? NULL : "cancelled, but the server did not act";
    case CILP_GONE:
        return s->granted ? "gone, but the grant is there" : NULL;
    case CILP_NOTHING:
        return was_granted ? "nothing to cancel, but there was a grant" : NULL;
    case CILP_REFUSED:
        return s->acted ? "refused, but the server acted" : NULL;
    case CILP_NOT_SENT:
        return s->acted ? "not sent, but the server acted" : NULL;
    case CILP_ANSWERED:
    case CILP_PERMITTED:
        return "an answer to a question that was not asked";
    case CILP_UNKNOWN:
        return r->sent ? NULL : "unknown, although nothing was sent";
    }
    return "not an outcome";
}
