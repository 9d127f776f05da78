/*
 * clock.c - find out that the clock is wrong, and go by the peer's.
 *
 * Source: the clock-skew rule of the AWS SDKs (codes.h); RFC 9110 section 6.6.1 (Date).
 */
#include "core/http_req.h"
#include "core/utc.h"

/* From a peer whose certificate was verified, and from nobody else. */
static void learn(struct cilp_op *op)
{
    op->offset_s = op->result.date_s - op->now.unix_s;
    op->clock_known = true;
    op->result.clock_learnt = true;
    op->result.clock_offset_s = op->offset_s;
}

static bool heard(struct cilp_op *op)
{
    const struct cilp_http_resp *h = &op->http;
    bool is_date =
        cilp_utc_from_http(h->date, sizeof h->date, &op->result.date_s);

    if (!op->asking)
        return true;
    if (is_date)
        learn(op);
    op->result.date_s = 0; /* not of the reply that the caller asked for */
    return is_date;
}

/* Only what is refused has not been acted on: 4xx, whatever the code says. */
static bool is_refused(const struct cilp_op *op)
{
    return op->result.http_status / 100 == 4 &&
           cilp_means_skewed(op->result.means);
}

static bool corrects(struct cilp_op *op)
{
    int64_t skew = op->result.date_s - op->result.signed_s;

    if (!op->peer.tls || op->corrected || op->result.date_s == 0 ||
        (skew < CILP_CLOCK_OFF_S && skew > -CILP_CLOCK_OFF_S) ||
        !is_refused(op))
        return false;
    learn(op);
    op->corrected = true;
    return true;
}

static void ask(struct cilp_op *op, struct cilp_text *out)
{
    const char *host = cilp_http_req_host(op);

    cilp_text_fill(out, "GET / HTTP/1.1\r\nHost: %\r\n\r\n", &host);
}

/* see cilp.h */
const struct cilp_clock cilp_clock_learn = {heard, corrects, ask};
