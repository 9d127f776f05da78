/* codes.h against EC2's and STS's documents: each code written out once more,
 * so that a slip in the table is noticed. */
#include "tests/unit/rows.h"

#include <stdio.h>

#include "core/codes.h"

struct row {
    const char *code;
    enum cilp_meaning means;
    bool exception; /* the SDKs' list has it with "Exception" alone, or too */
};

static const struct row rows[] = {
    {"DryRunOperation", CILP_MEANS_PERMITTED, false},
    {"InvalidAMIID.NotFound", CILP_MEANS_NOT_FOUND, false},
    {"InvalidAMIID.Unavailable", CILP_MEANS_GONE, false},
    {"InvalidAMIID.Malformed", CILP_MEANS_BAD_ID, false},
    {"UnauthorizedOperation", CILP_MEANS_DENIED, false},
    {"RequestLimitExceeded", CILP_MEANS_THROTTLED, false},
    {"Throttling", CILP_MEANS_THROTTLED, true},
    {"Throttled", CILP_MEANS_THROTTLED, true},
    {"RequestThrottled", CILP_MEANS_THROTTLED, true},
    {"TooManyRequests", CILP_MEANS_THROTTLED, true},
    {"EC2Throttled", CILP_MEANS_THROTTLED, true},
    {"BandwidthLimitExceeded", CILP_MEANS_THROTTLED, false},
    {"SlowDown", CILP_MEANS_THROTTLED, false},
    {"PriorRequestNotComplete", CILP_MEANS_THROTTLED, false},
    {"LimitExceeded", CILP_MEANS_THROTTLED, true},
    {"TransactionInProgress", CILP_MEANS_THROTTLED, true},
    {"ProvisionedThroughputExceeded", CILP_MEANS_THROTTLED, true},
    {"RequestTimeout", CILP_MEANS_TRANSIENT, true},
    {"InternalError", CILP_MEANS_TRANSIENT, false},
    {"InternalFailure", CILP_MEANS_TRANSIENT, false},
    {"ServiceUnavailable", CILP_MEANS_TRANSIENT, false},
    {"Unavailable", CILP_MEANS_TRANSIENT, false},
    {"IDPCommunicationError", CILP_MEANS_TRANSIENT, false},
    {"AuthFailure", CILP_MEANS_NOT_AUTHORIZED, false},
    {"SignatureDoesNotMatch", CILP_MEANS_BAD_SIGNATURE, false},
    {"InvalidSignature", CILP_MEANS_BAD_SIGNATURE, true},
    {"RequestExpired", CILP_MEANS_EXPIRED, false},
    {"RequestTimeTooSkewed", CILP_MEANS_CLOCK, false},
    {"RequestInTheFuture", CILP_MEANS_CLOCK, false},
    {"InvalidClientTokenId", CILP_MEANS_UNKNOWN_KEY, false},
    {"IncompleteSignature", CILP_MEANS_NO_SIGNATURE, false},
    {"MissingAuthenticationToken", CILP_MEANS_NO_SIGNATURE, false},
    {"ExpiredToken", CILP_MEANS_EXPIRED_KEYS, true},
    {"OptInRequired", CILP_MEANS_NO_REGION, false},
    {"RegionDisabled", CILP_MEANS_NO_REGION, true},
    {"Blocked", CILP_MEANS_BLOCKED, false},
    {"PendingVerification", CILP_MEANS_UNVERIFIED, false},
};

static enum cilp_meaning of(const char *code)
{
    return cilp_code_means(400, guarded(code, strlen(code) + 1), "");
}

static void every_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char longer[64];

        CHECK_ROW(rows[i].code, of(rows[i].code) == rows[i].means);
        snprintf(longer, sizeof longer, "%sException", rows[i].code);
        if (rows[i].exception)
            CHECK_ROW(longer, of(longer) == rows[i].means);
    }
}

/* One byte more, one less, another case: another code. */
static void near_misses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *code = rows[i].code;
        size_t n = strlen(code);
        char near[64] = "";

        memcpy(near, code, n);
        near[0] ^= 0x20; /* throttling */
        CHECK_ROW(near, of(near) == CILP_MEANS_UNKNOWN);
        snprintf(near, sizeof near, "%sx", code);
        CHECK_ROW(near, of(near) == CILP_MEANS_UNKNOWN);
        snprintf(near, sizeof near, "x%s", code);
        CHECK_ROW(near, of(near) == CILP_MEANS_UNKNOWN);
        snprintf(near, sizeof near, "%.*s", (int)n - 1, code);
        CHECK_ROW(near, of(near) == CILP_MEANS_UNKNOWN);
        CHECK_ROW(code, of(code + 1) == CILP_MEANS_UNKNOWN);
        snprintf(near, sizeof near, "%s ", code);
        CHECK_ROW(near, of(near) == CILP_MEANS_UNKNOWN);
        snprintf(near, sizeof near, "%sExceptionException", code);
        CHECK_ROW(near, of(near) == CILP_MEANS_UNKNOWN);
    }
}

/* Of other services, of parts of a code, and what is none. */
static void strangers(void **state)
{
    static const char *const codes[] = {
        "",
        " ",
        "Exception",
        "InvalidAMIID",
        "NotFound",
        "InvalidInstanceID.NotFound",
        "NoSuchKey",
        "InvalidAccessKeyId",
        "AccessDenied",
        "AccessDeniedException",
        "InvalidIdentityToken",
        "IDPRejectedClaim",
        "ThrottlingExceptio",
        "ThrottlingExceptionn",
        "Throttling Throttled",
        "DryRun",
        "RequestLimitExceededForAccount",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++)
        CHECK_ROW(codes[i], of(codes[i]) == CILP_MEANS_UNKNOWN);
}

