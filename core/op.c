/*
 * op.c - the crank: turns one exchange after the other, whatever they are.
 *
 *   start -> OPEN -> SEND -> RECV --> done
 *             ^        ^        |
 *             |        CHECK    +--> CLOSE -> WAIT -> OPEN   (a retry)
 *             +--------- +
 *
 * CHECK is the look at a standing connection. core/README.md has every edge.
 */
#include "core/op.h"

#include <string.h>

#include "core/endpoint.h"
#include "core/http_req.h"

/* In this order, so that most questions are about a range. */
enum phase {
    P_REST,  /* nothing is under way: never started, or done */
    P_CLOSE, /* then after_close */
    P_ITEM,  /* the flow's memory holds an item for the caller */
    P_READ,  /* it was taken, and bytes may be left: left at once */
    P_AIM,   /* an attempt begins: left at once */
    P_WRITE, /* the window is to be filled: left at once */
    P_CHECK, /* is the standing connection quiet? one RECV, no wait */
    P_OPEN,
    P_SEND,
    P_RECV,
    P_PAUSE /* before a retry */
};

/* Sizes that a build may have chosen (cilp_config.h). */
_Static_assert(CILP_IO_MAX >= 256, "CILP_IO_MAX: 256 is the least window");
_Static_assert(CILP_IO_MAX <= 65535, "CILP_IO_MAX is counted in 16 bits");
_Static_assert(CILP_IO_MAX >= sizeof(struct cilp_peer),
               "CILP_IO_MAX must hold a struct cilp_peer: 512 will do");
_Static_assert(CILP_TOKEN_MAX <= 65535, "CILP_TOKEN_MAX: 65535 at most");
_Static_assert(CILP_IMAGE_ID_MAX >= 21, "\"ami-\" and 17 digits must fit");

#define GUARD  0x63696c70u /* "cilp": cilp_init() was called */
#define DAY_MS 86400000u

#define WAIT_MS     1000  /* between two looks for a service of this machine */
#define WAITING_MAX 60000 /* ms: attempts are counted in 8 bits */

/* ---- Time -------------------------------------------------------------- */

/* Differences only: mono_ms may wrap. */
static uint32_t left_of(const struct cilp_op *op, uint32_t t, uint32_t length)
{
    uint32_t gone = op->now.mono_ms - t;

    return gone < length ? length - gone : 0;
}

static uint32_t deadline_left(const struct cilp_op *op)
{
    return left_of(op, op->t_start, op->deadline_ms);
}

/* How long the present phase may still take without progress. */
static uint32_t step_left(const struct cilp_op *op)
{
    uint32_t length = op->read_ms;

    if (op->phase == P_OPEN)
        length = op->connect_ms;
    if (op->phase == P_PAUSE)
        length = op->pause_ms;
    return left_of(op, op->t_step, length);
}

/* A linear congruence, its better half: the jitter has to differ between
 * devices, no more than that. */
static uint32_t roll(struct cilp_op *op)
{
    op->dice = op->dice * 1664525 + 1013904223;
    return op->dice / CILP_RETRY_ONE;
}

/* ---- How an attempt and a call end ------------------------------------- */

static void enter(struct cilp_op *op, enum phase phase)
{
    op->phase = (uint8_t)phase;
    op->t_step = op->now.mono_ms;
}

/* On to `next`, by way of CLOSE if the port may hold a stream. */
static void enter_closed(struct cilp_op *op, enum phase next)
{
    op->standing = false;
    op->after_close = (uint8_t)next;
    enter(op, op->held ? P_CLOSE : next);
}

/* On to `next`, with the connection if it can be used again. */
static void leave(struct cilp_op *op, enum phase next)
{
    if (op->standing)
        enter(op, next);
    else
        enter_closed(op, next);
}

/* A request may lie in it, with its token, or keys that came; these are in the
 * room that is lent, too. */
static void wipe_io(struct cilp_op *op)
{
    cilp_zero(&op->io, sizeof op->io);
    if (op->lent)
        cilp_zero(op->req->room, op->req->room_len);
    op->lent = false;
    op->kept = 0;
}

/* The last bytes of keys that came: text, and of a reply that was none what stands
 * where a name should. An attempt begins with fresh ones (begin_reply()). */
static void wipe_readers(struct cilp_op *op)
{
    const size_t from = offsetof(struct cilp_op, http);

    cilp_zero((uint8_t *)op + from, offsetof(struct cilp_op, peer) - from);
}

