#include "port/mbedtls/explain.h"

#include <string.h>

#include "mbedtls/asn1.h"
#include "mbedtls/oid.h"
#include "mbedtls/ssl.h"

#include "core/text.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/dates.h"
#include "port/mbedtls/explain_text.h"
#include "port/mbedtls/names.h"
#include "port/mbedtls/tls_session.h"

/* ---- A sentence --------------------------------------------------------- */

/* see explain_text.h */
void cilp_explain_put(struct cilp_text *x, const char *s)
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

/* see explain_text.h */
bool cilp_explain_begin(struct cilp_tls *t, struct cilp_text *x)
{
    if (!t->stream.why || t->stream.why[0] != '\0')
        return false;
    cilp_text_init(x, t->stream.why, CILP_STREAM_WHY_MAX);
    return true;
}

/* ---- Names and dates ---------------------------------------------------- */

/* see explain_text.h */
void cilp_explain_put_date(struct cilp_text *x, const mbedtls_x509_time *d)
{
    put_num(x, d->year, 4);
    cilp_explain_put(x, "-");
    put_num(x, d->mon, 2);
    cilp_explain_put(x, "-");
    put_num(x, d->day, 2);
    cilp_explain_put(x, " ");
    put_num(x, d->hour, 2);
    cilp_explain_put(x, ":");
    put_num(x, d->min, 2);
    cilp_explain_put(x, ":");
    put_num(x, d->sec, 2);
    cilp_explain_put(x, " UTC");
}

/* see explain_text.h */
void cilp_explain_put_clock(struct cilp_text *x, int64_t unix_s)
{
    mbedtls_x509_time d = cilp_dates_of(unix_s);

    cilp_explain_put(x, "; our clock says ");
    cilp_explain_put_date(x, &d);
}

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

/* see explain_text.h */
void cilp_explain_put_name(struct cilp_text *x, const mbedtls_x509_name *name)
{
    bool first = true;

    cilp_explain_put(x, "\"");
    for (; name; name = name->next) {
        const char *is = label(&name->oid);
        size_t n = name->val.len < 64 ? name->val.len : 64;

        if (!is)
            continue;
        cilp_explain_put(x, first ? "" : ", ");
        cilp_explain_put(x, is);
        cilp_text_shown(x, name->val.p, n);
        first = false;
    }
    cilp_explain_put(x, "\"");
}

/* ---- A refused certificate ---------------------------------------------- */

