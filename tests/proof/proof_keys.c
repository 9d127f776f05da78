/*
 * Functions: cilp_keys_fault
 * Property: no key is read beyond its NUL; what is found to be right, or to lack its
 *   token alone, fits in its room and has nothing that could end a header: what takes
 *   keys copies as much
 * Bound: ids and secrets of 0..18 bytes, where 16 are the least of an id and 17 the
 *   most here; tokens of 0..4, of which 3 are the most. Bytes are looked at one by
 *   one, lengths are compared
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 20 -DCILP_KEY_MAX=17 -DCILP_TOKEN_MAX=3
 * Run: suite
 */
#include "core/creds_static.c"

#include "tests/proof/proof.h"

static void is_word(const char *s, size_t max)
{
    const size_t i = any_size(0, max);

    prove(strlen(s) <= max, "it fits");
    prove(i >= strlen(s) || (s[i] > 0x20 && s[i] < 0x7F),
          "nothing that could end a header");
}

void harness(void)
{
    ANY_STRING(id, CILP_KEY_MAX + 1);
    ANY_STRING(secret, CILP_KEY_MAX + 1);
    ANY_STRING(token, CILP_TOKEN_MAX + 1);
    const struct cilp_static_creds keys = {nondet_bool() ? id : NULL,
                                           nondet_bool() ? secret : NULL,
                                           nondet_bool() ? token : NULL};
    enum cilp_what what = cilp_keys_fault(&keys);

    if (what && what != CILP_WHAT_NO_TOKEN)
        return;
    prove(keys.key_id && keys.secret, "both are there");
    is_word(id, CILP_KEY_MAX);
    is_word(secret, CILP_KEY_MAX);
    if (keys.token)
        is_word(token, CILP_TOKEN_MAX);
    can_be(strlen(id) == CILP_KEY_MAX && strlen(secret) == CILP_KEY_MAX &&
               keys.token && strlen(token) == CILP_TOKEN_MAX,
           "the longest");
}
