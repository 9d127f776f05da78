#include "core/http_resp.h"

#include <string.h>

#include "core/text.h"

/* ---- Vocabulary -------------------------------------------------------- */

enum state {
    ST_STATUS, /* "HTTP/1.1 200" */
    ST_REASON,
    ST_LINE, /* a header line or the empty line begins */
    ST_NAME,
    ST_VALUE,
    ST_SIZE, /* of a chunk */
    ST_EXT,  /* before the name of an extension */
    ST_EXT_REST,
    ST_EXT_QUOTED,
    ST_DATA_CR, /* after a chunk's data */
    /* from here on a LF is taken */
    ST_LINE_LF, /* after the CR of a line */
    ST_LAST_LF, /* of the empty line */
    ST_SIZE_LF,
    ST_DATA_LF,
    /* from here on no single bytes are taken */
    ST_DATA, /* `left` bytes of body or chunk */
    ST_REST, /* body until the peer closes */
    ST_DONE,
    /* the rule that was broken, in the order of what.h */
    BAD_STATUS_LINE,
    BAD_STATUS,
    BAD_INTERIM,
    BAD_NAME,
    BAD_CONTROL,
    BAD_LENGTH,
    BAD_CODING,
    BAD_BOTH,
    BAD_SIZE,
    BAD_LINE_END,
    BAD_LONG_LINE,
    BAD_LONG_HEAD,
    BAD_LONG_CHUNK,
    BAD_CUT
};

enum flag {
    HTTP_1_0 = 1,
    HAS_LENGTH = 2,
    HAS_CHUNKED = 4,
    HAS_CLOSE = 8,
    HAS_AMZ = 16, /* retry_after_ms came from x-amz-retry-after */
    TOO_LONG = 32 /* the current value does not fit */
};

/* Indices of names[]. */
enum field {
    F_LENGTH,
    F_CODING,
    F_CONNECTION,
    F_DATE,
    F_RETRY,
    F_AMZ_RETRY,
    F_REQUEST_ID,
    F_AMZN_REQUEST_ID,
    F_OTHER
};

/* One string, which takes no pointers. */
static const char names[] = "Content-Length\0"
                            "Transfer-Encoding\0"
                            "Connection\0"
                            "Date\0"
                            "Retry-After\0"
                            "x-amz-retry-after\0"
                            "x-amz-request-id\0"
                            "x-amzn-requestid\0";

#define HEAD_MAX       65536u
#define LINE_MAX       8192u
#define CHUNK_LINE_MAX 256u
#define TRAILER_MAX    8192u
#define INTERIM_MAX    8u
#define SIZE_DIGITS    16u
#define RETRY_MAX_MS   86400000u

_Static_assert(CILP_HTTP_VALUE_MAX <= 255, "value_len has 8 bits");

static void enter(struct cilp_http_resp *h, enum state s)
{
    h->state = (uint8_t)s;
    if (s < BAD_STATUS_LINE)
        return;
    h->keep_alive = false;
    h->what = (enum cilp_what)(CILP_WHAT_STATUS_LINE + (s - BAD_STATUS_LINE));
}

/* ---- Bytes ------------------------------------------------------------- */

/* RFC 9110 section 5.6.2: tchar. */
static bool is_token(uint8_t c)
{
    return cilp_text_is_alnum((char)c) ||
           cilp_text_has("!#$%&'*+-.^_`|~", (char)c);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* RFC 9110 section 5.5: field-vchar, obs-text and blanks. No CR, LF or NUL. */
static bool is_text(uint8_t c)
{
    return c == '\t' || (c >= 0x20 && c != 0x7f);
}

static unsigned digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - (unsigned)'0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

/* Blanks before a value are dropped here; those after it count only once
 * something follows. */
static void keep(struct cilp_http_resp *h, uint8_t c)
{
    if (is_blank(c) &&
        (h->value_len == 0 || h->value_len == CILP_HTTP_VALUE_MAX))
        return;
    if (h->value_len == CILP_HTTP_VALUE_MAX)
        h->flags |= TOO_LONG;
    else
        h->value[h->value_len++] = (char)c;
}

/* ---- Values ------------------------------------------------------------ */

/* Digits and nothing else: no sign, no blank, no list (RFC 9112 section 6.3,
 * rule 5 would allow "5, 5"; nobody needs it). */
static bool decimal(const char *p, size_t n, uint32_t *v)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned d = digit((uint8_t)p[i]);

        if (d > 9 || sum >= UINT32_MAX / 10)
            return false;
        sum = sum * 10 + d;
    }
    *v = sum;
    return n != 0;
}

