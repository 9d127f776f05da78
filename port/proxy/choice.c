#include "port/proxy/choice.h"

#include <string.h>

#include "port/proxy/address.h"
#include "port/proxy/no_proxy.h"
#include "port/reach.h"

/* RFC 6761 section 6.3: these names are this machine's, whoever is asked. */
static bool is_localhost(const char *host)
{
    static const char name[] = "localhost";
    size_t n = strlen(host), len = sizeof name - 1;

    return n >= len && strcmp(host + n - len, name) == 0 &&
           (n == len || host[n - len - 1] == '.');
}

static bool is_near(const struct cilp_peer *to)
{
    uint8_t address[16];

    if (to->reach != CILP_ANYWHERE || is_localhost(to->host))
        return true;
    switch (cilp_proxy_address(to->host, strlen(to->host), address)) {
    case 4: return cilp_reach_has_v4(CILP_LOCAL, address);
    case 16: return cilp_reach_has_v6(CILP_LOCAL, address);
    default: return false;
    }
}

/* see choice.h */
enum cilp_proxy_way cilp_proxy_way(const struct cilp_proxy_ways *ways,
                                   const struct cilp_peer *to)
{
    const char *entry;
    size_t len;

    if (to->direct)
        return CILP_PROXY_DIRECT;
    if (is_near(to))
        return CILP_PROXY_NEAR;
    if (!(to->tls ? ways->for_tls : ways->for_plain))
        return CILP_PROXY_NOT_NAMED;
    return cilp_no_proxy_has(ways->exempt, to->host, to->port, &entry, &len)
               ? CILP_PROXY_EXEMPT
               : CILP_PROXY_THROUGH;
}
