/*
 * call_models.c - what a call asks others for, in place of these: each may answer
 * anything that it may answer, which is more than it does. What each promises and
 * is assumed here stands in its header, and is proved where a harness is named.
 */
#include <string.h>

#include "core/codes.h"
#include "core/http_req.h"
#include "core/http_resp.h"
#include "core/reply.h"
#include "core/text.h"
#include "core/utc.h"
#include "tests/proof/call_models.h"
#include "tests/proof/proof.h"

bool model_whole; /* what cilp_reply_end() said last */
bool model_led;   /* the request leads somewhere: it does so each time */
unsigned
    model_bodies; /* pieces of a body that may still come out of one call */

/* Something was written there, and not wiped since: the window on requests and
 * replies, the readers, the caller's room. */
bool model_window_used, model_readers_used, model_room_used;

/* ---- The reply: proof_http_resp_feed.c, proof_reply_feed.c --------------- */

/* see http_resp.h */
void cilp_http_resp_init(struct cilp_http_resp *h)
{
    model_readers_used = true;
    h->head_done = h->keep_alive = false;
    h->status = 0;
    h->retry_after_ms = -1;
}

static void any_head(struct cilp_http_resp *h)
{
    if (!h->head_done && nondet_bool()) {
        h->head_done = true;
        h->status = nondet_u16();
        assume(h->status >= 200 && h->status <= 999);
    }
    h->keep_alive = nondet_bool();
    h->retry_after_ms = nondet_i32();
    assume(h->retry_after_ms >= -1 && h->retry_after_ms <= 86400000);
    model_readers_used = true;
}

/* see http_resp.h */
enum cilp_http_rc cilp_http_resp_feed(struct cilp_http_resp *h,
                                      const uint8_t *p, size_t n, size_t *used,
                                      const uint8_t **body, size_t *body_len)
{
    any_head(h);
    *body = p;
    *body_len = 0;
    *used = any_size(0, n);
    if (h->head_done && *used > 0 && model_bodies > 0 && nondet_bool()) {
        model_bodies--;
        *body_len = any_size(1, *used);
        return CILP_HTTP_BODY;
    }
    if (nondet_bool()) {
        *used = n;
        return CILP_HTTP_MORE;
    }
    return h->head_done && nondet_bool() ? CILP_HTTP_DONE : CILP_HTTP_BAD;
}

/* see http_resp.h */
enum cilp_http_rc cilp_http_resp_eof(struct cilp_http_resp *h)
{
    any_head(h);
    return h->head_done && nondet_bool() ? CILP_HTTP_DONE : CILP_HTTP_BAD;
}

/* see reply.h */
void cilp_reply_init(struct cilp_reply *r, const struct cilp_reply_form *form,
                     void *memory)
{
    model_readers_used = true;
    r->ret = CILP_RETURN_NONE;
    r->is_error = r->is_expected = r->bad = false;
    r->form = form;
    r->memory = memory;
}

/* see reply.h */
size_t cilp_reply_feed(struct cilp_reply *r, struct cilp_result *into,
                       const uint8_t *p, size_t n)
{
    (void)p;
    r->ret = (enum cilp_return)(nondet_u8() & 3);
    r->is_error = nondet_bool();
    r->is_expected = nondet_bool();
    r->bad = nondet_bool();
    model_readers_used = true;
    into->code[0] = nondet_char();
    return n;
}

/* see reply.h */
bool cilp_reply_end(struct cilp_reply *r, struct cilp_result *into)
{
    model_readers_used = true;
    model_whole = !r->bad && nondet_bool();
    if (!model_whole) {
        r->bad = true;
        into->code[0] = into->message[0] = '\0';
    }
    return model_whole;
}

/* see codes.h */
enum cilp_meaning cilp_code_means(uint16_t status, const char *code,
                                  const char *message)
{
    const enum cilp_meaning means = (enum cilp_meaning)(nondet_u8() & 31);

    (void)message;
    assume(means <= CILP_MEANS_UNVERIFIED);
    if (status == 429)
        return CILP_MEANS_THROTTLED;
    if (status == 500 || (status >= 502 && status <= 504))
        assume(means == CILP_MEANS_TRANSIENT || means == CILP_MEANS_THROTTLED);
    else
        assume(code[0] || means == CILP_MEANS_UNKNOWN);
    return means;
}

/* see codes.h */
bool cilp_means_nothing(enum cilp_meaning means)
{
    return means == CILP_MEANS_NOT_FOUND || means == CILP_MEANS_GONE;
}

/* see codes.h */
bool cilp_means_skewed(enum cilp_meaning means)
{
    return means >= CILP_MEANS_NOT_AUTHORIZED && means <= CILP_MEANS_CLOCK;
}

/* see utc.h */
bool cilp_utc_from_http(const char *p, size_t n, int64_t *unix_s)
{
    (void)p, (void)n;
    if (nondet_bool())
        return false;
    *unix_s = nondet_i64();
    assume(*unix_s >= 0 && *unix_s <= INT64_C(253402300799));
    return true;
}

/* ---- The request --------------------------------------------------------- */

/* see http_req.h: of any length; a window of it has keys */
bool cilp_http_req_form(struct cilp_op *op, struct cilp_text *out)
{
    out->len = nondet_size();
    assume(out->len > out->skip && out->len <= out->skip + 2 * CILP_IO_MAX);
    (void)op;
    model_window_used = true;
    return nondet_bool();
}

/* see text.h */
void cilp_text_init(struct cilp_text *t, char *p, size_t cap)
{
    t->p = p;
    t->cap = cap;
    t->skip = t->len = 0;
    t->hash = NULL;
}

/* see text.h */
void cilp_text_char(struct cilp_text *t, char c)
{
    (void)t, (void)c;
}

/* see text.h */
void cilp_text_hex(struct cilp_text *t, const uint8_t *p, size_t n)
{
    (void)t, (void)p, (void)n;
}

/* see text.h */
bool cilp_text_end(struct cilp_text *t)
{
    (void)t;
    return nondet_bool();
}

/* see text.h: the window is full, or the text at its end */
size_t cilp_text_kept(const struct cilp_text *t)
{
    const size_t rest = t->len - t->skip;

    return rest < t->cap ? rest : t->cap;
}

/* see text.h */
bool cilp_text_is_within(const char *s, size_t max)
{
    (void)s, (void)max;
    return nondet_bool();
}

/* see text.h */
bool cilp_text_is_printable(const char *s)
{
    (void)s;
    return nondet_bool();
}

/* ---- Retries --------------------------------------------------------------- */

/* see retry.h */
void cilp_retry_init(struct cilp_retry *r)
{
    (void)r;
}

/* see retry.h */
void cilp_retry_succeeded(struct cilp_retry *r)
{
    (void)r;
}

/* see retry.h */
enum cilp_retry_class cilp_retry_classify(enum cilp_meaning means)
{
    (void)means;
    return nondet_bool()   ? CILP_RETRY_NEVER
           : nondet_bool() ? CILP_RETRY_TRANSIENT
                           : CILP_RETRY_THROTTLED;
}

/* see retry.h */
bool cilp_retry_ask(struct cilp_retry *r, enum cilp_retry_class class,
                    uint8_t attempt, uint8_t max, int32_t after_ms,
                    uint32_t jitter, uint32_t *delay_ms)
{
    (void)r, (void)after_ms, (void)jitter;
    *delay_ms = nondet_u32();
    return class != CILP_RETRY_NEVER && attempt < max && nondet_bool();
}