static bool take_length(struct cilp_http_resp *h)
{
    if (h->flags & (HAS_LENGTH | TOO_LONG))
        return false;
    h->flags |= HAS_LENGTH;
    return decimal(h->value, h->value_len, &h->left);
}

/* RFC 9112 section 6.1: chunked at most once, and not in HTTP/1.0. */
static bool take_coding(struct cilp_http_resp *h)
{
    if (h->flags & (HAS_CHUNKED | TOO_LONG | HTTP_1_0))
        return false;
    h->flags |= HAS_CHUNKED;
    return cilp_text_equal_nocase(h->value, h->value_len, "chunked");
}

/* RFC 9110 section 7.6.1. "keep-alive" says what HTTP/1.1 means anyway, and
 * HTTP/1.0 is not kept, so only "close" is looked for, anywhere: an option whose
 * name contains it costs a connection, no more. */
static void take_connection(struct cilp_http_resp *h)
{
    static const char close[] = "close";
    const size_t n = sizeof close - 1;

    for (size_t i = 0; i + n <= h->value_len; i++)
        if (cilp_text_equal_nocase(h->value + i, n, close))
            h->flags |= HAS_CLOSE;
}

/* A date in Retry-After is not read: no AWS service sends one. */
static void take_retry(struct cilp_http_resp *h, uint32_t unit_ms)
{
    uint32_t v;

    if (!decimal(h->value, h->value_len, &v))
        return;
    if (v > RETRY_MAX_MS / unit_ms)
        v = RETRY_MAX_MS / unit_ms;
    h->retry_after_ms = (int32_t)(v * unit_ms);
}

static void take_request_id(struct cilp_http_resp *h)
{
    if (cilp_text_is_word(h->value, 1, CILP_REQUEST_ID_MAX))
        memcpy(h->request_id, h->value, h->value_len + 1);
}

/* Values that are no framing: read if they can be. */
static void take_other(struct cilp_http_resp *h)
{
    if (h->field == F_CONNECTION)
        take_connection(h);
    if (h->field == F_DATE && h->value_len == sizeof h->date)
        memcpy(h->date, h->value, sizeof h->date);
    if (h->field == F_RETRY && !(h->flags & HAS_AMZ))
        take_retry(h, 1000);
    if (h->field == F_AMZ_RETRY) {
        h->flags |= HAS_AMZ;
        h->retry_after_ms = -1;
        take_retry(h, 1);
    }
    if (h->field == F_REQUEST_ID || h->field == F_AMZN_REQUEST_ID)
        take_request_id(h);
}

/* A header line is over. */
static enum state take_value(struct cilp_http_resp *h)
{
    while (h->value_len > 0 && is_blank((uint8_t)h->value[h->value_len - 1]))
        h->value_len--;
    h->value[h->value_len] = '\0';
    if (h->field == F_LENGTH)
        return take_length(h) ? ST_LINE_LF : BAD_LENGTH;
    if (h->field == F_CODING)
        return take_coding(h) ? ST_LINE_LF : BAD_CODING;
    if (!(h->flags & TOO_LONG))
        take_other(h);
    else if (h->field == F_CONNECTION)
        h->flags |= HAS_CLOSE; /* who knows what it says further on */
    return ST_LINE_LF;
}

/* ---- Sections ---------------------------------------------------------- */

/* What an interim head said is forgotten. */
static enum state begin_head(struct cilp_http_resp *h)
{
    h->status = 0;
    h->date[0] = '\0';
    h->retry_after_ms = -1;
    h->request_id[0] = '\0';
    h->flags = 0;
    h->value_len = 0;
    h->line_len = 0;
    return ST_STATUS;
}

static enum state begin_line(struct cilp_http_resp *h)
{
    h->line_len = 0;
    return ST_LINE;
}

static enum state begin_chunk(struct cilp_http_resp *h)
{
    h->left = 0;
    h->value_len = 0;
    return ST_SIZE;
}

/* RFC 9110 section 15.2. An upgrade was not asked for. */
static enum state end_interim(struct cilp_http_resp *h)
{
    if (h->status < 100 || h->status == 101)
        return BAD_STATUS;
    if (++h->interim > INTERIM_MAX)
        return BAD_INTERIM;
    return begin_head(h);
}

