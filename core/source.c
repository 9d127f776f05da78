#include "core/source.h"

#include <string.h>

#include "core/endpoint.h"
#include "core/http_req.h"
#include "core/utc.h"

/* ---- From exchange to exchange ------------------------------------------- */

/* see source.h */
void cilp_source_begin(struct cilp_op *op, const struct cilp_exchange *ex,
                       const void *arg)
{
    cilp_op_wipe_creds(op);
    cilp_op_turn_to(op, ex);
    op->arg = arg;
    op->round = 0;
    op->sourcing = true;
}

/* see source.h */
enum cilp_step cilp_source_done(struct cilp_op *op)
{
    op->round = 0;
    op->sourcing = op->then != op->req->flow->first;
    cilp_op_turn_to(op, op->then);
    return CILP_STEP_NEXT;
}

/* see source.h */
enum cilp_step cilp_source_reject(struct cilp_op *op, enum cilp_what what)
{
    op->result.outcome = CILP_NOT_SENT;
    op->result.err = CILP_E_CREDS;
    op->result.what = what;
    return CILP_STEP_FINISH;
}

/* see source.h */
void cilp_source_note(struct cilp_op *op, const char *code, const char *message)
{
    struct cilp_result *r = &op->result;

    cilp_reply_note(&op->reply, r, r->code, CILP_CODE_MAX, code);
    cilp_reply_note(&op->reply, r, r->message, CILP_MESSAGE_MAX, message);
    r->means = cilp_code_means(r->http_status, r->code, r->message);
}

/* see source.h */
bool cilp_source_failed(struct cilp_op *op, enum cilp_step *step)
{
    struct cilp_result *r = &op->result;

    r->outcome = CILP_NOT_SENT;
    if (r->err != CILP_OK) {
        *step = r->err == CILP_E_SPACE ? CILP_STEP_FINISH
                                       : cilp_judge_broken(op);
        return true;
    }
    if (r->http_status == 200)
        return false;
    cilp_source_reject(op, CILP_WHAT_SOURCE_SAID);
    *step = (enum cilp_step)cilp_retry_classify(r->means);
    return true;
}

/* ---- Requests ------------------------------------------------------------ */

/* see source.h */
void cilp_source_put_head(struct cilp_op *op, struct cilp_text *out)
{
    const char *const values[] = {cilp_http_req_host(op),
                                  cilp_http_req_agent(op)};

    cilp_text_fill(out, " HTTP/1.1\r\nHost: %\r\nUser-Agent: %\r\n", values);
}

/* see source.h */
enum cilp_what cilp_source_aim(const struct cilp_op *op, struct cilp_peer *to,
                               const char *region, const char *endpoint)
{
    const struct cilp_request *req = op->req;
    const struct cilp_endpoint in = {op->ex->service,
                                     region,
                                     endpoint,
                                     req->fips && !endpoint,
                                     req->dual_stack && !endpoint,
                                     req->allow_http};

    return cilp_endpoint_resolve(to, &in);
}

/* ---- Checks of arguments --------------------------------------------------- */

/* see source.h */
bool cilp_source_is_name(const char *s, size_t min, size_t max)
{
    if (!cilp_text_is_word(s, min, max))
        return false;
    for (; *s; s++)
        if (!cilp_text_is_alnum(*s) && !cilp_text_has("_+=,.@-", *s))
            return false;
    return true;
}

/* ---- Replies ----------------------------------------------------------------- */

static uint8_t *room(struct cilp_op *op, size_t *cap)
{
    if (!op->req->room)
        return cilp_room_for_xml(op, cap);
    *cap = op->req->room_len;
    return op->req->room;
}

/* One byte stays free, for a NUL. */
static bool gather(struct cilp_op *op)
{
    size_t cap, n = (size_t)(op->body_end - op->body_at);
    uint8_t *to = room(op, &cap);

    memmove(to + op->kept, op->rx + op->body_at, n);
    op->kept += (uint32_t)n;
    if (op->kept < cap)
        return true;
    cilp_op_settle(op, CILP_E_SPACE, CILP_WHAT_JSON_ROOM);
    return false;
}

/* see source.h */
const struct cilp_reader cilp_reads_text = {room, gather};

/* see source.h */
char *cilp_source_text(struct cilp_op *op, size_t *len, size_t *cap)
{
    *len = op->kept;
    return (char *)room(op, cap);
}

/* see source.h */
bool cilp_source_line(struct cilp_op *op, char *to, size_t max)
{
    size_t len, cap;
    char *text = cilp_source_text(op, &len, &cap);

    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    text[len] = '\0';
    if (strlen(text) != len || !cilp_text_is_word(text, 1, max))
        return false;
    memcpy(to, text, len + 1);
    return true;
}

/* see source.h */
void cilp_source_set_expiry(struct cilp_op *op, int64_t expires_s)
{
    op->creds.expires_s = expires_s;
    op->came_good = expires_s > op->now.unix_s + op->offset_s;
}

/* see source.h */
void cilp_source_read_expiry(struct cilp_op *op)
{
    const char *text = op->creds.expires;
    int64_t expires_s = 0;

    (void)cilp_utc_from_iso(text, strlen(text), &expires_s);
    cilp_source_set_expiry(op, expires_s);
}

/* see source.h */
enum cilp_what cilp_source_take(struct cilp_op *op, const char *const v[4])
{
    const struct cilp_static_creds keys = {v[0], v[1], v[2]};
    enum cilp_what what;

    if (!v[0] || !v[1])
        return CILP_WHAT_NO_KEYS;
    what = cilp_creds_static.take(op, &keys);
    if (cilp_text_is_word(v[3], 1, sizeof op->creds.expires - 1))
        memcpy(op->creds.expires, v[3], strlen(v[3]));
    cilp_source_read_expiry(op);
    return what;
}
