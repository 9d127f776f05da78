/*
 * Functions: cilp_creds_roles_anywhere
 * Property: of its reply nothing beside the text is looked at when brackets are
 *   taken off; of certificates and ARNs
 *   nothing beside them, and whoever writes the chain gets on
 * Bound: texts of 0..6 bytes, chains of 0..6, ARNs of 0..6: what is nested once,
 *   and every form of a length, fits in these
 * With: core/text.c core/account.c tests/proof/sha256_model.c
 * Options: --unwind 9 -DCILP_IO_MAX=512 -DCILP_TOKEN_MAX=96
 * Run: long
 */
#include "core/creds_roles_anywhere.c"

#include "tests/proof/proof.h"

static void brackets(void)
{
    const size_t n = any_size(0, 6);
    ANY_BYTES(char, text, 7, n + 1); /* a byte stays free: source.c */
    char *end = text + n, *open = find_array(text, end, "a"), *close;

    prove(open == NULL || (open >= text && open < end), "it begins inside");
    if (!open)
        return;
    close = find_close(open + 1, end);
    prove(close == NULL || (close > open && close < end), "it ends inside");
    can_be(close && *close == ']', "an array");
}

static void chain(void)
{
    const size_t n = any_size(1, 6);
    ANY_BYTES(const uint8_t, p, 6, n);
    size_t len = certificate_len(p, n);

    prove(len >= 1 && len <= n, "it gets on, and no further than the end");
    can_be(len == 5 && n == 6, "a length of two bytes");
}

static void arn(void)
{
    ANY_STRING(s, 6);
    const int i = (int)any_size(0, PARTS - 1);
    struct arn a;

    split(&a, s);
    prove(a.part[i] >= s && a.part[i] + a.len[i] <= s_object + 6,
          "each part is of the text");
    can_be(a.len[RESOURCE] == 1, "with all parts");
}

void harness(void)
{
    if (nondet_bool())
        brackets();
    else if (nondet_bool())
        chain();
    else
        arn();
}