/* see op.h */
void cilp_op_wipe_creds(struct cilp_op *op)
{
    cilp_zero(&op->creds, sizeof op->creds);
}

static void finish(struct cilp_op *op)
{
    if (op->result.outcome == CILP_PENDING) /* stopped between attempts */
        op->result.outcome = op->doubt ? CILP_UNKNOWN : CILP_NOT_SENT;
    if (op->sourcing)
        cilp_op_wipe_creds(op);
    wipe_io(op);
    wipe_readers(op);
    leave(op, P_REST);
}

/* A service of this machine or pod may begin later than its user, who runs at
 * boot: as long as it cannot be reached, it is asked again once a second. Neither
 * attempts nor quota count, which are for services that are there. */
static bool may_wait(struct cilp_op *op)
{
    uint32_t gone = op->now.mono_ms - op->t_start;
    uint32_t most = op->deadline_ms / 2;

    if (op->wait_ms < most)
        most = op->wait_ms;
    op->pause_ms = WAIT_MS;
    return !op->opened_now && gone < most && most - gone > WAIT_MS;
}

/* Once more, if attempts, quota and time allow. A pause that would outlast the
 * deadline is not begun: the answer would be the same, only later. */
static bool may_retry(struct cilp_op *op, enum cilp_retry_class class)
{
    uint32_t left = deadline_left(op);

    op->paused = false;
    op->waiting = class == CILP_RETRY_TRANSIENT && may_wait(op);
    if (op->waiting)
        return true;
    if (left == 0 || !cilp_retry_ask(&op->retry, class, op->result.attempts,
                                     op->attempts_max, op->http.retry_after_ms,
                                     roll(op), &op->pause_ms))
        return false;
    if (op->pause_ms == 0)
        op->pause_ms = 1; /* a WAIT for nothing would be none */
    return op->pause_ms < left;
}

/* ---- The clock --------------------------------------------------------- */

static int64_t utc(const struct cilp_op *op)
{
    return op->now.unix_s + op->offset_s;
}

/* ---- How an attempt begins and ends ------------------------------------ */

static void begin_reply(struct cilp_op *op)
{
    cilp_http_resp_init(&op->http);
    cilp_reply_init(&op->reply, &op->ex->reply, op->req->memory);
    op->body_at = op->body_end = 0;
}

static void begin_attempt(struct cilp_op *op)
{
    const size_t kept = offsetof(struct cilp_result, outcome);

    memset((uint8_t *)&op->result + kept, 0, sizeof op->result - kept);
    op->result.attempts++;
    op->result.from_source = op->sourcing;
    op->opened_now = op->sent_now = false;
    wipe_io(op);
    begin_reply(op);
    if (op->ex->prepare)
        op->ex->prepare(op);
    leave(op, P_AIM);
}

/* On to op->ex: the next page of the flow, the next exchange of the source, or
 * from the source to the flow. */
static void begin_next(struct cilp_op *op)
{
    op->result.attempts = 0;
    begin_attempt(op);
}

/* A host that is in trouble is not asked again: a connection anew may lead to
 * another one. Who throttles counts calls, whoever takes them. */
static void understand(struct cilp_op *op)
{
    struct cilp_result *r = &op->result;

    r->means = cilp_code_means(r->http_status, r->code, r->message);
    if (r->means == CILP_MEANS_TRANSIENT)
        op->standing = false;
}

/* see op.h */
void cilp_op_settle(struct cilp_op *op, enum cilp_err err, enum cilp_what what)
{
    enum cilp_step step;

    op->result.err = err;
    op->result.what = what;
    if (op->http.head_done)
        op->result.http_status = op->http.status;
    if (err == CILP_OK)
        understand(op);
    /* What was refused for its date has not been acted on: the same attempt
     * once more, with the right one. */
    if (err == CILP_OK && op->req->clock && op->req->clock->corrects(op)) {
        op->result.attempts--;
        begin_attempt(op);
        return;
    }
    step = op->ex->judge(op);
    if (step == CILP_STEP_RETRY_THROTTLED)
        op->result.throttled = true;
    if (op->result.err == CILP_OK)
        cilp_retry_succeeded(&op->retry);
    if (step == CILP_STEP_NEXT)
        begin_next(op);
    else if (may_retry(op, (enum cilp_retry_class)step))
        leave(op, P_PAUSE);
    else
        finish(op);
}

