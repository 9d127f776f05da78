/*
 * http_resp.h - read one HTTP reply as it streams.
 *
 * init + feed; may be cut anywhere; what is not needed is skipped, not stored.
 * Refused, because two readers could disagree on where the reply ends (request
 * smuggling): both framings, two lengths, a transfer coding other than one
 * "chunked" or one in HTTP/1.0, bare CR or LF, obs-fold, signs and spaces in
 * numbers, a space before a header's colon, control characters, empty lines
 * before the status line. HTTP/1.1 is read, and HTTP/1.0 from an old proxy, as
 * one reply per connection; no other version.
 *
 * Limits, each with its CRLFs: a head of 64 KB (interim 1xx heads included, at
 * most 8 of them), a line of 8 KB, a chunk line of 256 bytes, a trailer section
 * of 8 KB; a length below 4,294,967,290, a chunk below 2^32 (and any number of
 * chunks).
 *
 * Source: RFC 9112 (message syntax), RFC 9110 (fields).
 * Knows:  text.
 */
#ifndef CILP_HTTP_RESP_H
#define CILP_HTTP_RESP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cilp_config.h"
#include "core/what.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a header's value that are looked at; the values that matter are
 * shorter. A longer framing header is an error, a longer Connection means
 * close, and any other is as good as absent. */
#define CILP_HTTP_VALUE_MAX 96

/* "Thu, 15 Jan 2026 12:00:00 GMT" */
#define CILP_HTTP_DATE_LEN 29

enum cilp_http_rc {
    CILP_HTTP_MORE, /* all input was used */
    CILP_HTTP_BODY, /* *body, *body_len: the next decoded bytes, inside p */
    CILP_HTTP_DONE, /* the reply is complete; input may be left over */
    CILP_HTTP_BAD   /* see what; stays so */
};

/* Small fields first: Thumb reaches the first 32 bytes of a struct with short
 * instructions. */
struct cilp_http_resp {
    /* Read these once the head is complete (head_done). */
    bool head_done;         /* of the final reply, not of a 1xx */
    bool keep_alive;        /* the connection may carry another request */
    uint16_t status;        /* 200..999 */
    int32_t retry_after_ms; /* x-amz-retry-after, else Retry-After (seconds);
                               -1: none or not readable; at most 86400000 */
    enum cilp_what what;    /* the rule that was broken */

    /* private */
    uint8_t state;     /* enum state in http_resp.c */
    uint8_t flags;     /* what the head has said so far */
    uint8_t field;     /* which header the value belongs to */
    uint8_t interim;   /* 1xx heads seen */
    uint8_t value_len; /* bytes in value; digits of a chunk size */
    uint16_t line_len; /* bytes of the current line of a head */
    uint32_t room;     /* bytes that the head, the chunk line or the
                          trailer may still have */
    uint32_t left;     /* bytes of the body or chunk to come */
    char value[CILP_HTTP_VALUE_MAX + 1]; /* a header's name, then its value */

    /* public again */
    char date[CILP_HTTP_DATE_LEN]; /* Date as it came, no NUL; zeros: none,
                                      or of another length. utc.h reads it */
    char request_id[CILP_REQUEST_ID_MAX + 1]; /* x-amzn-requestid or
                                x-amz-request-id, printable ASCII; or "" */
};

/* A fresh reader of the reply to one request, not HEAD. Nor CONNECT, where a 2xx ends
 * with its head: whoever sends that feeds single bytes, up to head_done. */
void cilp_http_resp_init(struct cilp_http_resp *h);

/* Read from p[0..n). *used: bytes taken. After BODY call again with the rest,
 * even if nothing is left: the body's last byte is BODY and DONE comes next.
 * After DONE the bytes beyond *used are not this reply's. p may be NULL if n
 * is 0. */
enum cilp_http_rc cilp_http_resp_feed(struct cilp_http_resp *h,
                                      const uint8_t *p, size_t n, size_t *used,
                                      const uint8_t **body, size_t *body_len);

/* The peer sends no more: DONE if that is how this body ends, else BAD. */
enum cilp_http_rc cilp_http_resp_eof(struct cilp_http_resp *h);

#ifdef __cplusplus
}
#endif

#endif
