/* The table of verdicts, every row. */
#include "tests/unit/rows.h"

#include "core/verdict.h"

#define ME "123456789012"

static const struct cilp_image theirs = {
    .owner = "111122223333", .state = "available", .is_public = "false"};
static const struct cilp_image theirs_public = {.owner = "111122223333",
                                                .is_public = "true"};
static const struct cilp_image mine = {.owner = ME, .is_public = "false"};
static const struct cilp_image mine_public = {.owner = ME, .is_public = "true"};

static const struct cilp_image pending = {
    .owner = "111122223333", .state = "pending", .is_public = "false"};
static const struct cilp_image failed_public = {
    .owner = "111122223333", .state = "failed", .is_public = "true"};
static const struct cilp_image disabled = {
    .owner = "111122223333", .state = "disabled", .is_public = "false"};
static const struct cilp_image my_pending = {.owner = ME, .state = "pending"};

static const struct {
    enum cilp_outcome outcome;
    enum cilp_sight sight;
    const struct cilp_image *image;
    const char *account;
    enum cilp_verdict verdict;
} rows[] = {
    {CILP_CANCELLED, CILP_SIGHT_NONE, NULL, ME, CILP_VERDICT_ENDED},
    {CILP_CANCELLED, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_STILL_SHARED},
    {CILP_CANCELLED, CILP_SIGHT_SEEN, &theirs_public, ME,
     CILP_VERDICT_STILL_PUBLIC},
    {CILP_CANCELLED, CILP_SIGHT_UNKNOWN, NULL, ME, CILP_VERDICT_UNCHECKED},
    {CILP_GONE, CILP_SIGHT_NONE, NULL, ME, CILP_VERDICT_ENDED},
    {CILP_GONE, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_STILL_SHARED},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &mine, ME, CILP_VERDICT_OWN},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &mine_public, ME, CILP_VERDICT_OWN},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &theirs_public, ME, CILP_VERDICT_PUBLIC},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_ORGANIZATION},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &mine, "", CILP_VERDICT_ORGANIZATION},
    {CILP_NOTHING, CILP_SIGHT_NONE, NULL, ME, CILP_VERDICT_NOT_VISIBLE},
    {CILP_NOTHING, CILP_SIGHT_UNKNOWN, NULL, ME, CILP_VERDICT_UNSEEN},
    {CILP_PERMITTED, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_SHARED},
    {CILP_PERMITTED, CILP_SIGHT_SEEN, &theirs_public, ME,
     CILP_VERDICT_PUBLIC_OR_SHARED},
    {CILP_PERMITTED, CILP_SIGHT_SEEN, &mine_public, ME, CILP_VERDICT_OWN},
    {CILP_PERMITTED, CILP_SIGHT_SEEN, &pending, ME, CILP_VERDICT_UNAVAILABLE},
    {CILP_PERMITTED, CILP_SIGHT_SEEN, &failed_public, ME,
     CILP_VERDICT_UNAVAILABLE},
    {CILP_PERMITTED, CILP_SIGHT_SEEN, &disabled, ME, CILP_VERDICT_SHARED},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &pending, ME, CILP_VERDICT_UNAVAILABLE},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &disabled, ME, CILP_VERDICT_ORGANIZATION},
    {CILP_NOTHING, CILP_SIGHT_SEEN, &my_pending, ME, CILP_VERDICT_OWN},
    {CILP_PERMITTED, CILP_SIGHT_SEEN, &mine, ME, CILP_VERDICT_OWN},
    {CILP_PERMITTED, CILP_SIGHT_NONE, NULL, ME, CILP_VERDICT_NOT_VISIBLE},
    {CILP_PERMITTED, CILP_SIGHT_UNKNOWN, NULL, ME, CILP_VERDICT_UNSEEN},
    {CILP_PENDING, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_NONE},
    {CILP_ANSWERED, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_NONE},
    {CILP_REFUSED, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_NONE},
    {CILP_UNKNOWN, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_NONE},
    {CILP_NOT_SENT, CILP_SIGHT_NONE, NULL, ME, CILP_VERDICT_NONE},
    {(enum cilp_outcome)99, CILP_SIGHT_SEEN, &theirs, ME, CILP_VERDICT_NONE},
};

static void every_row_gets_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum cilp_verdict v = cilp_verdict(rows[i].outcome, rows[i].sight,
                                           rows[i].image, rows[i].account);

        if (v != rows[i].verdict)
            fail_msg("row %zu: %s", i, cilp_verdict_word(v));
    }
}

static void every_verdict_has_a_word_and_a_sentence(void **state)
{
    (void)state;
    for (int v = CILP_VERDICT_NONE; v <= CILP_VERDICT_UNAVAILABLE; v++) {
        const char *text = cilp_verdict_text((enum cilp_verdict)v);

        assert_true(cilp_verdict_word((enum cilp_verdict)v)[0]);
        assert_true(text[0] && text[strlen(text) - 1] != '.');
        for (int w = CILP_VERDICT_NONE; w < v; w++)
            assert_string_not_equal(cilp_verdict_word((enum cilp_verdict)v),
                                    cilp_verdict_word((enum cilp_verdict)w));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_gets_its_verdict),
        cmocka_unit_test(every_verdict_has_a_word_and_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
