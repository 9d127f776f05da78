/*
 * call_models.c - what a call asks others for, in place of these: each may answer
 * anything that it may answer, which is more than it does. What each promises and
 * is assumed here stands in its header, and is proved where a harness is named.
 */
#include <string.h>

#include "core/codes.h"
#include "core/endpoint.h"
#include "core/http_req.h"
#include "core/http_resp.h"
#include "core/reply.h"
#include "core/utc.h"
#include "tests/proof/call_models.h"
#include "tests/proof/proof.h"

bool model_whole; /* what cilp_reply_end() said last */
bool model_led;   /* the request leads somewhere: it does so each time */
unsigned
    model_bodies; /* pieces of a body that may still come out of one call */

/* ---- The reply: proof_http_resp_feed.c, proof_reply_feed.c --------------- */

/* see http_resp.h */
void cilp_http_resp_init(struct cilp_http_resp *h)
{
    memset(h, 0, sizeof *h);
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
    h->value[0] = nondet_char();
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
    memset(r, 0, sizeof *r);
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
    r->seq[0] = nondet_char(); /* text that it read, secret or not */
    r->word[0] = nondet_char();
    r->point = nondet_u32();
    r->xml.text[0] = nondet_char();
    into->code[0] = nondet_char();
    return n;
}

/* see reply.h */
bool cilp_reply_end(struct cilp_reply *r, struct cilp_result *into)
{
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

/* see endpoint.h */
enum cilp_what cilp_endpoint_resolve(struct cilp_peer *to,
                                     const struct cilp_endpoint *in)
{
    (void)in;
    to->tls = true;
    to->host[0] = nondet_char();
    if (!model_led && nondet_bool())
        return CILP_WHAT_ENDPOINT;
    model_led = true;
    return CILP_WHAT_NONE;
}

/* see http_req.h: of any length; a window of it has keys */
bool cilp_http_req_form(struct cilp_op *op, struct cilp_text *out)
{
    out->len = nondet_size();
    assume(out->len > out->skip && out->len <= out->skip + 2 * CILP_IO_MAX);
    op->io.bytes[0] = nondet_u8();
    return nondet_bool();
}

/* see http_req.h */
const char *cilp_http_req_host(struct cilp_op *op)
{
    return op->host_field;
}
