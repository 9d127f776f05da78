/*
 * Functions: cilp_received cilp_eof cilp_failed cilp_rx
 * Property: (a), (b) and (c) of call.h, when bytes come, or the stream ends or breaks
 * Bound: none: any number of events, by induction (call.h)
 * With: core/cancel.c core/clock.c tests/proof/call_models.c
 * Options: --no-standard-checks --slice-formula --unwind 17 --unwindset read_on.0:3
 *   -DCILP_IO_MAX=512 -DCILP_TOKEN_MAX=32 -DCILP_KEY_MAX=32 -DCILP_MESSAGE_MAX=8
 *   -DCILP_HOST_MAX=16 -DCILP_REQUEST_ID_MAX=8 -DCILP_SHA256_STATE=8
 * Run: suite
 */
#include "tests/proof/call.h"

/* The caller writes where it was told to. */
static void receive(void)
{
    size_t cap;

    if (op.phase != P_CHECK && op.phase != P_RECV)
        return;
    (void)cilp_rx(&op, &cap);
    if (op.lent)
        model_room_used = true;
    model_window_used = true;
}

static void happen(void)
{
    receive();
    if (nondet_bool())
        return; /* it has not told yet how many */
    if (nondet_bool())
        cilp_received(&op, nondet_size());
    else if (nondet_bool())
        cilp_eof(&op);
    else
        cilp_failed(&op, (enum cilp_err) - (int)any_size(10, 17), 0);
    can_be(op.result.outcome == CILP_CANCELLED, "a success");
    can_be(op.phase == P_PAUSE && unanswered, "a pause in doubt");
}
