/*
 * what.h - which check failed. A number, so that an image that prints no texts
 * carries none; what.c has the texts.
 */
#ifndef CILP_WHAT_H
#define CILP_WHAT_H

#ifdef __cplusplus
extern "C" {
#endif

/* The order of the HTTP group is that of the states in http_resp.c. */
enum cilp_what {
    CILP_WHAT_NONE,
    /* the request */
    CILP_WHAT_NO_IMAGE,
    CILP_WHAT_IMAGE,
    CILP_WHAT_LIMITS,
    CILP_WHAT_AGENT,
    CILP_WHAT_MEMORY,
    CILP_WHAT_ACCOUNT,
    CILP_WHAT_LONG_NAME,
    /* Region and endpoint; from ENDPOINT on it is the endpoint's */
    CILP_WHAT_NO_REGION,
    CILP_WHAT_REGION,
    CILP_WHAT_PSEUDO_REGION,
    CILP_WHAT_ENDPOINT,
    CILP_WHAT_ENDPOINT_HOST,
    CILP_WHAT_ENDPOINT_PORT,
    CILP_WHAT_ENDPOINT_PATH,
    CILP_WHAT_ENDPOINT_VARIANT,
    CILP_WHAT_ENDPOINT_HTTP,
    /* credentials */
    CILP_WHAT_NO_SOURCE,
    CILP_WHAT_OTHER_KEYS,
    CILP_WHAT_QUOTED,
    CILP_WHAT_SWAPPED,
    CILP_WHAT_KEY_ID,
    CILP_WHAT_SECRET,
    CILP_WHAT_TOKEN,
    CILP_WHAT_NO_TOKEN,
    /* what a source was given */
    CILP_WHAT_SOURCE_ARG,
    CILP_WHAT_URI,
    CILP_WHAT_AUTHORIZATION,
    CILP_WHAT_ROLES,
    CILP_WHAT_ROLE_ARN,
    CILP_WHAT_SESSION_NAME,
    CILP_WHAT_EXTERNAL_ID,
    CILP_WHAT_DURATION,
    CILP_WHAT_WEB_TOKEN,
    CILP_WHAT_ACCESS_TOKEN,
    CILP_WHAT_ACCOUNT_ID,
    CILP_WHAT_ROLE_NAME,
    /* what a source answered */
    CILP_WHAT_SOURCE_SAID,
    CILP_WHAT_SOURCE_FOREIGN,
    CILP_WHAT_NO_ROLE,
    CILP_WHAT_NO_KEYS,
    CILP_WHAT_EXPIRED,
    CILP_WHAT_VERSION,
    CILP_WHAT_JSON,
    CILP_WHAT_JSON_TWICE,
    CILP_WHAT_JSON_TYPE,
    CILP_WHAT_JSON_ROOM,
    /* the attempt */
    CILP_WHAT_HASH,
    CILP_WHAT_DEADLINE,
    CILP_WHAT_CONNECT_TIME,
    CILP_WHAT_SILENT,
    CILP_WHAT_HUNG_UP,
    CILP_WHAT_HUNG_UP_MID_REPLY,
    CILP_WHAT_BROKE,
    CILP_WHAT_STOPPED,
    CILP_WHAT_NO_DATE,
    CILP_WHAT_NO_CLOCK,
    CILP_WHAT_CLOCK,
    /* HTTP */
    CILP_WHAT_STATUS_LINE,
    CILP_WHAT_STATUS,
    CILP_WHAT_INTERIM,
    CILP_WHAT_HEADER_NAME,
    CILP_WHAT_CONTROL,
    CILP_WHAT_LENGTH,
    CILP_WHAT_CODING,
    CILP_WHAT_FRAMING,
    CILP_WHAT_CHUNK_SIZE,
    CILP_WHAT_LINE_END,
    CILP_WHAT_LONG_LINE,
    CILP_WHAT_LONG_HEAD,
    CILP_WHAT_LONG_CHUNK,
    CILP_WHAT_CUT,
    /* what was said */
    CILP_WHAT_FALSE,
    CILP_WHAT_NOT_TRUE,
    CILP_WHAT_FOREIGN,
    CILP_WHAT_UNREADABLE,
    CILP_WHAT_OTHER_IMAGE,
    CILP_WHAT_LONG_PAGE_TOKEN,
    CILP_WHAT_SAME_PAGE,
    CILP_WHAT_NO_ACCOUNT,
    CILP_WHAT_TWO_ACCOUNTS
};

/* A short English text without a full stop, static; "" for NONE. */
const char *cilp_what_text(enum cilp_what what);

#ifdef __cplusplus
}
#endif

#endif
