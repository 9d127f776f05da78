/*
 * creds_iot.c - a device's certificate for the keys of a role: the credential
 * provider of AWS IoT. The certificate is shown in the TLS handshake, and is all
 * the proof there is.
 */
#include "core/source_json.h"

#define NAME_MAX 128

static enum cilp_what aim(const struct cilp_op *op, struct cilp_peer *to)
{
    const struct cilp_iot *in = op->arg;
    enum cilp_what what =
        cilp_source_aim(op, to, op->req->region, in->endpoint);

    if (what)
        return what;
    if (!to->tls) /* a certificate is shown over TLS alone */
        return CILP_WHAT_ENDPOINT;
    if (to->path && to->path[1])
        return CILP_WHAT_ENDPOINT_NO_PATH;
    to->path = NULL;
    to->identity = in->identity;
    return CILP_WHAT_NONE;
}

static bool write(struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_iot *in = op->arg;

    cilp_text_fill(out, "GET /role-aliases/%/credentials", &in->role_alias);
    cilp_source_put_head(op, out);
    if (in->thing_name)
        cilp_text_fill(out, "x-amzn-iot-thingname: %\r\n", &in->thing_name);
    cilp_text_str(out, "\r\n");
    return true;
}

static enum cilp_step judge(struct cilp_op *op)
{
    static const struct cilp_json_field fields[4] = {
        {"credentials.accessKeyId", CILP_JSON_STRING},
        {"credentials.secretAccessKey", CILP_JSON_STRING},
        {"credentials.sessionToken", CILP_JSON_STRING},
        {"credentials.expiration", CILP_JSON_STRING},
    };

    return cilp_source_judge_json(op, fields);
}

static const struct cilp_exchange exchange = {
    .reader = &cilp_reads_text,
    .aim = aim,
    .write = write,
    .judge = judge,
};

/* ---- The argument ---------------------------------------------------------- */

/* 1..NAME_MAX letters, digits and bytes of more. */
static bool is_name(const char *s, const char *more)
{
    if (!cilp_text_is_word(s, 1, NAME_MAX))
        return false;
    for (; *s; s++)
        if (!cilp_text_is_alnum(*s) && !cilp_text_has(more, *s))
            return false;
    return true;
}

/* see creds.h */
enum cilp_what cilp_iot_fault(const struct cilp_iot *in)
{
    if (!in->endpoint)
        return CILP_WHAT_SOURCE_ARG;
    if (!is_name(in->role_alias, "_=,@-"))
        return CILP_WHAT_ROLE_ALIAS;
    if (in->thing_name && !is_name(in->thing_name, ":_-"))
        return CILP_WHAT_THING_NAME;
    return CILP_WHAT_NONE;
}

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_iot *in = arg;
    enum cilp_what what;

    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    what = cilp_iot_fault(in);
    if (what)
        return what;
    if (!in->identity)
        return CILP_WHAT_IDENTITY;
    cilp_source_begin(op, &exchange, arg);
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_source cilp_creds_iot = {take};