static void put_address(struct cilp_text *x, const mbedtls_x509_buf *ip)
{
    for (size_t i = 0; ip->len == 4 && i < 4; i++) {
        cilp_explain_put(x, i == 0 ? "" : ".");
        put_num(x, ip->p[i], 1);
    }
    if (ip->len != 4)
        cilp_explain_put(x, "an IPv6 address");
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

static bool is_host(const mbedtls_x509_buf *name)
{
    int kind = cilp_names_kind(name);

    return kind == MBEDTLS_X509_SAN_DNS_NAME ||
           kind == MBEDTLS_X509_SAN_IP_ADDRESS;
}

/* What a certificate is for: the first three of its names. How many there are. */
static int put_hosts(struct cilp_text *x, const mbedtls_x509_crt *crt)
{
    const mbedtls_x509_sequence *s = &crt->subject_alt_names;
    int n = 0;

    for (; s && s->buf.p; s = s->next) {
        if (!is_host(&s->buf) || ++n > 3)
            continue;
        cilp_explain_put(x, n == 1 ? "" : ", ");
        put_subject(x, &s->buf,
                    cilp_names_kind(&s->buf) == MBEDTLS_X509_SAN_IP_ADDRESS);
    }
    if (n > 3) {
        cilp_explain_put(x, " and ");
        put_num(x, n - 3, 1);
        cilp_explain_put(x, " more");
    }
    return n;
}

/* The chain could not be continued. */
static void say_untrusted(struct cilp_text *x, const struct cilp_tls *t,
                          const mbedtls_x509_crt *crt)
{
    const struct cilp_trust *trust = t->trust;

    cilp_explain_put(x, "the server's chain ends at issuer ");
    cilp_explain_put_name(x, &crt->issuer);
    cilp_explain_put(x, trust->unused ? ", which is in "
                        : trust->offered
                            ? ", whose name but not whose key is in "
                            : ", which is not in ");
    cilp_explain_put(x, trust->name);
    if (trust->unused) {
        cilp_explain_put(x, ", but cannot vouch: the certificate there ");
        cilp_explain_put(x, trust->unused);
    }
}

static void say_dates(struct cilp_text *x, const struct cilp_tls *t,
                      const mbedtls_x509_crt *crt, bool expired)
{
    cilp_explain_put(x, expired ? " expired at " : " is valid only from ");
    cilp_explain_put_date(x, expired ? &crt->valid_to : &crt->valid_from);
    cilp_explain_put_clock(x, t->unix_s);
}

static void say_host(struct cilp_text *x, const struct cilp_tls *t,
                     const mbedtls_x509_crt *crt)
{
    cilp_explain_put(x, "the server's certificate is for ");
    if (put_hosts(x, crt) == 0) {
        cilp_explain_put(x, "no host by name (a common name is none: ");
        cilp_explain_put_name(x, &crt->subject);
        cilp_explain_put(x, ")");
    }
    cilp_explain_put(x, t->ip_len ? ", not for the address " : ", not for ");
    cilp_explain_put(x, t->host);
}

/* mbedTLS flags a key that is too short at whom it signed; at the leaf it may be
 * its own as well. */
static const char *weakness(uint32_t flags)
{
    return flags & MBEDTLS_X509_BADCERT_BAD_KEY
               ? " has a key that is too short, or its issuer has"
               : " is signed with a hash that is too weak";
}

/* For `flags`, which are not 0. */
static void say_certificate(struct cilp_text *x, struct cilp_tls *t,
                            const mbedtls_x509_crt *crt, uint32_t flags,
                            const char *fault)
{
    cilp_explain_put(x, "the certificate of ");
    cilp_explain_put_name(x, &crt->subject);
    if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) {
        cilp_explain_put(x, " is not signed by the key of its issuer, ");
        cilp_explain_put_name(x, &crt->issuer);
    } else if (flags & CILP_DATES_FLAGS) {
        say_dates(x, t, crt, flags & MBEDTLS_X509_BADCERT_EXPIRED);
    } else if (fault) {
        cilp_explain_put(x, " ");
        cilp_explain_put(x, fault);
    } else if (flags & MBEDTLS_X509_BADCERT_EXT_KEY_USAGE) {
        cilp_explain_put(x, " is not for TLS servers (extended key usage)");
    } else {
        cilp_explain_put(x, weakness(flags));
    }
}

/* see explain.h */
void cilp_explain_certificate(struct cilp_tls *t, const mbedtls_x509_crt *crt,
                              bool ends, uint32_t flags, const char *fault)
{
    struct cilp_text x;

    if (flags == 0 || !cilp_explain_begin(t, &x))
        return;
    if (ends && (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED))
        say_untrusted(&x, t, crt);
    else if (flags == MBEDTLS_X509_BADCERT_CN_MISMATCH)
        say_host(&x, t, crt);
    else
        say_certificate(&x, t, crt, flags, fault);
    cilp_text_cut(&x);
}

/* see explain.h */
void cilp_explain_link(struct cilp_tls_facts *f, const mbedtls_x509_crt *crt,
                       int depth, bool ends, uint32_t flags)
{
    struct cilp_text x;

    if (ends) { /* the first of them */
        f->n = (uint8_t)(depth < CILP_TLS_CHAIN_MAX ? depth + 1
                                                    : CILP_TLS_CHAIN_MAX);
        f->has_anchor = !(flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED);
    }
    if (depth >= CILP_TLS_CHAIN_MAX)
        return;
    cilp_text_init(&x, f->chain[depth], sizeof f->chain[0]);
    cilp_explain_put(&x, "until ");
    cilp_explain_put_date(&x, &crt->valid_to);
    cilp_explain_put(&x, ": ");
    if (depth > 0 || put_hosts(&x, crt) == 0)
        cilp_explain_put_name(&x, &crt->subject);
    cilp_text_cut(&x);
}

/* ---- Other failures ----------------------------------------------------- */

/* X.509's, those of public keys, and of ASN.1, which 4.x gives as they are: what
 * follows these is no more of certificates. see explain.h */
bool cilp_explain_is_x509(int rc)
{
    return (rc <= -0x2080 && rc > -0x3080) || (rc <= -0x3880 && rc > -0x4000) ||
           (rc <= -0x60 && rc > -0x6e);
}