/* RFC 9112 section 6.3: how the body is framed. */
static enum state end_head(struct cilp_http_resp *h)
{
    if ((h->flags & HAS_LENGTH) && (h->flags & HAS_CHUNKED))
        return BAD_BOTH;
    if (h->status < 200)
        return end_interim(h);
    h->head_done = true;
    h->keep_alive = !(h->flags & (HTTP_1_0 | HAS_CLOSE));
    if (h->status == 204 || h->status == 304)
        return ST_DONE;
    if (h->flags & HAS_CHUNKED) {
        h->room = CHUNK_LINE_MAX;
        return begin_chunk(h);
    }
    if (h->flags & HAS_LENGTH)
        return h->left ? ST_DATA : ST_DONE;
    h->keep_alive = false;
    return ST_REST;
}

/* A chunk of no bytes is the last one (RFC 9112 section 7.1). */
static enum state end_size(struct cilp_http_resp *h)
{
    if (h->left == 0) {
        h->room = TRAILER_MAX;
        return begin_line(h);
    }
    h->room = 2 + CHUNK_LINE_MAX; /* CRLF of the data, the next line */
    return ST_DATA;
}

/* ---- States: each takes a byte and names its successor ------------------ */

/* RFC 9112 section 4. The reason may be absent, and its space with it. */
static enum state st_status(struct cilp_http_resp *h, uint8_t c)
{
    uint32_t minor, status;

    if (h->value_len < 12) {
        h->value[h->value_len++] = (char)c;
        return ST_STATUS;
    }
    if (memcmp(h->value, "HTTP/1.", 7) != 0 || h->value[8] != ' ' ||
        !decimal(h->value + 7, 1, &minor) || minor > 1 ||
        !decimal(h->value + 9, 3, &status))
        return BAD_STATUS_LINE;
    h->flags = minor ? 0 : HTTP_1_0;
    h->status = (uint16_t)status;
    if (c == '\r')
        return ST_LINE_LF;
    return c == ' ' ? ST_REASON : BAD_STATUS_LINE;
}

static enum state st_reason(uint8_t c)
{
    if (c == '\r')
        return ST_LINE_LF;
    return is_text(c) ? ST_REASON : BAD_CONTROL;
}

static enum state st_name(struct cilp_http_resp *h, uint8_t c)
{
    if (is_token(c)) {
        keep(h, c);
        return ST_NAME;
    }
    if (c != ':' || h->value_len == 0)
        return BAD_NAME;
    h->field = 0;
    for (const char *name = names;
         *name && !cilp_text_equal_nocase(h->value, h->value_len, name);
         name += strlen(name) + 1)
        h->field++;
    h->value_len = 0;
    h->flags &= (uint8_t)~TOO_LONG;
    return ST_VALUE;
}

static enum state st_line(struct cilp_http_resp *h, uint8_t c)
{
    if (c == '\r')
        return ST_LAST_LF;
    h->value_len = 0;
    return st_name(h, c);
}

/* A trailer is checked and dropped (RFC 9110 section 6.5.1). */
static enum state st_value(struct cilp_http_resp *h, uint8_t c)
{
    if (c == '\r')
        return h->head_done ? ST_LINE_LF : take_value(h);
    if (!is_text(c))
        return BAD_CONTROL;
    keep(h, c);
    return ST_VALUE;
}

static enum state st_last_lf(struct cilp_http_resp *h)
{
    return h->head_done ? ST_DONE : end_head(h);
}

static enum state st_size(struct cilp_http_resp *h, uint8_t c)
{
    unsigned d = digit(c);

    if (d < 16 && h->value_len < SIZE_DIGITS && !(h->left >> 28)) {
        h->left = h->left << 4 | d;
        h->value_len++;
        return ST_SIZE;
    }
    if (h->value_len == 0)
        return BAD_SIZE;
    if (c == ';')
        return ST_EXT;
    return c == '\r' ? ST_SIZE_LF : BAD_SIZE;
}

/* RFC 9112 section 7.1.1: behind each ';' a name, blanks before it. */
static enum state st_ext(uint8_t c)
{
    if (is_blank(c))
        return ST_EXT;
    return is_token(c) ? ST_EXT_REST : BAD_SIZE;
}

