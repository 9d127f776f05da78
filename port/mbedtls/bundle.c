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

#include "core/text.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/constraints.h"
#include "port/mbedtls/explain_x509.h"
#include "port/mbedtls/paths.h"
#include "port/mbedtls/trust_parse.h"

enum state {
    OUTSIDE,   /* in text that is nobody's */
    MARK,      /* there, in a line from its first '-' on */
    BODY,      /* in a block, decoding */
    SKIP,      /* in a block whose subject is not wanted */
    SPOILT,    /* in a block that cannot be read */
    BODY_MARK, /* in a line that begins with '-', after each of those */
    SKIP_MARK,
    SPOILT_MARK
};

struct cilp_trust_anchor {
    struct cilp_trust_anchor *next;
    uint16_t len; /* 0: it was too long, and only its head is here */
    uint16_t subject_at, subject_len;
    uint8_t der[];
};

static const char not_base64[] = "is not base64";
static const char no_certificate[] = "holds no certificate";
static const char no_end[] = "has no end of its own";
static const char too_long[] =
    "is longer than " CILP_STRINGIFY(CILP_TRUST_CERT_MAX) " bytes";
static const char of_openssl[] =
    "is of OpenSSL's own kind, TRUSTED CERTIFICATE";

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

/* The block is of no use, and why: what goes before all other reasons. */
static void spoil(struct cilp_trust_bundle *b, const char *fault)
{
    b->state = SPOILT;
    b->fault = fault;
}

/* All are in a survey; else issuers of what the peer sent, and its leaf, which
 * may lie in here itself. */
static bool is_wanted(const struct cilp_trust_bundle *b, const uint8_t *name,
                      size_t len)
{
    const mbedtls_x509_crt *c = b->chain;

    if (b->survey || cilp_trust_name_may_equal(c->subject_raw.p,
                                               c->subject_raw.len, name, len))
        return true;
    for (; c; c = c->next)
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
            spoil(b, too_long);
        break;
    case BROKEN: spoil(b, no_certificate); break;
    }
}

/* A bundle may hold a certificate more than once; it is kept once. */
static bool is_kept(const struct cilp_trust_bundle *b, size_t len)
{
    for (const struct cilp_trust_anchor *a = b->anchors; a; a = a->next)
        if (a->len == len && !memcmp(a->der, b->der, len))
            return true;
    return false;
}

/* Keep the first n bytes of what was decoded, a certificate of `len`. */
static void keep_bytes(struct cilp_trust_bundle *b, const struct element *name,
                       size_t n, size_t len)
{
    struct cilp_trust_anchor *a = mbedtls_calloc(1, sizeof *a + n);

    if (!a) {
        b->no_memory = true;
        return;
    }
    a->len = (uint16_t)len;
    a->subject_at = (uint16_t)name->at;
    a->subject_len = (uint16_t)(name->end - name->at);
    memcpy(a->der, b->der, n);
    a->next = b->anchors;
    b->anchors = a;
}

/* What mbedTLS says of it is its fault. */
static void try_out(struct cilp_trust_bundle *b)
{
    mbedtls_x509_crt *list = NULL;
    int rc =
        cilp_trust_parse(&list, b->der, b->der_len, cilp_constraints_are, NULL);

    if (rc != 0) {
        b->fault = cilp_explain_x509(rc);
        return;
    }
    cilp_trust_drop(list);
}

/* A wanted certificate is whole: keep it. False: it is not what it seemed. */
static bool keep(struct cilp_trust_bundle *b)
{
    struct element e, all;
    size_t need;

    if (header(b->der, b->der_len, 0, 0x30, &all, &need) != SEEN ||
        all.end != b->der_len || subject(b->der, b->der_len, &e, &need) != SEEN)
        return false;
    if (b->survey && b->survey->parses)
        try_out(b);
    else if (!b->survey && !is_kept(b, b->der_len))
        keep_bytes(b, &e, b->der_len, b->der_len);
    return b->fault == NULL;
}

