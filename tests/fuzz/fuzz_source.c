/*
 * The ways to keys, and the cancel behind them: the first byte picks a source, the
 * others are what its services, EC2, the clock and the caller do. Whatever it is:
 * bounded, balanced, a key signs once an attempt, and nothing of what was given
 * as secret is left after the end.
 */
#include "tests/fuzz/ways.h"

/* What was sent of a proof is not to be there once it is over. */
static void is_wiped(const struct cilp_op *op)
{
    const uint8_t *p = (const uint8_t *)op;

    for (size_t i = 0; i + sizeof PROOF - 1 <= sizeof *op; i++)
        need(memcmp(p + i, PROOF, sizeof PROOF - 1) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct cilp_op op;
    enum way way = n > 0 ? (enum way)(p[0] % WAY_COUNT) : WAY_STATIC;

    converse(&op, ways_request(way), p + (n > 0), n - (n > 0));
    is_wiped(&op);
    return 0;
}