/* The rest of the name, and its value: dropped. */
static enum state st_ext_rest(struct cilp_http_resp *h, uint8_t c)
{
    if (c == '\r')
        return ST_SIZE_LF;
    if (c == ';')
        return ST_EXT;
    h->value_len = 0;
    if (c == '"')
        return ST_EXT_QUOTED;
    return is_text(c) ? ST_EXT_REST : BAD_CONTROL;
}

/* RFC 9110 section 5.6.4. value_len: a backslash came, so what follows is
 * itself. */
static enum state st_ext_quoted(struct cilp_http_resp *h, uint8_t c)
{
    if (!is_text(c))
        return BAD_CONTROL;
    if (c == '"' && !h->value_len)
        return ST_EXT_REST;
    h->value_len = c == '\\' && !h->value_len;
    return ST_EXT_QUOTED;
}

/* ---- The machine ------------------------------------------------------- */

/* The bytes that have no choice. */
static bool is_misplaced(enum state s, uint8_t c)
{
    if (s == ST_DATA_CR)
        return c != '\r';
    return s >= ST_LINE_LF && c != '\n';
}

static enum state next_state(struct cilp_http_resp *h, uint8_t c)
{
    switch (h->state) {
    case ST_STATUS: return st_status(h, c);
    case ST_REASON: return st_reason(c);
    case ST_LINE: return st_line(h, c);
    case ST_NAME: return st_name(h, c);
    case ST_VALUE: return st_value(h, c);
    case ST_SIZE: return st_size(h, c);
    case ST_EXT: return st_ext(c);
    case ST_EXT_REST: return st_ext_rest(h, c);
    case ST_EXT_QUOTED: return st_ext_quoted(h, c);
    case ST_DATA_CR: return ST_DATA_LF;
    case ST_LINE_LF: return begin_line(h);
    case ST_LAST_LF: return st_last_lf(h);
    case ST_SIZE_LF: return end_size(h);
    default: break; /* ST_DATA_LF; the others take no bytes */
    }
    return begin_chunk(h);
}

static enum state step(struct cilp_http_resp *h, uint8_t c)
{
    if (h->room == 0)
        return h->head_done ? BAD_LONG_CHUNK : BAD_LONG_HEAD;
    h->room--;
    if (!h->head_done && ++h->line_len > LINE_MAX)
        return BAD_LONG_LINE;
    if (is_misplaced((enum state)h->state, c))
        return BAD_LINE_END;
    return next_state(h, c);
}

/* All of p[0..n) that belongs to the body; n is not 0. */
static size_t take_body(struct cilp_http_resp *h, size_t n)
{
    if (h->state == ST_REST)
        return n;
    if (n > h->left)
        n = (size_t)h->left;
    h->left -= (uint32_t)n;
    if (h->left == 0)
        h->state = h->flags & HAS_CHUNKED ? ST_DATA_CR : ST_DONE;
    return n;
}

/* ---- API --------------------------------------------------------------- */

/* see http_resp.h */
void cilp_http_resp_init(struct cilp_http_resp *h)
{
    memset(h, 0, sizeof *h);
    h->what = CILP_WHAT_NONE;
    h->room = HEAD_MAX;
    h->state = (uint8_t)begin_head(h);
}

/* see http_resp.h */
enum cilp_http_rc cilp_http_resp_feed(struct cilp_http_resp *h,
                                      const uint8_t *p, size_t n, size_t *used,
                                      const uint8_t **body, size_t *body_len)
{
    size_t i = 0;

    *body = p;
    *body_len = 0;
    while (i < n && h->state < ST_DATA)
        enter(h, step(h, p[i++]));
    *used = i;
    if (h->state >= BAD_STATUS_LINE)
        return CILP_HTTP_BAD;
    if (h->state == ST_DONE)
        return CILP_HTTP_DONE;
    if (i == n)
        return CILP_HTTP_MORE;
    *body = p + i;
    *body_len = take_body(h, n - i);
    *used = i + *body_len;
    return CILP_HTTP_BODY;
}

/* see http_resp.h */
enum cilp_http_rc cilp_http_resp_eof(struct cilp_http_resp *h)
{
    if (h->state == ST_REST)
        h->state = ST_DONE;
    if (h->state < ST_DONE)
        enter(h, BAD_CUT);
    return h->state == ST_DONE ? CILP_HTTP_DONE : CILP_HTTP_BAD;
}