static const char too_long[] =
    "the server sends more in one piece than there is room for "
    "(CILP_TLS_IN=" CILP_STRINGIFY(MBEDTLS_SSL_IN_CONTENT_LEN) " bytes)";

/* A record that a peer may send, or a message in several of them, and more than
 * this image has room for. */
static bool is_too_long(const mbedtls_ssl_context *ssl, int rc)
{
    const uint8_t *head = ssl->MBEDTLS_PRIVATE(in_hdr);

    if (MBEDTLS_SSL_IN_CONTENT_LEN >= 16384 || !head)
        return false;
    if (ssl->MBEDTLS_PRIVATE(in_hslen) > MBEDTLS_SSL_IN_CONTENT_LEN)
        return true; /* for which mbedTLS has an error that may be of anything */
    return (rc == MBEDTLS_ERR_SSL_INVALID_RECORD ||
            rc == MBEDTLS_ERR_SSL_BAD_INPUT_DATA) &&
           head[0] >= MBEDTLS_SSL_MSG_CHANGE_CIPHER_SPEC &&
           head[0] <= MBEDTLS_SSL_MSG_APPLICATION_DATA && head[1] == 3 &&
           (head[3] << 8 | head[4]) > MBEDTLS_SSL_IN_CONTENT_LEN;
}

#if defined(MBEDTLS_SSL_PROTO_TLS1_2)
#define VERSIONS "1.2, 1.3"
#else
#define VERSIONS "1.3"
#endif

/* What is common, where nobody has words for all. */
static const char *cause(int rc)
{
    switch (rc) {
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION:
        return "the server speaks no TLS version that we accept (" VERSIONS ")";
    case MBEDTLS_ERR_SSL_CONN_EOF:
        return "the server hung up without ending TLS";
    case MBEDTLS_ERR_SSL_INVALID_RECORD:
        return "what came is not TLS, or was changed on the way";
    default:
        return cilp_explain_is_x509(rc) ? "a certificate of the server's is not"
                                          " one that can be read here"
                                        : "TLS failed";
    }
}

/* see explain.h */
void cilp_explain_memory(struct cilp_tls *t)
{
    struct cilp_text x;

    if (!t->stream.why)
        return;
    t->stream.why[0] = '\0';
    if (!cilp_explain_begin(t, &x))
        return;
    cilp_explain_put(&x,
                     t->no_memory ? cilp_arena_too_small : cilp_arena_no_slots);
    cilp_text_cut(&x);
}

static void put_alert(struct cilp_text *x, const mbedtls_ssl_context *ssl)
{
    cilp_explain_put(x,
                     mbedtls_ssl_is_handshake_over((mbedtls_ssl_context *)ssl)
                         ? "the server ended the connection (TLS alert "
                         : "the server refused the handshake (TLS alert ");
    put_num(x, ssl->MBEDTLS_PRIVATE(in_msg)[1], 1);
}

/* mbedTLS says that an alert came also where it sends one. */
bool cilp_explain_is_alert(const struct cilp_tls *t, int rc)
{
    return rc == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && t->session &&
           t->session->ssl.MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT;
}

static void say_number(struct cilp_text *x, int rc)
{
    const uint8_t bytes[] = {(uint8_t)(-rc >> 8), (uint8_t)-rc};

    cilp_explain_put(x, " (mbedTLS -0x");
    cilp_text_hex(x, bytes, sizeof bytes);
    cilp_explain_put(x, ")");
}

static void say_failure(struct cilp_text *x, struct cilp_tls *t, int rc)
{
    if (t->trust->why) {
        cilp_explain_put(x, t->trust->why);
        return;
    }
    if (cilp_explain_is_alert(t, rc)) {
        put_alert(x, &t->session->ssl);
        if (t->words)
            t->words(t, x, rc);
        cilp_explain_put(x, ")");
        return;
    }
    if (t->session && is_too_long(&t->session->ssl, rc))
        cilp_explain_put(x, too_long);
    else if (t->words)
        t->words(t, x, rc);
    if (x->len == 0)
        cilp_explain_put(x, cause(rc));
    say_number(x, rc);
}

/* see explain.h */
void cilp_explain_failure(struct cilp_tls *t, int rc)
{
    struct cilp_text x;

    if (!cilp_explain_begin(t, &x))
        return;
    say_failure(&x, t, rc);
    cilp_text_cut(&x);
}
