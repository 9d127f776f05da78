/*
 * Functions: cilp_source_failed cilp_source_judge_json cilp_sts_took_keys
 *   cilp_pages_judge
 * Property: what was stopped, ran out of time or broke is over or is done once more:
 *   no judge of a source of keys, or of a list, goes on to another exchange, whatever
 *   a head or half a reply said. So a call that is told to end ends, as call.h has it
 * Bound: any state of a call; one error of the caller, one of the network and that
 *   of a room that is too small, which alone is told from others. Exchanges of sources
 *   that are not looked at here have judges which call these first
 * With: core/source.c core/source_json.c core/sts.c core/paging.c core/ask.c
 * Options: --slice-formula --unwind 10 -DCILP_IO_MAX=1024 -DCILP_TOKEN_MAX=32
 *   -DCILP_MESSAGE_MAX=8 -DCILP_HOST_MAX=16 -DCILP_REQUEST_ID_MAX=8
 * Run: suite
 */
#include "core/creds_imds.c"

#include "core/paging.h"
#include "core/source_json.h"
#include "core/sts.h"
#include "tests/proof/proof.h"

static struct cilp_op op;

/* see op.h */
enum cilp_step cilp_judge_broken(const struct cilp_op *o)
{
    (void)o;
    return nondet_bool() ? CILP_STEP_RETRY : CILP_STEP_FINISH;
}

/* see op.h */
uint8_t *cilp_room_for_xml(struct cilp_op *o, size_t *cap)
{
    *cap = sizeof o->io.bytes;
    return o->io.bytes;
}

static enum cilp_step by_sts(void)
{
    enum cilp_step step;

    prove(!cilp_sts_took_keys(&op, &step), "half a reply has no keys");
    return step;
}

static enum cilp_step by_pages(void)
{
    struct cilp_pages any;

    return cilp_pages_judge(&op, &any);
}

static enum cilp_step any_judge(void)
{
    static const struct cilp_json_field fields[4];

    switch (nondet_u8() % 7) {
    case 0: return token_exchange.judge(&op);
    case 1: return role_exchange.judge(&op);
    case 2: return region_token_exchange.judge(&op);
    case 3: return region_exchange.judge(&op);
    case 4: return cilp_source_judge_json(&op, fields);
    case 5: return by_sts();
    default: return by_pages();
    }
}

void harness(void)
{
    static const enum cilp_err errors[] = {CILP_E_STOPPED, CILP_E_SPACE,
                                           CILP_E_CLOSED};
    static struct cilp_request req;
    struct cilp_op any_op;
    enum cilp_step step;

    for (size_t i = 0; i < 3; i++) {
        op = any_op;
        op.req = &req;
        op.result.err = errors[i];
        assume(op.result.what != CILP_WHAT_SOURCE_SAID); /* nobody has yet */
        step = any_judge();
        prove(step != CILP_STEP_NEXT, "it goes no further");
        prove(op.result.err == errors[i], "the first error sticks");
        can_be(step == CILP_STEP_RETRY, "once more");
    }
}
