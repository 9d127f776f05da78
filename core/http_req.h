/*
 * http_req.h - write the request of an exchange: a signed form POST.
 *
 * The headers are those of the AWS CLI, in its order (Host, Accept-Encoding,
 * Content-Type, User-Agent, X-Amz-Date, token, Authorization, Content-Length),
 * with amz-sdk-invocation-id and amz-sdk-request for AWS Support, unsigned as
 * there.
 *
 * Source: RFC 9112 section 3; IAM User Guide, "Create a signed AWS API
 *         request".
 * Knows:  op.h, sigv4, endpoint, text.
 */
#ifndef CILP_HTTP_REQ_H
#define CILP_HTTP_REQ_H

#include "core/op.h"

/* Write the form POST of op->ex to op->peer, head and body, signed for
 * op->result.signed_s with op->creds. The same bytes at every call until one
 * of these changes. False: the hash provider failed. */
bool cilp_http_req_form(struct cilp_op *op, struct cilp_text *out);

/* The value of the Host header, for requests that are written elsewhere: in
 * op->host_field. */
const char *cilp_http_req_host(struct cilp_op *op);

/* Where at op->peer a Query API is: its endpoint's path, "/" if that has none. */
const char *cilp_http_req_path(const struct cilp_op *op);

/* The value of the User-Agent header. */
const char *cilp_http_req_agent(const struct cilp_op *op);

#endif
