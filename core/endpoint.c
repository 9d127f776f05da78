#include "core/endpoint.h"

#include <string.h>

#define HTTP_PORT  80
#define HTTPS_PORT 443
#define LABEL_MAX  63    /* RFC 1035 section 2.3.4 */
#define NOT_BARE   "endpoint: nothing but https://HOST[:PORT] is allowed"

#define STRING_(x) #x
#define STRING(x)  STRING_(x)

/* ---- Regions ----------------------------------------------------------- */

/* A Region is a prefix of its partition, a place and a number: "us" "-gov"
 * "-west" "-1". No place has a '-', so no Region fits two rows and the order
 * of the rows means nothing; but the first is assumed for unknown Regions. */
struct partition {
    const char *prefixes;    /* a space after each */
    const char *dns, *dual_dns;
    bool        fips_is_plain;   /* its plain hosts are the FIPS hosts */
};

static const struct partition partitions[] = {
    {"us eu ap sa ca me af il mx ", "amazonaws.com", "api.aws", false},
    {"cn ", "amazonaws.com.cn", "api.amazonwebservices.com.cn", false},
    {"us-gov ", "amazonaws.com", "api.aws", true},
    {"eusc-de ", "amazonaws.eu", "api.amazonwebservices.eu", false},
    {"us-iso ", "c2s.ic.gov", "api.aws.ic.gov", false},
    {"us-isob ", "sc2s.sgov.gov", "api.aws.scloud", false},
    {"eu-isoe ", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", false},
    {"us-isof ", "csp.hci.ic.gov", "api.aws.hci.ic.gov", false},
};

/* The regular expressions' \w, as far as a host name has it. */
static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || cilp_text_is_digit(c);
}

/* -\w+-\d+ and no more */
static bool is_place_and_number(const char *s)
{
    if (*s++ != '-' || !is_alnum(*s)) return false;
    while (is_alnum(*s)) s++;
    if (*s++ != '-' || !cilp_text_is_digit(*s)) return false;
    while (cilp_text_is_digit(*s)) s++;
    return *s == '\0';
}

static bool is_in(const struct partition *p, const char *region)
{
    const char *at = region;

    for (const char *s = p->prefixes; *s; s++) {
        if (*s == ' ') {
            if (at && is_place_and_number(at)) return true;
            at = region;
        } else {
            at = at && *at == *s ? at + 1 : NULL;
        }
    }
    return false;
}

static const struct partition *partition_of(const char *region)
{
    for (size_t i = 0; i < sizeof partitions / sizeof *partitions; i++)
        if (is_in(&partitions[i], region)) return &partitions[i];
    return NULL;
}

/* see endpoint.h */
bool cilp_endpoint_is_guess(const char *region)
{
    return partition_of(region) == NULL;
}

/* see endpoint.h */
bool cilp_region_is_valid(const char *s)
{
    size_t n = 0;

    if (*s == '-') return false;
    for (; is_alnum(s[n]) || s[n] == '-'; n++)
        if (n == CILP_REGION_MAX) return false;
    return n > 0 && s[n] == '\0' && s[n - 1] != '-';
}

/* In any case. */
static bool starts_with(const char *s, const char *with)
{
    size_t n = strlen(with);

    return !cilp_text_is_within(s, n - 1) && cilp_text_equal_nocase(s, n, with);
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && memcmp(s + n - m, end, m) == 0;
}

static const char *check_region(const char *region)
{
    if (!region || !*region)
        return "no Region is given: name one, as us-east-1";
    if (!cilp_region_is_valid(region))
        return "a Region is 1 to " STRING(CILP_REGION_MAX) " of a-z, 0-9 and "
               "inner '-', as us-east-1";
    if (starts_with(region, "fips-") || ends_with(region, "-fips"))
        return "a Region has no \"fips\" in its name: ask for FIPS beside it";
    if (ends_with(region, "-global"))
        return "no endpoint is global: name a Region, as us-east-1";
    return NULL;
}