/* More than there is room for: if it was wanted, that is remembered. */
static void overflow(struct cilp_trust_bundle *b)
{
    struct element e;
    size_t need;

    spoil(b, too_long);
    if (!b->survey && b->need == SIZE_MAX &&
        subject(b->der, b->der_len, &e, &need) == SEEN)
        keep_bytes(b, &e, e.end, 0);
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
        overflow(b);
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
        spoil(b, not_base64);
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

/* A byte order mark may stand before it, or any text. */
static bool line_ends_with(const struct cilp_trust_bundle *b, const char *text)
{
    size_t n = strlen(text);

    return b->line_len >= n && !memcmp(b->line + b->line_len - n, text, n);
}

static bool is_begin(const struct cilp_trust_bundle *b)
{
    return line_ends_with(b, "-----BEGIN CERTIFICATE-----") ||
           line_ends_with(b, "-----BEGIN X509 CERTIFICATE-----");
}

static bool is_end(const struct cilp_trust_bundle *b)
{
    return line_is(b, "-----END CERTIFICATE-----") ||
           line_is(b, "-----END X509 CERTIFICATE-----");
}

static void tell(struct cilp_trust_bundle *b, uint32_t line)
{
    struct cilp_trust_survey *s = b->survey;

    b->bad += b->fault != NULL;
    if (s && !s->is_over)
        s->is_over = !s->block(s, line, b->fault);
}

/* A certificate that was decoded to its end. Not skipped so far, and yet its
 * subject may still be unknown: it was cut short. */
static const char *judge_body(struct cilp_trust_bundle *b)
{
    if (!finish_digits(b))
        return b->fault ? b->fault : not_base64;
    if (b->state == SKIP)
        return NULL;
    if (b->need != SIZE_MAX || !keep(b))
        return b->fault ? b->fault : no_certificate;
    return NULL;
}

/* A block is over, by its own end or by others. */
static void close_block(struct cilp_trust_bundle *b, bool ended)
{
    if (!b->fault && !ended)
        b->fault = no_end;
    if (!b->fault && b->state == BODY_MARK)
        b->fault = judge_body(b);
    tell(b, b->block_line);
    b->state = OUTSIDE;
}

static void open_block(struct cilp_trust_bundle *b)
{
    b->seen++;
    b->block_line = b->at_line;
    b->fault = NULL;
    b->state = BODY;
    b->bits = 0;
    b->digits = 0;
    b->pads = 0;
    b->der_len = 0;
    b->need = 4;
}

/* A line with a '-' is whole. */
static void judge_line(struct cilp_trust_bundle *b)
{
    while (b->line_len > 0 && strchr(" \t\r", b->line[b->line_len - 1]))
        b->line_len--;
    if (b->state != MARK)
        close_block(b, is_end(b));
    b->state = OUTSIDE;
    if (is_begin(b)) {
        open_block(b);
    } else if (line_ends_with(b, "-----BEGIN TRUSTED CERTIFICATE-----")) {
        b->seen++;             /* it carries conditions, */
        b->fault = of_openssl; /* which would have to be honoured */
        tell(b, b->at_line);
    }
    b->line_len = 0;
}

/* Collect the line, or of a long one what is last. */
static const uint8_t *mark(struct cilp_trust_bundle *b, const uint8_t *p,
                           const uint8_t *end)
{
    const uint8_t *nl = memchr(p, '\n', (size_t)(end - p));
    const uint8_t *stop = nl ? nl : end;

    for (; p < stop; p++) {
        if (b->line_len == sizeof b->line)
            memmove(b->line, b->line + 1, --b->line_len);
        b->line[b->line_len++] = (char)*p;
    }
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
        case OUTSIDE: p = jump(b, p, end, '-', MARK); break;
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

/* Line by line where somebody wants to know which it is. */
static void feed_lines(struct cilp_trust_bundle *b, const uint8_t *p, size_t n)
{
    const uint8_t *end = p + n;

    while (p < end && !b->survey->is_over) {
        const uint8_t *nl = memchr(p, '\n', (size_t)(end - p));
        const uint8_t *next = nl ? nl + 1 : end;

        feed(b, p, (size_t)(next - p));
        b->at_line += nl != NULL;
        p = next;
    }
}

/* All of it, or until a survey is over. False: it cannot be read. */
static bool read_all(struct cilp_trust_bundle *b)
{
    size_t n;

    b->state = OUTSIDE;
    b->line_len = 0;
    b->at_line = 1;
    b->seen = 0;
    b->bad = 0;
    b->no_memory = false;
    if (!b->reader->rewind(b->reader))
        return false;
    while ((n = b->reader->read(b->reader, b->chunk, sizeof b->chunk)) != 0) {
        if (n == CILP_TRUST_READ_FAILED)
            return false;
        if (!b->survey)
            feed(b, b->chunk, n);
        else if (!b->survey->is_over)
            feed_lines(b, b->chunk, n);
        else
            return true;
    }
    feed(b, (const uint8_t *)"\n", 1); /* the last line may lack it */
    if (b->state != OUTSIDE)
        close_block(b, false);
    return true;
}

static int scan(struct cilp_trust_bundle *b)
{
    if (!read_all(b))
        return fail(b, "the CA bundle cannot be read");
    if (b->no_memory)
        return fail(b, cilp_arena_too_small);
    if (b->seen == 0)
        return fail(b, "the CA bundle holds no certificate at all");
    if (b->seen == b->bad)
        return fail(b, "the CA bundle holds no readable certificate");
    b->scanned = true;
    return 0;
}

/* see trust.h */
bool cilp_trust_bundle_survey(struct cilp_trust_bundle *b,
                              struct cilp_trust_survey *survey)
{
    bool can_be_read;

    survey->is_over = false;
    b->survey = survey;
    can_be_read = (!survey->parses || cilp_arena_start()) && read_all(b);
    b->survey = NULL;
    return can_be_read;
}

/* ---- For a handshake ----------------------------------------------------- */

static bool is_named(const struct cilp_trust_anchor *a,
                     const mbedtls_x509_buf *name)
{
    return cilp_trust_name_may_equal(name->p, name->len, a->der + a->subject_at,
                                     a->subject_len);
}

/* Why mbedTLS will not look whether an anchor's key signed the certificate that
 * is `depth` steps above the leaf. */
static const char *unfit(const mbedtls_x509_crt *crt, int depth)
{
    int most = crt->MBEDTLS_PRIVATE(max_pathlen); /* and one; 0: any number */

    if (crt->version >= 3 && mbedtls_x509_crt_get_ca_istrue(crt) != 1)
        return "is no CA's";
    if (crt->version >= 3 && mbedtls_x509_crt_check_key_usage(
                                 crt, MBEDTLS_X509_KU_KEY_CERT_SIGN) != 0)
        return "may not sign certificates";
    return most > 0 && most <= depth ? "allows fewer certificates below it"
                                     : NULL;
}

/* An anchor of the name that is looked for. */
static int add(struct cilp_trust_bundle *b, const struct cilp_trust_anchor *a,
               mbedtls_x509_crt **found)
{
    const char *fault = too_long;
    int rc = 0;

    if (a->len > 0) {
        rc =
            cilp_trust_parse(found, a->der, a->len, cilp_constraints_are, NULL);
        if (rc == MBEDTLS_ERR_X509_ALLOC_FAILED)
            return fail(b, cilp_arena_too_small);
        fault = rc ? cilp_explain_x509(rc) : unfit(*found, b->asked);
        b->bad += (uint32_t)(rc != 0);
        if (rc == 0)
            cilp_paths_sink(&b->trust, found);
    }
    if (fault)
        b->trust.unused = fault;
    else
        b->trust.offered++;
    return 0;
}

/* Every anchor that bears the issuer's name. */
static int offer(struct cilp_trust_bundle *b, const mbedtls_x509_crt *child,
                 mbedtls_x509_crt **found)
{
    int rc = 0;

    for (const struct cilp_trust_anchor *a = b->anchors; a && rc == 0;
         a = a->next)
        if (is_named(a, &child->issuer_raw))
            rc = add(b, a, found);
    return rc;
}

static bool knows(const struct cilp_trust *t, const mbedtls_x509_buf *name)
{
    const struct cilp_trust_bundle *b = (const struct cilp_trust_bundle *)t;

    for (const struct cilp_trust_anchor *a = b->anchors; a; a = a->next)
        if (a->len > 0 && is_named(a, name))
            return true;
    return false;
}

/* The leaf of a chain is the first that is asked for. */
static int begin(struct cilp_trust_bundle *b, const mbedtls_x509_crt *leaf)
{
    int rc;

    b->asked = 0;
    b->chain = leaf;
    rc = scan(b);
    b->chain = NULL;
    for (const struct cilp_trust_anchor *a = b->anchors; a; a = a->next)
        if (a->len > 0 && a->len == leaf->raw.len &&
            !memcmp(a->der, leaf->raw.p, a->len))
            b->trust.has_leaf = true;
    return rc;
}

/* It is an anchor itself: whoever is said to have issued it is not asked. */
static void cut_off(mbedtls_x509_crt *leaf)
{
    cilp_trust_drop(leaf->next);
    leaf->next = NULL;
}

static int find(struct cilp_trust *t, const mbedtls_x509_crt *child,
                mbedtls_x509_crt **found)
{
    struct cilp_trust_bundle *b = (struct cilp_trust_bundle *)t;
    int rc = b->scanned ? 0 : begin(b, child);

    *found = NULL;
    t->offered = 0;
    t->unused = NULL;
    if (rc != 0)
        return rc;
    if (t->has_leaf) {
        cut_off((mbedtls_x509_crt *)child);
        return 0;
    }
    cilp_paths_arrange(t, (mbedtls_x509_crt *)child, knows);
    rc = offer(b, child, found);
    b->asked++;
    return rc;
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
    t->has_leaf = false;
}

static const struct cilp_trust_ops bundle_ops = {find, done};

/* see trust.h */
void cilp_trust_init_bundle(struct cilp_trust_bundle *b,
                            struct cilp_trust_reader *reader)
{
    b->trust = (struct cilp_trust){.ops = &bundle_ops, .name = "the CA bundle"};
    b->reader = reader;
    b->survey = NULL;
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
