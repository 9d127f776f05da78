#include "core/endpoint.h"

#include <string.h>

#define HTTP_PORT  80
#define HTTPS_PORT 443
#define LABEL_MAX  63 /* RFC 1035 section 2.3.4 */

/* ---- Regions ----------------------------------------------------------- */

/* A Region is a prefix, a place and a number: "us-gov" "-west" "-1". In one
 * string, which takes no pointers, a row for each partition: the prefix, the
 * DNS suffix, that of dual stack without its "api.". The last row, without a
 * prefix, is for aws, and for Regions that nobody knows. */
/* clang-format off */
static const char partitions[] =
    "us-gov\0"  "amazonaws.com\0"    "aws\0"
    "cn\0"      "amazonaws.com.cn\0" "amazonwebservices.com.cn\0"
    "eusc-de\0" "amazonaws.eu\0"     "amazonwebservices.eu\0"
    "us-iso\0"  "c2s.ic.gov\0"       "aws.ic.gov\0"
    "us-isob\0" "sc2s.sgov.gov\0"    "aws.scloud\0"
    "eu-isoe\0" "cloud.adc-e.uk\0"   "cloud-aws.adc-e.uk\0"
    "us-isof\0" "csp.hci.ic.gov\0"   "aws.hci.ic.gov\0"
    "\0"        "amazonaws.com\0"    "aws";

static const char aws_prefixes[] =
    "us\0" "eu\0" "ap\0" "sa\0" "ca\0" "me\0" "af\0" "il\0" "mx\0";
/* clang-format on */

static const char *after(const char *string)
{
    return string + strlen(string) + 1;
}

/* The regular expressions' \w, as far as a host name has it. */
static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || cilp_text_is_digit(c);
}

/* What follows `prefix`, given in lower case, in any case; NULL: not there. */
static const char *skip(const char *s, const char *prefix)
{
    for (; *prefix; s++, prefix++)
        if (cilp_text_lower(*s) != *prefix)
            return NULL;
    return s;
}

/* prefix-\w+-\d+ and no more. No place has a '-': no Region fits two rows. */
static bool is_in(const char *region, const char *prefix)
{
    const char *s = skip(region, prefix);

    for (int part = 0; part < 2; part++) {
        if (!s || *s++ != '-' || !is_alnum(*s))
            return false;
        while (part ? cilp_text_is_digit(*s) : is_alnum(*s))
            s++;
    }
    return *s == '\0';
}

static const char *row_of(const char *region)
{
    const char *row = partitions;

    while (*row && !is_in(region, row))
        row = after(after(after(row)));
    return row;
}

/* see endpoint.h */
bool cilp_endpoint_is_guess(const char *region)
{
    if (*row_of(region))
        return false;
    for (const char *p = aws_prefixes; *p; p = after(p))
        if (is_in(region, p))
            return false;
    return true;
}

/* see cilp.h */
bool cilp_region_is_valid(const char *s)
{
    size_t n = 0;

    while (n <= CILP_REGION_MAX && (is_alnum(s[n]) || (n > 0 && s[n] == '-')))
        n++;
    return n > 0 && n <= CILP_REGION_MAX && s[n] == '\0' && s[n - 1] != '-';
}

static enum cilp_what check_region(const char *region)
{
    if (!region || !*region)
        return CILP_WHAT_NO_REGION;
    return cilp_region_is_valid(region) ? CILP_WHAT_NONE : CILP_WHAT_REGION;
}

/* Source: endpoint rule sets of EC2 and STS: "ec2[-fips].REGION.SUFFIX". The
 * plain hosts of us-gov, the first row, are the FIPS hosts. */
