/*
 * Functions: cilp_endpoint_agent cilp_region_is_valid
 * Property: no URL or Region is read beyond its NUL, and nothing beside *to is
 *   written; a host that is taken has 1..CILP_HOST_MAX bytes of [a-z0-9._:-], so
 *   none that could end a header
 * Bound: URLs of "http://" and 0..7 bytes, Regions of 0..5, where hosts have 5 bytes
 *   at most and Regions 4: every limit is met and passed. (The code has no other
 *   use for the sizes.)
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 26 -DCILP_HOST_MAX=5 -DCILP_REGION_MAX=4
 * Run: suite
 */
#include "core/endpoint.c"

#include "tests/proof/proof.h"

static bool is_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
}

static void check(const struct cilp_peer *to)
{
    const size_t i = any_size(0, CILP_HOST_MAX);

    prove(strlen(to->host) <= CILP_HOST_MAX, "a string");
    prove(to->host[0] != '\0', "not empty");
    assume(i < strlen(to->host));
    prove(is_safe(to->host[i]), "nothing that could end a header");
}

static void url(void)
{
    static const char scheme[] = "http://";
    ANY_STRING(s, 14);
    struct cilp_peer to = {0};
    const char *rest = s;

    for (size_t i = 0; i < sizeof scheme - 1; i++)
        if (s[i] != scheme[i])
            return;
    if (cilp_endpoint_agent(&to, s, CILP_LOCAL, &rest))
        return;
    prove(rest >= s && rest <= s_object + 14, "what is left is of the URL");
    check(&to);
    can_be(strlen(to.host) == CILP_HOST_MAX && *rest == '/', "the longest");
    can_be(to.host[0] == ':', "an address");
}

static void region(void)
{
    ANY_STRING(s, CILP_REGION_MAX + 1);

    if (!cilp_region_is_valid(s))
        return;
    prove(strlen(s) >= 1 && strlen(s) <= CILP_REGION_MAX, "its length");
    prove(s[0] != '-' && s[strlen(s) - 1] != '-', "no '-' at its ends");
    can_be(strlen(s) == CILP_REGION_MAX, "the longest");
}

void harness(void)
{
    if (nondet_bool())
        url();
    else
        region();
}
