/*
 * creds_json.c - keys out of a JSON document that the caller has.
 */
#include "core/source.h"

#include <string.h>

static const struct cilp_json_field process_fields[] = {
    {"AccessKeyId", CILP_JSON_STRING},  {"SecretAccessKey", CILP_JSON_STRING},
    {"SessionToken", CILP_JSON_STRING}, {"Expiration", CILP_JSON_STRING},
    {"Version", CILP_JSON_INTEGER},
};

static const struct cilp_json_field login_fields[] = {
    {"accessToken.accessKeyId", CILP_JSON_STRING},
    {"accessToken.secretAccessKey", CILP_JSON_STRING},
    {"accessToken.sessionToken", CILP_JSON_STRING},
    {"accessToken.expiresAt", CILP_JSON_STRING},
};

static bool is_over(const struct cilp_op *op)
{
    const int64_t expires_s = cilp_expires_s(op);

    return expires_s != 0 && op->now.trusted &&
           expires_s <= op->now.unix_s + op->offset_s;
}

static bool is_version_1(const char *s)
{
    return s && strcmp(s, "1") == 0;
}

static enum cilp_what read(struct cilp_op *op, const struct cilp_json_creds *in)
{
    const bool is_process = in->form == CILP_JSON_PROCESS;
    const char *v[5];
    enum cilp_what what = cilp_json_read(
        in->text, in->len, in->cap, is_process ? process_fields : login_fields,
        is_process ? 5 : 4, v, NULL);

    if (what)
        return what;
    if (is_process && !is_version_1(v[4]))
        return CILP_WHAT_VERSION;
    what = cilp_source_take(op, v);
    /* a command may speak for a service with rules of its own: EC2 decides */
    if (is_process && what == CILP_WHAT_NO_TOKEN)
        what = CILP_WHAT_NONE;
    return what || !is_over(op) ? what : CILP_WHAT_EXPIRED;
}

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_json_creds *in = arg;
    enum cilp_what what;

    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    what = read(op, in);
    cilp_zero(in->text, in->cap);
    return what;
}

/* see creds.h */
const struct cilp_source cilp_creds_json = {take};
