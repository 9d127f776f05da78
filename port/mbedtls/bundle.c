/*
 * bundle.c - trust anchors out of a PEM bundle that is read as a stream.
 *
 * One scan serves the whole chain: at the first question of a handshake all
 * names that may be asked for are known (the issuers of what the peer sent),
 * and every certificate that bears one of them is kept until the handshake is
 * over. Of all others no more is decoded than it takes to see their subject.
 *
 * Source: RFC 7468 (PEM), RFC 5280 section 4.1 (where the subject is).
 */
#include "port/mbedtls/trust.h"

#include <string.h>

#include "mbedtls/platform.h"
#include "mbedtls/x509_crt.h"

#include "port/mbedtls/arena.h"

enum state {
    OUTSIDE,   /* in text that is nobody's */
    TEXT,      /* there, in a line that cannot be a marker */
    MARK,      /* in a line that begins with '-', outside a block */
    BODY,      /* in a block, decoding */
    SKIP,      /* in a block whose subject is not wanted */
    SPOILT,    /* in a block that cannot be read */
    BODY_MARK, /* in a line that begins with '-', after each of those */
    SKIP_MARK,
    SPOILT_MARK
};

struct cilp_trust_anchor {
    struct cilp_trust_anchor *next;
    uint16_t len, subject_at, subject_len;
    uint8_t der[];
};

/* ---- DER ---------------------------------------------------------------- */

struct element {
    size_t at;      /* of its tag */
    size_t content; /* of its first content byte */
    size_t end;
};

enum seen { SEEN, MORE, BROKEN };

/* Read the header of the element at `at`. MORE: *need is how many bytes of the
 * whole it takes. */
static enum seen header(const uint8_t *p, size_t n, size_t at, uint8_t tag,
                        struct element *e, size_t *need)
{
    size_t len, extra;

    *need = at + 4; /* no element is shorter where we look */
    if (n < *need)
        return MORE;
    if (p[at] != tag)
        return BROKEN;
    extra = p[at + 1] < 0x80 ? 0 : (size_t)(p[at + 1] & 0x7f);
    if (extra > 2 || p[at + 1] == 0x80)
        return BROKEN; /* indefinite, or longer than 64 KB */
    len = extra == 0   ? p[at + 1]
          : extra == 1 ? p[at + 2]
                       : (size_t)p[at + 2] << 8 | p[at + 3];
    e->at = at;
    e->content = at + 2 + extra;
    e->end = e->content + len;
    return SEEN;
}

/* Find the subject in the first n bytes of a certificate, whole or not.
 * Certificate { TBSCertificate { [0] version OPTIONAL, serialNumber,
 * signature, issuer, validity, subject, ... */
static enum seen subject(const uint8_t *p, size_t n, struct element *out,
                         size_t *need)
{
    static const uint8_t tags[] = {0x30, 0x30, 0xa0, 0x02,
                                   0x30, 0x30, 0x30, 0x30};
    struct element e;
    size_t at = 0;

    for (size_t i = 0; i < sizeof tags; i++) {
        enum seen s = header(p, n, at, tags[i], &e, need);

        if (s == BROKEN && tags[i] == 0xa0)
            continue; /* a version 1 certificate */
        if (s != SEEN)
            return s;
        at = i < 2 ? e.content : e.end;
    }
    *out = e;
    *need = e.end;
    return n < e.end ? MORE : SEEN;
}

/* ---- One certificate ---------------------------------------------------- */

static bool is_wanted(const struct cilp_trust_bundle *b, const uint8_t *name,
                      size_t len)
{
    for (const mbedtls_x509_crt *c = b->chain; c; c = c->next)
        if (cilp_trust_name_may_equal(c->issuer_raw.p, c->issuer_raw.len, name,
                                      len))
            return true;
    return false;
}

/* Enough of a certificate is there to look for its subject (once more). */
static void look(struct cilp_trust_bundle *b)
{
    struct element e;

    switch (subject(b->der, b->der_len, &e, &b->need)) {
    case SEEN:
        b->need = SIZE_MAX; /* decided: not to be looked at again */
        if (!is_wanted(b, b->der + e.at, e.end - e.at))
            b->state = SKIP;
        break;
    case MORE:
        if (b->need > sizeof b->der)
            b->state = SPOILT;
        break;
    case BROKEN: b->state = SPOILT; break;
    }
}

