#include "boards/linux/verbs/verbs.h"

#include <string.h>

#include "boards/linux/nearest.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

#define ROW_OF(name, run, first, second, words, needs, usage, about, more) \
    {VERB_##name, first, second, words, needs, usage, about, more},

/* see verbs.h */
const struct verb_row verb_rows[VERB_COUNT] = {VERBS(ROW_OF)};

/* What other programs call it. */
static const struct {
    char word[9], verb[10];
} OTHERS[] = {
    {"delete", "cancel"}, {"remove", "cancel"},    {"rm", "cancel"},
    {"revoke", "cancel"}, {"unshare", "cancel"},   {"ls", "list"},
    {"show", "explain"},  {"describe", "explain"}, {"why", "explain"},
    {"check", "doctor"},  {"whoami", "doctor"},    {"version", "--version"},
};

/* see verbs.h */
const struct verb_row *verb_row(enum verb verb)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (verb_rows[i].verb == verb)
            return &verb_rows[i];
    return NULL;
}

/* see verbs.h */
enum verb verb_find(char *const *words, size_t n)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        const struct verb_row *row = &verb_rows[i];

        if (n > 0 && strcmp(words[0], row->first) == 0 &&
            (!row->second || (n > 1 && strcmp(words[1], row->second) == 0)))
            return row->verb;
    }
    return VERB_NONE;
}

/* see verbs.h */
bool verb_is_aws(const char *word)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (verb_rows[i].second && strcmp(word, verb_rows[i].first) == 0)
            return true;
    return false;
}

/* see verbs.h */
const char *verb_like(const char *word)
{
    struct nearest nearest = {.word = word};

    for (size_t i = 0; i < COUNT(OTHERS); i++)
        if (strcmp(word, OTHERS[i].word) == 0)
            return OTHERS[i].verb;
    for (size_t i = 0; i < VERB_COUNT; i++)
        nearest_try(&nearest, verb_rows[i].first);
    return nearest.found;
}
