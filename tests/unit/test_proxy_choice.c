/*
 * Which way a peer is reached: addresses, lists, URLs, and the choice.
 */
#include "tests/unit/rows.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "port/proxy/address.h"
#include "port/proxy/choice.h"
#include "port/proxy/no_proxy.h"

/* ---- Addresses ---------------------------------------------------------- */

/* What inet_pton() makes of it; a mapped IPv4 address is 4 bytes. */
static uint8_t reference(const char *s, uint8_t to[16])
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

    if (inet_pton(AF_INET, s, to) == 1)
        return 4;
    if (inet_pton(AF_INET6, s, to) != 1)
        return 0;
    if (memcmp(to, mapped, 12) != 0)
        return 16;
    memmove(to, to + 12, 4);
    return 4;
}

static void check_address(const char *s)
{
    uint8_t want[16], got[16];
    uint8_t width = reference(s, want);
    size_t n = strlen(s);

    CHECK_ROW(s, cilp_proxy_address(guarded(s, n), n, got) == width);
    CHECK_ROW(s, memcmp(want, got, width) == 0);
}

static void addresses_are_those_of_inet_pton(void **state)
{
    static const char *const rows[] = {
        "0.0.0.0",
        "127.0.0.1",
        "255.255.255.255",
        "256.0.0.1",
        "1.2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.04",
        "1..2.3",
        ".1.2.3",
        "1.2.3.",
        "0x1.2.3.4",
        "1.2.3.4444",
        "",
        ".",
        ":",
        "::",
        ":::",
        "::1",
        "1::",
        "1::2",
        "1:::2",
        "::1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1::3:4:5:6:7:8",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8::",
        "fd00:ec2::254",
        "FE80::1",
        "fe80::1%eth0",
        "g::1",
        "12345::",
        "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.4",
        "::ffff:10.0.0.1",
        "::ffff:a00:1",
        "0:0:0:0:0:ffff:10.0.0.1",
        "::1.2.3.4:5",
        "::1.2.3",
        "1:",
        ":1",
        "1:2:",
        "::ffff:",
        "::10.0.0.256",
        "1.2.3.4:5",
        "localhost",
        "1:2:3:4:5:6:7:8:",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_address(rows[i]);
}

static uint32_t next_random(uint32_t *seed)
{
    return *seed = *seed * 1664525u + 1013904223u;
}

/* Made of the pieces of which addresses are made. */
static void made_up_addresses_are_those_of_inet_pton(void **state)
{
    static const char *const pieces[] = {":",  "::",   "0",       "1",
                                         "ff", "ffff", "1.2.3.4", "255",
                                         ".",  "10",   "00",      "fd00"};
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[128] = "";
        uint32_t n = next_random(&seed) >> 16;

        for (n = n % 17; n > 0; n--)
            strcat(text, pieces[(next_random(&seed) >> 16) % COUNT(pieces)]);
        check_address(text);
    }
}

