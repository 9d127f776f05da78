/* How calls end, on every board: code, word and which of two is the worse. */
#include "tests/unit/rows.h"

#include "boards/outcome.h"

static const struct {
    enum cilp_outcome outcome;
    enum cilp_err err;
    bool from_source;
    int code;
    const char *word;
} rows[] = {
    {CILP_PENDING, CILP_OK, false, 250, "unknown"},
    {CILP_CANCELLED, CILP_OK, false, 0, "cancelled"},
    {CILP_PERMITTED, CILP_E_AWS, false, 0, "permitted"},
    {CILP_GONE, CILP_E_AWS, false, 0, "gone"},
    {CILP_NOTHING, CILP_E_AWS, false, 251, "nothing"},
    {CILP_ANSWERED, CILP_OK, false, 0, "answered"},
    {CILP_REFUSED, CILP_E_AWS, false, 254, "refused"},
    {CILP_REFUSED, CILP_E_REPLY, false, 254, "refused"},
    {CILP_UNKNOWN, CILP_E_CLOSED, false, 250, "unknown"},
    {CILP_UNKNOWN, CILP_E_STOPPED, false, 250, "unknown"},
    {CILP_NOT_SENT, CILP_E_ARG, false, 252, "not-sent"},
    {CILP_NOT_SENT, CILP_E_SPACE, false, 252, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CONFIG, false, 253, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CREDS, false, 253, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CREDS, true, 253, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CRYPTO, false, 253, "not-sent"},
    {CILP_NOT_SENT, CILP_E_STOPPED, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_STOPPED, true, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_RESOLVE, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CONNECT, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CONNECT, true, 253, "not-sent"},
    {CILP_NOT_SENT, CILP_E_TLS, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CERT, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CLOSED, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_TIMEOUT, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_REACH, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_REACH, true, 253, "not-sent"},
    {CILP_NOT_SENT, CILP_E_HTTP, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_REPLY, false, 255, "not-sent"},
    {CILP_NOT_SENT, CILP_E_CLOCK, false, 255, "not-sent"},
};

static void every_end_has_its_code_and_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_result r = {.outcome = rows[i].outcome,
                                .err = rows[i].err,
                                .from_source = rows[i].from_source};

        if ((int)outcome_code(&r) != rows[i].code)
            fail_msg("row %zu: %d", i, (int)outcome_code(&r));
        assert_string_equal(outcome_word(r.outcome), rows[i].word);
    }
}

/* Every pair, both ways round; and a signal before all. */
static void of_two_the_worse_one_counts(void **state)
{
    static const int order[] = {0, 251, 254, 252, 253, 255, 250, 130};
    static const int signals[] = {129, 130, 143};

    (void)state;
    for (size_t a = 0; a < COUNT(order); a++)
        for (size_t b = 0; b < COUNT(order); b++)
            assert_int_equal(outcome_worse(order[a], order[b]),
                             order[a > b ? a : b]);
    for (size_t a = 0; a < COUNT(signals); a++)
        for (size_t b = 0; b < COUNT(signals); b++)
            assert_int_equal(outcome_worse(signals[a], signals[b]), signals[a]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_has_its_code_and_word),
        cmocka_unit_test(of_two_the_worse_one_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
