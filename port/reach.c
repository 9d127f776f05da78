#include "port/reach.h"

#include <string.h>

/* see reach.h */
bool cilp_reach_has_v4(enum cilp_reach reach, const uint8_t p[4])
{
    if (reach == CILP_ANYWHERE || p[0] == 127)
        return true;
    if (p[0] != 169 || p[1] != 254)
        return false;
    return reach == CILP_LOCAL || (p[2] == 170 && (p[3] == 2 || p[3] == 23));
}

/* see reach.h */
bool cilp_reach_has_v6(enum cilp_reach reach, const uint8_t p[16])
{
    static const uint8_t loopback[16] = {[15] = 1};
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    static const uint8_t agent[16] = {0xFD, 0x00, 0x0E, 0xC2, [15] = 0x23};

    if (memcmp(p, mapped, sizeof mapped) == 0)
        return cilp_reach_has_v4(reach, p + sizeof mapped);
    if (reach == CILP_ANYWHERE || memcmp(p, loopback, 16) == 0 ||
        memcmp(p, agent, 16) == 0)
        return true;
    return reach == CILP_LOCAL && (memcmp(p, agent, 4) == 0 ||
                                   (p[0] == 0xFE && (p[1] & 0xC0) == 0x80));
}

/* see reach.h */
const char *cilp_reach_refusal(enum cilp_reach reach)
{
    return reach == CILP_AGENT ? "not an address of a container agent: "
                               : "not an address of this machine or link: ";
}
