#include "tests/unit/rows.h"

#include "boards/linux/image_id.h"

/* clang-format off */
static const struct { const char *id, *fault; } ROWS[] = {
    { "ami-12345678", NULL },
    { "ami-abcdef09", NULL },
    { "ami-f234567a", NULL },
    { "ami-0abcdef1234567890", NULL },
    { "", "is empty" },
    { "ami-", "8 or 17" },
    { "ami-1234567", "8 or 17" },
    { "ami-123456789", "8 or 17" },
    { "ami-0abcdef123456789", "8 or 17" },
    { "ami-0abcdef12345678901", "8 or 17" },
    { "ami-0abcdef123456789g", "no hex digit" },
    { "ami-g2345678", "no hex digit" },
    { "ami-G2345678", "no hex digit" },
    { "ami-1234567/", "no hex digit" },
    { "ami-1234567:", "no hex digit" },
    { "ami-1234567@", "no hex digit" },
    { "ami-0ABCDEF1234567890", "upper-case" },
    { "ami-A2345678", "upper-case" },
    { "ami-1234567F", "upper-case" },
    { "AMI-0abcdef1234567890", "upper case" },
    { "ami-0123456789example", "placeholder of the documentation" },
    { "Ami-0abcdef1234567890", "upper case" },
    { "amI-12345678", "begins with ami-" },
    { " ami-12345678", "space or line end" },
    { "ami-12345678\n", "space or line end" },
    { "ami-12345678,ami-12345679", "quotes, brackets or commas" },
    { "ami-12345678,", "quotes, brackets or commas" },
    { "\"ami-12345678\"", "quotes, brackets or commas" },
    { "'ami-12345678'", "quotes, brackets or commas" },
    { "[", "quotes, brackets or commas" },
    { "ami-12345678\xC3\xA9", "beyond ASCII" },
    { "\xE2\x80\x93-dry-run", "dashes and quotes of web pages" },
    { "ami\xE2\x80\x91" "12345678", "dashes and quotes of web pages" },
    { "ami-12345678.", "no hex digit" },
    { "ami_12345678", "begins with ami-" },
    { "snap-12345678", "a snapshot" },
    { "i-12345678", "an instance" },
    { "vol-12345678", "a volume" },
    { "lt-12345678", "a launch template" },
    { "aki-12345678", "a kernel image" },
    { "ari-12345678", "a RAM disk image" },
    { "arn:aws:ec2:us-east-1::image/ami-12345678", "an ARN" },
    { "file://ids.txt", "reads ids from standard input" },
    { "12345678", "begins with ami-" },
};
/* clang-format on */

static void every_id_gets_its_judgement(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        size_t n = strlen(ROWS[i].id) + 1;
        const char *fault = image_id_fault(guarded(ROWS[i].id, n));

        if (ROWS[i].fault)
            CHECK_ROW(ROWS[i].id, fault && strstr(fault, ROWS[i].fault));
        else
            CHECK_ROW(ROWS[i].id, !fault);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_id_gets_its_judgement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
