/*
 * creds_imds.c - the role of an EC2 instance, and its Region: IMDSv2 alone.
 *
 *   PUT token -> GET role's name -> GET its keys
 *   PUT token -> GET Region
 *
 * A token that is refused is asked for once more. op->creds holds token and
 * role on the way: a role that is known is asked for its keys.
 */
#include "core/endpoint.h"
#include "core/source.h"

#include <string.h>

#define TIMEOUT_MS 1000
#define ATTEMPTS   3
#define ROLE_MAX   64
#define ROLES_PATH "/latest/meta-data/iam/security-credentials/"

/* The token lies where the session token will, the role in the key id's
 * place. */
_Static_assert(CILP_KEY_MAX >= ROLE_MAX, "CILP_KEY_MAX: a role must fit");

static const struct cilp_imds *or_defaults(const struct cilp_imds *imds)
{
    static const struct cilp_imds defaults;

    return imds ? imds : &defaults;
}

static enum cilp_what aim_at(struct cilp_peer *to, const struct cilp_imds *imds)
{
    const char *url = imds->endpoint ? imds->endpoint : CILP_IMDS_IPV4;
    const char *rest;
    enum cilp_what what = cilp_endpoint_agent(to, url, CILP_LOCAL, &rest);

    if (!what && (to->tls || rest[*rest == '/']))
        return CILP_WHAT_ENDPOINT;
    return what;
}

static enum cilp_what aim(const struct cilp_op *op, struct cilp_peer *to)
{
    return aim_at(to, op->arg);
}

static enum cilp_what aim_for_region(const struct cilp_op *op,
                                     struct cilp_peer *to)
{
    const struct cilp_imds_region *memory = op->req->memory;

    return aim_at(to, or_defaults(memory->imds));
}

/* ---- Requests -------------------------------------------------------------- */

/* A minute is enough for what follows. */
static bool write_put(struct cilp_op *op, struct cilp_text *out)
{
    cilp_text_str(out, "PUT /latest/api/token");
    cilp_source_put_head(op, out);
    cilp_text_str(out, "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n"
                       "Content-Length: 0\r\n\r\n");
    return true;
}

static bool write_get(struct cilp_op *op, struct cilp_text *out,
                      const char *path, const char *role)
{
    const char *const parts[] = {path, role};
    const char *token = op->creds.token;

    cilp_text_fill(out, "GET %%", parts);
    cilp_source_put_head(op, out);
    cilp_text_fill(out, "X-aws-ec2-metadata-token: %\r\n\r\n", &token);
    return true;
}

static bool write_role(struct cilp_op *op, struct cilp_text *out)
{
    return write_get(op, out, ROLES_PATH, op->creds.key_id);
}

static bool write_region(struct cilp_op *op, struct cilp_text *out)
{
    return write_get(op, out, "/latest/meta-data/placement/region", "");
}

/* ---- Replies ---------------------------------------------------------------- */

/* How the judges of what follows the token begin. A token that was good a
 * moment ago and is refused now has seen a restart: once more from the start,
 * which is `first`. A reply that broke off, or a stop, refuses nothing. */
static bool failed(struct cilp_op *op, const struct cilp_exchange *first,
                   enum cilp_step *step)
{
    if (!cilp_source_failed(op, step))
        return false;
    if (op->result.what != CILP_WHAT_SOURCE_SAID)
        return true;
    if (op->result.http_status == 401 && op->round == 0) {
        op->round = 1;
        op->ex = first;
        *step = CILP_STEP_NEXT;
    } else if (op->result.http_status == 404) {
        *step = cilp_source_reject(op, CILP_WHAT_NO_ROLE);
    }
    return true;
}

static enum cilp_step judge_token(struct cilp_op *op,
                                  const struct cilp_exchange *next)
{
    enum cilp_step step;

    if (cilp_source_failed(op, &step))
        return step;
    cilp_op_wipe_creds(op);
    if (!cilp_source_line(op, op->creds.token, CILP_TOKEN_MAX))
        return cilp_source_reject(op, CILP_WHAT_SOURCE_FOREIGN);
    op->ex = next;
    return CILP_STEP_NEXT;
}

/* {"Code": "Success", ...}; a reply of status 200 may be an error, too. The
 * time of expiry is not looked at: EC2 decides. */
