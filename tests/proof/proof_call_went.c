/*
 * Functions: cilp_init cilp_start cilp_opened cilp_sent cilp_idle cilp_closed cilp_took cilp_stop cilp_end
 * Property: (a), (b) and (c) of call.h, when it begins, when what was wanted is done, and when it is given up
 * Bound: none: any number of events, by induction (call.h)
 * With: core/cancel.c core/clock.c tests/proof/call_models.c
 * Options: --no-standard-checks --slice-formula --unwind 17 --unwindset read_on.0:3
 *   -DCILP_IO_MAX=512 -DCILP_TOKEN_MAX=32 -DCILP_KEY_MAX=32 -DCILP_MESSAGE_MAX=8
 *   -DCILP_HOST_MAX=16 -DCILP_REQUEST_ID_MAX=8 -DCILP_SHA256_STATE=8
 * Run: suite
 */
#include "tests/proof/call.h"

static void begin(void)
{
    if (nondet_bool()) {
        model_window_used = model_readers_used = model_room_used = false;
        (void)cilp_init(&op, sizeof op);
        op.phase = op.after_close = P_REST; /* zero, as memory_set() knows */
        op.held = op.lent = op.doubt = op.sourcing = false;
        op.result.outcome = CILP_PENDING;
    }
    if (op.phase != P_REST || op.guard != GUARD)
        return;
    left = unanswered = yes = model_led = false;
    cilp_start(&op, &req, any_now());
}

static void send(void)
{
    const bool was_sending = op.phase == P_SEND;

    cilp_sent(&op, nondet_size());
    if (was_sending && op.phase != P_SEND && op.tx_skip >= op.tx_total &&
        !op.asking && op.ex == &exchange) {
        left = true;
        prove(op.result.sent, "which is told");
        can_be(true, "a request that left whole");
    }
}

static void happen(void)
{
    switch (nondet_u8() % 8) {
    case 0: begin(); break;
    case 1: cilp_opened(&op); break;
    case 2: send(); break;
    case 3: cilp_idle(&op); break;
    case 4: cilp_took(&op); break;
    case 5: cilp_stop(&op); break;
    case 6: cilp_end(&op); break;
    default: cilp_closed(&op); break;
    }
    can_be(op.result.outcome == CILP_UNKNOWN && unanswered, "in doubt");
    can_be(op.result.outcome == CILP_NOT_SENT, "not sent");
}
