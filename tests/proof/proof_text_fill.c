/*
 * Functions: cilp_text_fill cilp_text_shown cilp_text_init_hash cilp_text_is_listed
 * Property: each '%' takes one value, no byte is left out, and none is read beyond
 *   its text: what is written can be read, whole; what is shown is printable
 * Bound: forms of 0..4 bytes, values of 0..2, others of 0..4: bytes and values are
 *   taken one after the other
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 8
 * Run: suite
 */
#include <string.h>

#include "core/text.h"

#include "tests/proof/proof.h"

#define MOST 4

static void fill(void)
{
    ANY_STRING(form, MOST);
    ANY_STRING(first, 2);
    ANY_STRING(second, 2);
    const char *const values[MOST] = {first, second, "", "12"};
    struct cilp_sha256 hash = {0};
    struct cilp_text t;
    size_t len = 0, n = 0;

    for (const char *p = form; *p; p++)
        len += *p == '%' ? strlen(values[n++]) : 1;
    cilp_text_init_hash(&t, &hash);
    cilp_text_fill(&t, form, values);
    prove(t.len == len, "all of it");
    can_be(n == 3 && len == 5, "three values");
}

static void shown(void)
{
    const size_t n = any_size(0, MOST), i = any_size(0, MOST - 1);
    ANY_BYTES(const char, p, MOST, n);
    char window[MOST];
    struct cilp_text t;

    cilp_text_init(&t, window, sizeof window);
    cilp_text_shown(&t, p, n);
    prove(t.len == n, "as many");
    if (i < n)
        prove(window[i] >= 0x20 && window[i] <= 0x7E, "printable");
    can_be(n == MOST && window[3] == '?' && p[3] != '?', "it was not");
}

static void listed(void)
{
    const size_t n = any_size(0, MOST);
    ANY_BYTES(const char, p, MOST, n);

    prove(
        cilp_text_is_listed("ab c", p, n) ==
            ((n == 2 && p[0] == 'a' && p[1] == 'b') || (n == 1 && p[0] == 'c')),
        "a word of the list");
}

void harness(void)
{
    if (nondet_bool())
        fill();
    else if (nondet_bool())
        shown();
    else
        listed();
}
