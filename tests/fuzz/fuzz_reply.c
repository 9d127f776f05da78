/* Whatever a body holds, what core/reply makes of it is safe to print, and
 * does not depend on how it was cut. */
#include "core/cilp.h"
#include "core/reply.h"
#include "tests/fuzz/same.h"

static const struct cilp_reply_form form = {
    .root = "CancelImageLaunchPermissionResponse"};

static struct cilp_reply reader;
static struct cilp_result result;
static struct script said, first;
static int has_first;

static void begin(void *ctx)
{
    (void)ctx;
    cilp_reply_init(&reader, &form, NULL);
    memset(&result, 0, sizeof result);
    said.len = 0;
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    (void)ctx;
    cilp_reply_feed(&reader, &result, p, n);
}

/* Another decoder than core's: the shortest form that gives the same bytes. */
static size_t code_point(const unsigned char *p, unsigned long *c)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = *p < 0x80       ? 1
               : *p >> 5 == 6  ? 2
               : *p >> 4 == 14 ? 3
               : *p >> 3 == 30 ? 4
                               : 0;

    MUST(n > 0);
    *c = n == 1 ? *p : *p & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        MUST((p[i] & 0xc0) == 0x80);
        *c = *c << 6 | (p[i] & 0x3f);
    }
    MUST(*c >= least[n] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff));
    return n;
}

static void must_be_safe(const char *s, size_t max)
{
    const unsigned char *p = (const unsigned char *)s;
    unsigned long c;

    MUST(memchr(s, '\0', max + 1) != NULL);
    for (; *p; p += code_point(p, &c)) {
        code_point(p, &c);
        MUST(c >= 0x20 && !(c >= 0x7f && c <= 0x9f));
        MUST(c != 0x61c && c != 0x200e && c != 0x200f);
        MUST(!(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069));
    }
}

static const char *check(void *ctx)
{
    bool good = cilp_reply_end(&reader, &result);

    (void)ctx;
    MUST(good == !reader.bad);
    must_be_safe(result.code, CILP_CODE_MAX);
    must_be_safe(result.message, CILP_MESSAGE_MAX);
    must_be_safe(result.request_id, CILP_REQUEST_ID_MAX);
    MUST(strspn(result.code,
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-?"
                "abcdefghijklmnopqrstuvwxyz") == strlen(result.code));
    MUST(!result.message_cut || strlen(result.message) > CILP_MESSAGE_MAX - 4);
    MUST(reader.ret == CILP_RETURN_NONE || reader.is_expected);
    MUST(!(reader.is_error && reader.is_expected));
    script_add_number(&said, good);
    script_add_number(&said, (unsigned)reader.ret);
    script_add_number(&said, reader.is_error);
    script_add_number(&said, reader.is_expected);
    script_add_number(&said, result.message_cut);
    script_add(&said, &result.code, sizeof result.code);
    script_add(&said, &result.message, sizeof result.message);
    script_add(&said, &result.request_id, sizeof result.request_id);
    return script_check(&said, &first, &has_first);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct split_reader r = {begin, feed, check, NULL};

    has_first = 0;
    must_be_same(&r, p, n);
    return 0;
}