static enum cilp_what from_region(struct cilp_peer *to,
                                  const struct cilp_endpoint *in)
{
    const char *row = row_of(in->region), *dns = after(row);
    const char *parts[] = {in->service, "", in->region, "", dns};
    struct cilp_text t;

    if (skip(in->region, "fips-") ||
        !cilp_text_is_digit(in->region[strlen(in->region) - 1]))
        return CILP_WHAT_PSEUDO_REGION;
    if (in->fips && (in->dual_stack || row != partitions))
        parts[1] = "-fips";
    if (in->dual_stack) {
        parts[3] = "api.";
        parts[4] = after(dns);
    }
    to->port = HTTPS_PORT;
    to->tls = to->full_name = true;
    cilp_text_init(&t, to->host, sizeof to->host);
    cilp_text_fill(&t, "%%.%.%%", parts);
    return cilp_text_end(&t) ? CILP_WHAT_NONE : CILP_WHAT_ENDPOINT_HOST;
}

/* ---- Hosts ------------------------------------------------------------- */

/* Decimal, 0 to max, at s; returns what follows it, or NULL. No leading zero:
 * some readers take it for octal. */
static const char *read_number(const char *s, uint32_t max, uint32_t *v)
{
    const char *start = s;

    for (*v = 0; cilp_text_is_digit(*s); s++) {
        if (s != start && *v == 0)
            return NULL;
        *v = *v * 10 + (uint32_t)(*s - '0');
        if (*v > max)
            return NULL;
    }
    return s == start ? NULL : s;
}

/* 127.0.0.0/8 in its four parts, and no other of inet_aton's forms. */
static bool is_ipv4_loopback(const char *s)
{
    uint32_t part;

    if (!skip(s, "127."))
        return false;
    for (int i = 0; i < 4; i++) {
        if (i > 0 && *s++ != '.')
            return false;
        s = read_number(s, 255, &part);
        if (!s)
            return false;
    }
    return *s == '\0';
}

static bool is_loopback(const char *host)
{
    return cilp_text_is_listed("localhost ::1", host, strlen(host)) ||
           is_ipv4_loopback(host);
}

/* Labels of 1 to 63 bytes between single dots. */
static bool has_labels(const char *s)
{
    size_t len = 0;

    for (; *s; s++) {
        if (*s != '.')
            len++;
        else if (len == 0)
            return false;
        else
            len = 0;
        if (len > LABEL_MAX)
            return false;
    }
    return len > 0;
}

/* Of a name or an IPv4 address; or of an IPv6 address, in brackets. */
static bool is_host_byte(char c, bool in_brackets)
{
    if (c == '.')
        return true;
    if (in_brackets)
        return c == ':' || (is_alnum(c) && c <= 'f');
    return is_alnum(c) || c == '-' || c == '_';
}

/* A dot at the end says that a name is a full one (RFC 1034 section 3.1). It is
 * no part of the name for HTTP, TLS and certificates. */
static bool take_last_dot(struct cilp_peer *to, char *end)
{
    if (end == to->host || end[-1] != '.')
        return false;
    end[-1] = '\0';
    return true;
}

/* Copies the host in lower case; returns what follows it, or NULL. */
static const char *read_host(struct cilp_peer *to, const char *s)
{
    const bool in_brackets = *s == '[';
    char *p = to->host;
    char c;

    s += in_brackets;
    while (is_host_byte(c = cilp_text_lower(*s), in_brackets)) {
        if (p == to->host + CILP_HOST_MAX)
            return NULL;
        *p++ = c;
        s++;
    }
    *p = '\0';
    if (!in_brackets) {
        to->full_name = take_last_dot(to, p);
        return has_labels(to->host) ? s : NULL;
    }
    return c == ']' && cilp_text_has(to->host, ':') ? s + 1 : NULL;
}

/* ---- Custom endpoints -------------------------------------------------- */

/* scheme://host[:port] at *s, which is moved behind it. Source: RFC 3986 section
 * 3, as much of it as an endpoint needs. */
static enum cilp_what read_url(struct cilp_peer *to, const char **s)
{
    const char *rest = skip(*s, "https://");
    uint32_t port = HTTPS_PORT;

