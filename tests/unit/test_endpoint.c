#include "tests/unit/rows.h"

#include <stdio.h>

#include "core/endpoint.h"

#define NO_REGION  "no Region was given"
#define BAD_REGION "a Region has 1 to 32 of a-z, 0-9 and inner '-'"
#define PSEUDO     "no Region: one ends with a digit, and FIPS is a wish of its own"
#define VARIANT    "endpoint: a custom one has no FIPS or dual stack"
#define NOT_BARE   "endpoint: not https://HOST[:PORT][/PATH]"
#define HOST       "endpoint: the host is too long, or no name or address"
#define PORT       "endpoint: the port is not 1 to 65535"
#define PATH \
    "endpoint: a path is /PARTS of 255 bytes at most, none '.' or '', no query"
#define PLAIN "endpoint: plain http:// goes to loopback only, unless allowed"

#define N4(x)  x x x x
#define N16(x) N4(x) N4(x) N4(x) N4(x)
#define A63    N16("aaa") "aaaaaaaaaaaaaaa"
#define A61    N16("aaa") "aaaaaaaaaaaaa"
#define A253   A63 "." A63 "." A63 "." A61 /* 63 * 3 + 3 + 61 */

/* Resolve, and check what holds whatever the answer is. */
static const char *resolve(struct cilp_peer *to, const struct cilp_endpoint *in)
{
    enum cilp_what what;

    memset(to, 0x5A, sizeof *to);
    what = cilp_endpoint_resolve(to, in);
    if (what != CILP_WHAT_NONE) {
        assert_string_equal(to->host, "");
        return cilp_what_text(what);
    }
    assert_true(strlen(to->host) >= 1 && strlen(to->host) <= CILP_HOST_MAX);
    assert_true(strspn(to->host, "abcdefghijklmnopqrstuvwxyz0123456789-._:") ==
                strlen(to->host));
    assert_true(to->port != 0);
    return NULL;
}

/* ---- From a Region ----------------------------------------------------- */

