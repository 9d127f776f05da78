#include "boards/linux/say/tally.h"

#include <string.h>
#include <unistd.h>

#include "boards/linux/say/out.h"

enum { AT_OWNER = 17, AT_COUNT = 31, WIDTH = 10 };

static bool is_row(const struct tally *t, uint32_t i, const char *region,
                   const char *owner)
{
    return i < t->n && t->rows[i].region == region &&
           strcmp(t->rows[i].owner, owner) == 0;
}

/* see tally.h */
void tally_add(struct tally *t, const char *region, const char *owner)
{
    uint32_t i = t->last;

    if (!is_row(t, i, region, owner))
        for (i = 0; i < t->n && !is_row(t, i, region, owner);)
            i++;
    if (i == TALLY_MAX) {
        t->others++;
        return;
    }
    if (i == t->n) {
        t->rows[i].region = region;
        strncpy(t->rows[i].owner, owner, sizeof t->rows[i].owner - 1);
        t->n++;
    }
    t->rows[i].n++;
    t->last = i;
}

static int order(const struct tally *t, uint32_t a, uint32_t b)
{
    int by_region = strcmp(t->rows[a].region, t->rows[b].region);

    return by_region ? by_region : strcmp(t->rows[a].owner, t->rows[b].owner);
}

/* There are few, and they came Region by Region. */
static void sort(struct tally *t)
{
    for (uint32_t i = 1; i < t->n; i++)
        for (uint32_t k = i; k > 0 && order(t, k, k - 1) < 0; k--) {
            struct tally_row one = t->rows[k];

            t->rows[k] = t->rows[k - 1];
            t->rows[k - 1] = one;
        }
}

static void put_row(struct out *o, const char *region, const char *owner,
                    uint32_t n)
{
    size_t digits = 1;

    for (uint32_t v = n; v >= 10; v /= 10)
        digits++;
    out_str(o, region);
    out_pad(o, strlen(region), AT_OWNER);
    out_str(o, owner);
    out_pad(o, AT_OWNER + strlen(owner), AT_COUNT);
    out_pad(o, digits, WIDTH);
    out_uint(o, n);
    out_char(o, '\n');
}

/* see tally.h */
void tally_show(struct tally *t)
{
    uint32_t all = t->others;
    struct out o;

    if (!t->n)
        return;
    out_init(&o, STDERR_FILENO);
    out_str(&o, "REGION           OWNER               AMIs\n");
    sort(t);
    for (uint32_t i = 0; i < t->n; i++) {
        put_row(&o, t->rows[i].region, t->rows[i].owner, t->rows[i].n);
        all += t->rows[i].n;
    }
    if (t->others)
        put_row(&o, "others", "", t->others);
    put_row(&o, "all", "", all);
    (void)out_flush(&o); /* a table on a terminal: nobody else is told */
}