/* Over before anything was sent: the caller's to put right. */
static void reject(struct cilp_op *op, enum cilp_err err, enum cilp_what what)
{
    op->result.outcome = CILP_NOT_SENT;
    op->result.err = err;
    op->result.what = what;
    op->result.attempts = 0;
    finish(op);
}

/* see op.h: a handshake that was refused will be refused again */
enum cilp_step cilp_judge_broken(const struct cilp_op *op)
{
    enum cilp_err err = op->result.err;
    bool refused = err == CILP_E_TLS || err == CILP_E_CERT;

    if (err == CILP_E_REACH || err == CILP_E_PROXY || err == CILP_E_CRYPTO ||
        err == CILP_E_CLOCK || (refused && !op->opened_now))
        return CILP_STEP_FINISH;
    return CILP_STEP_RETRY;
}

/* ---- Whom to talk to --------------------------------------------------- */

/* Both began as zeros: what is between the fields is equal, too. */
static bool is_same_peer(const struct cilp_peer *a, const struct cilp_peer *b)
{
    const size_t from = offsetof(struct cilp_peer, tls);

    return memcmp((const uint8_t *)a + from, (const uint8_t *)b + from,
                  sizeof *a - from) == 0;
}

/* see op.h */
enum cilp_what cilp_aim_service(const struct cilp_op *op, struct cilp_peer *to)
{
    const struct cilp_request *req = op->req;
    const struct cilp_endpoint in = {op->ex->service, req->region,
                                     req->endpoint,   req->fips,
                                     req->dual_stack, req->allow_http};

    return cilp_endpoint_resolve(to, &in);
}

/* A clock that is unset cannot judge dates: then the time is asked for first. */
static void begin_open(struct cilp_op *op, const struct cilp_peer *next)
{
    memcpy(&op->peer, next, sizeof *next); /* gaps too */
    op->asking = next->tls && !op->now.trusted && !op->clock_known;
    op->peer.judge_dates = !op->asking;
    op->peer.unix_s = utc(op);
    if (op->asking && !op->req->clock)
        cilp_op_settle(op, CILP_E_CLOCK, CILP_WHAT_NO_CLOCK);
    else
        enter(op, P_OPEN);
}

/* The connection leads there; what is asked for may lie elsewhere. */
static void begin_check(struct cilp_op *op, const struct cilp_peer *next)
{
    op->peer.path = next->path;
    enter(op, P_CHECK);
}

/* Find out whom to talk to, and whether the standing connection leads there. */
static void aim(struct cilp_op *op)
{
    struct cilp_peer *next = &op->io.next;
    enum cilp_what wrong;

    memset(next, 0, sizeof *next);
    wrong = op->ex->aim(op, next);
    if (wrong)
        reject(op, CILP_E_CONFIG, wrong);
    else if (!op->held)
        begin_open(op, next);
    else if (is_same_peer(&op->peer, next))
        begin_check(op, next);
    else
        enter_closed(op, P_AIM);
}

/* The request is written for the moment at which its sending begins, also when
 * it goes through the window in several pieces. */
static void begin_request(struct cilp_op *op, enum phase from)
{
    if (op->phase != from)
        return;
    op->opened_now = true;
    op->standing = false;
    op->result.signed_s = utc(op);
    op->tx_skip = 0;
    enter(op, P_WRITE);
}

static void write_window(struct cilp_op *op)
{
    struct cilp_text out;

    cilp_text_init(&out, (char *)op->io.bytes, sizeof op->io.bytes);
    out.skip = op->tx_skip;
    if (op->asking) {
        op->req->clock->ask(op, &out);
    } else if (!op->ex->write(op, &out)) {
        cilp_op_settle(op, CILP_E_CRYPTO, CILP_WHAT_HASH);
        return;
    }
    op->tx_total = (uint32_t)out.len;
    op->tx_len = (uint16_t)cilp_text_kept(&out);
    op->tx_pos = 0;
    enter(op, P_SEND);
}

/* ---- Start ------------------------------------------------------------- */

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
    return value ? value : otherwise;
}

/* UUID version 4 and dice out of the caller's random bytes. RFC 9562 section 5.4:
 * version and variant have their places in the text. */
static void name_invocation(struct cilp_op *op)
{
    const uint8_t *random = op->req->random;
    char *id = op->result.invocation_id;
    struct cilp_text out;

    memcpy(&op->dice, random, sizeof op->dice); /* in any order */
    cilp_text_init(&out, id, sizeof op->result.invocation_id);
    for (size_t i = 0; i < sizeof op->req->random; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            cilp_text_char(&out, '-');
        cilp_text_hex(&out, random + i, 1);
    }
    (void)cilp_text_end(&out);
    id[14] = '4';
    id[19] = "89ab"[random[8] >> 4 & 3];
}

