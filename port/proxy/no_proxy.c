#include "port/proxy/no_proxy.h"

#include <string.h>

#include "port/proxy/address.h"

/* Text inside the list. */
struct text {
    const char *p;
    size_t n;
};

/* Whom the list is asked for. */
struct wanted {
    struct text host;
    uint8_t address[16];
    uint8_t width; /* bytes of it; 0: the host is a name */
    uint16_t port;
};

/* ---- Pieces ------------------------------------------------------------ */

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Both are of a's length. */
static bool is_equal(struct text a, struct text b)
{
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

/* Digits alone, up to `most`; false: it is no such number. */
static bool read_number(struct text t, uint32_t most, uint32_t *to)
{
    *to = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9')
            return false;
        *to = *to * 10 + (uint32_t)(t.p[i] - '0');
        if (*to > most)
            return false;
    }
    return t.n > 0;
}

static struct text from(struct text t, size_t at)
{
    return (struct text){t.p + at, t.n - at};
}

/* ---- Kinds of entries --------------------------------------------------- */

static bool is_same_prefix(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
    uint32_t whole = bits / 8;
    uint8_t mask = (uint8_t)(0xFF00u >> bits % 8);

    return memcmp(a, b, whole) == 0 &&
           (mask == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

/* "ADDRESS" or "ADDRESS/BITS", for a host that is an address. Bits of an IPv4
 * address that is written as IPv6 count from its own first one. */
static bool has_address(struct text t, const struct wanted *w)
{
    const char *slash = memchr(t.p, '/', t.n);
    size_t n = slash ? (size_t)(slash - t.p) : t.n;
    uint8_t address[16];
    uint8_t width = cilp_proxy_address(t.p, n, address);
    uint32_t bits = 8u * width;

    if (width != w->width) /* which is not 0 */
        return false;
    if (slash && !read_number(from(t, n + 1), bits, &bits))
        return false;
    return is_same_prefix(address, w->address, bits);
}

/* The name that "*.example.com", ".example.com" and "example.com." mean. */
static struct text bare(struct text t)
{
    if (t.n > 1 && t.p[0] == '*' && t.p[1] == '.')
        t = from(t, 1);
    while (t.n > 0 && t.p[0] == '.')
        t = from(t, 1);
    if (t.n > 0 && t.p[t.n - 1] == '.')
        t.n--;
    return t;
}

/* For a host that is a name. */
static bool has_name(struct text t, const struct wanted *w)
{
    size_t above; /* bytes of the host in front of it */

    t = bare(t);
    if (t.n == 0 || t.n > w->host.n)
        return false;
    above = w->host.n - t.n;
    return (above == 0 || w->host.p[above - 1] == '.') &&
           is_equal(t, from(w->host, above));
}

/* ---- An entry ---------------------------------------------------------- */

/* Where ":PORT" begins: t.n, if none is there. What has two colons and no
 * brackets is an IPv6 address. */
static size_t port_at(struct text t)
{
    const char *colon = memchr(t.p, ':', t.n);
    size_t at = colon ? (size_t)(colon - t.p) : t.n;

    if (colon && memchr(colon + 1, ':', t.n - at - 1))
        return t.n;
    return at;
}

/* Take "[...]" off; *rest is what follows. False: the bracket is never closed. */
static bool unwrap(struct text *t, struct text *rest)
{
    const char *end = memchr(t->p, ']', t->n);
    size_t at = end ? (size_t)(end - t->p) : 0;

    if (!end)
        return false;
    *rest = from(*t, at + 1);
    *t = (struct text){t->p + 1, at - 1};
    return true;
}

static bool has(struct text t, const struct wanted *w)
{
    struct text rest;
    uint32_t port;

    if (t.p[0] == '[') {
        if (!unwrap(&t, &rest))
            return false;
    } else {
        size_t at = port_at(t);

        rest = from(t, at);
        t.n = at;
    }
    if (rest.n > 0 &&
        (rest.p[0] != ':' || !read_number(from(rest, 1), 65535, &port) ||
         port != w->port))
        return false;
    if (t.n == 1 && t.p[0] == '*')
        return true;
    return w->width ? has_address(t, w) : has_name(t, w);
}

/* ---- The list ---------------------------------------------------------- */

/* see no_proxy.h */
bool cilp_no_proxy_has(const char *list, const char *host, uint16_t port,
                       const char **entry, size_t *len)
{
    static const char between[] = ", \t";
    struct wanted w = {.host = {host, strlen(host)}, .port = port};

    w.width = cilp_proxy_address(host, w.host.n, w.address);
    for (const char *p = list ? list : ""; *p; p += *len) {
        p += strspn(p, between);
        *len = strcspn(p, between);
        *entry = p;
        if (*len > 0 && has((struct text){p, *len}, &w))
            return true;
    }
    return false;
}
