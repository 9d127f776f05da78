/*
 * any_split for what --debug hides: each text is cut at every place, and read
 * with the redactor carried over.
 */
#include "tests/unit/rows.h"

#include "boards/linux/redact.h"

/* clang-format off */
static const struct { const char *text, *shown; } ROWS[] = {
    { "X-Amz-Security-Token: IQoJb3JpZ2luX2Vj//+=\r\nHost: x\r\n",
      "X-Amz-Security-Token: #\r\nHost: x\r\n" },
    { "x-amz-security-token:IQoJ/+%2B=\nnext",
      "x-amz-security-token:#\nnext" },
    { "X-AMZ-SECURITY-TOKEN:   s\r\n", "X-AMZ-SECURITY-TOKEN:   #\r\n" },
    { "?X-Amz-Security-Token=abc&more", "?X-Amz-Security-Token=#" },
    { "SignedHeaders=host;x-amz-security-token, Signature=0123abcd\r\nA: b",
      "SignedHeaders=host;x-amz-security-token, Signature=#\r\nA: b" },
    { "<Message>x-amz-security-token:abc&#xA;def</Message>",
      "<Message>x-amz-security-token:#</Message>" },
    { "x-amz-x-amz-security-token: s\n", "x-amz-x-amz-security-token: #\n" },
    { "ssignature=s \"", "ssignature=# \"" },
    { "X-Amz-Security-Toke: shown\n", "X-Amz-Security-Toke: shown\n" },
    { "X-Amz-Security-Token: \r\nHost: x",
      "X-Amz-Security-Token: \r\nHost: x" },
    { "", "" },
};
/* clang-format on */

static char *feed(struct redactor *r, const char *p, size_t n, char *to)
{
    for (size_t i = 0; i < n; i++)
        switch (redact_next(r, p[i])) {
        case REDACT_SHOW: *to++ = p[i]; break;
        case REDACT_FIRST: *to++ = '#'; break;
        case REDACT_HIDE: break;
        }
    *to = '\0';
    return to;
}

static void secrets_are_hidden_however_text_is_cut(void **state)
{
    char shown[256];

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (size_t cut = 0; cut <= strlen(ROWS[i].text); cut++) {
            struct redactor r = {.hiding = false};
            char *to = feed(&r, ROWS[i].text, cut, shown);

            feed(&r, ROWS[i].text + cut, strlen(ROWS[i].text) - cut, to);
            CHECK_ROW(ROWS[i].text, strcmp(shown, ROWS[i].shown) == 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_hidden_however_text_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
