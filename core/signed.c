#include "core/signed.h"

#include <string.h>

#include "core/endpoint.h"
#include "core/op.h"
#include "core/utc.h"

#define ACTION "CancelImageLaunchPermission"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- Signing ------------------------------------------------------------- */

static enum cilp_what check_sign(const struct cilp_request *req)
{
    return cilp_cancel.check(req);
}

static void form(const struct cilp_op *op, struct cilp_text *out)
{
    cilp_cancel.first->form(op, out);
}

static int64_t at_s(const struct cilp_op *op)
{
    const struct cilp_sign *s = op->req->memory;

    return s ? s->at_s : 0;
}

/* see signed.h */
const struct cilp_x509_identity cilp_paper = {0};

/* Paper is nobody's: a connection that stands and leads to EC2 must not take the
 * request in its place. */
static enum cilp_what aim_sign(const struct cilp_op *op, struct cilp_peer *to)
{
    to->identity = &cilp_paper;
    return cilp_aim_service(op, to);
}

/* Who says what time it is need not have a clock. */
static void prepare_sign(struct cilp_op *op)
{
    if (!at_s(op))
        return;
    op->offset_s = at_s(op) - op->now.unix_s;
    op->clock_known = true;
}

/* To the second, however long the keys took. */
static bool write_sign(struct cilp_op *op, struct cilp_text *out)
{
    if (at_s(op))
        op->result.signed_s = at_s(op);
    return cilp_cancel.first->write(op, out);
}

/* Nothing ever comes back from paper. */
static enum cilp_step judge_sign(struct cilp_op *op)
{
    op->result.outcome = op->sent_now ? CILP_ANSWERED : CILP_NOT_SENT;
    if (op->sent_now) {
        op->result.err = CILP_OK;
        op->result.what = CILP_WHAT_NONE;
    }
    return CILP_STEP_FINISH;
}

static const struct cilp_exchange sign = {
    .service = "ec2",
    .reply = {.root = ACTION "Response"},
    .reader = &cilp_reads_xml,
    .aim = aim_sign,
    .write = write_sign,
    .form = form,
    .judge = judge_sign,
    .prepare = prepare_sign,
};

/* see signed.h */
const struct cilp_flow cilp_sign = {
    .action = ACTION, .first = &sign, .check = check_sign};

/* ---- Sending ------------------------------------------------------------- */

static enum cilp_what check_send(const struct cilp_request *req)
{
    return req->memory ? CILP_WHAT_NONE : CILP_WHAT_MEMORY;
}

/* What is signed cannot be signed for another time. */
static void prepare_send(struct cilp_op *op)
{
    const struct cilp_signed *s = op->req->memory;

    op->corrected = true;
    memcpy(op->result.invocation_id, s->invocation_id,
           sizeof op->result.invocation_id);
}

static bool write_send(struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_signed *s = op->req->memory;

    op->result.signed_s = s->signed_s;
    cilp_text_put(out, s->bytes, s->len);
    return true;
}

static enum cilp_step judge_send(struct cilp_op *op)
{
    return cilp_cancel.first->judge(op);
}

static const struct cilp_exchange send = {
    .service = "ec2",
    .reply = {.root = ACTION "Response"},
    .reader = &cilp_reads_xml,
    .aim = cilp_aim_service,
    .write = write_send,
    .judge = judge_send,
    .prepare = prepare_send,
};

/* see signed.h */
const struct cilp_flow cilp_send = {
    .action = ACTION, .first = &send, .check = check_send, .keyless = true};

/* ---- Reading ------------------------------------------------------------- */

/* What stands in front of a value, what ends it, and where it goes: 0, nowhere. */
struct part {
    const char *before;
    char end;
    bool may_lack;
    uint16_t to, max;
};

#define TO(f)                                   \
    (uint16_t) offsetof(struct cilp_signed, f), \
        (uint16_t)(sizeof((struct cilp_signed *)0)->f - 1)
#define PASS_OVER 0, UINT16_MAX

/* The bytes of http_req.c, in its order. */
static const struct part PARTS[] = {
    {"POST ", ' ', false, TO(path)},
    {" HTTP/1.1\r\nHost: ", '\r', false, TO(host)},
    {"\r\nAccept-Encoding: identity\r\nContent-Type: "
     "application/x-www-form-urlencoded; charset=utf-8\r\nUser-Agent: ",
     '\r', false, PASS_OVER},
    {"\r\namz-sdk-invocation-id: ", '\r', false, TO(invocation_id)},
    {"\r\namz-sdk-request: attempt=1; max=", '\r', false, PASS_OVER},
    {"\r\nX-Amz-Date: ", '\r', false, TO(date)},
    {"\r\nX-Amz-Security-Token: ", '\r', true, PASS_OVER},
    {"\r\nAuthorization: AWS4-HMAC-SHA256 Credential=", '/', false, TO(key_id)},
    {"/", '/', false, PASS_OVER},
    {"/", '/', false, TO(region)},
    {"/ec2/aws4_request, SignedHeaders=", ',', false, PASS_OVER},
    {", Signature=", '\r', false, PASS_OVER},
    {"\r\nContent-Length: ", '\r', false, TO(length)},
    {"\r\n\r\nAction=" ACTION "&Version=2016-11-15&ImageId=", '&', false,
     TO(image_id)},
};

