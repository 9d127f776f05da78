#include "tests/unit/rows.h"

#include "core/utc.h"

#define UNTOUCHED INT64_C(-77)

static void check_basic(int64_t unix_s, const char *want)
{
    char *out = guarded(NULL, CILP_UTC_BASIC_LEN + 1);

    cilp_utc_basic(out, unix_s);
    assert_string_equal(out, want);
}

static void basic_form_of_chosen_moments(void **state)
{
    static const struct {
        int64_t unix_s;
        const char *text;
    } rows[] = {
        {0, "19700101T000000Z"},
        {1, "19700101T000001Z"},
        {86399, "19700101T235959Z"},
        {86400, "19700102T000000Z"},
        {31535999, "19701231T235959Z"},
        {31536000, "19710101T000000Z"},
        {68169600, "19720229T000000Z"},
        {68256000, "19720301T000000Z"},
        {951782400, "20000229T000000Z"}, /* a leap century */
        {951868800, "20000301T000000Z"},
        {1440938160, "20150830T123600Z"},
        {1768478400, "20260115T120000Z"},
        {2147483647, "20380119T031407Z"},
        {2147483648, "20380119T031408Z"},
        {4107542399, "21000228T235959Z"}, /* a century without leap day */
        {4107542400, "21000301T000000Z"},
        {4294967296, "21060207T062816Z"},
        {253402300799, "99991231T235959Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_basic(rows[i].unix_s, rows[i].text);
}

static void times_out_of_range_become_the_first(void **state)
{
    (void)state;
    check_basic(-1, "19700101T000000Z");
    check_basic(INT64_MIN, "19700101T000000Z");
    check_basic(253402300799, "99991231T235959Z");
    check_basic(253402300800, "19700101T000000Z");
    check_basic(INT64_MAX, "19700101T000000Z");
}

/* "20260115T120000Z" as "2026-01-15T12:00:00Z" */
static void to_iso(char out[20], const char *basic)
{
    memcpy(out, "yyyy-mm-ddThh:mm:ssZ", 20);
    memcpy(out, basic, 4);
    memcpy(out + 5, basic + 4, 2);
    memcpy(out + 8, basic + 6, 2);
    memcpy(out + 11, basic + 9, 2);
    memcpy(out + 14, basic + 11, 2);
    memcpy(out + 17, basic + 13, 2);
}

/* A second of each day of the calendar's 400 years comes back, and the text
 * grows; then, to 9999, of a day in each season. */
static void every_day_survives_the_round_trip(void **state)
{
    char before[CILP_UTC_BASIC_LEN + 1] = "";

    (void)state;
    for (int64_t day = 0; day < 2932897; day += day < 146097 ? 1 : 97) {
        int64_t s = day * 86400 + day * 7919 % 86400, back = UNTOUCHED;
        char basic[CILP_UTC_BASIC_LEN + 1], text[20];

        cilp_utc_basic(basic, s);
        to_iso(text, basic);
        if (strcmp(before, basic) >= 0)
            fail_msg("%s", basic);
        if (!cilp_utc_from_iso(text, sizeof text, &back) || back != s)
            fail_msg("%s came back as %lld", basic, (long long)back);
        memcpy(before, basic, sizeof before);
    }
}

static void check_read(bool (*read)(const char *p, size_t n, int64_t *unix_s),
                       const char *row, const char *text, int64_t want)
{
    int64_t got = UNTOUCHED;
    size_t n = strlen(text);
    bool ok = read(guarded(text, n), n, &got);

    CHECK_ROW(row, ok == (want != UNTOUCHED));
    CHECK_ROW(row, got == want);
}

struct row {
    const char *row, *text;
    int64_t unix_s;
};

static void http_dates(void **state)
{
    static const struct row rows[] = {
        {"today", "Thu, 15 Jan 2026 12:00:00 GMT", 1768478400},
        {"RFC 9110's", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"the first", "Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"the last", "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
        {"leap day", "Tue, 29 Feb 2000 00:00:00 GMT", 951782400},
        {"wrong day of the week passes", "Mon, 15 Jan 2026 12:00:00 GMT",
         1768478400},
        {"no leap day", "Thu, 29 Feb 2100 00:00:00 GMT", UNTOUCHED},
        {"no day of the week", "Xxx, 15 Jan 2026 12:00:00 GMT", UNTOUCHED},
        {"lower-case day", "thu, 15 Jan 2026 12:00:00 GMT", UNTOUCHED},
        {"no month", "Thu, 15 Jax 2026 12:00:00 GMT", UNTOUCHED},
        {"upper-case month", "Thu, 15 JAN 2026 12:00:00 GMT", UNTOUCHED},
        {"names shifted by one", "huF, 15 anF 2026 12:00:00 GMT", UNTOUCHED},
        {"before 1970", "Wed, 31 Dec 1969 23:59:59 GMT", UNTOUCHED},
        {"day 0", "Thu, 00 Jan 2026 12:00:00 GMT", UNTOUCHED},
        {"day 32", "Thu, 32 Jan 2026 12:00:00 GMT", UNTOUCHED},
        {"day 31 of 30", "Thu, 31 Nov 2026 12:00:00 GMT", UNTOUCHED},
        {"hour 24", "Thu, 15 Jan 2026 24:00:00 GMT", UNTOUCHED},
        {"minute 60", "Thu, 15 Jan 2026 12:60:00 GMT", UNTOUCHED},
        {"leap second", "Sat, 31 Dec 2016 23:59:60 GMT", 1483228800},
        {"leap second at noon", "Sat, 31 Dec 2016 12:00:60 GMT", UNTOUCHED},
        {"second 61", "Sat, 31 Dec 2016 23:59:61 GMT", UNTOUCHED},
        {"leap second at the end", "Fri, 31 Dec 9999 23:59:60 GMT", UNTOUCHED},
        {"RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", UNTOUCHED},
        {"asctime", "Sun Nov  6 08:49:37 1994", UNTOUCHED},
        {"one-digit day", "Thu, 5 Jan 2026 12:00:00 GMT", UNTOUCHED},
        {"space for a digit", "Thu,  5 Jan 2026 12:00:00 GMT", UNTOUCHED},
        {"sign for a digit", "Thu, 15 Jan +026 12:00:00 GMT", UNTOUCHED},
        {"another zone", "Thu, 15 Jan 2026 12:00:00 UTC", UNTOUCHED},
        {"no zone", "Thu, 15 Jan 2026 12:00:00", UNTOUCHED},
        {"cut", "Thu, 15 Jan 2026 12:00:00 GM", UNTOUCHED},
        {"space after", "Thu, 15 Jan 2026 12:00:00 GMT ", UNTOUCHED},
        {"nothing", "", UNTOUCHED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_read(cilp_utc_from_http, rows[i].row, rows[i].text,
                   rows[i].unix_s);
}

static void http_months(void **state)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const int64_t starts[] = {
        1767225600, 1769904000, 1772323200, 1775001600, 1777593600, 1780272000,
        1782864000, 1785542400, 1788220800, 1790812800, 1793491200, 1796083200,
    };

    (void)state;
    for (size_t i = 0; i < COUNT(starts); i++) {
        char text[] = "Sat, 01 mmm 2026 00:00:00 GMT";

        memcpy(text + 8, names + 3 * i, 3);
        check_read(cilp_utc_from_http, text, text, starts[i]);
    }
}

static void iso_dates(void **state)
{
    static const struct row rows[] = {
        {"plain", "2026-01-15T12:00:00Z", 1768478400},
        {"offset of zero", "2026-01-15T12:00:00+00:00", 1768478400},
        {"milliseconds", "2026-01-15T12:00:00.000Z", 1768478400},
        {"a fraction is dropped", "2026-01-15T12:00:00.9Z", 1768478400},
        {"nine digits", "2026-01-15T12:00:00.999999999Z", 1768478400},
        {"fraction, offset", "2026-01-15T12:00:00.123+00:00", 1768478400},
        {"ten digits", "2026-01-15T12:00:00.1234567890Z", UNTOUCHED},
        {"no digit", "2026-01-15T12:00:00.Z", UNTOUCHED},
        {"a comma", "2026-01-15T12:00:00,5Z", UNTOUCHED},
        {"ends in digits", "2026-01-15T12:00:00.5", UNTOUCHED},
        {"ends in a point", "2026-01-15T12:00:00.", UNTOUCHED},
        {"no zone", "2026-01-15T12:00:00", UNTOUCHED},
        {"less than zero", "2026-01-15T12:00:00-00:00", 1768478400},
        {"lower case", "2026-01-15t12:00:00z", 1768478400},
        {"old caches", "2026-01-15T12:00:00UTC", 1768478400},
        {"utc", "2026-01-15T12:00:00utc", UNTOUCHED},
        {"GMT", "2026-01-15T12:00:00GMT", UNTOUCHED},
        {"a space for T", "2026-01-15 12:00:00Z", UNTOUCHED},
        {"basic form", "20260115T120000Z", UNTOUCHED},
        {"day 31 of 28", "2026-02-31T12:00:00Z", UNTOUCHED},
        {"month 0", "2026-00-15T12:00:00Z", UNTOUCHED},
        {"month 13", "2026-13-15T12:00:00Z", UNTOUCHED},
        {"day 30 of 28", "2026-02-30T12:00:00Z", UNTOUCHED},
        {"year 0", "0000-01-15T12:00:00Z", UNTOUCHED},
        {"space after", "2026-01-15T12:00:00Z ", UNTOUCHED},
        {"cut", "2026-01-15T12:00:0", UNTOUCHED},
        {"nothing", "", UNTOUCHED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_read(cilp_utc_from_iso, rows[i].row, rows[i].text,
                   rows[i].unix_s);
}

/* The moment is the same wherever the clock hangs. */
static void zones(void **state)
{
    static const struct row rows[] = {
        {"west", "2026-01-15T04:00:00-08:00", 1768478400},
        {"east", "2026-01-15T17:30:00+05:30", 1768478400},
        {"without colon", "2026-01-15T17:30:00+0530", 1768478400},
        {"without colon, west", "2026-01-15T04:00:00-0800", 1768478400},
        {"quarters", "2026-01-15T17:45:00.250+05:45", 1768478400},
        {"half an hour west", "2026-01-15T11:30:00-00:30", 1768478400},
        {"the day before", "2026-01-14T12:01:00-23:59", 1768478400},
        {"the day after", "2026-01-16T11:59:00+23:59", 1768478400},
        {"over the year's end", "2026-01-01T00:30:00+01:00", 1767223800},
        {"over the leap day", "2028-02-29T23:00:00-02:00", 1835485200},
        {"2038", "2038-01-18T19:14:08-08:00", 2147483648},
        {"2106", "2106-02-07T06:28:16+00:00", 4294967296},
        {"2106, west", "2106-02-06T22:28:16-08:00", 4294967296},
        {"the first", "1970-01-01T01:00:00+01:00", 0},
        {"before it", "1970-01-01T00:59:59+01:00", UNTOUCHED},
        {"1969 there, 1970 here", "1969-12-31T23:00:00-01:00", UNTOUCHED},
        {"the last", "9999-12-31T22:59:59-01:00", 253402300799},
        {"after it", "9999-12-31T23:00:00-01:00", UNTOUCHED},
        {"leap second", "2016-12-31T23:59:60Z", 1483228800},
        {"leap second, west", "2016-12-31T15:59:60-08:00", 1483228800},
        {"leap second, east", "2017-01-01T05:29:60.5+05:30", 1483228800},
        {"midnight elsewhere", "2016-12-31T23:59:60-08:00", UNTOUCHED},
        {"second 61", "2016-12-31T23:59:61Z", UNTOUCHED},
        {"hour 24", "2026-01-15T12:00:00+24:00", UNTOUCHED},
        {"minute 60", "2026-01-15T12:00:00+00:60", UNTOUCHED},
        {"hours alone", "2026-01-15T12:00:00+05", UNTOUCHED},
        {"one digit", "2026-01-15T12:00:00+5:30", UNTOUCHED},
        {"three digits", "2026-01-15T12:00:00+530", UNTOUCHED},
        {"seconds too", "2026-01-15T12:00:00+05:30:00", UNTOUCHED},
        {"cut", "2026-01-15T12:00:00+05:", UNTOUCHED},
        {"no digits", "2026-01-15T12:00:00+ab:cd", UNTOUCHED},
        {"a letter", "2026-01-15T12:00:00+05x30", UNTOUCHED},
        {"no sign", "2026-01-15T12:00:0005:30", UNTOUCHED},
        {"another sign", "2026-01-15T12:00:00*05:30", UNTOUCHED},
        {"Z and more", "2026-01-15T12:00:00Z+05:30", UNTOUCHED},
        {"a space", "2026-01-15T12:00:00 +05:30", UNTOUCHED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_read(cilp_utc_from_iso, rows[i].row, rows[i].text,
                   rows[i].unix_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basic_form_of_chosen_moments),
        cmocka_unit_test(times_out_of_range_become_the_first),
        cmocka_unit_test(every_day_survives_the_round_trip),
        cmocka_unit_test(http_dates),
        cmocka_unit_test(http_months),
        cmocka_unit_test(iso_dates),
        cmocka_unit_test(zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