/* see op.h */
void cilp_op_turn_to(struct cilp_op *op, const struct cilp_exchange *ex)
{
    const struct cilp_request *req = op->req;

    op->ex = ex;
    op->attempts_max = (uint8_t)or_default(req->attempts, 3);
    op->connect_ms = or_default(req->connect_ms, 10000);
    op->read_ms = or_default(req->read_ms, 30000);
    op->wait_ms = 0; /* a source may take req->wait_ms */
}

static void load(struct cilp_op *op, const struct cilp_request *req)
{
    op->req = req;
    memset(&op->result, 0, sizeof op->result);
    op->doubt = op->asking = op->corrected = op->sourcing = false;
    op->waiting = false;
    op->result.clock_learnt = op->clock_known;
    op->result.clock_offset_s = op->offset_s;
    op->t_start = op->now.mono_ms;
    op->then = req->flow->first;
    cilp_op_turn_to(op, op->then);
    op->deadline_ms = or_default(req->deadline_ms, 60000);
    name_invocation(op);
}

/* NONE, or what is wrong with the parts of a request that all flows have. */
static enum cilp_what check_request(const struct cilp_op *op)
{
    const struct cilp_request *req = op->req;

    if (op->attempts_max > 10 || op->connect_ms > DAY_MS ||
        op->read_ms > DAY_MS || op->deadline_ms > DAY_MS ||
        req->wait_ms > WAITING_MAX)
        return CILP_WHAT_LIMITS;
    if (req->user_agent && (!cilp_text_is_within(req->user_agent, 256) ||
                            !cilp_text_is_printable(req->user_agent)))
        return CILP_WHAT_AGENT;
    return req->flow->check(req);
}

/* see cilp.h */
bool cilp_init(struct cilp_op *op, size_t size)
{
    if (size != sizeof *op)
        return false;
    memset(op, 0, sizeof *op);
    op->guard = GUARD;
    cilp_retry_init(&op->retry);
    return true;
}

/* see cilp.h */
void cilp_start(struct cilp_op *op, const struct cilp_request *req,
                struct cilp_now now)
{
    enum cilp_what wrong;

    if (op->guard != GUARD || op->phase != P_REST)
        return;
    op->now = now;
    load(op, req);
    if ((wrong = check_request(op)) != CILP_WHAT_NONE) {
        reject(op, CILP_E_ARG, wrong);
        return;
    }
    wrong = cilp_op_take_keys(op);
    op->result.keys = op->keys;
    if (wrong)
        reject(op, CILP_E_CREDS, wrong);
    else
        begin_attempt(op);
}

/* ---- The reply --------------------------------------------------------- */

/* A whole reply was read; clean: nothing came behind it. */
static void complete(struct cilp_op *op, bool clean)
{
    struct cilp_result *r = &op->result;

    if (op->req->clock && !op->req->clock->heard(op)) {
        cilp_op_settle(op, CILP_E_CLOCK, CILP_WHAT_NO_DATE);
        return;
    }
    if (op->asking) {
        /* what was wanted in the first place begins anew, with dates judged */
        begin_reply(op);
        enter_closed(op, P_AIM);
        return;
    }
    (void)cilp_reply_end(&op->reply, r);
    if (!r->request_id[0])
        memcpy(r->request_id, op->http.request_id, sizeof op->http.request_id);
    op->standing = clean && op->http.keep_alive;
    cilp_op_settle(op, CILP_OK, CILP_WHAT_NONE);
}

/* see op.h */
uint8_t *cilp_room_for_xml(struct cilp_op *op, size_t *cap)
{
    *cap = sizeof op->io.bytes;
    return op->io.bytes;
}

static bool body_is_xml(struct cilp_op *op)
{
    (void)cilp_reply_feed(&op->reply, &op->result, op->rx + op->body_at,
                          (size_t)(op->body_end - op->body_at));
    return true;
}

/* see op.h */
const struct cilp_reader cilp_reads_xml = {cilp_room_for_xml, body_is_xml};

/* False if it goes no further: an item stands in the way, which the caller is
 * to take first, or the attempt has failed. */
