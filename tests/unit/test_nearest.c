/*
 * Which name was perhaps meant by a word that is none.
 */
#include "tests/unit/rows.h"

#include "boards/linux/nearest.h"

static const char *const NAMES[] = {"cancel", "list",    "explain",  "doctor",
                                    "region", "dry-run", "dualstack"};

/* clang-format off */
static const struct { const char *word, *found; } ROWS[] = {
    { "cancle", "cancel" },
    { "cancell", "cancel" },
    { "cnacel", "cancel" },
    { "ancel", "cancel" },
    { "lst", "list" },
    { "lits", "list" },
    { "dryrun", "dry-run" },
    { "regoin", "region" },
    { "reg", "region" },
    { "CANCEL", "cancel" },
    { "Dry-Run", "dry-run" },
    { "d", NULL },
    { "", NULL },
    { "xyz", NULL },
    { "cut", NULL },
    { "candle", "cancel" },
    { "handle", NULL },
    { "doktors", "doctor" },
    { "cancelcancelcancelcancelcancelca", NULL },
    { "cancelcancelcancelcancelcancelcan", NULL },
};
/* clang-format on */

static void every_word_is_like_one_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct nearest n = {
            .word = guarded(ROWS[i].word, strlen(ROWS[i].word) + 1)};

        for (size_t k = 0; k < COUNT(NAMES); k++)
            nearest_try(&n, NAMES[k]);
        if (ROWS[i].found)
            CHECK_ROW(ROWS[i].word,
                      n.found && strcmp(n.found, ROWS[i].found) == 0);
        else
            CHECK_ROW(ROWS[i].word, !n.found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_like_one_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
