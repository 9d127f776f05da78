#include "boards/linux/say/out.h"

#include "core/utc.h"

/* Core's "20260115T120000Z", spaced out. */
static void put_time(struct out *o, int64_t unix_s, char between,
                     const char *zone)
{
    char t[CILP_UTC_BASIC_LEN + 1];

    cilp_utc_basic(t, unix_s);
    out_put(o, t, 4);
    out_char(o, '-');
    out_put(o, t + 4, 2);
    out_char(o, '-');
    out_put(o, t + 6, 2);
    out_char(o, between);
    out_put(o, t + 9, 2);
    out_char(o, ':');
    out_put(o, t + 11, 2);
    out_char(o, ':');
    out_put(o, t + 13, 2);
    out_str(o, zone);
}

/* see out.h */
void out_utc(struct out *o, int64_t unix_s)
{
    put_time(o, unix_s, ' ', " UTC");
}

/* see out.h */
void out_iso(struct out *o, int64_t unix_s)
{
    put_time(o, unix_s, 'T', "Z");
}