/* Source: endpoint rule sets of EC2 and STS: "ec2[-fips].REGION.SUFFIX". */
static const char *from_region(struct cilp_peer *to,
                               const struct cilp_endpoint *in)
{
    const struct partition *p = partition_of(in->region);
    struct cilp_text t;

    if (!p) p = &partitions[0];
    cilp_text_init(&t, to->host, sizeof to->host);
    cilp_text_str(&t, in->service);
    if (in->fips && (in->dual_stack || !p->fips_is_plain))
        cilp_text_str(&t, "-fips");
    cilp_text_char(&t, '.');
    cilp_text_str(&t, in->region);
    cilp_text_char(&t, '.');
    cilp_text_str(&t, in->dual_stack ? p->dual_dns : p->dns);
    return cilp_text_end(&t) ? NULL : "the host name is too long";
}

/* ---- Addresses and names ----------------------------------------------- */

/* Decimal, 0 to max, at s; returns what follows it, or NULL. No leading zero:
 * some readers take it for octal. */
static const char *read_number(const char *s, uint32_t max, uint32_t *v)
{
    const char *start = s;

    for (*v = 0; cilp_text_is_digit(*s); s++) {
        if (s != start && *v == 0) return NULL;
        *v = *v * 10 + (uint32_t)(*s - '0');
        if (*v > max) return NULL;
    }
    return s == start ? NULL : s;
}

/* Four parts, and no other of inet_aton's forms. */
static bool is_ipv4(const char *s)
{
    uint32_t part;

    for (int i = 0; i < 4; i++) {
        if (i > 0 && *s++ != '.') return false;
        s = read_number(s, 255, &part);
        if (!s) return false;
    }
    return *s == '\0';
}

static const char *read_group(const char *s, uint32_t *v)
{
    const char *start = s;

    for (*v = 0; s - start < 4; s++) {
        if (cilp_text_is_digit(*s))
            *v = *v << 4 | (uint32_t)(*s - '0');
        else if (*s >= 'a' && *s <= 'f')
            *v = *v << 4 | (uint32_t)(*s - 'a' + 10);
        else
            break;
    }
    return s == start ? NULL : s;
}

struct ipv6 {
    unsigned groups;
    bool     gap;        /* "::" was there */
    uint32_t high, low;  /* the last group, and all before it or-ed */
};

static void add_group(struct ipv6 *a, uint32_t v)
{
    a->high |= a->low;
    a->low = v;
}

/* One group and the colons before it; returns what follows, or NULL. */
static const char *read_piece(const char *s, struct ipv6 *a)
{
    uint32_t v;

    if (s[0] == ':' && s[1] == ':') {
        if (a->gap) return NULL;
        a->gap = true;
        add_group(a, 0);
        s += 2;
        if (*s == '\0') return s;
    } else if (a->groups > 0 && *s++ != ':') {
        return NULL;
    }
    if (is_ipv4(s)) {
        a->groups += 2;
        a->high = 1;    /* mapped or not: never taken for loopback */
        return s + strlen(s);
    }
    s = read_group(s, &v);
    a->groups++;
    add_group(a, v);
    return s;
}

/* RFC 4291 section 2.2, all three forms, in lower case. */
static bool read_ipv6(const char *s, struct ipv6 *a)
{
    memset(a, 0, sizeof *a);
    do s = read_piece(s, a);
    while (s && *s);
    return s && (a->gap ? a->groups < 8 : a->groups == 8);
}

/* Labels of [a-z0-9_-] between single dots. */
static bool is_name(const char *s)
{
    size_t len = 0;

    for (; *s; s++) {
        if (*s == '.') {
            if (len == 0) return false;
            len = 0;
        } else if (!is_alnum(*s) && *s != '-' && *s != '_') {
            return false;
        } else if (++len > LABEL_MAX) {
            return false;
        }
    }
    return len > 0;
}

/* ---- Custom endpoints -------------------------------------------------- */

static bool has_any(const char *s, const char *bytes)
{
    for (; *s; s++)
        for (const char *b = bytes; *b; b++)
            if (*s == *b) return true;
    return false;
}

/* Copy what is before one of the bytes of `until` or the end, in lower case;
 * returns where that is, or NULL if it is too long for a host. */
