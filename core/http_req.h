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
 * Knows:  op.h, sigv4, endpoint, text.     Known by: op.
 */
#ifndef CILP_HTTP_REQ_H
#define CILP_HTTP_REQ_H

#include "core/op.h"

/* Write the request of op->ex to op->peer, head and body, signed for
 * op->result.signed_s with op->creds. The same bytes at every call until one
 * of these changes. False: the hash provider failed. */
bool cilp_http_req_write(struct cilp_op *op, struct cilp_text *out);

/* Write an unsigned request that changes nothing and reveals nothing, for the
 * Date of its reply. */
void cilp_http_req_ask_time(struct cilp_op *op, struct cilp_text *out);

#endif
