/*
 * words.c - words for whatever can fail in TLS, for whoever has room for them.
 *
 * Says what was found out and no more: where mbedTLS gives one number for many
 * things, the message that it was reading tells which.
 */
#include <string.h>

#include "mbedtls/asn1.h"
#include "mbedtls/ssl.h"

#include "port/mbedtls/explain.h"
#include "port/mbedtls/explain_text.h"
#include "port/mbedtls/explain_x509.h"
#include "port/mbedtls/tls_session.h"
#include "port/mbedtls/trust_parse.h"

struct row {
    int of;
    const char *text;
};

static const char *find(const struct row *rows, size_t n, int of)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].of == of)
            return rows[i].text;
    return NULL;
}

/* ---- Alerts -------------------------------------------------------------- */

/* A byte, its name, a NUL. RFC 8446 section 6, RFC 5246 section 7.2, RFC 6066
 * section 9. */
/* clang-format off */
static const char alerts[] =
    "\x00" "close notify\0"
    "\x0a" "unexpected message\0"
    "\x14" "bad record MAC\0"
    "\x15" "decryption failed\0"
    "\x16" "record overflow\0"
    "\x1e" "decompression failure\0"
    "\x28" "handshake failure\0"
    "\x29" "no certificate\0"
    "\x2a" "bad certificate\0"
    "\x2b" "unsupported certificate\0"
    "\x2c" "certificate revoked\0"
    "\x2d" "certificate expired\0"
    "\x2e" "certificate unknown\0"
    "\x2f" "illegal parameter\0"
    "\x30" "unknown CA\0"
    "\x31" "access denied\0"
    "\x32" "decode error\0"
    "\x33" "decrypt error\0"
    "\x3c" "export restriction\0"
    "\x46" "protocol version\0"
    "\x47" "insufficient security\0"
    "\x50" "internal error\0"
    "\x56" "inappropriate fallback\0"
    "\x5a" "user cancelled\0"
    "\x64" "no renegotiation\0"
    "\x6d" "missing extension\0"
    "\x6e" "unsupported extension\0"
    "\x6f" "certificate unobtainable\0"
    "\x70" "unrecognized host name\0"
    "\x71" "bad certificate status response\0"
    "\x72" "bad certificate hash value\0"
    "\x73" "unknown PSK identity\0"
    "\x74" "client certificate required\0"
    "\x75" "general error\0"
    "\x78" "no application protocol\0"
    "\x79" "ECH required\0";
/* clang-format on */

#define CERTIFICATE_REQUIRED 116 /* RFC 8446 section 6.2 */

static int state_of(const struct cilp_tls *t)
{
    return t->session ? t->session->ssl.MBEDTLS_PRIVATE(state)
                      : MBEDTLS_SSL_HELLO_REQUEST;
}

static bool is_1_3(const struct cilp_tls *t)
{
    return mbedtls_ssl_get_version_number(&t->session->ssl) ==
           MBEDTLS_SSL_VERSION_TLS1_3;
}

/* Whether an empty Certificate may have left, in TLS 1.2: all of our flight has. */
static bool has_sent_own(const struct cilp_tls *t)
{
    return !is_1_3(t) && state_of(t) > MBEDTLS_SSL_CLIENT_FINISHED;
}

/* "": it has none. */
static const char *alert_name(unsigned char alert)
{
    for (const char *p = alerts; p < alerts + sizeof alerts - 1;
         p += 2 + strlen(p + 1))
        if ((unsigned char)*p == alert)
            return p + 1;
    return "";
}

/* What it is about. An alert of TLS 1.3 comes when the handshake is over for us;
 * one of TLS 1.2 behind our Certificate. */
static const char *alert_cause(const struct cilp_tls *t, unsigned char alert)
{
    bool is_own = alert >= MBEDTLS_SSL_ALERT_MSG_NO_CERT &&
                  alert <= MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA &&
                  alert != MBEDTLS_SSL_ALERT_MSG_ILLEGAL_PARAMETER;

    if (t->session->own)
        return is_own ? ": it speaks of the client certificate" : "";
    if (alert == MBEDTLS_SSL_ALERT_MSG_NO_CERT || alert == CERTIFICATE_REQUIRED)
        return ": it wants a client certificate, and none was named";
    return alert == MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE && has_sent_own(t)
               ? ": perhaps it wants a client certificate, and none was named"
               : "";
}

/* ---- Numbers ------------------------------------------------------------- */

static const struct row failures[] = {
    {MBEDTLS_ERR_SSL_INVALID_MAC,
     "a TLS record was changed on the way, or four empty ones came in a row"},
    {MBEDTLS_ERR_SSL_DECODE_ERROR, "a message of the server's is malformed"},
    {MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER,
     "the server answered with what was not offered, or must not be"},
    {MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION,
     "the server sent an extension that was not asked for, or asked for another "
     "hello with a cookie, which mbedTLS does not take"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE,
     "the server sent a message out of turn"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_RECORD, "the server sent a record out of turn"},
    {MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL,
     "a message of the server's is longer than there is room for"},
    {MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE,
     "the server wants what is not supported here"},
    {MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE,
     "no TLS parameters are acceptable to both sides"},
    {MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, "the server sent no certificate"},
    {MBEDTLS_ERR_SSL_BAD_CERTIFICATE,
     "the server's certificate has a key, or a use, that TLS does not allow"},
    {MBEDTLS_ERR_X509_FATAL_ERROR,
     "the server's chain has more CAs than are followed here"},
    {MBEDTLS_ERR_SSL_INTERNAL_ERROR, "mbedTLS failed in itself"},
    {CILP_TLS_NO_RANDOM, "this machine gives no random bytes"},
    {MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED,
     "the client certificate is not one of port/mbedtls's"},
};

