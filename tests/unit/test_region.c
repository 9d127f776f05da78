/*
 * What people give in place of a Region's name.
 */
#include "tests/unit/rows.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "boards/linux/region.h"

/* clang-format off */
static const struct { const char *region, *said; } ROWS[] = {
    { "us-east-1", NULL },
    { "us-gov-west-1", NULL },
    { "us-isob-east-1", NULL },
    { "ap-southeast-7", NULL },
    { "xy-new-12", NULL },
    { "us-east-1-fips", NULL }, /* core's */
    { "aws-global", NULL },
    { "x@evil/", NULL },
    { "US-EAST-1!", NULL },
    { "1a", NULL },
    { "a", NULL },
    { "", NULL },
    { "us-east-1a", "'us-east-1a' is an Availability Zone or Local Zone; its"
      " Region is us-east-1\n" },
    { "xy-new-12b", "its Region is xy-new-12\n" },
    { "us-west-2-lax-1a", "its Region is us-west-2\n" },
    { "US-EAST-1", "'US-EAST-1' has capital letters, and a Region's name is in"
      " lower case: us-east-1\n" },
    { "Eu-West-3", "lower case: eu-west-3\n" },
};
/* clang-format on */

static void every_name_gets_its_judgement(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *region =
            guarded(ROWS[i].region, strlen(ROWS[i].region) + 1);
        int file = memfd_create("stderr", 0), before = dup(2);
        char said[256] = "";
        enum exit_code rc;

        dup2(file, 2);
        rc = region_check(SPELLING_OWN, region);
        dup2(before, 2);
        close(before);
        assert_true(pread(file, said, sizeof said - 1, 0) >= 0);
        close(file);
        CHECK_ROW(ROWS[i].region,
                  rc == (ROWS[i].said ? EXIT_CONFIG : EXIT_DONE));
        CHECK_ROW(ROWS[i].region,
                  ROWS[i].said ? strstr(said, ROWS[i].said) != NULL : !said[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_gets_its_judgement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
