/* The board's clock in cycles, at every value that SysTick's register has. */
#include "tests/unit/rows.h"

#include "boards/mps2/mps2.h"

#define PERIOD (MPS2_HZ / 1000)

static void it_never_steps_back(void **state)
{
    uint64_t before = 0;

    (void)state;
    for (uint32_t ticks = 0; ticks < 4; ticks++)
        for (uint32_t i = 0; i < PERIOD; i++) {
            /* 0 first: with it the tick has come */
            uint64_t now = mps2_cycles_at(ticks, i ? PERIOD - i : 0);

            assert_true(now == before + (ticks || i ? 1 : 0));
            before = now;
        }
}

static void it_goes_on_where_ticks_have_more_than_32_bits_of_cycles(
    void **state)
{
    (void)state;
    assert_true(mps2_cycles_at(0xFFFFFFFFu, 1) ==
                0xFFFFFFFFull * PERIOD + PERIOD - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_never_steps_back),
        cmocka_unit_test(
            it_goes_on_where_ticks_have_more_than_32_bits_of_cycles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