/* A bundle may hold a certificate more than once; it is kept once. */
static bool is_kept(const struct cilp_trust_bundle *b)
{
    for (const struct cilp_trust_anchor *a = b->anchors; a; a = a->next)
        if (a->len == b->der_len && !memcmp(a->der, b->der, b->der_len))
            return true;
    return false;
}

/* A wanted certificate is whole: keep it. False: it is not what it seemed. */
static bool keep(struct cilp_trust_bundle *b)
{
    struct element e, all;
    struct cilp_trust_anchor *a;
    size_t need;

    if (header(b->der, b->der_len, 0, 0x30, &all, &need) != SEEN ||
        all.end != b->der_len || subject(b->der, b->der_len, &e, &need) != SEEN)
        return false;
    if (is_kept(b))
        return true;
    a = mbedtls_calloc(1, sizeof *a + b->der_len);
    if (!a) {
        b->no_memory = true;
        return true;
    }
    a->len = (uint16_t)b->der_len;
    a->subject_at = (uint16_t)e.at;
    a->subject_len = (uint16_t)(e.end - e.at);
    memcpy(a->der, b->der, b->der_len);
    a->next = b->anchors;
    b->anchors = a;
    return true;
}

/* ---- Base64 ------------------------------------------------------------- */

enum { SPC = 64, PAD, BAD }; /* what is no digit */

static const uint8_t values[128] = {
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, SPC, SPC, BAD, BAD, SPC, BAD,
    BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
    BAD, BAD, SPC, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD, 62,  BAD,
    BAD, BAD, 63,  52,  53,  54,  55,  56,  57,  58,  59,  60,  61,  BAD, BAD,
    BAD, PAD, BAD, BAD, BAD, 0,   1,   2,   3,   4,   5,   6,   7,   8,   9,
    10,  11,  12,  13,  14,  15,  16,  17,  18,  19,  20,  21,  22,  23,  24,
    25,  BAD, BAD, BAD, BAD, BAD, BAD, 26,  27,  28,  29,  30,  31,  32,  33,
    34,  35,  36,  37,  38,  39,  40,  41,  42,  43,  44,  45,  46,  47,  48,
    49,  50,  51,  BAD, BAD, BAD, BAD, BAD,
};

static uint8_t value(uint8_t c)
{
    return c < sizeof values ? values[c] : (uint8_t)BAD;
}

/* Four digits in a row, as nearly all are: a bundle's cost is here. */
static bool quad(const uint8_t *p, uint32_t *bits)
{
    uint8_t a, b, c, d;

    if ((p[0] | p[1] | p[2] | p[3]) & 0x80)
        return false;
    a = values[p[0]];
    b = values[p[1]];
    c = values[p[2]];
    d = values[p[3]];
    *bits = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
    return ((a | b | c | d) & 0xc0) == 0;
}

/* Put n whole bytes of b->bits behind the others. */
static void flush(struct cilp_trust_bundle *b, unsigned n)
{
    uint8_t *to = b->der + b->der_len;

    if (b->der_len + 3 > sizeof b->der) {
        b->state = SPOILT;
        return;
    }
    to[0] = (uint8_t)(b->bits >> 16);
    to[1] = (uint8_t)(b->bits >> 8);
    to[2] = (uint8_t)b->bits;
    b->der_len += n;
    b->bits = 0;
    b->digits = 0;
    if (b->der_len >= b->need)
        look(b);
}

/* One byte of a block's text. */
static void take(struct cilp_trust_bundle *b, uint8_t c)
{
    uint8_t v = value(c);

    if (v == SPC)
        return;
    if (v == PAD) {
        b->pads = (uint8_t)(b->pads < 3 ? b->pads + 1 : 3);
        return;
    }
    if (v == BAD || b->pads > 0) {
        b->state = SPOILT;
        return;
    }
    b->bits |= (uint32_t)v << (18 - 6 * b->digits);
    if (++b->digits == 4)
        flush(b, 3);
}

