#include "boards/linux/region.h"

#include <stdbool.h>
#include <string.h>

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* The Region that a zone's name begins with ends behind its first number. 0: this
 * is no zone's, for those end with a number and a letter. */
static size_t zone_region(const char *s)
{
    size_t n = strlen(s), to = strcspn(s, DIGITS);

    if (n < 2 || strspn(s, LOWER DIGITS "-") != n || !strchr(LOWER, s[n - 1]) ||
        !strchr(DIGITS, s[n - 2]))
        return 0;
    if (to < 2 || s[to - 1] != '-')
        return 0;
    return to + strspn(s + to, DIGITS);
}

static enum exit_code complain_of(enum spelling spelling, const char *region,
                                  const char *what, size_t n)
{
    struct out o;

    say_fault(&o, spelling, EXIT_CONFIG);
    out_str(&o, "the Region '");
    out_quoted(&o, region);
    out_str(&o, what);
    for (size_t i = 0; i < n; i++) /* letters, digits and '-' alone */
        out_char(&o, region[i] >= 'A' && region[i] <= 'Z'
                         ? (char)(region[i] - 'A' + 'a')
                         : region[i]);
    say_end(&o);
    return EXIT_CONFIG;
}

/* see region.h */
enum exit_code region_check(enum spelling spelling, const char *region)
{
    size_t n = strlen(region), zone = zone_region(region);

    if (zone)
        return complain_of(spelling, region,
                           "' is an Availability Zone or Local Zone; its Region"
                           " is ",
                           zone);
    if (strpbrk(region, UPPER) && strspn(region, UPPER LOWER DIGITS "-") == n)
        return complain_of(spelling, region,
                           "' has capital letters, and a Region's name is in"
                           " lower case: ",
                           n);
    return EXIT_DONE;
}