static enum cilp_step judge_keys(struct cilp_op *op)
{
    /* clang-format off */
    static const struct cilp_json_field fields[] = {
        {"AccessKeyId", CILP_JSON_STRING}, {"SecretAccessKey", CILP_JSON_STRING},
        {"Token", CILP_JSON_STRING},       {"Expiration", CILP_JSON_STRING},
        {"Code", CILP_JSON_STRING},        {"Message", CILP_JSON_STRING},
    };
    /* clang-format on */
    const char *v[6];
    size_t len, cap;
    char *text = cilp_source_text(op, &len, &cap);
    enum cilp_what what = cilp_json_read(text, len, cap, fields, 6, v, NULL);

    if (what)
        return cilp_source_reject(op, what);
    if (v[4] && strcmp(v[4], "Success") != 0) {
        cilp_source_note(op, v[4], v[5]);
        return cilp_source_reject(op, CILP_WHAT_SOURCE_SAID);
    }
    what = cilp_source_take(op, v);
    return what ? cilp_source_reject(op, what) : cilp_source_done(op);
}

/* ---- The keys ----------------------------------------------------------------- */

static const struct cilp_exchange token_exchange;

static enum cilp_step judge_role(struct cilp_op *op)
{
    enum cilp_step step;
    char *role = op->creds.key_id;

    if (failed(op, &token_exchange, &step))
        return step;
    if (*role)
        return judge_keys(op);
    if (!cilp_source_line(op, role, ROLE_MAX) ||
        !cilp_source_is_name(role, 1, ROLE_MAX))
        return cilp_source_reject(op, CILP_WHAT_ROLE_NAME);
    return CILP_STEP_NEXT;
}

static const struct cilp_exchange role_exchange = {
    .reader = &cilp_reads_text,
    .aim = aim,
    .write = write_role,
    .judge = judge_role,
};

static enum cilp_step judge_keys_token(struct cilp_op *op)
{
    return judge_token(op, &role_exchange);
}

static const struct cilp_exchange token_exchange = {
    .reader = &cilp_reads_text,
    .aim = aim,
    .write = write_put,
    .judge = judge_keys_token,
};

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_imds *imds = or_defaults(arg);

    cilp_source_begin(op, &token_exchange, imds);
    op->connect_ms = imds->timeout_ms ? imds->timeout_ms : TIMEOUT_MS;
    op->read_ms = op->connect_ms;
    op->attempts_max = imds->attempts ? imds->attempts : ATTEMPTS;
    op->wait_ms = op->req->wait_ms;
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_source cilp_creds_imds = {take};

/* ---- The Region ---------------------------------------------------------------- */

static const struct cilp_exchange region_token_exchange;

static enum cilp_step judge_region(struct cilp_op *op)
{
    struct cilp_imds_region *memory = op->req->memory;
    enum cilp_step step;

    if (failed(op, &region_token_exchange, &step))
        return step;
    cilp_op_wipe_creds(op); /* the token was in there */
    if (!cilp_source_line(op, memory->region, CILP_REGION_MAX) ||
        !cilp_region_is_valid(memory->region)) {
        memory->region[0] = '\0';
        return cilp_source_reject(op, CILP_WHAT_REGION);
    }
    op->result.outcome = CILP_ANSWERED;
    return CILP_STEP_FINISH;
}

static const struct cilp_exchange region_exchange = {
    .reader = &cilp_reads_text,
    .aim = aim_for_region,
    .write = write_region,
    .judge = judge_region,
};

static enum cilp_step judge_region_token(struct cilp_op *op)
{
    return judge_token(op, &region_exchange);
}

/* Keys that a call before may have left make room for the token. */
static const struct cilp_exchange region_token_exchange = {
    .reader = &cilp_reads_text,
    .prepare = cilp_op_wipe_creds,
    .aim = aim_for_region,
    .write = write_put,
    .judge = judge_region_token,
};

static enum cilp_what check(const struct cilp_request *req)
{
    struct cilp_imds_region *memory = req->memory;

    if (!memory)
        return CILP_WHAT_MEMORY;
    memory->region[0] = '\0';
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_flow cilp_imds_region = {.action = "",
                                           .first = &region_token_exchange,
                                           .check = check,
                                           .keyless = true};
