/*
 * any_split for what --debug hides: each text is cut at every place, and read
 * with the redactor carried over.
 */
#include "tests/unit/rows.h"

#include "boards/linux/say/redact.h"

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
    { "GET\r\nX-aws-ec2-metadata-token: AQAE==\r\n\r\n",
      "GET\r\nX-aws-ec2-metadata-token: #\r\n\r\n" },
    { "GET\r\nx-amz-sso_bearer_token: a/b+c\r\n\r\n",
      "GET\r\nx-amz-sso_bearer_token: #\r\n\r\n" },
    { "A=b&WebIdentityToken=eyJ.eyJ.x%2F", "A=b&WebIdentityToken=#" },
    { "GET\r\nAuthorization: Bearer a b, c\r\nHost: x",
      "GET\r\nAuthorization: #\r\nHost: x" },
    { "\nAuthorization: aws4-secret, \"b\"\r\nHost: x",
      "\nAuthorization: aws4-#\r\nHost: x" },
    { "\nAuthorization:  b", "\nAuthorization:  #" },
    { "\nAuthorization: AWS4-HMAC-SHA256 Credential=AKID/x, Signature=0a\r\nB",
      "\nAuthorization: AWS4-HMAC-SHA256 Credential=AKID/x, Signature=#\r\nB" },
    { "S-ignature=shown, Sig nature=shown", "S-ignature=shown, Sig nature=shown" },
    { "\"Signature=s\" x", "\"Signature=#\" x" },
    { "'Signature=s' x", "'Signature=#' x" },
    { "Signature=a, Signature=b, c", "Signature=#, Signature=#, c" },
    { "\nX-Amz-Security-Token: s\r\nAuthorization: Bearer a b\r\nHost: x",
      "\nX-Amz-Security-Token: #\r\nAuthorization: #\r\nHost: x" },
    { "\nAuthorization: Bearer a b\r\nX-Amz-Security-Token: s, x",
      "\nAuthorization: #\r\nX-Amz-Security-Token: #, x" },
    { "\nAuthorization: aws4-secret\r\nAuthorization: AWS4-HMAC-SHA256 a",
      "\nAuthorization: aws4-#\r\nAuthorization: AWS4-HMAC-SHA256 a" },
    { "\nAuthorization: AWS4-HMAC-SHA256 a\r\nAuthorization: AWS4-HMAC-SHA256 b",
      "\nAuthorization: AWS4-HMAC-SHA256 a\r\nAuthorization: AWS4-HMAC-SHA256 b" },
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

/* clang-format off */
static const struct { const char *text, *shown; } FOREIGN[] = {
    { "vault: closed\n", "vault: closed " },
    { "a\tb\r\nc\x1b[1m\x80", "a b  c\\x1b[1m\\x80" },
    { "{\"SecretAccessKey\": \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"}",
      "{\"SecretAccessKey\": \"[hidden]\"}" },
    { "x 0123456789012345678901234567890 y",
      "x 0123456789012345678901234567890 y" },
    { "x=01234567890123456789012345678901", "[hidden]" },
    { "x-01234567890123456789/_+=AZaz01", "[hidden]" },
    { "0123456789abcde:0123456789abcdefg", "0123456789abcde:0123456789abcdefg" },
    { "0123456789abcde@0123456789abcdefg", "0123456789abcde@0123456789abcdefg" },
    { "0123456789abcde[0123456789abcdefg", "0123456789abcde[0123456789abcdefg" },
    { "0123456789abcde`0123456789abcdefg", "0123456789abcde`0123456789abcdefg" },
    { "0123456789abcde{0123456789abcdefg", "0123456789abcde{0123456789abcdefg" },
    { "", "" },
};
/* clang-format on */

static void what_may_be_a_key_is_hidden_in_any_text(void **state)
{
    struct out o;

    (void)state;
    for (size_t i = 0; i < COUNT(FOREIGN); i++) {
        out_init(&o, -1);
        redact_foreign(&o, FOREIGN[i].text);
        CHECK_ROW(FOREIGN[i].text,
                  o.len == strlen(FOREIGN[i].shown) &&
                      memcmp(o.buf, FOREIGN[i].shown, o.len) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_hidden_however_text_is_cut),
        cmocka_unit_test(what_may_be_a_key_is_hidden_in_any_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
