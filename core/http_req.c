#include "core/http_req.h"

#include "core/endpoint.h"
#include "core/sigv4.h"

#define CONTENT_TYPE "application/x-www-form-urlencoded; charset=utf-8"

/* Everything that the signer borrows, in one place on the stack. */
struct signing {
    struct cilp_sigv4_in     in;
    struct cilp_sigv4_header headers[4];
    uint8_t                  payload_hash[CILP_SHA256_LEN];
    char                     host[CILP_HOST_MAX + sizeof "[]:65535"];
    uint32_t                 body_len;
};

static bool hash_body(struct cilp_op *op, struct signing *s)
{
    struct cilp_text body;

    cilp_text_init_hash(&body, &op->hash);
    op->ex->form(op->req, &body);
    s->body_len = (uint32_t)body.len;
    return cilp_sha256_end(&op->hash, s->payload_hash);
}

/* The names are in alphabetical order already: nothing to sort. */
static void fill_headers(const struct cilp_op *op, struct signing *s)
{
    struct cilp_sigv4_header *h = s->headers;

    *h++ = (struct cilp_sigv4_header){"content-type", CONTENT_TYPE};
    *h++ = (struct cilp_sigv4_header){"host", s->host};
    *h++ = (struct cilp_sigv4_header){"x-amz-date", s->in.date};
    if (op->creds.token[0])
        *h++ = (struct cilp_sigv4_header){"x-amz-security-token",
                                          op->creds.token};
    s->in.headers = s->headers;
    s->in.n_headers = (size_t)(h - s->headers);
}

static bool prepare(struct cilp_op *op, struct signing *s)
{
    struct cilp_text host;

    cilp_text_init(&host, s->host, sizeof s->host);
    cilp_endpoint_host(&host, &op->peer);
    if (!cilp_text_end(&host) || !hash_body(op, s))
        return false;
    s->in.method = "POST";
    s->in.uri = "/";
    s->in.query = "";
    s->in.payload_hash = s->payload_hash;
    s->in.region = op->req->region;
    s->in.service = op->ex->service;
    s->in.key_id = op->creds.key_id;
    s->in.secret = op->creds.secret;
    cilp_utc_basic(s->in.date, op->result.signed_s);
    fill_headers(op, s);
    return true;
}

static void field(struct cilp_text *out, const char *name, const char *value)
{
    cilp_text_str(out, name);
    cilp_text_str(out, ": ");
    cilp_text_str(out, value);
    cilp_text_str(out, "\r\n");
}

static void write_sdk_fields(const struct cilp_op *op, struct cilp_text *out)
{
    field(out, "amz-sdk-invocation-id", op->result.invocation_id);
    cilp_text_str(out, "amz-sdk-request: attempt=");
    cilp_text_uint(out, op->result.attempts);
    cilp_text_str(out, "; max=");
    cilp_text_uint(out, op->attempts_max);
    cilp_text_str(out, "\r\n");
}

static bool write_head(struct cilp_op *op, struct cilp_text *out,
                       const struct signing *s)
{
    const char *agent = op->req->user_agent;

    cilp_text_str(out, "POST / HTTP/1.1\r\n");
    field(out, "Host", s->host);
    field(out, "Accept-Encoding", "identity");
    field(out, "Content-Type", CONTENT_TYPE);
    field(out, "User-Agent", agent ? agent : "cilp/" CILP_VERSION);
    write_sdk_fields(op, out);
    field(out, "X-Amz-Date", s->in.date);
    if (op->creds.token[0])
        field(out, "X-Amz-Security-Token", op->creds.token);
    cilp_text_str(out, "Authorization: ");
    if (!cilp_sigv4_authorize(out, &s->in, &op->hash))
        return false;
    cilp_text_str(out, "\r\nContent-Length: ");
    cilp_text_uint(out, s->body_len);
    cilp_text_str(out, "\r\n\r\n");
    return true;
}

/* see http_req.h */
bool cilp_http_req_write(struct cilp_op *op, struct cilp_text *out)
{
    struct signing s;

    if (!prepare(op, &s) || !write_head(op, out, &s))
        return false;
    op->ex->form(op->req, out);
    return true;
}

/* see cilp.h */
size_t cilp_canonical_request(struct cilp_op *op, char *out, size_t cap)
{
    struct cilp_text text;
    struct signing s;

    cilp_text_init(&text, out, cap);
    if (op->ex && prepare(op, &s))
        cilp_sigv4_canonical(&text, &s.in, "x-amz-security-token");
    return text.len;
}