#define KEY_UPDATE 24 /* RFC 8446 section 4 */

/* ---- Signatures ---------------------------------------------------------- */

/* The handshake message that is being read; its content is behind the header. */
static const unsigned char *message(const struct cilp_tls *t, size_t *len)
{
    const mbedtls_ssl_context *ssl = &t->session->ssl;

    *len = ssl->MBEDTLS_PRIVATE(in_hslen);
    return ssl->MBEDTLS_PRIVATE(in_msg);
}

static bool is_offered(const struct cilp_tls *t, unsigned scheme)
{
    const uint16_t *s = t->session->schemes;

    for (; *s != MBEDTLS_TLS1_3_SIG_NONE; s++)
        if (*s == scheme)
            return true;
    return false;
}

/* TLS 1.3's CertificateVerify begins with its scheme (RFC 8446 4.4.3). */
static const char *verify_fault(const struct cilp_tls *t)
{
    size_t n;
    const unsigned char *p = message(t, &n);

    if (n >= 6 && p[0] == MBEDTLS_SSL_HS_CERTIFICATE_VERIFY &&
        !is_offered(t, (unsigned)p[4] << 8 | p[5]))
        return "the server signed the handshake by a scheme that TLS 1.3 does"
               " not have for its key";
    return "the server's signature of the handshake is wrong: it does not prove"
           " that it has its certificate's key";
}

#if MBEDTLS_VERSION_NUMBER < 0x03060700
/* TLS 1.2's ServerKeyExchange is a curve, a point, a scheme (RFC 8422 5.4). */
static bool is_by_pss(const struct cilp_tls *t)
{
    size_t n, at = 7;
    const unsigned char *p = message(t, &n);

    if (n <= at || p[0] != MBEDTLS_SSL_HS_SERVER_KEY_EXCHANGE)
        return false;
    at += 1u + p[at];
    return at + 1 < n && p[at] == 8 && p[at + 1] >= 4 && p[at + 1] <= 6;
}
#endif

/* Of what the server offers for the keys, in TLS 1.2. */
static const char *share_fault(const struct cilp_tls *t, int rc)
{
#if MBEDTLS_VERSION_NUMBER < 0x03060700
    if (rc == MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER && is_by_pss(t))
        return "the server signs by RSA-PSS in TLS 1.2, which "
               "mbedTLS " MBEDTLS_VERSION_STRING " does not take (3.6.7 does)";
#else
    (void)t;
#endif
    return rc > -0x5000 /* errors of RSA and of ECDSA */
               ? "the server's signature of its key share is wrong: it does not"
                 " prove that it has its certificate's key"
               : NULL;
}

/* In TLS 1.3 a server may change its keys when the handshake is over. mbedTLS
 * knows of no message but tickets then. */
static bool is_key_update(const struct cilp_tls *t, int rc)
{
    size_t n;

    return rc == MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE &&
           state_of(t) == MBEDTLS_SSL_HANDSHAKE_OVER &&
           message(t, &n)[0] == KEY_UPDATE;
}

/* What fails while the server proves who it is, and after that. */
static const char *proof_fault(const struct cilp_tls *t, int rc)
{
    if (is_key_update(t, rc))
        return "the server changes its keys (TLS 1.3's KeyUpdate), which mbedTLS"
               " does not follow";
    switch (state_of(t)) {
    case MBEDTLS_SSL_CERTIFICATE_VERIFY:
        return rc == MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE ? verify_fault(t) : NULL;
    case MBEDTLS_SSL_SERVER_KEY_EXCHANGE: return share_fault(t, rc);
    case MBEDTLS_SSL_SERVER_FINISHED:
        return rc == MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE
                   ? "the handshake was changed on the way: the server saw"
                     " another one (Finished)"
                   : NULL;
    default: return NULL;
    }
}

/* ---- Certificates -------------------------------------------------------- */

/* Where the first certificate of the message begins, and whether extensions
 * follow each (RFC 8446 4.4.2) or not (RFC 5246 7.4.2). */
static size_t first_of(const struct cilp_tls *t)
{
    return is_1_3(t) ? 8 : 7;
}

static size_t number(const unsigned char *p, int n)
{
    size_t v = 0;

    for (; n > 0; n--)
        v = v << 8 | *p++;
    return v;
}

/* mbedTLS calls this for each extension that it does not know. */
static int note(void *context, const mbedtls_x509_crt *crt,
                const mbedtls_x509_buf *oid, int critical,
                const unsigned char *p, const unsigned char *end)
{
    mbedtls_x509_buf *noted = context;

    (void)crt;
    (void)p;
    (void)end;
    if (critical && !noted->p)
        *noted = *oid;
    return 0;
}