static const char *copy_host(struct cilp_peer *to, const char *s,
                             const char *until)
{
    struct cilp_text t;

    cilp_text_init(&t, to->host, sizeof to->host);
    for (; *s; s++) {
        char one[2] = {*s, '\0'};

        if (has_any(one, until)) break;
        cilp_text_char(&t, cilp_text_lower(*s));
    }
    return cilp_text_end(&t) ? s : NULL;
}

/* "[::1]" */
static const char *read_bracketed(struct cilp_peer *to, const char *s,
                                  bool *loopback)
{
    struct ipv6 a;

    s = copy_host(to, s + 1, "]");
    if (!s || *s != ']' || !read_ipv6(to->host, &a)) return NULL;
    *loopback = a.high == 0 && a.low == 1;
    return s + 1;
}

static const char *read_host(struct cilp_peer *to, const char *s,
                             bool *loopback)
{
    if (*s == '[') return read_bracketed(to, s, loopback);
    s = copy_host(to, s, ":/");
    if (!s || !is_name(to->host)) return NULL;
    *loopback = cilp_text_equal(to->host, strlen(to->host), "localhost") ||
                (is_ipv4(to->host) && starts_with(to->host, "127."));
    return s;
}

static const char *read_port(const char *s, uint16_t *port)
{
    uint32_t v;

    s = read_number(s, 65535, &v);
    if (!s || v == 0) return NULL;
    *port = (uint16_t)v;
    return s;
}

/* Source: RFC 3986 section 3, as much of it as an endpoint needs. */
static const char *read_authority(struct cilp_peer *to, const char *s,
                                  bool *loopback)
{
    if (has_any(s, "@?#"))
        return NOT_BARE;
    s = read_host(to, s, loopback);
    if (!s) return "endpoint: the host is no DNS name and no address";
    if (*s == ':') s = read_port(s + 1, &to->port);
    if (!s) return "endpoint: the port is not 1 to 65535";
    if (*s == '/') s++;
    return *s ? NOT_BARE : NULL;
}

/* No key is sent, but who sees a signed request can repeat it. */
static const char *check_plain(struct cilp_peer *to, bool loopback,
                               bool allow_http)
{
    if (loopback) to->reach = CILP_LOCAL;
    if (loopback || allow_http) return NULL;
    return "endpoint: plain http:// goes to loopback only, unless allowed";
}

static const char *from_url(struct cilp_peer *to,
                            const struct cilp_endpoint *in)
{
    bool loopback = false;
    const char *what;

    if (in->fips || in->dual_stack)
        return "endpoint: a custom one has no FIPS and no dual stack variant";
    to->tls = starts_with(in->url, "https://");
    if (!to->tls && !starts_with(in->url, "http://"))
        return "endpoint: https:// is missing";
    to->port = to->tls ? HTTPS_PORT : HTTP_PORT;
    what = read_authority(to, in->url + (to->tls ? 8 : 7), &loopback);
    if (what || to->tls) return what;
    return check_plain(to, loopback, in->allow_http);
}

/* ---- All together ------------------------------------------------------ */

/* see endpoint.h */
const char *cilp_endpoint_resolve(struct cilp_peer *to,
                                  const struct cilp_endpoint *in)
{
    /* With a custom endpoint too: the Region goes into the signature's scope,
     * which is a header. */
    const char *what = check_region(in->region);

    to->port = HTTPS_PORT;
    to->tls = true;
    to->reach = CILP_ANYWHERE;
    if (!what) what = in->url ? from_url(to, in) : from_region(to, in);
    if (what) to->host[0] = '\0';
    return what;
}

/* see endpoint.h */
void cilp_endpoint_host(struct cilp_text *out, const struct cilp_peer *to)
{
    bool is_ipv6 = has_any(to->host, ":");

    if (is_ipv6) cilp_text_char(out, '[');
    cilp_text_str(out, to->host);
    if (is_ipv6) cilp_text_char(out, ']');
    if (to->port == (to->tls ? HTTPS_PORT : HTTP_PORT)) return;
    cilp_text_char(out, ':');
    cilp_text_uint(out, to->port);
}
