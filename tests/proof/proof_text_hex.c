/*
 * Functions: cilp_text_hex cilp_text_percent cilp_text_is_alnum cilp_text_has
 *   cilp_text_str
 * Property: no byte beside the text is read; hex digits are small and two for
 *   each byte; what is percent-encoded is unreserved (RFC 3986 section 2.3) or
 *   "%XX" in capitals, and stands for the same bytes
 * Bound: 0..2 bytes: each is written without regard to the others
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 8 --unsigned-overflow-check
 * Run: suite
 */
#include "core/text.h"
#include "tests/proof/proof.h"

#define MOST 2

static char digit(unsigned v, char ten)
{
    return (char)(v < 10 ? '0' + v : ten + (v - 10));
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

static void hex(void)
{
    const size_t n = any_size(0, MOST), i = any_size(0, MOST - 1);
    ANY_BYTES(uint8_t, p, MOST, n);
    char window[2 * MOST];
    struct cilp_text t;

    cilp_text_init(&t, window, sizeof window);
    cilp_text_hex(&t, p, n);
    prove(t.len == 2 * n, "two digits for each byte");
    assume(i < n);
    prove(window[2 * i] == digit(p[i] >> 4u, 'a') &&
              window[2 * i + 1] == digit(p[i] & 15u, 'a'),
          "its digits");
    can_be(n == MOST && p[1] == 0xff, "the longest");
}

static void percent(void)
{
    ANY_STRING(s, MOST);
    char window[3 * MOST];
    struct cilp_text t;
    size_t at = 0;

    cilp_text_init(&t, window, sizeof window);
    cilp_text_percent(&t, s);
    for (; *s; s++) {
        const unsigned c = (uint8_t)*s;

        if (is_unreserved(*s)) {
            prove(window[at] == *s, "as it is");
            at++;
        } else {
            prove(window[at] == '%' && window[at + 1] == digit(c >> 4, 'A') &&
                      window[at + 2] == digit(c & 15, 'A'),
                  "encoded");
            at += 3;
        }
    }
    prove(t.len == at, "and no more");
    can_be(at == 3 * MOST, "nothing but what is encoded");
}

void harness(void)
{
    hex();
    percent();
}
