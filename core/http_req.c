#include "core/http_req.h"

#include <string.h>

#include "core/endpoint.h"
#include "core/sigv4.h"

#define CONTENT_TYPE "application/x-www-form-urlencoded; charset=utf-8"

/* Everything that the signer borrows, in one place on the stack. */
struct signing {
    struct cilp_sigv4_in in;
    struct cilp_sigv4_header headers[4];
    uint8_t payload_hash[CILP_SHA256_LEN];
    uint32_t body_len;
};

/* The names are in alphabetical order already: nothing to sort. */
static void fill_headers(const struct cilp_op *op, struct signing *s)
{
    struct cilp_sigv4_header *h = s->headers;

    h[0].name = "content-type";
    h[0].value = CONTENT_TYPE;
    h[1].name = "host";
    h[1].value = op->host_field;
    h[2].name = "x-amz-date";
    h[2].value = s->in.date;
    h[3].name = "x-amz-security-token";
    h[3].value = op->creds.token;
    s->in.headers = h;
    s->in.n_headers = op->creds.token[0] ? 4 : 3;
}

/* see http_req.h */
const char *cilp_http_req_host(struct cilp_op *op)
{
    struct cilp_text text;

    cilp_text_init(&text, op->host_field, sizeof op->host_field);
    cilp_endpoint_host(&text, &op->peer);
    (void)cilp_text_end(&text); /* it has room for the longest */
    return op->host_field;
}

/* see http_req.h */
const char *cilp_http_req_agent(const struct cilp_op *op)
{
    return op->req->user_agent ? op->req->user_agent : "cilp/" CILP_VERSION;
}

/* see http_req.h */
const char *cilp_http_req_path(const struct cilp_op *op)
{
    return op->peer.path ? op->peer.path : "/";
}

static bool prepare(struct cilp_op *op, struct signing *s)
{
    struct cilp_text text;

    (void)cilp_http_req_host(op);
    s->in.path = cilp_http_req_path(op);
    s->in.payload_hash = s->payload_hash;
    s->in.region = op->req->region;
    s->in.service = op->ex->service;
    s->in.key_id = op->creds.key_id;
    s->in.secret = op->creds.secret;
    cilp_utc_basic(s->in.date, op->result.signed_s);
    fill_headers(op, s);
    cilp_text_init_hash(&text, &op->hash);
    op->ex->form(op, &text);
    s->body_len = (uint32_t)text.len;
    return cilp_sha256_end(&op->hash, s->payload_hash);
}

static bool write_head(struct cilp_op *op, struct cilp_text *out,
                       const struct signing *s)
{
    const char *token = op->creds.token;
    const char *const values[] = {
        cilp_http_req_path(op),  op->host_field,           CONTENT_TYPE,
        cilp_http_req_agent(op), op->result.invocation_id,
    };
    const char *date = s->in.date;

    cilp_text_fill(out,
                   "POST % HTTP/1.1\r\n"
                   "Host: %\r\n"
                   "Accept-Encoding: identity\r\n"
                   "Content-Type: %\r\n"
                   "User-Agent: %\r\n"
                   "amz-sdk-invocation-id: %\r\n"
                   "amz-sdk-request: attempt=",
                   values);
    cilp_text_uint(out, op->result.attempts);
    cilp_text_str(out, "; max=");
    cilp_text_uint(out, op->attempts_max);
    cilp_text_fill(out, "\r\nX-Amz-Date: %\r\n", &date);
    if (token[0])
        cilp_text_fill(out, "X-Amz-Security-Token: %\r\n", &token);
    cilp_text_str(out, "Authorization: ");
    if (!cilp_sigv4_authorize(out, &s->in, &op->hash))
        return false;
    cilp_text_str(out, "\r\nContent-Length: ");
    cilp_text_uint(out, s->body_len);
    cilp_text_str(out, "\r\n\r\n");
    return true;
}

/* see http_req.h */
bool cilp_http_req_form(struct cilp_op *op, struct cilp_text *out)
{
    struct signing s;

    if (!prepare(op, &s) || !write_head(op, out, &s))
        return false;
    op->ex->form(op, out);
    return true;
}

/* see cilp.h */
size_t cilp_canonical_request(struct cilp_op *op, char *out, size_t cap)
{
    char instead[sizeof "(65535 bytes)"];
    struct cilp_text text;
    struct signing s;

    cilp_text_init(&text, instead, sizeof instead);
    cilp_text_char(&text, '(');
    cilp_text_uint(&text, (uint32_t)strlen(op->creds.token));
    cilp_text_str(&text, " bytes)");
    (void)cilp_text_end(&text);
    cilp_text_init(&text, out, cap);
    if (op->ex && op->ex->write == cilp_http_req_form && !op->asking &&
        prepare(op, &s)) {
        s.headers[3].value = instead;
        cilp_sigv4_canonical(&text, &s.in);
    }
    return text.len;
}