    to->tls = rest != NULL;
    if (!to->tls) {
        rest = skip(*s, "http://");
        port = HTTP_PORT;
    }
    if (!rest)
        return CILP_WHAT_ENDPOINT;
    rest = read_host(to, rest);
    if (!rest)
        return CILP_WHAT_ENDPOINT_HOST;
    if (*rest == ':')
        rest = read_number(rest + 1, 65535, &port);
    if (!rest || port == 0)
        return CILP_WHAT_ENDPOINT_PORT;
    to->port = (uint16_t)port;
    *s = rest;
    return CILP_WHAT_NONE;
}

/* pchar of RFC 3986 section 3.3, a percent sign alone too: the signature encodes
 * it like any other. */
static bool is_path_byte(char c)
{
    return cilp_text_is_alnum(c) || cilp_text_has("-._~%!$&'()*+,;=:@", c);
}

/* "" or /PART/PART, with a '/' at its end or not. Parts that are empty, "." or
 * ".." would go away in the signature and not in the request. */
static bool is_path(const char *s)
{
    const char *const start = s;

    while (*s == '/') {
        size_t n = 0, dots = 0;

        for (s++; is_path_byte(s[n]); n++)
            dots += s[n] == '.';
        if (n == 0)
            break;
        if (n == dots && n <= 2)
            return false;
        s += n;
    }
    return *s == '\0' && s - start <= CILP_ENDPOINT_PATH_MAX;
}

/* What follows host and port: nothing, or a path. */
static enum cilp_what take_path(struct cilp_peer *to, const char *s)
{
    if (*s && *s != '/')
        return CILP_WHAT_ENDPOINT;
    if (!is_path(s))
        return CILP_WHAT_ENDPOINT_PATH;
    if (*s)
        to->path = s;
    return CILP_WHAT_NONE;
}

static enum cilp_what from_url(struct cilp_peer *to,
                               const struct cilp_endpoint *in)
{
    const char *rest = in->url;
    enum cilp_what what;

    if (in->fips || in->dual_stack)
        return CILP_WHAT_ENDPOINT_VARIANT;
    what = read_url(to, &rest);
    if (!what)
        what = take_path(to, rest);
    if (what || to->tls)
        return what;
    /* No key is sent, but who sees a signed request can repeat it. */
    if (is_loopback(to->host)) {
        to->reach = CILP_LOCAL;
        return CILP_WHAT_NONE;
    }
    return in->allow_http ? CILP_WHAT_NONE : CILP_WHAT_ENDPOINT_HTTP;
}

/* ---- All together ------------------------------------------------------ */

/* see endpoint.h */
enum cilp_what cilp_endpoint_resolve(struct cilp_peer *to,
                                     const struct cilp_endpoint *in)
{
    /* With a custom endpoint too: the Region goes into the signature's scope,
     * which is a header. */
    enum cilp_what what;

    to->reach = CILP_ANYWHERE;
    to->full_name = false;
    to->path = NULL;
    what = check_region(in->region);
    if (!what)
        what = in->url ? from_url(to, in) : from_region(to, in);
    if (what)
        to->host[0] = '\0';
    return what;
}

/* see endpoint.h */
enum cilp_what cilp_endpoint_agent(struct cilp_peer *to, const char *url,
                                   enum cilp_reach reach, const char **rest)
{
    enum cilp_what what = read_url(to, &url);

    *rest = url;
    if (!what && *url && *url != '/' && *url != '?')
        what = CILP_WHAT_ENDPOINT;
    to->direct = true;
    if (!to->tls)
        to->reach = reach;
    return what;
}

/* see endpoint.h */
void cilp_endpoint_host(struct cilp_text *out, const struct cilp_peer *to)
{
    const char *host = to->host;

    /* no host but an IPv6 address has a colon */
    cilp_text_fill(out, cilp_text_has(host, ':') ? "[%]" : "%", &host);
    if (to->port == (to->tls ? HTTPS_PORT : HTTP_PORT))
        return;
    cilp_text_char(out, ':');
    cilp_text_uint(out, to->port);
}