/* ---- Lists -------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *list, *host;
    uint16_t port;
    const char *entry; /* that exempts it; NULL: none does */
} LISTS[] = {
    { NULL, "a.test", 443, NULL },
    { "", "a.test", 443, NULL },
    { " , ,\t", "a.test", 443, NULL },
    { "*", "a.test", 443, "*" },
    { "b.test,*", "a.test", 443, "*" },
    { "*:443", "a.test", 443, "*:443" },
    { "*:80", "a.test", 443, NULL },
    { "a.test", "a.test", 443, "a.test" },
    { "a.test", "b.a.test", 443, "a.test" },
    { "a.test", "ba.test", 443, NULL },
    { "a.test", "a.test.b", 443, NULL },
    { ".a.test", "a.test", 443, ".a.test" },
    { ".a.test", "b.a.test", 443, ".a.test" },
    { "*.a.test", "b.a.test", 443, "*.a.test" },
    { "*.a.test", "a.test", 443, "*.a.test" },
    { "*a.test", "ba.test", 443, NULL },
    { "*a.test", "a.test", 443, NULL },
    { "b.a.test", "a.test", 443, NULL },
    { "Z.A.TEST", "z.a.test", 443, "Z.A.TEST" },
    { "a.test.", "b.a.test", 443, "a.test." },
    { "A.Test", "b.a.test", 443, "A.Test" },
    { "a.test", "B.A.TEST", 443, "a.test" },
    { "test", "a.test", 443, "test" },
    { ".", "a.test", 443, NULL },
    { "*.", "a.test", 443, NULL },
    { "x b.test\ta.test ,y", "a.test", 443, "a.test" },
    { "a.test:443", "a.test", 443, "a.test:443" },
    { "a.test:8443", "a.test", 443, NULL },
    { "a.test:0443", "a.test", 443, "a.test:0443" },
    { "a.test:", "a.test", 443, NULL },
    { "a.test:x", "a.test", 443, NULL },
    { "a.test:65979", "a.test", 443, NULL }, /* 443 in 16 bits */
    { "a.test:4294967739", "a.test", 443, NULL },
    { "a.test:9", "a.test", 9, "a.test:9" },
    { "a.test:44/", "a.test", 439, NULL }, /* '/' is before '0' */
    { "a.test:4;", "a.test", 51, NULL },   /* and ';' eleven behind it */
    { "https://a.test", "a.test", 443, NULL },
    { "10.0.0.1", "10.0.0.1", 443, "10.0.0.1" },
    { "10.0.0.1:443", "10.0.0.1", 443, "10.0.0.1:443" },
    { "10.0.0.1:80", "10.0.0.1", 443, NULL },
    { "0.0.1", "10.0.0.1", 443, NULL }, /* no suffix of an address */
    { ".0.0.1", "10.0.0.1", 443, NULL },
    { "10.0.0.0/8", "10.255.0.1", 443, "10.0.0.0/8" },
    { "10.1.2.3/8", "10.255.0.1", 443, "10.1.2.3/8" },
    { "10.0.0.0/8:443", "10.255.0.1", 443, "10.0.0.0/8:443" },
    { "10.0.0.0/8", "11.0.0.1", 443, NULL },
    { "10.0.0.0/9", "10.127.0.1", 443, "10.0.0.0/9" },
    { "10.0.0.0/9", "10.128.0.1", 443, NULL },
    { "10.0.0.0/1/", "10.0.0.1", 443, NULL },
    { "fd00::/1:", "fd00::1", 443, NULL },
    { "192.168.0.0/23", "192.168.1.1", 443, "192.168.0.0/23" },
    { "192.168.0.0/23", "192.168.2.1", 443, NULL },
    { "10.0.0.1/32", "10.0.0.1", 443, "10.0.0.1/32" },
    { "10.0.0.1/32", "10.0.0.2", 443, NULL },
    { "0.0.0.0/0", "203.0.113.9", 443, "0.0.0.0/0" },
    { "0.0.0.0/0", "2001:db8::1", 443, NULL },
    { "10.0.0.0/33", "10.0.0.0", 443, NULL },
    { "10.0.0.0/", "10.0.0.0", 443, NULL },
    { "10.0.0.0/-1", "10.0.0.0", 443, NULL },
    { "10.0.0.0/8", "a.test", 443, NULL },
    { "10.0.0.1", "::ffff:10.0.0.1", 443, "10.0.0.1" },
    { "::ffff:10.0.0.0/8", "10.9.9.9", 443, "::ffff:10.0.0.0/8" },
    { "fd00::1", "fd00:0:0::1", 443, "fd00::1" },
    { "[fd00::1]", "fd00::1", 443, "[fd00::1]" },
    { "[fd00::1]:443", "fd00::1", 443, "[fd00::1]:443" },
    { "[fd00::1]:80", "fd00::1", 443, NULL },
    { "[fd00::1]443", "fd00::1", 443, NULL },
    { "[fd00::1]x443", "fd00::1", 443, NULL },
    { "[fd00::1", "fd00::1", 443, NULL },
    { "[]", "fd00::1", 443, NULL },
    { "fd00::/8", "fdff::1", 443, "fd00::/8" },
    { "[fd00::/8]:443", "fdff::1", 443, "[fd00::/8]:443" },
    { "fd00::/8", "fe00::1", 443, NULL },
    { "2001:db8::/33", "2001:db8:7fff::", 443, "2001:db8::/33" },
    { "2001:db8::/33", "2001:db8:8000::", 443, NULL },
    { "::/0", "2001:db8::1", 443, "::/0" },
    { "::/0", "203.0.113.9", 443, NULL },
    { "::1/129", "::1", 443, NULL },
    { "a.test", "fd00::1", 443, NULL },
};
/* clang-format on */

static void lists_exempt_whom_they_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        const char *list = LISTS[i].list, *entry = NULL, *want = LISTS[i].entry;
        size_t len = 0, n = list ? strlen(list) + 1 : 0;
        bool has = cilp_no_proxy_has(list ? guarded(list, n) : NULL,
                                     LISTS[i].host, LISTS[i].port, &entry,
                                     &len);

        CHECK_ROW(list ? list : "NULL", has == (want != NULL));
        CHECK_ROW(list ? list : "NULL",
                  !has || (len == strlen(want) && !memcmp(entry, want, len)));
    }
}