/* Decode until the state changes. Returns how far. */
static const uint8_t *decode(struct cilp_trust_bundle *b, const uint8_t *p,
                             const uint8_t *end)
{
    while (p < end && b->state == BODY) {
        if (*p == '-') {
            b->state = BODY_MARK;
        } else if (b->digits == 0 && b->pads == 0 && end - p >= 4 &&
                   quad(p, &b->bits)) {
            flush(b, 3);
            p += 4;
        } else {
            b->bits = b->digits == 0 ? 0 : b->bits;
            take(b, *p++);
        }
    }
    return p;
}

/* The last, incomplete group: 2 digits are a byte, 3 are two. */
static bool finish_digits(struct cilp_trust_bundle *b)
{
    if (b->digits == 0)
        return b->pads == 0;
    if (b->digits == 1 || b->digits + b->pads != 4)
        return false;
    flush(b, b->digits - 1u);
    return b->state != SPOILT;
}

/* ---- Lines -------------------------------------------------------------- */

static bool line_is(const struct cilp_trust_bundle *b, const char *text)
{
    return b->line_len == strlen(text) && !memcmp(b->line, text, b->line_len);
}

static bool begins_with(const struct cilp_trust_bundle *b, const char *text)
{
    size_t n = strlen(text);

    return b->line_len >= n && !memcmp(b->line, text, n);
}

static bool is_begin(const struct cilp_trust_bundle *b)
{
    return line_is(b, "-----BEGIN CERTIFICATE-----") ||
           line_is(b, "-----BEGIN X509 CERTIFICATE-----");
}

static bool is_end(const struct cilp_trust_bundle *b)
{
    return line_is(b, "-----END CERTIFICATE-----") ||
           line_is(b, "-----END X509 CERTIFICATE-----");
}

/* A block is over, by `good` means or others. */
static void close_block(struct cilp_trust_bundle *b, bool good)
{
    bool fine = good && b->state != SPOILT_MARK;

    if (fine && b->state == BODY_MARK)
        /* Not skipped so far, and yet its subject may still be unknown: a
         * certificate cut short. */
        fine = finish_digits(b) && b->need == SIZE_MAX &&
               (b->state == SKIP || keep(b));
    b->bad += !fine;
    b->state = OUTSIDE;
}

static void open_block(struct cilp_trust_bundle *b)
{
    b->seen++;
    b->state = BODY;
    b->bits = 0;
    b->digits = 0;
    b->pads = 0;
    b->der_len = 0;
    b->need = 4;
}

/* A line that began with '-' is whole. */
static void judge_line(struct cilp_trust_bundle *b)
{
    while (b->line_len > 0 && strchr(" \t\r", b->line[b->line_len - 1]))
        b->line_len--;
    if (b->state != MARK)
        close_block(b, is_end(b));
    b->state = OUTSIDE;
    if (is_begin(b))
        open_block(b);
    else if (begins_with(b, "-----BEGIN TRUSTED CERTIFICATE-")) {
        b->seen++; /* OpenSSL's own kind: it carries conditions */
        b->bad++;  /* that would have to be honoured */
    }
    b->line_len = 0;
}

/* Collect the line; what does not fit is no marker anyway. */
static const uint8_t *mark(struct cilp_trust_bundle *b, const uint8_t *p,
                           const uint8_t *end)
{
    const uint8_t *nl = memchr(p, '\n', (size_t)(end - p));
    const uint8_t *stop = nl ? nl : end;

    for (; p < stop; p++)
        if (b->line_len < sizeof b->line)
            b->line[b->line_len++] = (char)*p;
    if (!nl)
        return end;
    judge_line(b);
    return nl + 1;
}

/* To the byte `c`, and into state `next` if it is there. */
static const uint8_t *jump(struct cilp_trust_bundle *b, const uint8_t *p,
                           const uint8_t *end, char c, enum state next)
{
    const uint8_t *at = memchr(p, c, (size_t)(end - p));

    if (at)
        b->state = (uint8_t)next;
    return at ? at : end;
}

