#include "boards/linux/way_named.h"

#include <stdlib.h>
#include <string.h>

static const char *const VARIABLES[] = {"https_proxy", "HTTPS_PROXY",
                                        "http_proxy",  "HTTP_PROXY",
                                        "all_proxy",   "ALL_PROXY"};

/* An empty variable of this name counts as unset. */
static const char *value_of(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static struct way_named variable(const char *lower, const char *upper)
{
    if (getenv(lower))
        return (struct way_named){lower, value_of(lower)};
    if (value_of(upper))
        return (struct way_named){upper, value_of(upper)};
    return (struct way_named){NULL, NULL};
}

/* see way_named.h */
struct way_named way_named(const struct options *o, bool tls)
{
    if (o->proxy)
        return (struct way_named){
            "--proxy", strcmp(o->proxy, "none") == 0 ? NULL : o->proxy};
    if (tls)
        return variable("https_proxy", "HTTPS_PROXY");
    return variable("http_proxy",
                    getenv("REQUEST_METHOD") ? "http_proxy" : "HTTP_PROXY");
}

/* see way_named.h */
struct way_named way_exempt(void)
{
    return variable("no_proxy", "NO_PROXY");
}

/* see way_named.h */
const char *way_overlooked(bool tls)
{
    size_t mine = tls ? 0 : 2;

    for (size_t i = 0; i < sizeof VARIABLES / sizeof VARIABLES[0]; i++)
        if (i / 2 != mine / 2 && value_of(VARIABLES[i]))
            return VARIABLES[i];
    return NULL;
}

/* see way_named.h */
void way_put_unnamed(struct out *o, struct way_named named,
                     const char *overlooked, bool tls)
{
    if (named.from) {
        out_str(o, "straight, as ");
        out_str(o, named.from);
        out_str(o, " says");
        return;
    }
    out_str(o, "straight: no proxy is named");
    if (!overlooked)
        return;
    out_str(o, " for such an endpoint: ");
    out_str(o, overlooked);
    out_str(o, " does not count, ");
    out_str(o, VARIABLES[tls ? 1 : 3]);
    out_str(o, " does");
}

/* see way_named.h */
void way_put_unused(struct out *o, struct way_named named)
{
    out_str(o, "straight, not through the proxy that ");
    out_str(o, named.from);
    out_str(o, " names: ");
}

static void wipe(const char *url)
{
    char *at = url ? strrchr(url, '@') : NULL;

    if (at)
        explicit_bzero((char *)url, (size_t)(at - url));
}

/* see way_named.h */
void way_named_wipe(const struct options *o)
{
    wipe(o->proxy);
    for (size_t i = 0; i < sizeof VARIABLES / sizeof VARIABLES[0]; i++)
        wipe(getenv(VARIABLES[i]));
}