static void every_partition_has_four_hosts(void **state)
{
    static const struct {
        const char *region, *plain, *fips, *dual, *both;
    } rows[] = {
        {"us-east-1", "ec2.us-east-1.amazonaws.com",
         "ec2-fips.us-east-1.amazonaws.com", "ec2.us-east-1.api.aws",
         "ec2-fips.us-east-1.api.aws"},
        {"cn-north-1", "ec2.cn-north-1.amazonaws.com.cn",
         "ec2-fips.cn-north-1.amazonaws.com.cn",
         "ec2.cn-north-1.api.amazonwebservices.com.cn",
         "ec2-fips.cn-north-1.api.amazonwebservices.com.cn"},
        {"us-gov-west-1", "ec2.us-gov-west-1.amazonaws.com",
         "ec2.us-gov-west-1.amazonaws.com", "ec2.us-gov-west-1.api.aws",
         "ec2-fips.us-gov-west-1.api.aws"},
        {"eusc-de-east-1", "ec2.eusc-de-east-1.amazonaws.eu",
         "ec2-fips.eusc-de-east-1.amazonaws.eu",
         "ec2.eusc-de-east-1.api.amazonwebservices.eu",
         "ec2-fips.eusc-de-east-1.api.amazonwebservices.eu"},
        {"us-iso-east-1", "ec2.us-iso-east-1.c2s.ic.gov",
         "ec2-fips.us-iso-east-1.c2s.ic.gov",
         "ec2.us-iso-east-1.api.aws.ic.gov",
         "ec2-fips.us-iso-east-1.api.aws.ic.gov"},
        {"us-isob-east-1", "ec2.us-isob-east-1.sc2s.sgov.gov",
         "ec2-fips.us-isob-east-1.sc2s.sgov.gov",
         "ec2.us-isob-east-1.api.aws.scloud",
         "ec2-fips.us-isob-east-1.api.aws.scloud"},
        {"eu-isoe-west-1", "ec2.eu-isoe-west-1.cloud.adc-e.uk",
         "ec2-fips.eu-isoe-west-1.cloud.adc-e.uk",
         "ec2.eu-isoe-west-1.api.cloud-aws.adc-e.uk",
         "ec2-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
        {"us-isof-south-1", "ec2.us-isof-south-1.csp.hci.ic.gov",
         "ec2-fips.us-isof-south-1.csp.hci.ic.gov",
         "ec2.us-isof-south-1.api.aws.hci.ic.gov",
         "ec2-fips.us-isof-south-1.api.aws.hci.ic.gov"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *const hosts[] = {rows[i].plain, rows[i].fips, rows[i].dual,
                                     rows[i].both};

        for (size_t v = 0; v < COUNT(hosts); v++) {
            const struct cilp_endpoint in = {"ec2", rows[i].region, NULL,
                                             v & 1, v & 2,          false};
            struct cilp_peer to;

            assert_null(resolve(&to, &in));
            assert_string_equal(to.host, hosts[v]);
            assert_int_equal(to.port, 443);
            assert_true(to.tls);
            assert_int_equal(to.reach, CILP_ANYWHERE);
        }
    }
}

static void the_service_is_the_first_label(void **state)
{
    const struct cilp_endpoint in = {"sts", "us-gov-east-1", NULL,
                                     true,  false,           false};
    struct cilp_peer to;

    (void)state;
    assert_null(resolve(&to, &in));
    assert_string_equal(to.host, "sts.us-gov-east-1.amazonaws.com");
}

static void unknown_regions_are_guessed_to_be_in_aws(void **state)
{
    static const struct {
        const char *region, *suffix;
        bool is_guess;
    } rows[] = {
        {"us-west-2", "amazonaws.com", false},
        {"eu-nowhere-99", "amazonaws.com", false},
        {"mx-central-1", "amazonaws.com", false},
        {"il-central-1", "amazonaws.com", false},
        {"us-isob-x9-12", "sc2s.sgov.gov", false},
        {"us-gov2-east-1", "amazonaws.com", true},
        {"us-east-", NULL, false},
        {"useast-1", "amazonaws.com", true},
        {"us--1", "amazonaws.com", true},
        {"us-east--1", "amazonaws.com", true},
        {"us-east-1-1", "amazonaws.com", true},
        {"u-east-1", "amazonaws.com", true},
        {"xx-east-1", "amazonaws.com", true},
        {"cnn-north-1", "amazonaws.com", true},
        {"eusc-fr-east-1", "amazonaws.com", true},
        {"eusc-east-1", "amazonaws.com", true},
        {"eu-iso-west-1", "amazonaws.com", true},
        {"1", "amazonaws.com", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cilp_endpoint in = {"ec2", rows[i].region, NULL,
                                         false, false,          false};
        struct cilp_peer to;
        char host[80];

        if (!rows[i].suffix) {
            assert_string_equal(resolve(&to, &in), BAD_REGION);
            continue;
        }
        CHECK_ROW(rows[i].region, resolve(&to, &in) == NULL);
        (void)snprintf(host, sizeof host, "ec2.%s.%s", rows[i].region,
                       rows[i].suffix);
        assert_string_equal(to.host, host);
        CHECK_ROW(rows[i].region,
                  cilp_endpoint_is_guess(rows[i].region) == rows[i].is_guess);
    }
    /* Asked about a Region that would be refused, it must not run away. */
    assert_true(cilp_endpoint_is_guess(""));
    assert_true(cilp_endpoint_is_guess("us-east-1.evil"));
    assert_true(cilp_endpoint_is_guess("us east-1"));
    assert_true(cilp_endpoint_is_guess("us eu-east-1"));
}

static void regions_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *region, *what;
    } rows[] = {
        {NULL, NO_REGION},
        {"", NO_REGION},
        {"-", BAD_REGION},
        {"-us-east-1", BAD_REGION},
        {"us-east-1-", BAD_REGION},
        {"US-EAST-1", BAD_REGION},
        {"us_east_1", BAD_REGION},
        {"us-east-1.", BAD_REGION},
        {"x@evil/", BAD_REGION},
        {"evil.example#", BAD_REGION},
        {"us-east-1\r\nX: y", BAD_REGION},
        {"us-east-1 ", BAD_REGION},
        {"us-\xc3\xa9st-1", BAD_REGION},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", BAD_REGION}, /* 33 */
        {"aws-global", PSEUDO},
        {"aws-cn-global", PSEUDO},
        {"aws-us-gov-global", PSEUDO},
        {"fips-us-east-1", PSEUDO},
        {"us-east-1-fips", PSEUDO},
        {"fips-aws-global", PSEUDO},
        {"us-east-1a", PSEUDO},
        {"us-east-one", PSEUDO},
        {"us-east", PSEUDO},
        {"us", PSEUDO},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_endpoint in = {"ec2", rows[i].region, NULL,
                                   false, false,          false};
        const char *row = rows[i].region ? rows[i].region : "NULL";
        struct cilp_peer to;

        CHECK_ROW(row, strcmp(resolve(&to, &in), rows[i].what) == 0);
        /* With an endpoint of its own it is signed all the same, so refused
         * all the same; but there any name is one. */
        in.url = "https://example.com";
        if (strcmp(rows[i].what, PSEUDO) == 0)
            CHECK_ROW(row, resolve(&to, &in) == NULL);
        else
            CHECK_ROW(row, strcmp(resolve(&to, &in), rows[i].what) == 0);
    }
}

static void a_region_has_32_bytes_at_most(void **state)
{
    const struct cilp_endpoint in = {
        "ec2", "abcdefghijklmnopqrstuvwxyz-12345", NULL, false, false, false};
    struct cilp_peer to;

    (void)state;
    assert_int_equal(strlen(in.region), CILP_REGION_MAX);
    assert_null(resolve(&to, &in));
    assert_string_equal(to.host,
                        "ec2.abcdefghijklmnopqrstuvwxyz-12345.amazonaws.com");
}

static void region_names_byte_by_byte(void **state)
{
    (void)state;
    assert_false(cilp_region_is_valid(""));
    assert_true(cilp_region_is_valid("a"));
    assert_false(cilp_region_is_valid("-"));
    for (unsigned c = 1; c < 256; c++) {
        const char s[4] = {'a', (char)c, 'b', '\0'};

        assert_int_equal(cilp_region_is_valid(s), (c >= 'a' && c <= 'z') ||
                                                      (c >= '0' && c <= '9') ||
                                                      c == '-');
    }
    /* No NUL in reach: 33 bytes decide. */
    assert_false(cilp_region_is_valid(
        guarded("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", CILP_REGION_MAX + 1)));
}

static void a_joined_host_has_253_bytes_at_most(void **state)
{
    /* + ".us-east-1.amazonaws.com", 24 bytes */
    char service[CILP_HOST_MAX - 24 + 2] = "";
    const struct cilp_endpoint in = {service, "us-east-1", NULL,
                                     false,   false,       false};
    struct cilp_peer to;

    (void)state;
    memset(service, 's', CILP_HOST_MAX - 24);
    assert_null(resolve(&to, &in));
    assert_int_equal(strlen(to.host), CILP_HOST_MAX);
    service[CILP_HOST_MAX - 24] = 's';
    assert_string_equal(resolve(&to, &in), HOST);
}

/* ---- From a URL -------------------------------------------------------- */

struct url_row {
    const char *url;
    const char *what; /* NULL: as follows */
    const char *host, *host_header;
    unsigned port;
    bool tls;
    enum cilp_reach reach;
};

static void check_url(const struct url_row *row, bool allow_http)
{
    const size_t size = strlen(row->url) + 1;
    const struct cilp_endpoint in = {
        "ec2", "us-east-1", guarded(row->url, size), false, false, allow_http};
    struct cilp_peer to;
    struct cilp_text t;
    char header[CILP_HOST_MAX + 9];
    const char *what = resolve(&to, &in);

    if (row->what) {
        CHECK_ROW(row->url, what != NULL);
        CHECK_ROW(row->url, strcmp(what, row->what) == 0);
        return;
    }
    CHECK_ROW(row->url, what == NULL);
    CHECK_ROW(row->url, strcmp(to.host, row->host) == 0);
    CHECK_ROW(row->url, to.port == row->port);
    CHECK_ROW(row->url, to.tls == row->tls);
    CHECK_ROW(row->url, to.reach == row->reach);
    cilp_text_init(&t, header, sizeof header);
    cilp_endpoint_host(&t, &to);
    assert_true(cilp_text_end(&t));
    CHECK_ROW(row->url, strcmp(header, row->host_header) == 0);
}

static void good_urls(void **state)
{
    static const struct url_row rows[] = {
        {"https://example.com", NULL, "example.com", "example.com", 443, true,
         CILP_ANYWHERE},
        {"https://example.com/", NULL, "example.com", "example.com", 443, true,
         CILP_ANYWHERE},
        {"HTTPS://Ec2.EXAMPLE.com:8443/", NULL, "ec2.example.com",
         "ec2.example.com:8443", 8443, true, CILP_ANYWHERE},
        {"https://example.com:443", NULL, "example.com", "example.com", 443,
         true, CILP_ANYWHERE},
        {"https://example.com:80", NULL, "example.com", "example.com:80", 80,
         true, CILP_ANYWHERE},
        {"https://example.com:1", NULL, "example.com", "example.com:1", 1, true,
         CILP_ANYWHERE},
        {"https://example.com:65535", NULL, "example.com", "example.com:65535",
         65535, true, CILP_ANYWHERE},
        {"https://vpce-0123-ab.ec2.us-east-1.vpce.amazonaws.com", NULL,
         "vpce-0123-ab.ec2.us-east-1.vpce.amazonaws.com",
         "vpce-0123-ab.ec2.us-east-1.vpce.amazonaws.com", 443, true,
         CILP_ANYWHERE},
        {"https://my_service", NULL, "my_service", "my_service", 443, true,
         CILP_ANYWHERE},
        {"https://192.0.2.7", NULL, "192.0.2.7", "192.0.2.7", 443, true,
         CILP_ANYWHERE},
        {"https://localhost:4566", NULL, "localhost", "localhost:4566", 4566,
         true, CILP_ANYWHERE},
        {"https://127.0.0.1", NULL, "127.0.0.1", "127.0.0.1", 443, true,
         CILP_ANYWHERE},
        {"https://127.1", NULL, "127.1", "127.1", 443, true, CILP_ANYWHERE},
        {"https://256.1.1.1", NULL, "256.1.1.1", "256.1.1.1", 443, true,
         CILP_ANYWHERE},
        {"https://[2001:DB8::1]", NULL, "2001:db8::1", "[2001:db8::1]", 443,
         true, CILP_ANYWHERE},
        {"https://[2001:db8::1]:8443/", NULL, "2001:db8::1",
         "[2001:db8::1]:8443", 8443, true, CILP_ANYWHERE},
        {"https://" A253, NULL, A253, A253, 443, true, CILP_ANYWHERE},
        {"https://" A253 ":65535/", NULL, A253, A253 ":65535", 65535, true,
         CILP_ANYWHERE},
        {"http://localhost", NULL, "localhost", "localhost", 80, false,
         CILP_LOCAL},
        {"HTTP://LOCALHOST:4566/", NULL, "localhost", "localhost:4566", 4566,
         false, CILP_LOCAL},
        {"http://127.0.0.1:80", NULL, "127.0.0.1", "127.0.0.1", 80, false,
         CILP_LOCAL},
        {"http://127.255.255.254:443", NULL, "127.255.255.254",
         "127.255.255.254:443", 443, false, CILP_LOCAL},
        {"http://[::1]:4566", NULL, "::1", "[::1]:4566", 4566, false,
         CILP_LOCAL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_url(&rows[i], false);
        check_url(&rows[i], true); /* widens nothing */
    }
}

static void plain_http_goes_elsewhere_only_if_allowed(void **state)
{
    static const struct {
        const char *url, *host, *host_header;
    } rows[] = {
        {"http://example.com", "example.com", "example.com"},
        {"http://126.0.0.1", "126.0.0.1", "126.0.0.1"},
        {"http://128.0.0.1", "128.0.0.1", "128.0.0.1"},
        {"http://0.0.0.0", "0.0.0.0", "0.0.0.0"},
        {"http://127.1", "127.1", "127.1"},
        {"http://127", "127", "127"},
        {"http://127.0.0.01", "127.0.0.01", "127.0.0.01"},
        {"http://127.0.0.256", "127.0.0.256", "127.0.0.256"},
        {"http://127.0.0.1.1", "127.0.0.1.1", "127.0.0.1.1"},
        {"http://127.0.0.x", "127.0.0.x", "127.0.0.x"},
        {"http://127.0.0.1x", "127.0.0.1x", "127.0.0.1x"},
        {"http://0x7f000001", "0x7f000001", "0x7f000001"},
        {"http://2130706433", "2130706433", "2130706433"},
        {"http://127.0.0.1.example.com", "127.0.0.1.example.com",
         "127.0.0.1.example.com"},
        {"http://localhost.example.com", "localhost.example.com",
         "localhost.example.com"},
        {"http://notlocalhost", "notlocalhost", "notlocalhost"},
        {"http://[::]", "::", "[::]"},
        {"http://[::2]", "::2", "[::2]"},
        {"http://[1::]", "1::", "[1::]"},
        {"http://[1::1]", "1::1", "[1::1]"},
        {"http://[::1:0]", "::1:0", "[::1:0]"},
        {"http://[::1:1]", "::1:1", "[::1:1]"},
        {"http://[0:0:0:0:0:0:1:1]", "0:0:0:0:0:0:1:1", "[0:0:0:0:0:0:1:1]"},
        {"http://[::ffff:127.0.0.1]", "::ffff:127.0.0.1", "[::ffff:127.0.0.1]"},
        {"http://[::127.0.0.1]", "::127.0.0.1", "[::127.0.0.1]"},
        {"http://[::0.0.0.1]", "::0.0.0.1", "[::0.0.0.1]"},
        {"http://[::ffff:7f00:1]", "::ffff:7f00:1", "[::ffff:7f00:1]"},
        {"http://[fe80::1]", "fe80::1", "[fe80::1]"},
        /* loopback, but not in its one spelling */
        {"http://[0:0:0:0:0:0:0:1]", "0:0:0:0:0:0:0:1", "[0:0:0:0:0:0:0:1]"},
        {"http://[0000::0001]", "0000::0001", "[0000::0001]"},
        {"http://[::01]", "::01", "[::01]"},
        {"http://[::0.0.0.1:]", "::0.0.0.1:", "[::0.0.0.1:]"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct url_row refused = {.url = rows[i].url, .what = PLAIN};
        const struct url_row allowed = {rows[i].url,         NULL, rows[i].host,
                                        rows[i].host_header, 80,   false,
                                        CILP_ANYWHERE};

        check_url(&refused, false);
        check_url(&allowed, true);
    }
}

static void bad_urls(void **state)
{
    static const struct url_row rows[] = {
        {.url = "", .what = NOT_BARE},
        {.url = "example.com", .what = NOT_BARE},
        {.url = "https:", .what = NOT_BARE},
        {.url = "https:/", .what = NOT_BARE},
        {.url = "https:/example.com", .what = NOT_BARE},
        {.url = "http:/", .what = NOT_BARE},
        {.url = "httpx://example.com", .what = NOT_BARE},
        {.url = "ftp://example.com", .what = NOT_BARE},
        {.url = "//example.com", .what = NOT_BARE},
        {.url = " https://example.com", .what = NOT_BARE},
        {.url = "https://", .what = HOST},
        {.url = "http://", .what = HOST},
        {.url = "https:///", .what = HOST},
        {.url = "https://:443", .what = HOST},
        {.url = "https://https://example.com", .what = PORT},
        /* what is not a host and a port */
        {.url = "https://user@example.com", .what = NOT_BARE},
        {.url = "https://user:pass@example.com", .what = PORT},
        {.url = "https://@example.com", .what = HOST},
        {.url = "https://example.com@evil.example", .what = NOT_BARE},
        {.url = "https://example.com?", .what = NOT_BARE},
        {.url = "https://example.com/?a=b", .what = PATH},
        {.url = "https://example.com#", .what = NOT_BARE},
        {.url = "https://evil.example#.example.com", .what = NOT_BARE},
        {.url = "https://example.com//", .what = PATH},
        {.url = "https://example.com/ ", .what = PATH},
        {.url = "https://example.com/a//b", .what = PATH},
        {.url = "https://example.com/a//", .what = PATH},
        {.url = "https://example.com/.", .what = PATH},
        {.url = "https://example.com/a/../b", .what = PATH},
        {.url = "https://example.com/a/..", .what = PATH},
        {.url = "https://example.com/a?b", .what = PATH},
        {.url = "https://example.com/a#b", .what = PATH},
        {.url = "https://example.com/a\r\nX: y", .what = PATH},
        {.url = "https://example.com/a\\b", .what = PATH},
        {.url = "https://example.com/\xc3\xa4", .what = PATH},
        {.url = "https://example.com/" A253 "aa", .what = PATH},
        {.url = "https://example.com:443x", .what = NOT_BARE},
        {.url = "https://example.com:443:443", .what = NOT_BARE},
        {.url = "https://example.com:443 ", .what = NOT_BARE},
        {.url = "https://[::1]x", .what = NOT_BARE},
        {.url = "https://[::1].example.com", .what = NOT_BARE},
        /* names */
        {.url = "https://.", .what = HOST},
        {.url = "https://.example.com", .what = HOST},
        {.url = "https://example..com", .what = HOST},
        {.url = "https://example.com..", .what = HOST},
        {.url = "https://[::1].", .what = NOT_BARE},
        {.url = "https://exa mple.com", .what = NOT_BARE},
        {.url = "https:// example.com", .what = HOST},
        {.url = "https://example.com ", .what = NOT_BARE},
        {.url = "https://example%2ecom", .what = NOT_BARE},
        {.url = "https://example.com%00", .what = NOT_BARE},
        {.url = "https://example.com\\@evil.example", .what = NOT_BARE},
        {.url = "https://example.com\\evil", .what = NOT_BARE},
        {.url = "https://ex\xc3\xa4mple.com", .what = NOT_BARE},
        {.url = "https://example.com\r\nX: y", .what = NOT_BARE},
        {.url = "https://*.example.com", .what = HOST},
        {.url = "https://a" A63, .what = HOST},
        {.url = "https://example." A63 "a.com", .what = HOST},
        {.url = "https://" A253 "a", .what = HOST},
        {.url = "https://" A253 "a:443/", .what = HOST},
        {.url = "https://" A253 "." A253, .what = HOST},
        /* ports */
        {.url = "https://example.com:", .what = PORT},
        {.url = "https://example.com:/", .what = PORT},
        {.url = "https://example.com:0", .what = PORT},
        {.url = "https://example.com:00", .what = PORT},
        {.url = "https://example.com:0443", .what = PORT},
        {.url = "https://example.com:65536", .what = PORT},
        {.url = "https://example.com:4294967739", .what = PORT},
        {.url = "https://example.com:99999999999999999999", .what = PORT},
        {.url = "https://example.com:-1", .what = PORT},
        {.url = "https://example.com:+443", .what = PORT},
        {.url = "https://example.com: 443", .what = PORT},
        {.url = "https://example.com:x", .what = PORT},
        {.url = "https://[::1]:", .what = PORT},
        {.url = "https://[::1]:0", .what = PORT},
        /* addresses in brackets */
        {.url = "https://[", .what = HOST},
        {.url = "https://[]", .what = HOST},
        {.url = "https://[::1", .what = HOST},
        {.url = "https://::1", .what = HOST},
        {.url = "https://::1]", .what = HOST},
        {.url = "https://2001:db8::1", .what = PORT},
        {.url = "https://[g::]", .what = HOST},
        {.url = "https://[::`]", .what = HOST},
        {.url = "https://[::1 ]", .what = HOST},
        {.url = "https://[fe80::1%eth0]", .what = HOST},
        {.url = "https://[fe80::1%25eth0]", .what = HOST},
        {.url = "https://[v1.a:b]", .what = HOST},
        {.url = "https://[127.0.0.1]", .what = HOST},
        {.url = "https://[example.com]", .what = HOST},
        {.url = "https://[[::1]]", .what = HOST},
        {.url = "https://[" A253 "a]", .what = HOST},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_url(&rows[i], false);
        check_url(&rows[i], true);
    }
}

/* A path is kept where it is, in the URL. */
static void paths_of_custom_endpoints(void **state)
{
    static const struct {
        const char *url, *path;
    } rows[] = {
        {NULL, NULL},
        {"https://example.com", NULL},
        {"https://example.com/", "/"},
        {"https://example.com:8773/services/compute", "/services/compute"},
        {"https://example.com/a/", "/a/"},
        {"https://example.com/...", "/..."},
        {"https://example.com/.a/b.", "/.a/b."},
        {"http://localhost/~A-z_9.%7e%", "/~A-z_9.%7e%"},
        {"https://example.com/!$&'()*+,;=:@", "/!$&'()*+,;=:@"},
        {"https://example.com/" A253 "a", "/" A253 "a"},
    };
    struct cilp_peer to;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cilp_endpoint in = {
            .service = "ec2", .region = "us-east-1", .url = rows[i].url};

        assert_null(resolve(&to, &in));
        if (!rows[i].path)
            assert_null(to.path);
        else
            assert_string_equal(to.path, rows[i].path);
    }
}

/* A search list completes no name that is known to be one. */
static void full_names_are_told_from_others(void **state)
{
    static const struct {
        const char *url, *host;
        bool full_name;
    } rows[] = {
        {NULL, "ec2.us-east-1.amazonaws.com", true},
        {"https://Example.COM.", "example.com", true},
        {"https://example.com.:8443/", "example.com", true},
        {"https://service.", "service", true},
        {"http://localhost.", "localhost", true},
        {"https://example.com", "example.com", false},
        {"https://service", "service", false},
        {"https://[::1]", "::1", false},
    };
    struct cilp_peer to;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cilp_endpoint in = {
            .service = "ec2", .region = "us-east-1", .url = rows[i].url};

        CHECK_ROW(rows[i].host, resolve(&to, &in) == NULL &&
                                    to.full_name == rows[i].full_name &&
                                    strcmp(to.host, rows[i].host) == 0);
    }
}

static void ipv6_addresses_in_full_and_mixed(void **state)
{
    static const struct url_row rows[] = {
        {"https://[1:2:3:4:5:6:7:8]", NULL, "1:2:3:4:5:6:7:8",
         "[1:2:3:4:5:6:7:8]", 443, true, CILP_ANYWHERE},
        {"https://[1:2:3:4:5:6:7::]", NULL,
         "1:2:3:4:5:6:7::", "[1:2:3:4:5:6:7::]", 443, true, CILP_ANYWHERE},
        {"https://[::]", NULL, "::", "[::]", 443, true, CILP_ANYWHERE},
        {"https://[ABCD:EF01::]", NULL, "abcd:ef01::", "[abcd:ef01::]", 443,
         true, CILP_ANYWHERE},
        {"https://[1:2:3:4:5:6:192.0.2.1]", NULL, "1:2:3:4:5:6:192.0.2.1",
         "[1:2:3:4:5:6:192.0.2.1]", 443, true, CILP_ANYWHERE},
        {"https://[64:ff9b::192.0.2.1]", NULL, "64:ff9b::192.0.2.1",
         "[64:ff9b::192.0.2.1]", 443, true, CILP_ANYWHERE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_url(&rows[i], false);
}

/* What is no address though it is made of the bytes of one is for the port to
 * refuse, which has a reader of addresses anyway. It is never loopback. */
static void ipv6_addresses_are_not_read_here(void **state)
{
    static const char *const hosts[] = {
        ":",
        ":::",
        ":1",
        "1:",
        "::1:",
        "1::2::3",
        "1:::2",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "::ffff:127.0.0",
        "::ffff:127.0.0.256",
        "::127.0.0.1:1",
        "1:2:3:4:5:6:7:127.0.0.1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        char https[64], http[64];

        (void)snprintf(https, sizeof https, "https://[%s]", hosts[i]);
        (void)snprintf(http, sizeof http, "http://[%s]", hosts[i]);
        check_url(&(struct url_row){https, NULL, hosts[i], https + 8, 443, true,
                                    CILP_ANYWHERE},
                  false);
        check_url(&(struct url_row){.url = http, .what = PLAIN}, false);
    }
}

/* Every byte, everywhere: within the host, in the port, after it all. */
static void no_byte_gets_through_that_is_not_of_a_host(void **state)
{
    static const char *const forms[] = {
        "https://exa%cmple.com",     "https://%c",
        "https://example.com%c",     "https://example.com:4%c3",
        "https://example.com:443%c", "https://example.com/%c",
        "https://[::%c1]",           "https://[::1]%c",
        "http%c://example.com",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        for (int c = 1; c < 256; c++) {
            char url[64];
            struct cilp_endpoint in = {"ec2", "us-east-1", url,
                                       false, false,       false};
            struct cilp_peer to;
            const char *what;
            bool word, good;

            (void)snprintf(url, sizeof url, forms[i], c);
            what = resolve(&to, &in); /* which looks at every byte */
            word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   (c >= '0' && c <= '9') || c == '-' || c == '_';
            switch (i) {
            case 0: good = word || c == '.' || c == '/'; break;
            case 1: good = word; break;
            case 2: good = word || c == '/' || c == '.'; break;
            case 3: good = (c >= '0' && c <= '9') || c == '/'; break;
            case 4: good = (c >= '0' && c <= '9') || c == '/'; break;
            case 5: good = word || strchr("~%!$&'()*+,;=:@", c); break;
            case 6:
                good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                       (c >= 'A' && c <= 'F') || c == ':' || c == '.';
                break;
            case 7: good = c == '/'; break;
            default: good = c == 's' || c == 'S'; break;
            }
            if (good != (what == NULL))
                fail_msg("%s: byte 0x%02x", url, c);
        }
    }
}

static void a_custom_endpoint_has_no_variants(void **state)
{
    (void)state;
    for (unsigned v = 1; v < 4; v++) {
        const struct cilp_endpoint in = {
            "ec2", "us-east-1", "https://example.com", v & 1, v & 2, false};
        struct cilp_peer to;

        assert_string_equal(resolve(&to, &in), VARIANT);
    }
}

static void other_fields_of_the_peer_are_left_alone(void **state)
{
    const struct cilp_endpoint in = {"ec2", "us-east-1", NULL,
                                     false, false,       false};
    const struct cilp_x509_identity who = {0};
    struct cilp_peer to;

    (void)state;
    memset(&to, 0, sizeof to);
    to.judge_dates = true;
    to.unix_s = 42;
    to.identity = &who;
    assert_null(cilp_endpoint_resolve(&to, &in));
    assert_true(to.judge_dates);
    assert_int_equal(to.unix_s, 42);
    assert_ptr_equal(to.identity, &who);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_partition_has_four_hosts),
        cmocka_unit_test(the_service_is_the_first_label),
        cmocka_unit_test(unknown_regions_are_guessed_to_be_in_aws),
        cmocka_unit_test(regions_that_are_none_are_refused),
        cmocka_unit_test(a_region_has_32_bytes_at_most),
        cmocka_unit_test(region_names_byte_by_byte),
        cmocka_unit_test(a_joined_host_has_253_bytes_at_most),
        cmocka_unit_test(good_urls),
        cmocka_unit_test(plain_http_goes_elsewhere_only_if_allowed),
        cmocka_unit_test(bad_urls),
        cmocka_unit_test(full_names_are_told_from_others),
        cmocka_unit_test(paths_of_custom_endpoints),
        cmocka_unit_test(ipv6_addresses_in_full_and_mixed),
        cmocka_unit_test(ipv6_addresses_are_not_read_here),
        cmocka_unit_test(no_byte_gets_through_that_is_not_of_a_host),
        cmocka_unit_test(a_custom_endpoint_has_no_variants),
        cmocka_unit_test(other_fields_of_the_peer_are_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
