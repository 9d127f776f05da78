/*
 * The loop of every port, over a stream that keeps it waiting at each step.
 */
#include "tests/unit/rows.h"

#include "port/drive.h"

#define REPLY_BODY                                               \
    "<CancelImageLaunchPermissionResponse><return>true</return>" \
    "</CancelImageLaunchPermissionResponse>"
#define REPLY "HTTP/1.1 200 OK\r\nContent-Length: 96\r\n\r\n" REPLY_BODY

/* A peer that takes a byte at a time and says "later" before each. */
static struct {
    struct cilp_stream s;
    bool later;    /* what the next call answers */
    bool fails;    /* each send does */
    bool floods;   /* of its reply, no byte has to be waited for */
    bool hangs_up; /* what breaks a recv is an EOF */
    unsigned touch,
        breaks_at; /* the k-th call of a function, from 1; 0: none */
    unsigned opens, closes, sent;
    size_t reply_at;
} peer;

static bool is_later(void)
{
    peer.later = !peer.later;
    return peer.later;
}

static bool breaks(struct cilp_stream *s)
{
    s->err = CILP_E_CLOSED;
    s->native = 42;
    return ++peer.touch == peer.breaks_at;
}

static enum cilp_stream_rc peer_open(struct cilp_stream *s,
                                     const struct cilp_peer *to)
{
    assert_false(to->tls);
    if (breaks(s))
        return CILP_STREAM_FAIL;
    if (is_later())
        return CILP_STREAM_AGAIN;
    peer.opens++;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc peer_send(struct cilp_stream *s, const uint8_t *p,
                                     size_t n, size_t *done)
{
    (void)p;
    assert_true(n > 0);
    if (breaks(s))
        return CILP_STREAM_FAIL;
    if (is_later())
        return CILP_STREAM_AGAIN;
    if (peer.fails)
        return CILP_STREAM_FAIL;
    peer.sent++;
    *done = 1;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc peer_recv(struct cilp_stream *s, uint8_t *p,
                                     size_t n, size_t *done)
{
    assert_true(n > 0);
    if (breaks(s))
        return peer.hangs_up ? CILP_STREAM_EOF : CILP_STREAM_FAIL;
    if ((!peer.floods && is_later()) || peer.reply_at == strlen(REPLY) ||
        !peer.sent)
        return CILP_STREAM_AGAIN;
    *p = (uint8_t)REPLY[peer.reply_at++];
    *done = 1;
    return CILP_STREAM_OK;
}

static void peer_close(struct cilp_stream *s)
{
    (void)s;
    peer.closes++;
}

static const struct cilp_stream_ops PEER_OPS = {peer_open, peer_send, peer_recv,
                                                peer_close};

static struct cilp_op op;
static struct cilp_drive drive;

static void start_call(uint8_t attempts)
{
    static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID", "SECRET",
                                                  NULL};
    static struct cilp_request req;

    memset(&req, 0, sizeof req);
    req.flow = &cilp_cancel;
    req.image_id = "ami-12345678";
    req.region = "us-east-1";
    req.endpoint = "http://localhost:1";
    req.source = &cilp_creds_static;
    req.source_arg = &keys;
    req.attempts = attempts;
    cilp_start(&op, &req, cilp_port_now());
}

/* Laps until it is done; how many had to wait for `want`. */
static unsigned drive_to_done(enum cilp_want want)
{
    unsigned waits = 0;
    enum cilp_want got;

    while ((got = cilp_drive_lap(&drive)) != CILP_DONE)
        waits += got == want;
    return waits;
}

static int set_up(void **state)
{
    (void)state;
    memset(&peer, 0, sizeof peer);
    peer.s.ops = &PEER_OPS;
    drive = (struct cilp_drive){.op = &op, .plain = &peer.s};
    return cilp_init(&op, sizeof op) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cilp_end(&op);
    drive_to_done(CILP_DONE);
    assert_true(peer.closes >= peer.opens);
    return drive.cur ? -1 : 0;
}

static void a_call_through_a_stream_that_dawdles(void **state)
{
    (void)state;
    assert_int_equal(strlen(REPLY_BODY), 96);
    start_call(1);
    assert_true(drive_to_done(CILP_SEND) > 100);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    assert_int_equal(peer.opens, 1);
    assert_int_equal(peer.closes, 0);
}

/* The look at a standing connection finds nothing and the lap goes on: it does
 * not come back to the caller with "wait for the peer". */
static void a_standing_connection_is_used_again_without_a_wait(void **state)
{
    unsigned sent;

    (void)state;
    start_call(1);
    drive_to_done(CILP_DONE);
    sent = peer.sent;
    peer.later = false;
    start_call(1);
    assert_int_equal(cilp_drive_lap(&drive), CILP_SEND);
    peer.reply_at = 0;
    assert_int_equal(drive_to_done(CILP_OPEN), 0);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    assert_int_equal(peer.sent, 2 * sent);
    assert_int_equal(peer.opens, 1);
}

static void a_stream_that_breaks_is_closed_before_core_hears_of_it(void **state)
{
    (void)state;
    peer.fails = true;
    start_call(2);
    drive_to_done(CILP_DONE);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
    assert_int_equal(cilp_result(&op)->err, CILP_E_CLOSED);
    assert_int_equal(cilp_result(&op)->native, 42);
    assert_int_equal(peer.opens, 2);
    assert_int_equal(peer.closes, 2);
}

/* A lap comes back from bytes that do not end, and says that there is no need to
 * wait for the next ones. */
static void a_lap_receives_a_bounded_amount(void **state)
{
    size_t before = 0;
    unsigned laps = 0;

    (void)state;
    peer.floods = true;
    start_call(1);
    while (cilp_drive_lap(&drive) != CILP_DONE) {
        assert_true(peer.reply_at - before <= CILP_DRIVE_RECEIVES);
        assert_int_equal(cilp_drive_idle_ms(&drive) == 0, peer.reply_at > 0);
        laps += peer.reply_at > before;
        before = peer.reply_at;
    }
    assert_int_equal(laps, strlen(REPLY) / CILP_DRIVE_RECEIVES);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
}

/* ---- Each function of the port fails in turn ---------------------------- */

/* The clock: its k-th reading, from 1, is none; 0: all are. */
static unsigned readings, unreadable_at;

struct cilp_now __real_cilp_port_now(void);
struct cilp_now __wrap_cilp_port_now(void);

struct cilp_now __wrap_cilp_port_now(void)
{
    struct cilp_now now = __real_cilp_port_now();

    now.unreadable = ++readings == unreadable_at;
    return now;
}

/* How many bytes a request has, and a call that nothing disturbs. */
static unsigned undisturbed(void)
{
    set_up(NULL);
    start_call(1);
    drive_to_done(CILP_DONE);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    return peer.sent;
}

/* What is so whatever broke: the outcome is the truth, or unknown once all bytes
 * had left; the stream was closed; the next call is as good as ever. */
static void is_true_and_mends(unsigned whole)
{
    assert_int_equal(cilp_result(&op)->outcome,
                     peer.sent < whole ? CILP_NOT_SENT : CILP_UNKNOWN);
    assert_true(peer.closes >= peer.opens);
    assert_null(drive.cur);
    peer.breaks_at = unreadable_at = 0;
    peer.reply_at = 0;
    start_call(1);
    drive_to_done(CILP_DONE);
    assert_int_equal(cilp_result(&op)->outcome, CILP_CANCELLED);
    tear_down(NULL);
}

static unsigned break_each_touch(bool hangs_up)
{
    unsigned whole = undisturbed(), all = peer.touch;

    for (unsigned at = 1; at <= all; at++) {
        tear_down(NULL);
        set_up(NULL);
        peer.breaks_at = at;
        peer.hangs_up = hangs_up;
        start_call(1);
        drive_to_done(CILP_DONE);
        assert_int_equal(peer.touch, at);
        assert_int_equal(cilp_result(&op)->err, CILP_E_CLOSED);
        if (!hangs_up || peer.sent < whole)
            assert_int_equal(cilp_result(&op)->native, 42);
        is_true_and_mends(whole);
    }
    return all;
}

static void each_function_of_the_stream_fails_in_turn(void **state)
{
    (void)state;
    print_message("%u fault points\n",
                  break_each_touch(false) + break_each_touch(true));
}

static void each_reading_of_the_clock_fails_in_turn(void **state)
{
    unsigned whole, all;

    (void)state;
    readings = 0;
    whole = undisturbed();
    all = readings;
    for (unsigned at = 2; at < all; at++) { /* the first one is the caller's */
        tear_down(NULL);
        set_up(NULL);
        readings = 0;
        unreadable_at = at;
        start_call(1);
        drive_to_done(CILP_DONE);
        assert_int_equal(cilp_result(&op)->err, CILP_E_CLOCK);
        is_true_and_mends(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_call_through_a_stream_that_dawdles,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_standing_connection_is_used_again_without_a_wait, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(a_lap_receives_a_bounded_amount, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_stream_that_breaks_is_closed_before_core_hears_of_it, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            each_function_of_the_stream_fails_in_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_reading_of_the_clock_fails_in_turn,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