/* ---- URLs --------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *url;
    bool tls;
    uint16_t port;
    const char *host;
    const char *user; /* as it is sent; NULL: none */
} URLS[] = {
    { "http://proxy.test:3128", false, 3128, "proxy.test", NULL },
    { "http://proxy.test:3128/", false, 3128, "proxy.test", NULL },
    { "HTTP://proxy.test", false, 80, "proxy.test", NULL },
    { "https://proxy.test", true, 443, "proxy.test", NULL },
    { "Https://[::1]:8443/", true, 8443, "::1", NULL },
    { "proxy.test:3128", false, 3128, "proxy.test", NULL },
    { "10.0.0.1:8080", false, 8080, "10.0.0.1", NULL },
    { "proxy", false, 80, "proxy", NULL },
    { "u:p@proxy:1", false, 1, "proxy", "u:p" },
    { "http://u@proxy", false, 80, "proxy", "u" },
    { "http://u:@proxy", false, 80, "proxy", "u:" },
    { "http://@proxy", false, 80, "proxy", NULL },
    { "http://u:p@ss@proxy", false, 80, "proxy", "u:p@ss" },
    { "http://u:p:q@proxy", false, 80, "proxy", "u:p:q" },
    { "http://u:p%40%2f%25%3A@proxy", false, 80, "proxy", "u:p%40%2f%25%3A" },
    { "http://\xc3\xbc:\xff@proxy", false, 80, "proxy", "\xc3\xbc:\xff" },
    { "http://proxy:65535", false, 65535, "proxy", NULL },
    { "http://proxy:00080", false, 80, "proxy", NULL },
};

static const struct { const char *url, *fault; } BAD_URLS[] = {
    { "", "no host" },
    { "http://", "no host" },
    { "http:///", "no host" },
    { "http://:3128", "no host" },
    { "http://u:p@", "no host" },
    { "http://-proxy", "no host" },
    { "http://.proxy", "no host" },
    { "http://[::1", "no host" },
    { "http://[proxy]", "no host" },
    { "http://[]", "no host" },
    { "//proxy", "no host" },
    { "http://pr oxy", "behind its host" },
    { "http://proxy\r\nX: y", "behind its host" },
    { "http://proxy:", "port" },
    { "http://proxy:0", "port" },
    { "http://proxy:65536", "port" },
    { "http://proxy:4294967376", "port" },
    { "http://proxy:3128x", "behind its host" },
    { "http://proxy:3128/path", "behind its host" },
    { "http://proxy?x", "behind its host" },
    { "http://[::1]x", "behind its host" },
    { "socks5://proxy", "of a kind" },
    { "socks5h://u:p@proxy", "of a kind" },
    { "ftp://proxy", "of a kind" },
    { "http://u:p%4@proxy", "cannot be sent" },
    { "http://u:p%@proxy", "cannot be sent" },
    { "http://u:p%zz@proxy", "cannot be sent" },
    { "http://u:p%0d%0aX@proxy", "cannot be sent" },
    { "http://u:p\n@proxy", "cannot be sent" },
    { "http://u:p%7f@proxy", "cannot be sent" },
    { "http://u%3Ax:p@proxy", "cannot be sent" },
    { "http://u%3Ax@proxy", "cannot be sent" },
    { "http://u:p/q@proxy", "cannot be sent" },
    { "http://proxy:3128/?a@b", "cannot be sent" },
};
/* clang-format on */

static void urls_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(URLS); i++) {
        size_t n = strlen(URLS[i].url) + 1;
        const char *url = guarded(URLS[i].url, n), *user = URLS[i].user;
        struct cilp_proxy_url to;

        CHECK_ROW(URLS[i].url, cilp_proxy_url_read(&to, url) == NULL);
        CHECK_ROW(URLS[i].url, to.tls == URLS[i].tls);
        CHECK_ROW(URLS[i].url, to.port == URLS[i].port);
        CHECK_ROW(URLS[i].url, strcmp(to.host, URLS[i].host) == 0);
        CHECK_ROW(URLS[i].url, (to.user != NULL) == (user != NULL));
        if (!user)
            continue;
        CHECK_ROW(URLS[i].url, to.user_len == strlen(user));
        CHECK_ROW(URLS[i].url, memcmp(to.user, user, to.user_len) == 0);
        CHECK_ROW(URLS[i].url, to.user >= url && to.user < url + n);
    }
}

