/*
 * creds_sso.c - the access token of a login for the keys of a role: the portal
 * of IAM Identity Center.
 */
#include <string.h>

#include "core/account.h"
#include "core/http_req.h"
#include "core/source_json.h"

static enum cilp_what aim(const struct cilp_op *op, struct cilp_peer *to)
{
    const struct cilp_sso *in = op->arg;

    return cilp_source_aim(op, to, in->region, in->endpoint);
}

/* The endpoint's path, without a '/' at its end. */
static void put_prefix(struct cilp_text *out, const char *path)
{
    size_t n = strlen(path);

    cilp_text_put(out, path, path[n - 1] == '/' ? n - 1 : n);
}

static bool write(struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_sso *in = op->arg;

    cilp_text_str(out, "GET ");
    put_prefix(out, cilp_http_req_path(op));
    cilp_text_str(out, "/federation/credentials?role_name=");
    cilp_text_percent(out, in->role_name);
    cilp_text_str(out, "&account_id=");
    cilp_text_str(out, in->account_id);
    cilp_source_put_head(op, out);
    cilp_text_fill(out, "x-amz-sso_bearer_token: %\r\n\r\n", &in->access_token);
    return true;
}

/* Milliseconds, in digits. The last three are left out; 18 are beyond every
 * calendar. */
static int64_t from_ms(const char *ms)
{
    size_t n = strlen(ms);
    int64_t t = 0;

    if (n > 18)
        return 0;
    for (size_t i = 0; i + 3 < n; i++)
        t = t * 10 + (ms[i] - '0');
    return t;
}

static enum cilp_step judge(struct cilp_op *op)
{
    static const struct cilp_json_field fields[4] = {
        {"roleCredentials.accessKeyId", CILP_JSON_STRING},
        {"roleCredentials.secretAccessKey", CILP_JSON_STRING},
        {"roleCredentials.sessionToken", CILP_JSON_STRING},
        {"roleCredentials.expiration", CILP_JSON_INTEGER},
    };

    enum cilp_step step = cilp_source_judge_json(op, fields);

    cilp_source_set_expiry(op, from_ms(op->creds.expires));
    return step;
}

static const struct cilp_exchange exchange = {
    .service = "portal.sso",
    .reader = &cilp_reads_text,
    .aim = aim,
    .write = write,
    .judge = judge,
};

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_sso *in = arg;

    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    if (!cilp_text_is_word(in->access_token, 1, CILP_TOKEN_MAX))
        return CILP_WHAT_ACCESS_TOKEN;
    if (!cilp_is_account(in->account_id))
        return CILP_WHAT_ACCOUNT_ID;
    if (!cilp_source_is_name(in->role_name, 1, 64))
        return CILP_WHAT_ROLE_NAME;
    cilp_source_begin(op, &exchange, arg);
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_source cilp_creds_sso = {take};
