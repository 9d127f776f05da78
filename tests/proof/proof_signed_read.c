/*
 * Functions: cilp_signed_read
 * Property: nothing beside bytes[0..len) is read and nothing beside *s written; each
 *   of the 14 parts' values is a string that fits, and each part leaves the next one
 *   a place in the file
 * Bound: files of any length, by induction over the parts. take() looks at what lies
 *   from its place on, and at how much that is: so each part begins at the file's
 *   first byte. Nothing, a byte too little for its words, these and 0, 1, 2 or 10 bytes, where
 *   the least limit of a value is 8: longer ones fit by the tables, which are looked
 *   at whole. Dates of 0..16 bytes, ids of 0..6, rests of 0..13
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --object-bits 12 --unwind 160 --unwindset cilp_text_uint.0:11,memcmp.0:14
 *   -DCILP_HOST_MAX=8 -DCILP_REGION_MAX=8 -DCILP_IMAGE_ID_MAX=21 -DCILP_KEY_MAX=32
 * Run: long
 */
#include <string.h>

#include "tests/proof/proof.h"

static int compare(const void *a, const void *b, size_t n);
static void copy(char *to, const char *from, size_t n);
#define memcmp compare
#define memcpy copy
#include "core/signed.c"
#undef memcmp
#undef memcpy

#define BEFORE_MOST 256
#define VALUE_MOST  10

static struct cilp_signed s;

/* Are they the words of the part? Perhaps. */
static int compare(const void *a, const void *b, size_t n)
{
    prove(__CPROVER_r_ok(a, n) && __CPROVER_r_ok(b, n), "words can be read");
    return nondet_i32();
}

static size_t most; /* that a value may have */

static void copy(char *to, const char *from, size_t n)
{
    prove(n <= most, "a value has room, and its NUL");
    prove(__CPROVER_w_ok(to, n) && __CPROVER_r_ok(from, n), "both can be used");
}

/* see utc.h */
bool cilp_utc_from_iso(const char *p, size_t n, int64_t *unix_s)
{
    prove(__CPROVER_r_ok(p, n), "a date that can be read");
    *unix_s = nondet_i64();
    return nondet_bool();
}

static void sizes(void)
{
    for (size_t i = 0; i < COUNT(PARTS); i++) {
        prove(PARTS[i].to == 0 || PARTS[i].to + PARTS[i].max + (size_t)1 <=
                                      sizeof(struct cilp_signed),
              "a value fits");
        prove(PARTS[i].max >= 6, "and may have some bytes");
    }
}

/* What there is at its place: `n` bytes, the last ones of an object. */
static void look(const struct part *part, size_t n)
{
    char object[BEFORE_MOST];
    size_t at = 0;

    most = part->max;
    s.bytes = object + sizeof object - n;
    s.len = n;
    if (!take(&s, &at, part))
        return;
    prove(at <= s.len, "the next one begins in the file");
    can_be(at == s.len, "at its end, too");
}

/* Too little: it is not looked at. */
static void lack(const struct part *part, size_t n)
{
    size_t at = 0;

    s.bytes = NULL;
    s.len = n;
    prove(take(&s, &at, part) == part->may_lack && at == 0, "lacks");
}

static void part(size_t i)
{
    const size_t before = strlen(PARTS[i].before);

    lack(&PARTS[i], 0);
    lack(&PARTS[i], before - 1);
    look(&PARTS[i], before);
    look(&PARTS[i], before + 1);
    look(&PARTS[i], before + 2);
    look(&PARTS[i], before + VALUE_MOST);
}

static void date(void)
{
    for (size_t i = 0; i < sizeof s.date - 1; i++)
        s.date[i] = nondet_char();
    s.date[sizeof s.date - 1] = '\0';
    if (read_date(&s))
        can_be(true, "a date");
}

static void rest(size_t n)
{
    char object[13];

    s.bytes = object + sizeof object - n;
    s.len = n;
    for (size_t i = 0; i < 6; i++)
        s.image_id[i] = nondet_char();
    s.image_id[6] = '\0';
    for (size_t i = 0; i < sizeof s.length - 1; i++)
        s.length[i] = nondet_char();
    s.length[sizeof s.length - 1] = '\0';
    if (read_rest(&s, 0))
        prove(s.dry_run == (n > 0), "a dry run, or nothing");
}

void harness(void)
{
    sizes();
    for (size_t i = 0; i < COUNT(PARTS); i++)
        part(i);
    date();
    for (size_t n = 0; n <= 13; n++)
        rest(n);
}
