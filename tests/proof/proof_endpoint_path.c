/*
 * Functions: cilp_endpoint_resolve
 * Property: what follows host and port of a URL is not read beyond its NUL; what is
 *   taken of it begins with '/', has no byte that could end a request line, no part
 *   that is "." or "..", and no empty one but the last
 * Bound: texts of 0..6 bytes: a part of three bytes, and one behind it. Host and port
 *   are read as endpoint_agent has it, the Region as region_is_valid; what a Region
 *   leads to are constant tables (unit/test_endpoint.c)
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 8 --unwindset cilp_text_has.0:21 -DCILP_HOST_MAX=5 -DCILP_REGION_MAX=4
 * Run: suite
 */
#include "core/endpoint.c"

#include "tests/proof/proof.h"

#define MOST 6

void harness(void)
{
    ANY_STRING(s, MOST);
    const size_t i = any_size(0, MOST - 1);
    struct cilp_peer to = {0};

    if (take_path(&to, s))
        return;
    prove(to.path == (*s ? s : NULL), "it is what stands there");
    if (i >= strlen(s))
        return;
    prove(s[0] == '/', "it begins with one");
    prove(s[i] > 0x20 && s[i] < 0x7F && s[i] != '?' && s[i] != '#',
          "nothing that could end a request line or a path");
    prove(s[i] != '/' || s[i + 1] != '/', "no empty part");
    prove(s[i] != '/' || s[i + 1] != '.' || (s[i + 2] && s[i + 2] != '/'),
          "no part of one dot");
    prove(s[i] != '/' || s[i + 1] != '.' || s[i + 2] != '.' ||
              (s[i + 3] && s[i + 3] != '/'),
          "nor of two");
    can_be(i == 4 && s[i] == '/' && s[1] == '.', "two parts");
}
