/*
 * creds_container.c - keys of the agent that a container has: ECS, EKS Pod
 * Identity, and those that speak like them.
 */
#include "core/endpoint.h"
#include "core/source_json.h"

#include <string.h>

static enum cilp_what aim_at(struct cilp_peer *to,
                             const struct cilp_container *in, const char **rest)
{
    enum cilp_what what;

    if (in->uri[0] != '/')
        return cilp_endpoint_agent(to, in->uri, CILP_AGENT, rest);
    what = cilp_endpoint_agent(to, CILP_CONTAINER_HOST, CILP_AGENT, rest);
    *rest = in->uri;
    return what;
}

static enum cilp_what aim(const struct cilp_op *op, struct cilp_peer *to)
{
    const char *rest;

    return aim_at(to, op->arg, &rest);
}

static bool write(struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_container *in = op->arg;
    struct cilp_peer to;
    const char *path;

    memset(&to, 0, sizeof to);
    (void)aim_at(&to, in, &path);
    cilp_text_str(out, *path == '/' ? "GET " : "GET /");
    cilp_text_str(out, path);
    cilp_source_put_head(op, out);
    cilp_text_str(out, "Accept: application/json\r\n");
    if (in->authorization)
        cilp_text_fill(out, "Authorization: %\r\n", &in->authorization);
    cilp_text_str(out, "\r\n");
    return true;
}

static enum cilp_step judge(struct cilp_op *op)
{
    static const struct cilp_json_field fields[4] = {
        {"AccessKeyId", CILP_JSON_STRING},
        {"SecretAccessKey", CILP_JSON_STRING},
        {"Token", CILP_JSON_STRING},
        {"Expiration", CILP_JSON_STRING},
    };

    return cilp_source_judge_json(op, fields);
}

static const struct cilp_exchange exchange = {
    .reader = &cilp_reads_text,
    .aim = aim,
    .write = write,
    .judge = judge,
};

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_container *in = arg;
    struct cilp_peer to;
    const char *rest;

    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    memset(&to, 0, sizeof to);
    if (!cilp_text_is_word(in->uri, 1, CILP_URI_MAX) || aim_at(&to, in, &rest))
        return CILP_WHAT_URI;
    if (in->authorization &&
        (!cilp_text_is_within(in->authorization, CILP_TOKEN_MAX) ||
         !cilp_text_is_printable(in->authorization)))
        return CILP_WHAT_AUTHORIZATION;
    cilp_source_begin(op, &exchange, arg);
    op->wait_ms = op->req->wait_ms;
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_source cilp_creds_container = {take};
