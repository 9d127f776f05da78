/*
 * Functions: cilp_utc_from_http cilp_utc_from_iso
 * Property: no date is read beyond its end, and no more numbers are written than
 *   there are; a zone is less than a day; a clock that is added to it does not
 *   overflow
 * Bound: texts of 0..34 bytes, which is more than the longest of each form. What the
 *   numbers mean is not looked at: divisions by the calendar's are what a SAT solver
 *   is slowest at, and unit/test_utc.c has every day of 400 years
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 40
 * Run: suite
 */
#include "core/utc.c"

#include "tests/proof/proof.h"

#define MOST 34

static void http(const char *p, size_t n)
{
    uint32_t v_object[5] = {0};

    if (!scan(p, n, "???, 00 ??? 0000 00:00:00 GMT", v_object))
        return;
    prove(name_at(p, "MonTueWedThuFriSatSun") <= 7, "a day");
    prove(name_at(p + 8, "JanFebMarAprMayJunJulAugSepOctNovDec") <= 12,
          "a month");
    prove(v_object[0] < 100 && v_object[1] < 10000, "as many digits");
    can_be(true, "a date");
}

static void iso(const char *p, size_t n)
{
    uint32_t v_object[6] = {0};
    const size_t len = sizeof "0000-00-00?00:00:00" - 1;
    int32_t east_s, s;
    size_t at;

    if (n < len || !scan(p, len, "0000-00-00?00:00:00", v_object))
        return;
    at = len + fraction_len(p + len, n - len);
    prove(at <= n, "the zone is in it");
    if (!zone(p + at, n - at, &east_s))
        return;
    prove(east_s < DAY_S && east_s > -DAY_S, "less than a day");
    (void)read_clock(v_object + 3, east_s, &s);
    can_be(n - at == 6 && east_s < 0, "a zone in the west");
}

void harness(void)
{
    const size_t n = any_size(0, MOST);
    ANY_BYTES(const char, p, MOST, n);

    if (nondet_bool())
        http(p, n);
    else
        iso(p, n);
}
