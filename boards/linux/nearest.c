#include "boards/linux/nearest.h"

#include <stdint.h>
#include <string.h>

#define FAR 255

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* One row of the table of distances: row[j] is how far the first i letters of a,
 * in lower case, are from the first j of b; `one` and `two` are the rows
 * before. */
static void fill_row(uint8_t row[NEAREST_MAX + 1], const uint8_t *one,
                     const uint8_t *two, const char *a, size_t i, const char *b)
{
    row[0] = (uint8_t)i;
    for (size_t j = 1; b[j - 1]; j++) {
        unsigned best = one[j - 1] + (lower(a[i - 1]) != b[j - 1] ? 1u : 0);

        best = least(best, least(one[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            best = least(best, two[j - 2] + 1u);
        row[j] = (uint8_t)best;
    }
}

/* Slips from a to b (optimal string alignment). */
static unsigned slips(const char *a, const char *b)
{
    uint8_t rows[3][NEAREST_MAX + 1] = {0};
    size_t n = strlen(a), m = strlen(b);

    if (n > NEAREST_MAX || m > NEAREST_MAX)
        return FAR;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (uint8_t)j;
    for (size_t i = 1; i <= n; i++)
        fill_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], a, i, b);
    return rows[n % 3][m];
}

/* see nearest.h */
void nearest_try(struct nearest *nearest, const char *name)
{
    size_t n = strlen(nearest->word);
    unsigned distance, most = n > 3 ? 2 : 1;

    if (n < 2)
        return;
    distance =
        strncmp(nearest->word, name, n) == 0 ? 1 : slips(nearest->word, name);
    if (distance > most || (nearest->found && distance >= nearest->distance))
        return;
    nearest->found = name;
    nearest->distance = distance;
}
