/*
 * call.h - one event of a cancel, from any state that the invariant allows: what has
 * been said of earlier ones holds afterwards. proof_call_*.c each have some of the
 * events; together they are all there are, so that it holds after any number.
 *
 * Proved at each: (a) a call is CANCELLED only by a whole reply of status 200 to the
 * root that was asked for, whose <return> is true; (b) once a request has left whole
 * and no whole refusal of it came, the call ends as UNKNOWN, GONE or, with that yes,
 * CANCELLED: never as NOT_SENT; dry runs apart, which leave nothing behind; (c) when a
 * call is over, what keys pass through has been wiped and not been written since.
 *
 * The wire, the readers, the hash and the source of keys may do anything that their
 * headers allow (call_models.c). After a piece of a body all that it may change may
 * have any value, so more than one in a row tell nothing new. What moves bytes is
 * noted in their place (memory_*), as structs of this size are what CBMC is slowest at.
 */
#include <string.h>

#include "tests/proof/call_models.h"
#include "tests/proof/proof.h"

static void *memory_set(void *p, int c, size_t n);
static void *memory_copy(void *to, const void *from, size_t n);
#define memset          memory_set
#define memcpy          memory_copy
#define memcmp(a, b, n) nondet_i32() /* are they the same peer? perhaps */
#include "core/op.c"
#undef memset
#undef memcpy
#undef memcmp

static struct cilp_op op;
static struct cilp_request req;
static uint8_t room[1024]; /* that the caller lends */

/* What has happened to requests, noted by other means than the call's. */
static bool left;       /* the present one has left whole, and no judge came */
static bool unanswered; /* one left whole, and no whole refusal of it came */
static bool yes;        /* what makes a CANCELLED has come */

/* ---- Bytes -------------------------------------------------------------------- */

/* Fields of a result from outcome on, or all. */
static void empty_result(bool whole)
{
    struct cilp_result *r = &op.result;

    if (whole) {
        r->attempts = 0;
        r->sent = r->throttled = r->clock_learnt = false;
        r->keys = 0;
        r->signed_s = r->clock_offset_s = 0;
    }
    r->outcome = CILP_PENDING;
    r->err = CILP_OK;
    r->from_source = r->message_cut = false;
    r->http_status = 0;
    r->what = CILP_WHAT_NONE;
    r->native = 0;
    r->date_s = 0;
    r->means = (enum cilp_meaning)0;
    r->code[0] = r->message[0] = r->request_id[0] = '\0';
}

static void *memory_set(void *p, int c, size_t n)
{
    const size_t kept = offsetof(struct cilp_result, outcome);

    prove(c == 0, "all that is set is zero");
    if (p == &op.result && n == sizeof op.result)
        empty_result(true);
    else if (p == (uint8_t *)&op.result + kept && n == sizeof op.result - kept)
        empty_result(false);
    else if (p == &op.io.next && n == sizeof op.io.next)
        model_window_used = true;
    else
        prove(p == &op && n == sizeof op, "nothing else is");
    return p;
}

static void *memory_copy(void *to, const void *from, size_t n)
{
    (void)from;
    if (to == &op.peer && n == sizeof op.peer)
        op.peer.tls = nondet_bool();
    else if (to == &op.dice && n == sizeof op.dice)
        op.dice = nondet_u32();
    else
        prove(to == op.result.request_id && n == sizeof op.result.request_id,
              "nothing else is copied");
    return to;
}

/* see text.h: what is zero now may be anything, but is clean */
void cilp_zero(void *p, size_t n)
{
    const size_t readers = offsetof(struct cilp_op, peer) -
                           offsetof(struct cilp_op, http);

    if (p == &op.io && n == sizeof op.io) {
        model_window_used = false;
    } else if (p == &op.http && n == readers) {
        model_readers_used = false;
        op.http.head_done = nondet_bool();
        op.reply.ret = (enum cilp_return)(nondet_u8() & 3);
    } else if (p == room && n == sizeof room) {
        model_room_used = false;
    } else {
        prove((p == &op.creds && n == sizeof op.creds) ||
                  (p == &op.hash && n == sizeof op.hash),
              "nothing else is wiped");
    }
}

/* ---- Who judges, with somebody looking over his shoulder ------------------------ */

/* EC2 has not acted on what it refused: HTTP says so below 500, a throttle was at
 * the door, and 501 and 505 are EC2's own word. (RFC 9110 section 15; cancel.c) */