static void statuses(void **state)
{
    static const struct {
        const char *code;
        uint16_t status;
        enum cilp_meaning means;
    } cases[] = {
        {"", 200, CILP_MEANS_UNKNOWN},
        {"SlowDown", 200, CILP_MEANS_THROTTLED},
        {"", 403, CILP_MEANS_UNKNOWN},
        {"", 408, CILP_MEANS_UNKNOWN},
        {"", 428, CILP_MEANS_UNKNOWN},
        {"", 429, CILP_MEANS_THROTTLED},
        {"SomethingElse", 429, CILP_MEANS_THROTTLED},
        {"InternalError", 429, CILP_MEANS_THROTTLED},
        {"", 430, CILP_MEANS_UNKNOWN},
        {"", 499, CILP_MEANS_UNKNOWN},
        {"", 500, CILP_MEANS_TRANSIENT},
        {"UnauthorizedOperation", 500, CILP_MEANS_TRANSIENT},
        {"", 501, CILP_MEANS_UNKNOWN},
        {"UnauthorizedOperation", 501, CILP_MEANS_DENIED},
        {"", 502, CILP_MEANS_TRANSIENT},
        {"", 503, CILP_MEANS_TRANSIENT},
        {"InvalidAMIID.NotFound", 503, CILP_MEANS_TRANSIENT},
        {"RequestLimitExceeded", 503, CILP_MEANS_THROTTLED},
        {"", 504, CILP_MEANS_TRANSIENT},
        {"", 505, CILP_MEANS_UNKNOWN},
        {"", 599, CILP_MEANS_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (cilp_code_means(cases[i].status, cases[i].code, "") !=
            cases[i].means)
            fail_msg("%u \"%s\"", cases[i].status, cases[i].code);
}

/* Two codes are told apart by what is said with them. */
static void messages(void **state)
{
    static const char keys[] = "AWS was not able to validate the provided"
                               " access credentials";
    static const char provider[] =
        "Couldn't retrieve verification key from your identity provider,"
        "  please reference AssumeRoleWithWebIdentity documentation for"
        " requirements";
    static const struct {
        const char *code, *message;
        enum cilp_meaning means;
    } cases[] = {
        {"AuthFailure", keys, CILP_MEANS_BAD_KEYS},
        {"AuthFailure", "credentials", CILP_MEANS_BAD_KEYS},
        {"AuthFailure", "credential", CILP_MEANS_NOT_AUTHORIZED},
        {"AuthFailure", "Not authorized for images: [ami-12345678]",
         CILP_MEANS_NOT_AUTHORIZED},
        {"AuthFailure", "Credentials", CILP_MEANS_NOT_AUTHORIZED},
        {"UnauthorizedOperation", keys, CILP_MEANS_DENIED},
        {"authFailure", keys, CILP_MEANS_UNKNOWN},
        {"InvalidIdentityToken", provider, CILP_MEANS_TRANSIENT},
        {"InvalidIdentityTokenException", provider, CILP_MEANS_TRANSIENT},
        {"InvalidIdentityToken",
         "Provided Token is not a Login With Amazon"
         " token",
         CILP_MEANS_UNKNOWN},
        {"InvalidIdentityToken", "retrieve verification ke",
         CILP_MEANS_UNKNOWN},
        {"IDPRejectedClaim", provider, CILP_MEANS_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_ROW(cases[i].message,
                  cilp_code_means(400, cases[i].code,
                                  guarded(cases[i].message,
                                          strlen(cases[i].message) + 1)) ==
                      cases[i].means);
}

static void questions(void **state)
{
    static const struct {
        enum cilp_meaning means;
        bool nothing, skewed, hopeless;
    } cases[] = {
        {CILP_MEANS_UNKNOWN, false, false, false},
        {CILP_MEANS_PERMITTED, false, false, false},
        {CILP_MEANS_NOT_FOUND, true, false, false},
        {CILP_MEANS_GONE, true, false, false},
        {CILP_MEANS_BAD_ID, false, false, false},
        {CILP_MEANS_DENIED, false, false, false},
        {CILP_MEANS_THROTTLED, false, false, false},
        {CILP_MEANS_TRANSIENT, false, false, false},
        {CILP_MEANS_NOT_AUTHORIZED, false, true, false},
        {CILP_MEANS_BAD_KEYS, false, true, true},
        {CILP_MEANS_BAD_SIGNATURE, false, true, true},
        {CILP_MEANS_EXPIRED, false, true, true},
        {CILP_MEANS_CLOCK, false, true, true},
        {CILP_MEANS_UNKNOWN_KEY, false, false, true},
        {CILP_MEANS_NO_SIGNATURE, false, false, true},
        {CILP_MEANS_EXPIRED_KEYS, false, false, true},
        {CILP_MEANS_NO_REGION, false, false, true},
        {CILP_MEANS_BLOCKED, false, false, true},
        {CILP_MEANS_UNVERIFIED, false, false, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (cilp_means_nothing(cases[i].means) != cases[i].nothing ||
            cilp_means_skewed(cases[i].means) != cases[i].skewed ||
            cilp_means_hopeless(cases[i].means) != cases[i].hopeless)
            fail_msg("meaning %d", (int)cases[i].means);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code), cmocka_unit_test(near_misses),
        cmocka_unit_test(strangers),  cmocka_unit_test(statuses),
        cmocka_unit_test(messages),   cmocka_unit_test(questions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
