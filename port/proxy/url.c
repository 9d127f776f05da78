#include "port/proxy/url.h"

#include <string.h>

#include "port/proxy/address.h"

static const char BAD_SCHEME[] = " is of a kind that is not spoken here";
static const char BAD_HOST[] = " has no host that is a name or an address";
static const char BAD_PORT[] = " has a port that is not 1 to 65535";
static const char BAD_USER[] =
    " has a user's name and password that cannot be sent: write / ? # and % as"
    " %2F %3F %23 and %25; control characters, and a : in the name, are none";
static const char LONG_USER[] =
    " has a longer user's name and password than are taken";
static const char BAD_REST[] = " has something behind its host and port";

/* ---- The user's part ---------------------------------------------------- */

/* Behind "scheme://", or where there is no such thing. */
static const char *behind_scheme(const char *url)
{
    const char *end = url + strcspn(url, ":@/?#[");

    return strncmp(end, "://", 3) == 0 ? end + 3 : url;
}

/* *len bytes; 0: it has none. */
static const char *user_part(const char *url, size_t *len)
{
    const char *user = behind_scheme(url), *at = strrchr(user, '@');

    *len = at ? (size_t)(at - user) : 0;
    return user;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* see url.h */
int cilp_proxy_url_byte(const char **s, const char *end)
{
    const char *p = *s;
    int high, low;

    *s = p + 1;
    if (*p != '%')
        return (uint8_t)*p;
    if (end - p < 3)
        return -1;
    high = hex_digit(p[1]);
    low = hex_digit(p[2]);
    *s = p + 3;
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool ends_host(char c)
{
    return c == '/' || c == '?' || c == '#';
}

static const char *check_user(const char *s, size_t n)
{
    const char *end = s + n, *colon = memchr(s, ':', n);
    size_t decoded = 0;

    for (; s < end; decoded++) {
        bool in_name = !colon || s < colon, is_raw = ends_host(*s);
        int c = cilp_proxy_url_byte(&s, end);

        if (is_raw || c < 0x20 || c == 0x7F || (in_name && c == ':'))
            return BAD_USER;
    }
    /* the colon is sent, there or not */
    return decoded + !colon > CILP_PROXY_USER_MAX ? LONG_USER : NULL;
}

/* ---- Scheme, host, port -------------------------------------------------- */

static bool begins(const char *s, const char *lower_case)
{
    for (; *lower_case; s++, lower_case++)
        if ((*s >= 'A' && *s <= 'Z' ? *s | 0x20 : *s) != *lower_case)
            return false;
    return true;
}

static bool is_host_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
}

/* A name or an IPv4 address, or [IPv6]; *s is moved behind it. */
static bool read_host(struct cilp_proxy_url *to, const char **s)
{
    const char *from = *s;
    size_t n = 0;
    uint8_t address[16];

    if (*from == '[') {
        n = strcspn(++from, "]");
        if (from[n] != ']' || !cilp_proxy_address(from, n, address))
            return false;
        *s = from + n + 1;
    } else {
        while (is_host_byte(from[n]))
            n++;
        *s = from + n;
    }
    if (n == 0 || n > CILP_HOST_MAX || from[0] == '.' || from[0] == '-')
        return false;
    memcpy(to->host, from, n);
    to->host[n] = '\0';
    return true;
}

/* ":PORT" at *s, which is moved behind it, or nothing. */
static bool read_port(struct cilp_proxy_url *to, const char **s)
{
    uint32_t v = 0;

    if (**s != ':')
        return true;
    for (++*s; **s >= '0' && **s <= '9'; ++*s)
        v = v > 65535 ? v : v * 10 + (uint32_t)(**s - '0');
    to->port = (uint16_t)v;
    return v > 0 && v <= 65535;
}

static const char *read_all(struct cilp_proxy_url *to, const char *s)
{
    size_t len;
    const char *user = user_part(s, &len);
    const char *fault = check_user(user, len);

    if (fault)
        return fault;
    s = user + len;
    if (*s == '@') {
        s++;
        to->user = len ? user : NULL;
        to->user_len = (uint16_t)len;
    }
    if (!read_host(to, &s))
        return BAD_HOST;
    if (!read_port(to, &s))
        return BAD_PORT;
    return strcmp(s, "/") == 0 || !*s ? NULL : BAD_REST;
}

/* see url.h */
const char *cilp_proxy_url_read(struct cilp_proxy_url *to, const char *url)
{
    memset(to, 0, sizeof *to);
    to->tls = begins(url, "https://");
    to->port = to->tls ? 443 : 80;
    if (behind_scheme(url) > url && !to->tls && !begins(url, "http://"))
        return BAD_SCHEME;
    return read_all(to, url);
}
