#include "core/codes.h"

#include <string.h>

#include "core/text.h"

/* By what they mean: codes, apart by a blank, without a final "Exception". */
static const char *const codes[] = {
    [CILP_MEANS_UNKNOWN] = "",
    [CILP_MEANS_PERMITTED] = "DryRunOperation",
    [CILP_MEANS_NOT_FOUND] = "InvalidAMIID.NotFound",
    [CILP_MEANS_GONE] = "InvalidAMIID.Unavailable",
    [CILP_MEANS_BAD_ID] = "InvalidAMIID.Malformed",
    [CILP_MEANS_DENIED] = "UnauthorizedOperation",
    [CILP_MEANS_THROTTLED] =
        "RequestLimitExceeded Throttling Throttled RequestThrottled"
        " TooManyRequests EC2Throttled BandwidthLimitExceeded SlowDown"
        " PriorRequestNotComplete LimitExceeded TransactionInProgress"
        " ProvisionedThroughputExceeded",
    [CILP_MEANS_TRANSIENT] = "RequestTimeout InternalError InternalFailure"
                             " ServiceUnavailable Unavailable"
                             " IDPCommunicationError",
    [CILP_MEANS_NOT_AUTHORIZED] = "AuthFailure",
    [CILP_MEANS_BAD_KEYS] = "", /* said in words, see below */
    [CILP_MEANS_BAD_SIGNATURE] = "SignatureDoesNotMatch InvalidSignature",
    [CILP_MEANS_EXPIRED] = "RequestExpired",
    [CILP_MEANS_CLOCK] = "RequestTimeTooSkewed RequestInTheFuture",
    [CILP_MEANS_UNKNOWN_KEY] = "InvalidClientTokenId",
    [CILP_MEANS_NO_SIGNATURE] =
        "IncompleteSignature MissingAuthenticationToken",
    [CILP_MEANS_EXPIRED_KEYS] = "ExpiredToken",
    [CILP_MEANS_NO_REGION] = "OptInRequired RegionDisabled",
    [CILP_MEANS_BLOCKED] = "Blocked",
    [CILP_MEANS_UNVERIFIED] = "PendingVerification",
};

/* Codes that mean something else with these words in their message: keys that
 * are not valid, not an image; a provider that STS could not reach, not a token
 * that is wrong. */
static const struct {
    enum cilp_meaning means;
    const char *code, *words;
} spoken[] = {
    {CILP_MEANS_BAD_KEYS, "AuthFailure", "credentials"},
    {CILP_MEANS_TRANSIENT, "InvalidIdentityToken", "retrieve verification key"},
};

/* The length of a code without its final "Exception". */
static size_t stem_len(const char *code)
{
    static const char end[] = "Exception";
    const size_t end_len = sizeof end - 1;
    size_t len = strlen(code);

    if (len > end_len && memcmp(code + len - end_len, end, end_len) == 0)
        len -= end_len;
    return len;
}

static bool has_words(const char *message, const char *words)
{
    const size_t n = strlen(words);

    for (size_t left = strlen(message); left >= n; left--, message++)
        if (memcmp(message, words, n) == 0)
            return true;
    return false;
}

static enum cilp_meaning by_code(const char *code, const char *message)
{
    size_t n = stem_len(code);

    for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
        if (cilp_text_equal(code, n, spoken[i].code) &&
            has_words(message, spoken[i].words))
            return spoken[i].means;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (cilp_text_is_listed(codes[i], code, n))
            return (enum cilp_meaning)i;
    return CILP_MEANS_UNKNOWN;
}

/* see codes.h */
enum cilp_meaning cilp_code_means(uint16_t status, const char *code,
                                  const char *message)
{
    enum cilp_meaning means = by_code(code, message);

    if (status == 429 || means == CILP_MEANS_THROTTLED)
        return CILP_MEANS_THROTTLED;
    if (status == 500 || (status >= 502 && status <= 504))
        return CILP_MEANS_TRANSIENT;
    return means;
}

/* see codes.h */
bool cilp_means_nothing(enum cilp_meaning means)
{
    return means == CILP_MEANS_NOT_FOUND || means == CILP_MEANS_GONE;
}

/* see codes.h */
bool cilp_means_skewed(enum cilp_meaning means)
{
    return means >= CILP_MEANS_NOT_AUTHORIZED && means <= CILP_MEANS_CLOCK;
}

/* see codes.h */
bool cilp_means_hopeless(enum cilp_meaning means)
{
    return means >= CILP_MEANS_BAD_KEYS;
}
