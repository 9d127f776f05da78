/*
 * Functions: cilp_next cilp_is_waiting
 * Property: (a), (b) and (c) of call.h, when time passes
 * Bound: none: any number of events, by induction (call.h)
 * With: core/cancel.c core/clock.c tests/proof/call_models.c
 * Options: --no-standard-checks --slice-formula --unwind 17 --unwindset read_on.0:3
 *   -DCILP_IO_MAX=512 -DCILP_TOKEN_MAX=32 -DCILP_KEY_MAX=32 -DCILP_MESSAGE_MAX=8
 *   -DCILP_HOST_MAX=16 -DCILP_REQUEST_ID_MAX=8 -DCILP_SHA256_STATE=8
 * Run: long
 */
#include "tests/proof/call.h"

static void happen(void)
{
    (void)cilp_next(&op, any_now());
    can_be(op.phase == P_REST && op.result.outcome == CILP_UNKNOWN, "an end");
    can_be(op.phase == P_PAUSE && unanswered, "a pause in doubt");
}