static bool read_body(struct cilp_op *op)
{
    if (op->asking || op->ex->reader->body(op))
        return true;
    if (op->phase == P_RECV)
        enter(op, P_ITEM);
    return false;
}

static void read_on(struct cilp_op *op)
{
    enum cilp_http_rc rc = CILP_HTTP_BODY;

    while (rc == CILP_HTTP_BODY) {
        const uint8_t *body = op->rx;
        size_t used, len = 0;

        rc = cilp_http_resp_feed(&op->http, op->rx + op->rx_at,
                                 (size_t)(op->rx_end - op->rx_at), &used, &body,
                                 &len);
        op->rx_at = (uint16_t)(op->rx_at + used);
        op->body_at = (uint16_t)(body - op->rx);
        op->body_end = (uint16_t)(op->body_at + len);
        if (len && !read_body(op))
            return;
    }
    if (rc == CILP_HTTP_DONE)
        complete(op, op->rx_at == op->rx_end);
    else if (rc == CILP_HTTP_BAD)
        cilp_op_settle(op, CILP_E_HTTP, op->http.what);
}

/* The caller's time is not the peer's: the deadline waits for it. */
static void read_after_item(struct cilp_op *op)
{
    op->t_start += op->now.mono_ms - op->t_step;
    enter(op, P_RECV);
    if (read_body(op)) /* there may be more of them in this piece */
        read_on(op);
}

/* ---- What is wanted ---------------------------------------------------- */

/* A pause counts from the moment at which the caller hears of it: so there is a
 * CILP_WAIT between two attempts, however short. */
static void check_pause(struct cilp_op *op)
{
    if (!deadline_left(op))
        finish(op);
    else if (!op->paused)
        op->t_step = op->now.mono_ms;
    else if (!step_left(op))
        begin_attempt(op);
    op->paused = op->phase == P_PAUSE;
}

/* End the call now, with what is known. */
static void end_early(struct cilp_op *op, enum cilp_err err,
                      enum cilp_what what)
{
    bool closing = op->phase == P_CLOSE;

    if (op->phase == P_REST || (closing && op->after_close == P_REST))
        return;
    op->attempts_max = op->result.attempts; /* no more of them, */
    op->wait_ms = 0;                        /* nor for who is not there yet */
    if (!closing && op->phase != P_PAUSE) {
        cilp_op_settle(op, err, what);
        return;
    }
    /* Between two attempts: the last one has been judged already. */
    op->result.err = err;
    op->result.what = what;
    finish(op);
}

/* The deadline ends any phase but CLOSE, which the caller does at once. */
static void check_time(struct cilp_op *op)
{
    if (op->phase < P_AIM)
        return;
    if (op->now.unreadable) {
        end_early(op, CILP_E_CLOCK, CILP_WHAT_CLOCK);
        return;
    }
    if (op->phase == P_PAUSE) {
        check_pause(op);
        return;
    }
    if (!deadline_left(op))
        cilp_op_settle(op, CILP_E_TIMEOUT, CILP_WHAT_DEADLINE);
    else if (step_left(op))
        return;
    else if (op->phase == P_CHECK)
        enter_closed(op, P_AIM);
    else
        cilp_op_settle(op, CILP_E_TIMEOUT,
                       op->phase == P_OPEN ? CILP_WHAT_CONNECT_TIME
                                           : CILP_WHAT_SILENT);
}

/* By phase; those that are left at once want nothing. */
static const uint8_t wants[] = {
    CILP_DONE, CILP_CLOSE, CILP_ITEM, CILP_DONE, CILP_DONE, CILP_DONE,
    CILP_RECV, CILP_OPEN,  CILP_SEND, CILP_RECV, CILP_WAIT,
};

/* see cilp.h */
enum cilp_want cilp_next(struct cilp_op *op, struct cilp_now now)
{
    op->now = now;
    check_time(op);
    if (op->phase == P_READ)
        read_after_item(op);
    if (op->phase == P_AIM)
        aim(op);
    if (op->phase == P_WRITE)
        write_window(op);
    if (op->phase == P_OPEN)
        op->held = true;
    return (enum cilp_want)wants[op->phase];
}

/* see cilp.h */
uint32_t cilp_idle_ms(const struct cilp_op *op)
{
    uint32_t step = step_left(op), deadline = deadline_left(op);

    if (op->phase < P_OPEN)
        return 0;
    return step < deadline ? step : deadline;
}

/* see cilp.h */
const char *cilp_action(const struct cilp_flow *flow)
{
    return flow->action;
}

