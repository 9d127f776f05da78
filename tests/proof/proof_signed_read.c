/*
 * Functions: cilp_signed_read
 * Property: nothing beside bytes[0..len) is read and nothing beside *s written,
 *   where parts 0, 6 and 9, the date and the rest are looked for, wherever; each
 *   part's value is a string that fits. Parts differ by their words alone
 * Bound: files of any length, by induction over the parts: each begins at any place
 *   of the file and leaves the next one a place in it. 12 bytes from there on, more
 *   than a Region has here; that longer values fit is a matter of sizes, which is
 *   proved for all parts; ids of 0..6 bytes
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --no-array-field-sensitivity --unwind 140 -DCILP_HOST_MAX=8 -DCILP_REGION_MAX=8
 *   -DCILP_IMAGE_ID_MAX=21 -DCILP_KEY_MAX=32
 * Run: long
 */
#include "core/signed.c"

#include "tests/proof/proof.h"

#define MOST 12

/* see utc.h */
bool cilp_utc_from_iso(const char *p, size_t n, int64_t *unix_s)
{
    prove(__CPROVER_r_ok(p, n), "a date that can be read");
    *unix_s = nondet_i64();
    return nondet_bool();
}

static void sizes(void)
{
    for (size_t i = 0; i < COUNT(PARTS); i++)
        prove(PARTS[i].to == 0 || PARTS[i].to + PARTS[i].max + (size_t)1 <=
                                      sizeof(struct cilp_signed),
              "a value fits");
}

static void part(struct cilp_signed *s, size_t i)
{
    size_t at = any_size(0, MOST);

    assume(at <= s->len);
    if (take(s, &at, &PARTS[i])) {
        prove(at <= s->len, "the next one begins in the file");
        can_be(at == s->len, "at its end, too");
    }
}

void harness(void)
{
    ANY_BYTES(const char, bytes, MOST, any_size(0, MOST));
    static struct cilp_signed s;

    sizes();
    s.bytes = bytes;
    s.len = (size_t)(bytes_object + MOST - bytes);
    if (nondet_bool()) {
        part(&s, 0);
    } else if (nondet_bool()) {
        part(&s, 9);
    } else if (nondet_bool()) {
        part(&s, 6);
    } else if (nondet_bool()) {
        for (size_t i = 0; i < 16; i++)
            s.date[i] = nondet_char();
        (void)read_date(&s);
    } else {
        for (size_t i = 0; i < 6; i++)
            s.image_id[i] = nondet_char();
        for (size_t i = 0; i < 7; i++)
            s.length[i] = nondet_char();
        (void)read_rest(&s, any_size(0, s.len));
    }
}
