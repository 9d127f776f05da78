/*
 * Functions: cilp_text_put cilp_text_init cilp_text_end cilp_text_cut
 *   cilp_text_kept cilp_zero
 * Property: whatever the text before it, a write stays inside the window, keeps
 *   exactly those bytes that belong there and changes no other; every byte is
 *   counted; the end puts its NUL inside, and a wipe leaves zeros
 * Bound: windows and pieces of 0..4 bytes at any place of a text of 64 KB, which no
 *   request has. Lengths occur in sums and comparisons alone
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 6 --unsigned-overflow-check
 * Run: suite
 */
#include "core/text.h"
#include "tests/proof/proof.h"

#define MOST    4
#define LONGEST 65535

static void put(struct cilp_text *t)
{
    const size_t n = any_size(0, MOST), i = any_size(0, MOST - 1);
    ANY_BYTES(const char, from, MOST, n);
    const size_t len = t->len;
    size_t at;
    char before;

    assume(i < t->cap);
    at = t->skip + i;
    before = t->p[i];
    cilp_text_put(t, from, n);
    prove(t->len == len + n, "all is counted");
    if (at >= len && at < len + n)
        prove(t->p[i] == from[at - len], "what belongs there is kept");
    else
        prove(t->p[i] == before, "no other byte is changed");
    can_be(at >= len && at < len + n && len > 3 && i > 1, "a later write");
}

static void end(struct cilp_text *t)
{
    const size_t kept = cilp_text_kept(t);

    prove(kept <= t->cap, "no more is kept than there is room");
    if (t->skip == 0 && nondet_bool())
        prove(cilp_text_end(t) == (t->len < t->cap) &&
                  t->p[t->len < t->cap ? t->len : 0] == '\0',
              "it ends, or is empty");
    else if (t->skip == 0)
        cilp_text_cut(t);
    cilp_zero(t->p, t->cap);
    prove(t->p[any_size(0, t->cap - 1)] == '\0', "a wipe leaves zeros");
}

void harness(void)
{
    const size_t cap = any_size(1, MOST);
    ANY_BYTES(char, window, MOST, cap);
    struct cilp_text t;

    cilp_text_init(&t, window, cap);
    prove(t.cap == cap && t.skip == 0 && t.len == 0 && !t.hash, "it is fresh");
    t.skip = any_size(0, LONGEST);
    t.len = any_size(0, LONGEST);
    if (nondet_bool())
        put(&t);
    else
        end(&t);
}