/* see cilp.h */
bool cilp_is_waiting(const struct cilp_op *op)
{
    return op->waiting && op->phase == P_PAUSE;
}

/* see cilp.h */
const struct cilp_peer *cilp_peer(const struct cilp_op *op)
{
    return &op->peer;
}

/* see cilp.h */
const struct cilp_result *cilp_result(const struct cilp_op *op)
{
    return &op->result;
}

/* see cilp.h */
const uint8_t *cilp_tx(const struct cilp_op *op, size_t *len)
{
    *len = (size_t)(op->tx_len - op->tx_pos);
    return op->io.bytes + op->tx_pos;
}

/* see cilp.h */
uint8_t *cilp_rx(struct cilp_op *op, size_t *cap)
{
    op->rx = op->ex->reader->room(op, cap);
    op->lent = op->lent || op->rx == op->req->room;
    op->rx += op->kept;
    *cap -= op->kept;
    return op->rx;
}

/* ---- What happened ----------------------------------------------------- */

/* see cilp.h */
void cilp_opened(struct cilp_op *op)
{
    begin_request(op, P_OPEN);
}

/* The last byte is with the stream: from here on EC2 may act. */
static void all_sent(struct cilp_op *op)
{
    wipe_io(op);
    op->sent_now = !op->asking && !op->sourcing;
    op->result.sent = op->result.sent || op->sent_now;
    enter(op, P_RECV);
}

/* see cilp.h */
void cilp_sent(struct cilp_op *op, size_t n)
{
    size_t left = (size_t)(op->tx_len - op->tx_pos);

    if (op->phase != P_SEND || n == 0)
        return;
    op->tx_pos = (uint16_t)(op->tx_pos + (n < left ? n : left));
    op->t_step = op->now.mono_ms;
    if (op->tx_pos < op->tx_len)
        return;
    op->tx_skip += op->tx_len;
    if (op->tx_skip < op->tx_total)
        enter(op, P_WRITE);
    else
        all_sent(op);
}

/* see cilp.h */
void cilp_received(struct cilp_op *op, size_t n)
{
    size_t cap;

    if (op->phase == P_CHECK) /* nobody asked for anything */
        enter_closed(op, P_AIM);
    if (op->phase != P_RECV || n == 0)
        return;
    (void)cilp_rx(op, &cap);
    op->t_step = op->now.mono_ms;
    op->rx_at = 0;
    op->rx_end = (uint16_t)(n < cap ? n : cap);
    read_on(op);
}

/* see cilp.h */
void cilp_took(struct cilp_op *op)
{
    if (op->phase == P_ITEM)
        op->phase = P_READ;
}

/* see cilp.h */
void cilp_idle(struct cilp_op *op)
{
    begin_request(op, P_CHECK);
}

/* see cilp.h */
void cilp_eof(struct cilp_op *op)
{
    if (op->phase == P_CHECK)
        enter_closed(op, P_AIM);
    if (op->phase != P_RECV)
        return;
    if (cilp_http_resp_eof(&op->http) == CILP_HTTP_DONE)
        complete(op, false);
    else
        cilp_op_settle(op, CILP_E_CLOSED,
                       op->http.head_done ? CILP_WHAT_HUNG_UP_MID_REPLY
                                          : CILP_WHAT_HUNG_UP);
}

/* see cilp.h */
void cilp_closed(struct cilp_op *op)
{
    if (op->phase != P_CLOSE)
        return;
    op->held = false;
    enter(op, (enum phase)op->after_close);
}

/* see cilp.h */
void cilp_failed(struct cilp_op *op, enum cilp_err err, int32_t native)
{
    if (op->phase < P_CHECK || op->phase > P_RECV)
        return;
    op->held = op->standing = false;
    if (op->phase == P_CHECK) {
        enter(op, P_AIM);
        return;
    }
    op->result.native = native;
    cilp_op_settle(op, err, op->opened_now ? CILP_WHAT_BROKE : CILP_WHAT_NONE);
}

/* see cilp.h */
void cilp_stop(struct cilp_op *op)
{
    end_early(op, CILP_E_STOPPED, CILP_WHAT_STOPPED);
}

/* see cilp.h */
void cilp_end(struct cilp_op *op)
{
    cilp_stop(op); /* which wipes the request, if one is under way */
    cilp_zero(&op->hash, sizeof op->hash);
    cilp_op_wipe_creds(op);
    op->guard = 0;
    enter_closed(op, P_REST);
}
