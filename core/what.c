#include "core/what.h"

#include "core/creds.h"
#include "core/text.h"

#define REGION_MAX    CILP_STRINGIFY(CILP_REGION_MAX)
#define ROLES_MAX     CILP_STRINGIFY(CILP_ROLES_MAX)
#define WEB_TOKEN_MAX CILP_STRINGIFY(CILP_WEB_TOKEN_MAX)
#define KEY_MAX       CILP_STRINGIFY(CILP_KEY_MAX)

static const char *const texts[] = {
    [CILP_WHAT_NONE] = "",
    [CILP_WHAT_NO_IMAGE] = "the image id is missing or too long",
    [CILP_WHAT_IMAGE] = "an image id is ami- and 8 or 17 lower-case hex digits",
    [CILP_WHAT_LIMITS] =
        "more than 10 attempts, more than 24 hours, or a wait of a minute",
    [CILP_WHAT_AGENT] = "the user agent is too long or not printable ASCII",
    [CILP_WHAT_MEMORY] = "this flow needs memory to read into",
    [CILP_WHAT_ACCOUNT] = "an account is 12 digits",
    [CILP_WHAT_LONG_NAME] = "the pattern of the name is too long",
    [CILP_WHAT_NO_REGION] = "no Region was given",
    [CILP_WHAT_REGION] = "a Region has 1 to " REGION_MAX
                         " of a-z, 0-9 and inner '-'",
    [CILP_WHAT_PSEUDO_REGION] =
        "no Region: one ends with a digit, and FIPS is a wish of its own",
    [CILP_WHAT_ENDPOINT] = "endpoint: not https://HOST[:PORT][/PATH]",
    [CILP_WHAT_ENDPOINT_HOST] =
        "endpoint: the host is too long, or no name or address",
    [CILP_WHAT_ENDPOINT_PORT] = "endpoint: the port is not 1 to 65535",
    [CILP_WHAT_ENDPOINT_PATH] =
        "endpoint: a path is /PARTS of 255 bytes at most, none '.' or '', no query",
    [CILP_WHAT_ENDPOINT_NO_PATH] = "endpoint: this service's has no path",
    [CILP_WHAT_ENDPOINT_VARIANT] =
        "endpoint: a custom one has no FIPS or dual stack",
    [CILP_WHAT_ENDPOINT_HTTP] =
        "endpoint: plain http:// goes to loopback only, unless allowed",
    [CILP_WHAT_NO_SOURCE] = "no source of credentials was named",
    [CILP_WHAT_OTHER_KEYS] =
        "the keys that were to sign it are not there any more",
    [CILP_WHAT_QUOTED] =
        "a key or token is in quotes, which would be part of it; leave them "
        "out",
    [CILP_WHAT_SWAPPED] =
        "the secret access key is an access key id; are the two exchanged?",
    [CILP_WHAT_KEY_ID] = "an access key id has 16 to " KEY_MAX
                         " of A-Z a-z 0-9 _ (and is not the secret)",
    [CILP_WHAT_SECRET] =
        "the secret access key is too long, missing or not printable ASCII",
    [CILP_WHAT_TOKEN] = "the session token is too long or not printable ASCII",
    [CILP_WHAT_NO_TOKEN] =
        "temporary keys (their id begins with ASIA) without their session "
        "token",
    [CILP_WHAT_SOURCE_ARG] = "the source's argument is missing",
    [CILP_WHAT_URI] = "the agent's URI is too long, or leads where no agent is",
    [CILP_WHAT_AUTHORIZATION] =
        "the agent's authorization token is too long or not printable ASCII",
    [CILP_WHAT_ROLES] = "1 to " ROLES_MAX
                        " roles can be assumed, from one base",
    [CILP_WHAT_ROLE_ARN] = "a role's ARN has 20 to 2048 printable characters",
    [CILP_WHAT_SESSION_NAME] =
        "a role session name has 2 to 64 of A-Z a-z 0-9 _ + = , . @ -",
    [CILP_WHAT_EXTERNAL_ID] =
        "an external id has 2 to 1224 printable characters",
    [CILP_WHAT_DURATION] = "a role session lasts 900 to 43200 seconds",
    [CILP_WHAT_WEB_TOKEN] = "a web identity token has 4 to " WEB_TOKEN_MAX
                            " printable characters",
    [CILP_WHAT_ACCESS_TOKEN] =
        "the SSO access token is missing, too long or not printable ASCII",
    [CILP_WHAT_ACCOUNT_ID] = "the SSO account is not 12 digits",
    [CILP_WHAT_ROLE_NAME] =
        "a role's name has 1 to 64 of A-Z a-z 0-9 _ + = , . @ -",
    [CILP_WHAT_IDENTITY] = "no client certificate was given",
    [CILP_WHAT_SERIAL] = "the certificate's serial number is not 1 to 20 bytes",
    [CILP_WHAT_ROLE_ALIAS] =
        "a role alias has 1 to 128 of A-Z a-z 0-9 _ = , @ -",
    [CILP_WHAT_THING_NAME] = "a thing's name has 1 to 128 of A-Z a-z 0-9 : _ -",
    [CILP_WHAT_TRUST_ANCHOR] = "not arn:aws:rolesanywhere:REGION:ACCOUNT:"
                               "trust-anchor/ID",
    [CILP_WHAT_ANYWHERE_PROFILE] = "not arn:aws:rolesanywhere:REGION:ACCOUNT:"
                                   "profile/ID",
    [CILP_WHAT_ANYWHERE_ROLE] = "not arn:aws:iam::ACCOUNT:role/NAME",
    [CILP_WHAT_TWO_PARTITIONS] = "the three ARNs are of two partitions",
    [CILP_WHAT_TWO_REGIONS] = "trust anchor and profile are of two Regions",
    [CILP_WHAT_SOURCE_SAID] = "refused",
    [CILP_WHAT_SOURCE_FOREIGN] = "an answer that is not of this service",
    [CILP_WHAT_NO_ROLE] = "the instance has no role",
    [CILP_WHAT_NO_KEYS] = "a reply without a whole set of keys",
    [CILP_WHAT_EXPIRED] = "the keys have expired",
    [CILP_WHAT_VERSION] = "\"Version\" is not 1",
    [CILP_WHAT_JSON] = "not one well-formed JSON object",
    [CILP_WHAT_JSON_TWICE] = "a JSON name stands twice",
    [CILP_WHAT_JSON_TYPE] =
        "a JSON value of another type, or with a control character",
    [CILP_WHAT_JSON_ROOM] = "the JSON text is too long or too deep",
    [CILP_WHAT_HASH] = "SHA-256 failed",
    [CILP_WHAT_SIGNING] = "the certificate's key did not sign",
    [CILP_WHAT_DEADLINE] = "the deadline passed",
    [CILP_WHAT_CONNECT_TIME] = "no connection in time",
    [CILP_WHAT_SILENT] = "the peer was silent for too long",
    [CILP_WHAT_HUNG_UP] = "the peer hung up without a reply",
    [CILP_WHAT_HUNG_UP_MID_REPLY] = "the peer hung up in mid-reply",
    [CILP_WHAT_BROKE] = "the connection broke",
    [CILP_WHAT_STOPPED] = "stopped",
    [CILP_WHAT_NO_DATE] = "the clock is unset, and the peer tells no time",
    [CILP_WHAT_NO_CLOCK] = "the clock is unset",
    [CILP_WHAT_CLOCK] = "this machine's clock cannot be read",
    [CILP_WHAT_STATUS_LINE] = "bad status line",
    [CILP_WHAT_STATUS] = "unexpected status",
    [CILP_WHAT_INTERIM] = "too many 1xx replies",
    [CILP_WHAT_HEADER_NAME] = "bad header name",
    [CILP_WHAT_CONTROL] = "control character",
    [CILP_WHAT_LENGTH] = "bad Content-Length",
    [CILP_WHAT_CODING] = "bad Transfer-Encoding",
    [CILP_WHAT_FRAMING] = "two kinds of framing",
    [CILP_WHAT_CHUNK_SIZE] = "bad chunk size",
    [CILP_WHAT_LINE_END] = "bad line end",
    [CILP_WHAT_LONG_LINE] = "header line too long",
    [CILP_WHAT_LONG_HEAD] = "head too long",
    [CILP_WHAT_LONG_CHUNK] = "chunk or trailer too long",
    [CILP_WHAT_CUT] = "reply cut short",
    [CILP_WHAT_FALSE] = "EC2 answered <return>false</return>",
    [CILP_WHAT_NOT_TRUE] = "a success reply without a whole <return>true",
    [CILP_WHAT_FOREIGN] = "an error reply that is not EC2's",
    [CILP_WHAT_UNREADABLE] = "a success reply that cannot be read",
    [CILP_WHAT_OTHER_IMAGE] = "the reply is about another image",
    [CILP_WHAT_LONG_PAGE_TOKEN] = "the token of the next page is too long",
    [CILP_WHAT_SAME_PAGE] = "the next page is the same page again",
    [CILP_WHAT_NO_ACCOUNT] = "the reply names no account",
    [CILP_WHAT_TWO_ACCOUNTS] = "the reply names another account in its ARN",
};

/* see what.h */
const char *cilp_what_text(enum cilp_what what)
{
    return texts[what];
}