/* Extensions with names, below id-ce. */
static const struct row extensions[] = {
    {30, ", name constraints"},
    {33, ", policy mappings"},
    {36, ", policy constraints"},
    {54, ", inhibit any policy"},
};

static void put_extension(struct cilp_text *x, const mbedtls_x509_buf *oid)
{
    const char *name = NULL;

    if (oid->len == 3 && oid->p[0] == 0x55 && oid->p[1] == 0x1d)
        name = find(extensions, sizeof extensions / sizeof extensions[0],
                    oid->p[2]);
    cilp_explain_put(x, " has a critical extension that is not known here");
    cilp_explain_put(x, name ? name : "");
}

/* The certificate that mbedTLS does not read, once more, with its critical
 * extensions let pass. */
static void put_certificate(struct cilp_text *x, const unsigned char *der,
                            size_t len, int rc)
{
    mbedtls_x509_buf noted = {0};
    mbedtls_x509_crt *crt = NULL;

    if (cilp_trust_parse(&crt, der, len, note, &noted) == 0 && noted.p) {
        cilp_explain_put(x, "the certificate of ");
        cilp_explain_put_name(x, &crt->subject);
        put_extension(x, &noted);
    } else {
        cilp_explain_put(x, "a certificate of the server's ");
        cilp_explain_put(x, cilp_explain_x509(rc));
    }
    cilp_trust_drop(crt);
}

static bool is_read(const unsigned char *der, size_t len)
{
    mbedtls_x509_crt *crt = NULL;
    int rc = cilp_trust_parse(&crt, der, len, NULL, NULL);

    cilp_trust_drop(crt);
    return rc == 0;
}

static void put_unread(const struct cilp_tls *t, struct cilp_text *x, int rc)
{
    size_t n, at = first_of(t);
    const unsigned char *p = message(t, &n);

    while (p[0] == MBEDTLS_SSL_HS_CERTIFICATE && at + 3 <= n) {
        size_t len = number(p + at, 3);

        at += 3;
        if (len > n - at)
            break;
        if (!is_read(p + at, len)) {
            put_certificate(x, p + at, len, rc);
            return;
        }
        at += len;
        if (is_1_3(t) && at + 2 <= n)
            at += 2 + number(p + at, 2);
    }
    cilp_explain_put(x, "a certificate of the server's ");
    cilp_explain_put(x, cilp_explain_x509(rc));
}

/* mbedTLS's number for it says no more than that it is not well. */
static bool is_too_long(const struct cilp_tls *t)
{
    size_t n;
    const unsigned char *p;

    if (!t->session || t->session->ssl.MBEDTLS_PRIVATE(in_msgtype) !=
                           MBEDTLS_SSL_MSG_HANDSHAKE)
        return false;
    p = message(t, &n);
    return number(p + 1, 3) + 4 > MBEDTLS_SSL_IN_CONTENT_LEN;
}

/* ---- What we send --------------------------------------------------------- */

static const char *own_fault(const struct cilp_tls *t, int rc)
{
    int verify = is_1_3(t) ? MBEDTLS_SSL_CLIENT_CERTIFICATE_VERIFY
                           : MBEDTLS_SSL_CERTIFICATE_VERIFY;

    if (state_of(t) == MBEDTLS_SSL_CLIENT_CERTIFICATE &&
        rc == MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL)
        return "the client certificate and its CAs are longer than a message of"
               " ours can be (CILP_TLS_OUT)";
    return state_of(t) == verify
               ? "the client certificate's key does not sign in a way that the"
                 " server takes"
               : NULL;
}

/* ---- All ----------------------------------------------------------------- */

static void put_alert(const struct cilp_tls *t, struct cilp_text *x,
                      unsigned char alert)
{
    const char *name = alert_name(alert);

    cilp_explain_put(x, *name ? ", " : "");
    cilp_explain_put(x, name);
    cilp_explain_put(x, alert_cause(t, alert));
}

/* NULL: there is no text for it. */
static const char *text_of(const struct cilp_tls *t, int rc)
{
    const char *text = t->session && t->session->own ? own_fault(t, rc) : NULL;

    if (!text)
        text = proof_fault(t, rc);
    if (!text && rc == MBEDTLS_ERR_SSL_BAD_INPUT_DATA && is_too_long(t))
        rc = MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
    return text ? text
                : find(failures, sizeof failures / sizeof failures[0], rc);
}

/* see tls.h */
void cilp_tls_words(const struct cilp_tls *t, struct cilp_text *x, int rc)
{
    const char *text;

    if (cilp_explain_is_alert(t, rc)) {
        put_alert(t, x, t->session->ssl.MBEDTLS_PRIVATE(in_msg)[1]);
        return;
    }
    text = text_of(t, rc);
    if (text)
        cilp_explain_put(x, text);
    else if (cilp_explain_is_x509(rc) &&
             state_of(t) == MBEDTLS_SSL_SERVER_CERTIFICATE)
        put_unread(t, x, rc);
}
