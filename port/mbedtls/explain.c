#include "port/mbedtls/explain.h"

#include <string.h>

#include "mbedtls/asn1.h"
#include "mbedtls/oid.h"
#include "mbedtls/ssl.h"

#include "core/text.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/dates.h"
#include "port/mbedtls/tls_session.h"

/* ---- A sentence --------------------------------------------------------- */

static void put(struct cilp_text *x, const char *s)
{
    cilp_text_shown(x, s, strlen(s));
}

/* At least `width` digits. */
static void put_num(struct cilp_text *x, int v, int width)
{
    uint32_t u = (uint32_t)v, least = 1;

    while (--width > 0)
        least *= 10;
    for (; u < least && least > 1; least /= 10)
        cilp_text_char(x, '0');
    cilp_text_uint(x, u);
}

/* Begin, unless there is no room for explanations or one has been given. */
static bool begin(struct cilp_tls *t, struct cilp_text *x)
{
    if (!t->stream.why || t->stream.why[0] != '\0')
        return false;
    cilp_text_init(x, t->stream.why, CILP_STREAM_WHY_MAX);
    return true;
}

/* ---- Names and dates ---------------------------------------------------- */

static void put_date(struct cilp_text *x, const mbedtls_x509_time *d)
{
    put_num(x, d->year, 4);
    put(x, "-");
    put_num(x, d->mon, 2);
    put(x, "-");
    put_num(x, d->day, 2);
    put(x, " ");
    put_num(x, d->hour, 2);
    put(x, ":");
    put_num(x, d->min, 2);
    put(x, ":");
    put_num(x, d->sec, 2);
    put(x, " UTC");
}

static void put_clock(struct cilp_text *x, int64_t unix_s)
{
    mbedtls_x509_time d = cilp_dates_of(unix_s);

    put(x, "; our clock says ");
    put_date(x, &d);
}

/* The attributes that people know a certificate by: "CN=..., O=...". */
static const char *label(const mbedtls_x509_buf *oid)
{
    if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, oid) == 0)
        return "CN=";
    if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_ORGANIZATION, oid) == 0)
        return "O=";
    if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_ORG_UNIT, oid) == 0)
        return "OU=";
    return NULL;
}

static void put_name(struct cilp_text *x, const mbedtls_x509_name *name)
{
    bool first = true;

    put(x, "\"");
    for (; name; name = name->next) {
        const char *is = label(&name->oid);
        size_t n = name->val.len < 64 ? name->val.len : 64;

        if (!is)
            continue;
        put(x, first ? "" : ", ");
        put(x, is);
        cilp_text_shown(x, name->val.p, n);
        first = false;
    }
    put(x, "\"");
}

/* ---- A refused certificate ---------------------------------------------- */

static void put_address(struct cilp_text *x, const mbedtls_x509_buf *ip)
{
    for (size_t i = 0; ip->len == 4 && i < 4; i++) {
        put(x, i == 0 ? "" : ".");
        put_num(x, ip->p[i], 1);
    }
    if (ip->len != 4)
        put(x, "an IPv6 address");
}

/* One of the names that a certificate is for. */
static void put_subject(struct cilp_text *x, const mbedtls_x509_buf *name,
                        bool is_ip)
{
    if (is_ip)
        put_address(x, name);
    else
        cilp_text_shown(x, name->p, name->len < 64 ? name->len : 64);
}

/* What a certificate is for: the first three of its names, or its CN. */
static void put_subjects(struct cilp_text *x, const mbedtls_x509_crt *crt)
{
    const mbedtls_x509_sequence *s = &crt->subject_alt_names;
    int n = 0;

    for (; s && s->buf.p; s = s->next) {
        int kind = s->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK;

        if (kind != MBEDTLS_X509_SAN_DNS_NAME &&
            kind != MBEDTLS_X509_SAN_IP_ADDRESS)
            continue;
        if (++n > 3)
            continue;
        put(x, n == 1 ? "" : ", ");
        put_subject(x, &s->buf, kind == MBEDTLS_X509_SAN_IP_ADDRESS);
    }
    if (n == 0)
        put_name(x, &crt->subject);
    if (n > 3) {
        put(x, " and ");
        put_num(x, n - 3, 1);
        put(x, " more");
    }
}

static void say_untrusted(struct cilp_text *x, const struct cilp_tls *t,
                          const mbedtls_x509_crt *crt)
{
    put(x, "the server's chain ends at issuer ");
    put_name(x, &crt->issuer);
    put(x, t->trust->offered ? ", whose name but not whose key is in "
                             : ", which is not in ");
    put(x, t->trust->name);
}

static void say_dates(struct cilp_text *x, const struct cilp_tls *t,
                      const mbedtls_x509_crt *crt, bool expired)
{
    put(x, "the certificate of ");
    put_name(x, &crt->subject);
    put(x, expired ? " expired at " : " is valid only from ");
    put_date(x, expired ? &crt->valid_to : &crt->valid_from);
    put_clock(x, t->unix_s);
}

