#include "core/what.h"

#include <stddef.h>
#include <stdint.h>

#include "core/creds.h"

#define STRING_OF(x) #x
#define STRING(x)    STRING_OF(x)

/* One struct of arrays and an offset each, not pointers: in a program that may
 * lie anywhere those are to be relocated, at up to 24 bytes more apiece. */
/* clang-format off */
#define TEXTS(T) \
    T(NONE, "") \
    T(NO_IMAGE, "the image id is missing or too long") \
    T(IMAGE, "an image id is ami- and 8 or 17 lower-case hex digits") \
    T(LIMITS, "more than 10 attempts, or more than 24 hours") \
    T(AGENT, "the user agent is too long or not printable ASCII") \
    T(MEMORY, "this flow needs memory to read into") \
    T(ACCOUNT, "an account is 12 digits") \
    T(LONG_NAME, "the pattern of the name is too long") \
    T(NO_REGION, "no Region was given") \
    T(REGION, \
      "a Region has 1 to " STRING(CILP_REGION_MAX) \
      " of a-z, 0-9 and inner '-'") \
    T(PSEUDO_REGION, \
      "no Region: one ends with a digit, and FIPS is a wish of its own") \
    T(ENDPOINT, "endpoint: not https://HOST[:PORT]") \
    T(ENDPOINT_HOST, "endpoint: the host is too long, or no name or address") \
    T(ENDPOINT_PORT, "endpoint: the port is not 1 to 65535") \
    T(ENDPOINT_VARIANT, "endpoint: a custom one has no FIPS or dual stack") \
    T(ENDPOINT_HTTP, \
      "endpoint: plain http:// goes to loopback only, unless allowed") \
    T(NO_SOURCE, "no source of credentials was named") \
    T(KEY_ID, "the access key id is too long, missing or not printable ASCII") \
    T(SECRET, \
      "the secret access key is too long, missing or not printable ASCII") \
    T(TOKEN, "the session token is too long or not printable ASCII") \
    T(SOURCE_ARG, "the source's argument is missing") \
    T(URI, "the agent's URI is too long, or leads where no agent is") \
    T(AUTHORIZATION, \
      "the agent's authorization token is too long or not printable ASCII") \
    T(ROLES, \
      "1 to " STRING(CILP_ROLES_MAX) " roles can be assumed, from one base") \
    T(ROLE_ARN, "a role's ARN has 20 to 2048 printable characters") \
    T(SESSION_NAME, \
      "a role session name has 2 to 64 of A-Z a-z 0-9 _ + = , . @ -") \
    T(EXTERNAL_ID, "an external id has 2 to 1224 printable characters") \
    T(DURATION, "a role session lasts 900 to 43200 seconds") \
    T(WEB_TOKEN, \
      "a web identity token has 4 to " STRING(CILP_WEB_TOKEN_MAX) \
      " printable characters") \
    T(ACCESS_TOKEN, \
      "the SSO access token is missing, too long or not printable ASCII") \
    T(ACCOUNT_ID, "the SSO account is not 12 digits") \
    T(ROLE_NAME, "a role's name has 1 to 64 of A-Z a-z 0-9 _ + = , . @ -") \
    T(SOURCE_SAID, "refused") \
    T(SOURCE_FOREIGN, "an answer that is not of this service") \
    T(NO_ROLE, "the instance has no role") \
    T(NO_KEYS, "a reply without a whole set of keys") \
    T(EXPIRED, "the keys have expired") \
    T(VERSION, "\"Version\" is not 1") \
    T(JSON, "not one well-formed JSON object") \
    T(JSON_TWICE, "a JSON name stands twice") \
    T(JSON_TYPE, "a JSON value of another type, or with a control character") \
    T(JSON_ROOM, "the JSON text is too long or too deep") \
    T(HASH, "SHA-256 failed") \
    T(DEADLINE, "the deadline passed") \
    T(CONNECT_TIME, "no connection in time") \
    T(SILENT, "the peer was silent for too long") \
    T(HUNG_UP, "the peer hung up without a reply") \
    T(HUNG_UP_MID_REPLY, "the peer hung up in mid-reply") \
    T(BROKE, "the connection broke") \
    T(STOPPED, "stopped") \
    T(NO_DATE, "the clock is unset, and the peer tells no time") \
    T(NO_CLOCK, "the clock is unset") \
    T(CLOCK, "this machine's clock cannot be read") \
    T(STATUS_LINE, "bad status line") \
    T(STATUS, "unexpected status") \
    T(INTERIM, "too many 1xx replies") \
    T(HEADER_NAME, "bad header name") \
    T(CONTROL, "control character") \
    T(LENGTH, "bad Content-Length") \
    T(CODING, "bad Transfer-Encoding") \
    T(FRAMING, "two kinds of framing") \
    T(CHUNK_SIZE, "bad chunk size") \
    T(LINE_END, "bad line end") \
    T(LONG_LINE, "header line too long") \
    T(LONG_HEAD, "head too long") \
    T(LONG_CHUNK, "chunk or trailer too long") \
    T(CUT, "reply cut short") \
    T(FALSE, "EC2 answered <return>false</return>") \
    T(NOT_TRUE, "a success reply without a whole <return>true") \
    T(FOREIGN, "an error reply that is not EC2's") \
    T(UNREADABLE, "a success reply that cannot be read") \
    T(OTHER_IMAGE, "the reply is about another image") \
    T(LONG_PAGE_TOKEN, "the token of the next page is too long") \
    T(SAME_PAGE, "the next page is the same page again") \
    T(NO_ACCOUNT, "the reply names no account") \
    T(TWO_ACCOUNTS, "the reply names another account in its ARN")
/* clang-format on */

struct texts {
#define T(name, text) char name[sizeof(text)];
    TEXTS(T)
#undef T
};

static const struct texts texts = {
#define T(name, text) text,
    TEXTS(T)
#undef T
};

static const uint16_t at[] = {
#define T(name, text) [CILP_WHAT_##name] = offsetof(struct texts, name),
    TEXTS(T)
#undef T
};

/* see what.h */
const char *cilp_what_text(enum cilp_what what)
{
    return (const char *)&texts + at[what];
}
