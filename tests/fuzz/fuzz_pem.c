/*
 * PEM text: blocks lie in it, one behind the other, and what is decoded of them is
 * no longer than three quarters of it.
 */
#include "port/mbedtls/pem.h"
#include "tests/fuzz/same.h"

static void is_in(const char *p, size_t n, const char *text, size_t len)
{
    MUST(p >= text && n <= len && p + n <= text + len);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    char *text = malloc(n + 1);
    uint8_t *out = malloc(n + 1);
    const char *at = text;
    size_t left = n, before;
    struct cilp_pem_block b;

    memcpy(text, p, n);
    for (before = left + 1; cilp_pem_next(&at, &left, &b); before = left) {
        MUST(left < before);
        is_in(at, left, text, n);
        is_in(b.label, b.label_len, text, n);
        (void)cilp_pem_is(&b, "PRIVATE KEY");
        if (!b.body)
            continue;
        is_in(b.body, b.body_len, text, n);
        (void)cilp_pem_has(&b, "ENCRYPTED");
        MUST(cilp_pem_decode(&b, out, b.body_len) <= b.body_len * 3 / 4);
        (void)cilp_pem_decode(&b, out, 1);
    }
    free(text);
    free(out);
    return 0;
}