static void say_host(struct cilp_text *x, const struct cilp_tls *t,
                     const mbedtls_x509_crt *crt)
{
    put(x, "the server's certificate is for ");
    put_subjects(x, crt);
    put(x, t->ip_len ? ", not for the address " : ", not for ");
    put(x, t->host);
}

/* see explain.h */
void cilp_explain_certificate(struct cilp_tls *t, const mbedtls_x509_crt *crt,
                              uint32_t flags)
{
    struct cilp_text x;

    if (flags == 0 || !begin(t, &x))
        return;
    if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) {
        say_untrusted(&x, t, crt);
    } else if (flags & MBEDTLS_X509_BADCERT_EXPIRED) {
        say_dates(&x, t, crt, true);
    } else if (flags & MBEDTLS_X509_BADCERT_FUTURE) {
        say_dates(&x, t, crt, false);
    } else if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) {
        say_host(&x, t, crt);
    } else {
        put(&x, "the certificate of ");
        put_name(&x, &crt->subject);
        put(&x, " has a key or signature of a kind that is too weak");
    }
    cilp_text_cut(&x);
}

/* see explain.h */
void cilp_explain_link(struct cilp_tls_facts *f, const mbedtls_x509_crt *crt,
                       int depth, uint32_t flags)
{
    struct cilp_text x;

    if (depth >= CILP_TLS_CHAIN_MAX)
        return;
    if (depth >= f->n) { /* the first of them */
        f->n = (uint8_t)(depth + 1);
        f->has_anchor = !(flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED);
    }
    cilp_text_init(&x, f->chain[depth], sizeof f->chain[0]);
    put(&x, "until ");
    put_date(&x, &crt->valid_to);
    put(&x, ": ");
    if (depth == 0)
        put_subjects(&x, crt);
    else
        put_name(&x, &crt->subject);
    cilp_text_cut(&x);
}

/* ---- Other failures ----------------------------------------------------- */

static const struct {
    int rc;
    const char *text;
} causes[] = {
    {MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION,
     "the server speaks no TLS version that we accept (1.2, 1.3)"},
    {MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE,
     "no TLS parameters are acceptable to both sides"},
    {MBEDTLS_ERR_SSL_CONN_EOF, "the server hung up without ending TLS"},
    {MBEDTLS_ERR_SSL_INVALID_RECORD,
     "what came is not TLS, or was changed on the way"},
    {MBEDTLS_ERR_SSL_INVALID_MAC,
     "a TLS record was changed on the way, or four empty ones came in a row"},
    {MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION,
     "the server sent an extension that was not asked for, or asked for another "
     "hello with a cookie, which mbedTLS does not take"},
    {MBEDTLS_ERR_SSL_BAD_CERTIFICATE,
     "the server's certificate is not one for a TLS server"},
    {MBEDTLS_ERR_X509_ALLOC_FAILED, cilp_arena_too_small},
};

#define KEY_UPDATE 24 /* RFC 8446 section 4 */

/* RFC 8446 section 6.2; the ones that a configuration can bring about. */
static const char *alert_name(int alert)
{
    switch (alert) {
    case MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE: return ", handshake failure";
    case MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION: return ", protocol version";
    case MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME: return ", unknown host name";
    case MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR: return ", internal error";
    case MBEDTLS_SSL_ALERT_MSG_CERT_REQUIRED:
        return ", client certificate required";
    default: return "";
    }
}

/* see explain.h */
void cilp_explain_memory(struct cilp_tls *t)
{
    struct cilp_text x;

    if (!t->stream.why)
        return;
    t->stream.why[0] = '\0';
    if (!begin(t, &x))
        return;
    put(&x, t->no_memory ? cilp_arena_too_small : cilp_arena_no_slots);
    cilp_text_cut(&x);
}

/* In TLS 1.3 a server may change its keys when the handshake is over. mbedTLS
 * knows of no message but tickets then. */
static bool is_key_update(mbedtls_ssl_context *ssl, int rc,
                          const unsigned char *msg)
{
    return rc == MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE && msg &&
           msg[0] == KEY_UPDATE && mbedtls_ssl_is_handshake_over(ssl);
}

static void say_failure(struct cilp_text *x, struct cilp_tls *t, int rc)
{
    const unsigned char *msg = t->session
                                   ? t->session->ssl.MBEDTLS_PRIVATE(in_msg)
                                   : NULL; /* there was no memory for one */

    if (t->trust->why) {
        put(x, t->trust->why);
        return;
    }
    if (rc == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && msg) {
        put(x, "the server refused the handshake (TLS alert ");
        put_num(x, msg[1], 1);
        put(x, alert_name(msg[1]));
        put(x, ")");
        return;
    }
    if (is_key_update(&t->session->ssl, rc, msg))
        put(x,
            "the server changes its keys (TLS 1.3's KeyUpdate), which mbedTLS "
            "does not follow");
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].rc == rc)
            put(x, causes[i].text);
}

/* see explain.h */
void cilp_explain_failure(struct cilp_tls *t, int rc)
{
    struct cilp_text x;

    if (!begin(t, &x))
        return;
    say_failure(&x, t, rc);
    cilp_text_cut(&x);
}