static bool is_refusal(void)
{
    const struct cilp_result *r = &op.result;
    const bool is_ec2s = model_whole && op.reply.is_error;

    if (r->err != CILP_OK || r->http_status < 300)
        return false;
    return r->http_status < 500 || r->means == CILP_MEANS_THROTTLED ||
           (is_ec2s && (r->http_status == 501 || r->http_status == 505));
}

static void note_answer(void)
{
    if (left && !is_refusal())
        unanswered = true;
    left = false;
}

static enum cilp_step judge(struct cilp_op *o)
{
    enum cilp_step step;

    yes = o->result.err == CILP_OK && o->result.http_status == 200 &&
          model_whole && o->reply.is_expected &&
          o->reply.ret == CILP_RETURN_TRUE;
    if (yes)
        left = false; /* it has acted, and says so */
    note_answer();
    step = cilp_cancel.first->judge(o);
    prove(o->result.outcome != CILP_CANCELLED || yes, "(a) a clear yes");
    return step;
}

static bool corrects(struct cilp_op *o)
{
    const bool is = cilp_clock_learn.corrects(o);

    if (is)
        note_answer();
    return is;
}

static bool heard(struct cilp_op *o)
{
    return cilp_clock_learn.heard(o);
}

static void ask(struct cilp_op *o, struct cilp_text *out)
{
    (void)cilp_http_req_form(o, out);
}

static const struct cilp_clock learning = {heard, corrects, ask};

/* It leads somewhere each time, or never: the request says where. */
static enum cilp_what aim_at(const struct cilp_op *o, struct cilp_peer *to)
{
    (void)o;
    to->tls = nondet_bool();
    if (!model_led && nondet_bool())
        return CILP_WHAT_ENDPOINT;
    model_led = true;
    return CILP_WHAT_NONE;
}

static const struct cilp_exchange exchange = {
    .service = "ec2",
    .reader = &cilp_reads_xml,
    .aim = aim_at,
    .write = cilp_http_req_form,
    .judge = judge,
};

static enum cilp_what any_check(const struct cilp_request *r)
{
    (void)r;
    return nondet_bool() ? CILP_WHAT_IMAGE : CILP_WHAT_NONE;
}

static const struct cilp_flow flow = {
    .action = "", .first = &exchange, .check = any_check};

/* ---- A source of keys (source.h) --------------------------------------------------- */

static enum cilp_what aim_source(const struct cilp_op *o, struct cilp_peer *to)
{
    (void)o;
    to->tls = nondet_bool();
    return nondet_bool() ? CILP_WHAT_ENDPOINT : CILP_WHAT_NONE;
}

/* More of it or what follows, if a whole reply came; once more; or an end. */
static enum cilp_step judge_source(struct cilp_op *o)
{
    model_readers_used = model_window_used = true;
    if (o->result.err == CILP_OK && nondet_bool()) {
        if (nondet_bool()) {
            o->sourcing = false;
            cilp_op_turn_to(o, o->then);
        }
        return CILP_STEP_NEXT;
    }
    o->result.outcome = CILP_NOT_SENT;
    o->result.err = CILP_E_CREDS;
    return nondet_bool()   ? CILP_STEP_RETRY
           : nondet_bool() ? CILP_STEP_RETRY_THROTTLED
                           : CILP_STEP_FINISH;
}

static uint8_t *room_source(struct cilp_op *o, size_t *cap)
{
    if (!o->req->room)
        return cilp_room_for_xml(o, cap);
    *cap = o->req->room_len;
    return o->req->room;
}

static bool body_source(struct cilp_op *o)
{
    if (nondet_bool()) {
        cilp_op_settle(o, CILP_E_SPACE, CILP_WHAT_JSON_ROOM);
        return false;
    }
    o->kept = nondet_u16();
    return true;
}

static const struct cilp_reader reads_source = {room_source, body_source};

static const struct cilp_exchange asks_source = {
    .service = "",
    .reader = &reads_source,
    .aim = aim_source,
    .write = cilp_http_req_form,
    .judge = judge_source,
};

/* see op.h: keys are there, or the call ends at once, or a source is asked */
enum cilp_what cilp_op_take_keys(struct cilp_op *o)
{
    if (nondet_bool())
        return CILP_WHAT_NONE;
    o->sourcing = true;
    if (nondet_bool())
        return CILP_WHAT_NO_KEYS;
    cilp_op_turn_to(o, &asks_source);
    return CILP_WHAT_NONE;
}

