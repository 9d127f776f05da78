/*
 * Functions: cilp_end cilp_stop
 * Property: (c) after cilp_end(), called at any moment, no byte of keys is left: all
 *   that held keys, requests, replies or a hash is zero, byte by byte, and the room
 *   that the caller lent
 * Bound: any state of a call, but that one which is over has been wiped, its keys
 *   apart: call.h proves that; the readers may answer anything
 * With: core/cancel.c core/clock.c tests/proof/call_models.c
 * Options: --no-standard-checks --unwind 18 -DCILP_IO_MAX=512
 *   -DCILP_TOKEN_MAX=32 -DCILP_MESSAGE_MAX=8 -DCILP_HOST_MAX=16
 * Run: suite
 */
#include "core/op.c"

#include "tests/proof/proof.h"

static struct cilp_op op;
static uint8_t room[16]; /* of the caller's */

/* see text.h */
void cilp_zero(void *p, size_t n)
{
    memset(p, 0, n);
}

/* see op.h: no call begins here */
enum cilp_what cilp_op_take_keys(struct cilp_op *o)
{
    (void)o;
    return CILP_WHAT_NO_KEYS;
}

/* Where keys pass: the hash, they themselves, the window; and the readers of what
 * came from a source. What else there is says where a call leads, how far it is,
 * and what its result is. */
static bool is_for_keys(size_t i)
{
    return i >= offsetof(struct cilp_op, hash) ||
           (i >= offsetof(struct cilp_op, http) &&
            i < offsetof(struct cilp_op, peer));
}

/* From call to call: the keys; and the hash, which nobody reads. */
static bool is_kept(size_t i)
{
    return i >= offsetof(struct cilp_op, hash) &&
           i < offsetof(struct cilp_op, io);
}

static bool is_over(void)
{
    const uint8_t phase = op.phase == P_CLOSE ? op.after_close : op.phase;

    return phase == P_REST;
}

void harness(void)
{
    const size_t i = any_size(0, sizeof op - 1);
    const size_t place = any_size(0, sizeof room - 1);
    static struct cilp_request req;
    struct cilp_op any_op;
    struct cilp_request any_req;
    bool was_lent;

    op = any_op;
    req = any_req;
    assume(op.phase <= P_PAUSE && op.after_close <= P_PAUSE);
    req.clock = nondet_bool() ? &cilp_clock_learn : NULL;
    op.req = &req;
    req.room = room;
    req.room_len = sizeof room;
    op.ex = cilp_cancel.first;
    /* What was over has been wiped, but for the keys. */
    assume(!is_over() || !is_for_keys(i) || is_kept(i) ||
           ((const uint8_t *)&op)[i] == 0);
    assume(!is_over() || !op.lent);
    was_lent = op.lent;
    __CPROVER_havoc_object(room);
    cilp_end(&op);
    prove(is_over(), "nothing is under way");
    prove(!is_for_keys(i) || ((const uint8_t *)&op)[i] == 0,
          "(c) no byte of keys is left");
    prove(!was_lent || room[place] == 0, "nor in the room");
    can_be(was_lent, "a room");
    can_be(i >= offsetof(struct cilp_op, creds), "a look at the keys");
}