static void bad_urls_are_told_without_being_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(BAD_URLS); i++) {
        struct cilp_proxy_url to;
        const char *url = BAD_URLS[i].url;
        const char *fault =
            cilp_proxy_url_read(&to, guarded(url, strlen(url) + 1));

        CHECK_ROW(url, fault != NULL);
        CHECK_ROW(url, strstr(fault, BAD_URLS[i].fault) != NULL);
    }
}

/* "user:" and `n` bytes of which each is %41. */
static const char *long_user(char *url, size_t n, const char *user)
{
    strcpy(url, "http://");
    strcat(url, user);
    for (; n > 0; n--)
        strcat(url, "%41");
    return strcat(url, "@proxy");
}

static void the_longest_user_and_host_are_taken(void **state)
{
    static char url[4 * CILP_PROXY_USER_MAX];
    struct cilp_proxy_url to;

    (void)state;
    assert_null(cilp_proxy_url_read(
        &to, long_user(url, CILP_PROXY_USER_MAX - 2, "u:")));
    assert_non_null(cilp_proxy_url_read(
        &to, long_user(url, CILP_PROXY_USER_MAX - 1, "u:")));
    assert_null(
        cilp_proxy_url_read(&to, long_user(url, CILP_PROXY_USER_MAX - 2, "u")));
    assert_non_null(
        cilp_proxy_url_read(&to, long_user(url, CILP_PROXY_USER_MAX - 1, "u")));
    memset(url, 'h', CILP_HOST_MAX);
    url[CILP_HOST_MAX] = '\0';
    assert_null(cilp_proxy_url_read(&to, url));
    assert_int_equal(strlen(to.host), CILP_HOST_MAX);
    strcat(url, "h");
    assert_non_null(cilp_proxy_url_read(&to, url));
}

/* ---- The choice --------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *host;
    bool tls, direct;
    enum cilp_reach reach;
    const char *exempt;
    enum cilp_proxy_way way;
} CHOICES[] = {
    { "a.test", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_THROUGH },
    { "a.test", false, false, CILP_ANYWHERE, NULL, CILP_PROXY_NOT_NAMED },
    { "a.test", true, false, CILP_ANYWHERE, "test", CILP_PROXY_EXEMPT },
    { "a.test", true, true, CILP_ANYWHERE, "test", CILP_PROXY_DIRECT },
    { "a.test", true, false, CILP_LOCAL, NULL, CILP_PROXY_NEAR },
    { "a.test", true, false, CILP_AGENT, NULL, CILP_PROXY_NEAR },
    { "localhost", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "a.localhost", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "alocalhost", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_THROUGH },
    { "localhost.test", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_THROUGH },
    { "127.0.0.1", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "127.9.9.9", true, false, CILP_ANYWHERE, "*", CILP_PROXY_NEAR },
    { "::1", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "::ffff:127.0.0.1", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "169.254.169.254", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "169.254.170.2", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "fe80::1", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "fd00:ec2::254", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_NEAR },
    { "fd00:ec3::254", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_THROUGH },
    { "10.0.0.1", true, false, CILP_ANYWHERE, NULL, CILP_PROXY_THROUGH },
    { "10.0.0.1", true, false, CILP_ANYWHERE, "10.0.0.0/8", CILP_PROXY_EXEMPT },
    { "a.test", true, false, CILP_ANYWHERE, "a.test:444", CILP_PROXY_THROUGH },
};
/* clang-format on */

static void the_way_is_chosen(void **state)
{
    static const struct cilp_proxy_url url = {.host = "proxy", .port = 80};

    (void)state;
    for (size_t i = 0; i < COUNT(CHOICES); i++) {
        struct cilp_proxy_ways ways = {.for_tls = &url,
                                       .exempt = CHOICES[i].exempt};
        struct cilp_peer to = {.tls = CHOICES[i].tls,
                               .direct = CHOICES[i].direct,
                               .reach = CHOICES[i].reach,
                               .port = 443};

        strcpy(to.host, CHOICES[i].host);
        CHECK_ROW(to.host, cilp_proxy_way(&ways, &to) == CHOICES[i].way);
        ways.for_plain = ways.for_tls;
        ways.for_tls = NULL;
        to.tls = !to.tls; /* the other one is as good for the other kind */
        CHECK_ROW(to.host, cilp_proxy_way(&ways, &to) == CHOICES[i].way);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_those_of_inet_pton),
        cmocka_unit_test(made_up_addresses_are_those_of_inet_pton),
        cmocka_unit_test(lists_exempt_whom_they_name),
        cmocka_unit_test(urls_are_read),
        cmocka_unit_test(bad_urls_are_told_without_being_shown),
        cmocka_unit_test(the_longest_user_and_host_are_taken),
        cmocka_unit_test(the_way_is_chosen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