static void feed(struct cilp_trust_bundle *b, const uint8_t *p, size_t n)
{
    const uint8_t *end = p + n;

    while (p < end) {
        switch ((enum state)b->state) {
        case OUTSIDE:
            b->state = *p == '-' ? MARK : *p == '\n' ? OUTSIDE : TEXT;
            p += *p == '\n';
            break;
        case TEXT: p = jump(b, p, end, '\n', OUTSIDE); break;
        case BODY: p = decode(b, p, end); break;
        case SKIP: /* '-' is no base64 digit, so it begins a line */
            p = jump(b, p, end, '-', SKIP_MARK);
            break;
        case SPOILT: p = jump(b, p, end, '-', SPOILT_MARK); break;
        case MARK:
        case BODY_MARK:
        case SKIP_MARK:
        case SPOILT_MARK: p = mark(b, p, end); break;
        }
    }
}

/* ---- A scan ------------------------------------------------------------- */

static int fail(struct cilp_trust_bundle *b, const char *why)
{
    b->trust.why = why;
    return MBEDTLS_ERR_X509_FILE_IO_ERROR;
}

static int scan(struct cilp_trust_bundle *b)
{
    size_t n;

    b->state = OUTSIDE;
    b->line_len = 0;
    b->seen = 0;
    b->bad = 0;
    b->no_memory = false;
    if (!b->reader->rewind(b->reader))
        return fail(b, "the CA bundle cannot be read");
    while ((n = b->reader->read(b->reader, b->chunk, sizeof b->chunk)) != 0) {
        if (n == CILP_TRUST_READ_FAILED)
            return fail(b, "the CA bundle cannot be read");
        feed(b, b->chunk, n);
    }
    feed(b, (const uint8_t *)"\n", 1); /* the last line may lack it */
    if (b->state != OUTSIDE)
        b->bad++; /* cut off in mid-block */
    if (b->no_memory)
        return fail(b, cilp_arena_too_small);
    if (b->seen == 0)
        return fail(b, "the CA bundle holds no certificate at all");
    if (b->seen == b->bad)
        return fail(b, "the CA bundle holds no readable certificate");
    b->scanned = true;
    return 0;
}

/* Offer every anchor that bears the issuer's name. */
static int offer(struct cilp_trust_bundle *b, const mbedtls_x509_crt *child,
                 mbedtls_x509_crt **found)
{
    for (const struct cilp_trust_anchor *a = b->anchors; a; a = a->next) {
        if (!cilp_trust_name_may_equal(child->issuer_raw.p,
                                       child->issuer_raw.len,
                                       a->der + a->subject_at, a->subject_len))
            continue;
        switch (cilp_trust_add(found, a->der, a->len)) {
        case CILP_TRUST_OK: b->trust.offered++; break;
        case CILP_TRUST_UNUSABLE: b->bad++; break;
        case CILP_TRUST_NO_MEMORY: return fail(b, cilp_arena_too_small);
        }
    }
    return 0;
}

static int find(struct cilp_trust *t, const mbedtls_x509_crt *child,
                mbedtls_x509_crt **found)
{
    struct cilp_trust_bundle *b = (struct cilp_trust_bundle *)t;

    *found = NULL;
    t->offered = 0;
    if (!b->scanned) {
        int rc;

        b->chain = child;
        rc = scan(b);
        b->chain = NULL;
        if (rc != 0)
            return rc;
    }
    return offer(b, child, found);
}

static void done(struct cilp_trust *t)
{
    struct cilp_trust_bundle *b = (struct cilp_trust_bundle *)t;

    while (b->anchors) {
        struct cilp_trust_anchor *a = b->anchors;

        b->anchors = a->next;
        mbedtls_free(a);
    }
    b->scanned = false;
}

static const struct cilp_trust_ops bundle_ops = {find, done};

/* see trust.h */
void cilp_trust_init_bundle(struct cilp_trust_bundle *b,
                            struct cilp_trust_reader *reader)
{
    b->trust = (struct cilp_trust){.ops = &bundle_ops, .name = "the CA bundle"};
    b->reader = reader;
    b->anchors = NULL;
    b->scanned = false;
    b->seen = 0;
    b->bad = 0;
}

/* see trust.h */
void cilp_trust_bundle_count(const struct cilp_trust_bundle *b, size_t *seen,
                             size_t *bad)
{
    *seen = b->seen;
    *bad = b->bad;
}