/* How much of p[0..n) is a value. */
static size_t span(const char *p, size_t n, const struct part *part)
{
    size_t len = 0;

    while (len < n && len < part->max && p[len] >= 0x20 && p[len] <= 0x7E &&
           p[len] != part->end)
        len++;
    return len;
}

/* What stands at bytes[*at]; *at goes on behind it. */
static bool take(struct cilp_signed *s, size_t *at, const struct part *part)
{
    const size_t before = strlen(part->before);
    char *to = (char *)s + part->to;
    size_t n;

    if (s->len - *at < before ||
        memcmp(s->bytes + *at, part->before, before) != 0)
        return part->may_lack;
    *at += before;
    n = span(s->bytes + *at, s->len - *at, part);
    if (part->to) {
        memcpy(to, s->bytes + *at, n);
        to[n] = '\0';
    }
    *at += n;
    return n > 0;
}

/* "20260115T120000Z" */
static bool read_date(struct cilp_signed *s)
{
    char iso[] = "....-..-..T..:..:..Z";
    const char *from = s->date;

    if (strlen(s->date) != CILP_UTC_BASIC_LEN)
        return false;
    for (char *to = iso; *to; to++)
        if (*to != '-' && *to != ':')
            *to = *from++;
    return s->date[8] == 'T' && s->date[15] == 'Z' &&
           cilp_utc_from_iso(iso, sizeof iso - 1, &s->signed_s);
}

/* Behind the id: nothing, or a dry run; and the length that was signed with. */
static bool read_rest(struct cilp_signed *s, size_t at)
{
    const char *last = PARTS[COUNT(PARTS) - 1].before;
    char length[sizeof s->length];
    struct cilp_text text;
    size_t n = s->len - at;

    s->dry_run = cilp_text_equal(s->bytes + at, n, "&DryRun=true");
    cilp_text_init(&text, length, sizeof length);
    cilp_text_uint(&text, (uint32_t)(strlen(last) - strlen("\r\n\r\n") +
                                     strlen(s->image_id) + n));
    (void)cilp_text_end(
        &text); /* it has room for the longest, here and below */
    return cilp_text_same(length, s->length) && (n == 0 || s->dry_run);
}

/* see signed.h */
bool cilp_signed_read(struct cilp_signed *s, const char *bytes, size_t len)
{
    size_t at = 0;

    memset(s, 0, sizeof *s);
    s->bytes = bytes;
    s->len = len;
    for (size_t i = 0; i < COUNT(PARTS); i++)
        if (!take(s, &at, &PARTS[i]))
            return false;
    return strlen(s->invocation_id) == 36 && read_date(s) && read_rest(s, at);
}

/* ---- Where it is for ----------------------------------------------------- */

/* Does the endpoint that *in names lead to the host that was signed for? */
static bool leads(struct cilp_signed *s, const struct cilp_endpoint *in)
{
    struct cilp_peer to;
    struct cilp_text text;

    memset(&to, 0, sizeof to);
    if (cilp_endpoint_resolve(&to, in))
        return false;
    cilp_text_init(&text, s->led, sizeof s->led);
    cilp_endpoint_host(&text, &to);
    (void)cilp_text_end(&text);
    return cilp_text_same(s->led, s->host) &&
           cilp_text_same(to.path ? to.path : "/", s->path);
}

/* see signed.h */
bool cilp_signed_request(struct cilp_signed *s, struct cilp_request *req)
{
    struct cilp_endpoint in = {.service = "ec2",
                               .region = s->region,
                               .url = req->endpoint,
                               .allow_http = req->allow_http};
    bool found = false;

    for (unsigned variant = 0; !found && variant < 4; variant++) {
        in.fips = variant & 1;
        in.dual_stack = variant & 2;
        found = leads(s, &in);
    }
    req->flow = &cilp_send;
    req->memory = s;
    req->region = s->region;
    req->image_id = s->image_id;
    req->dry_run = s->dry_run;
    req->fips = in.fips;
    req->dual_stack = in.dual_stack;
    return found;
}