/* ---- The invariant ---------------------------------------------------------------- */

static uint8_t phase_to_come(void)
{
    return op.phase == P_CLOSE ? op.after_close : op.phase;
}

static bool is_over(void)
{
    return phase_to_come() == P_REST;
}

/* Between two attempts, or after the last one: the outcome stands. */
static bool is_judged(void)
{
    return is_over() || phase_to_come() == P_PAUSE;
}

/* It is known whom to talk to, and was found out in this call. */
static bool is_aimed(void)
{
    return op.phase >= P_WRITE && op.phase <= P_RECV && !op.sourcing;
}

static bool ends_well(void)
{
    const enum cilp_outcome o = op.result.outcome;

    return o == CILP_UNKNOWN || o == CILP_GONE || o == CILP_CANCELLED;
}

/* What is assumed before an event, and proved after it. */
#define HOLD(condition)                                     \
    do {                                                    \
        if (is_before)                                      \
            assume(condition);                              \
        else                                                \
            prove(condition, "the invariant: " #condition); \
    } while (0)

static void invariant(bool is_before)
{
    const struct cilp_result *r = &op.result;

    HOLD(op.phase <= P_PAUSE);
    HOLD(op.phase != P_ITEM && op.phase != P_READ); /* a cancel has none */
    HOLD(op.after_close == P_REST || op.after_close == P_AIM ||
         op.after_close == P_PAUSE);
    HOLD(op.phase != P_CLOSE || op.held);
    HOLD(is_over() || op.ex == (op.sourcing ? &asks_source : &exchange));
    HOLD(is_over() || op.then == &exchange);
    HOLD(!left || (op.sent_now && op.phase == P_RECV));
    HOLD(op.phase != P_RECV || !op.sent_now || !(op.asking || op.sourcing));
    HOLD(is_over() || !op.sourcing || !(left || unanswered || op.doubt));
    HOLD(!unanswered || op.doubt || req.dry_run);
    HOLD(!(left || unanswered || is_aimed()) || model_led);
    HOLD(r->outcome != CILP_CANCELLED || (yes && is_judged()));
    HOLD(is_judged() || r->outcome == CILP_PENDING);
    HOLD(!is_judged() || !unanswered || req.dry_run || ends_well());
    HOLD(!is_over() || !(model_window_used || model_readers_used));
    HOLD(!op.asking || req.clock ||
         !(op.held || (op.phase >= P_WRITE && op.phase <= P_RECV)));
    HOLD(!model_room_used || op.lent);
    HOLD(!op.lent || req.room);
    HOLD(!is_over() || !op.lent);
}

/* ---- What can happen --------------------------------------------------------------- */

static struct cilp_now any_now(void)
{
    struct cilp_now now = {nondet_i64(), nondet_u32(), nondet_bool(),
                           nondet_bool()};

    assume(now.unix_s >= 0 && now.unix_s <= INT64_C(253402300799));
    return now;
}

/* One of the events, told to op. */
static void happen(void);

void harness(void)
{
    struct cilp_op any_op;
    struct cilp_request any_req;

    op = any_op;
    req = any_req;
    left = nondet_bool();
    unanswered = nondet_bool();
    yes = nondet_bool();
    model_led = nondet_bool();
    model_window_used = nondet_bool();
    model_readers_used = nondet_bool();
    model_room_used = nondet_bool();
    model_bodies = 1;
    req.clock = nondet_bool() ? &learning : NULL;
    req.flow = &flow;
    req.room = nondet_bool() ? room : NULL;
    req.room_len = req.room ? sizeof room : 0;
    op.req = &req;
    op.ex = op.sourcing ? &asks_source : &exchange;
    op.then = &exchange;
    op.rx = op.io.bytes;
    invariant(true);
    happen();
    prove(op.result.outcome != CILP_CANCELLED || yes, "(a) CANCELLED: a yes");
    prove(!(is_judged() && op.result.outcome == CILP_NOT_SENT && unanswered &&
            !req.dry_run),
          "(b) NOT_SENT: nothing that left is unanswered");
    prove(!is_over() ||
              !(model_window_used || model_readers_used || model_room_used),
          "(c) over: nothing is left of what keys pass through");
    invariant(false);
}
