#include "port/mbedtls/tls.h"

#include <string.h>

#include "mbedtls/platform.h"
#include "mbedtls/psa_util.h"

#include "port/mbedtls/arena.h"
#include "port/mbedtls/explain.h"
#include "port/mbedtls/needs.h"
#include "port/mbedtls/tls_session.h"
#include "port/mbedtls/verify.h"

enum state {
    CLOSED,
    OPENING, /* the stream below */
    HANDSHAKE,
    ESTABLISHED,
    BROKEN /* until close() */
};

static struct cilp_tls *self(struct cilp_stream *s)
{
    return (struct cilp_tls *)s; /* its first member */
}

/* ---- Bytes to and from the stream below --------------------------------- */

static int send_lower(void *context, const unsigned char *p, size_t n)
{
    struct cilp_tls *t = context;
    size_t done = 0;

    switch (t->lower->ops->send(t->lower, p, n, &done)) {
    case CILP_STREAM_OK: return (int)done;
    case CILP_STREAM_AGAIN: return MBEDTLS_ERR_SSL_WANT_WRITE;
    case CILP_STREAM_EOF:
    case CILP_STREAM_FAIL: break;
    }
    t->lower_failed = true;
    return MBEDTLS_ERR_SSL_CONN_EOF;
}

/* The step ends here: mbedTLS goes on where it was in the next one. */
static int pause_reading(struct cilp_tls *t, bool more)
{
    t->lower_idle = true;
    t->stream.more = more;
    return MBEDTLS_ERR_SSL_WANT_READ;
}

/* As mbedTLS wants it: bytes, 0 at the end, or an error. It never asks whether
 * it is enough: of tickets, warnings, changes of cipher and empty records it
 * would read on for as long as a peer sends them. */
static int read_lower(struct cilp_tls *t, unsigned char *p, size_t n)
{
    size_t done = 0;

    if (t->taken >= CILP_TLS_STEP)
        return pause_reading(t, true);
    switch (t->lower->ops->recv(t->lower, p, n, &done)) {
    case CILP_STREAM_OK: t->taken += done; return (int)done;
    case CILP_STREAM_AGAIN: return pause_reading(t, t->lower->more);
    case CILP_STREAM_EOF: t->lower_ended = true; return 0;
    case CILP_STREAM_FAIL: break;
    }
    t->lower_failed = true;
    return MBEDTLS_ERR_SSL_CONN_EOF;
}

static int recv_lower(void *context, unsigned char *p, size_t n)
{
    struct cilp_tls *t = context;
    size_t have = t->ahead_end - t->ahead_at;

    if (have == 0) {
        int got;

        if (n >= sizeof t->ahead)
            return read_lower(t, p, n); /* no gain in copying it */
        got = read_lower(t, t->ahead, sizeof t->ahead);
        if (got <= 0)
            return got;
        t->ahead_at = 0;
        t->ahead_end = (size_t)got;
        have = (size_t)got;
    }
    n = n < have ? n : have;
    memcpy(p, t->ahead + t->ahead_at, n);
    t->ahead_at += n;
    return (int)n;
}

/* ---- Failing ------------------------------------------------------------ */

static enum cilp_err blame(int rc)
{
    switch (rc) {
    case MBEDTLS_ERR_SSL_CONN_EOF: return CILP_E_CLOSED;
    case MBEDTLS_ERR_SSL_BAD_CERTIFICATE: return CILP_E_CERT;
    default: return cilp_explain_is_x509(rc) ? CILP_E_CERT : CILP_E_TLS;
    }
}

/* see tls_session.h. Other streams' steps do not count: they have the arena
 * before and after, never during. */
bool cilp_tls_is_short_of_memory(struct cilp_tls *t)
{
    if (cilp_arena_refused() != t->refused)
        t->no_memory = true;
    return t->no_memory;
}

/* A refused allocation comes first, whatever mbedTLS made of it: it takes some
 * for a wrong signature. */
static enum cilp_stream_rc fail(struct cilp_tls *t, int rc)
{
    t->state = BROKEN;
    if (cilp_tls_is_short_of_memory(t) || rc == MBEDTLS_ERR_SSL_ALLOC_FAILED) {
        t->stream.err = CILP_E_TLS;
        t->stream.native = MBEDTLS_ERR_SSL_ALLOC_FAILED;
        cilp_explain_memory(t);
        return CILP_STREAM_FAIL;
    }
    if (t->lower_failed) {
        t->stream.err = t->lower->err;
        t->stream.native = t->lower->native;
        return CILP_STREAM_FAIL;
    }
    if (cilp_tls_random_refused() != t->dry)
        rc = CILP_TLS_NO_RANDOM;
    t->stream.err = blame(rc);
    t->stream.native = rc;
    cilp_explain_failure(t, rc);
    return CILP_STREAM_FAIL;
}

/* ---- Opening ------------------------------------------------------------ */

#if MBEDTLS_VERSION_NUMBER < 0x03060700
const char cilp_tls_limits[] =
    "this mbedTLS refuses TLS 1.2 servers that sign by RSA-PSS alone\n";
#else
const char cilp_tls_limits[] = "";
#endif

/* Forward secrecy and AEAD, whatever else a user's mbedTLS has. */
static const int suites[] = {MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
                             MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
                             MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                             MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                             MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                             MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                             0};

/* One call, one connection: a ticket would be for nobody. */
static void leave_out_tickets(mbedtls_ssl_config *conf)
{
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
    mbedtls_ssl_conf_session_tickets(conf,
                                     MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#else
    (void)conf;
#endif
}

#if defined(MBEDTLS_SSL_PROTO_TLS1_2)
#define OLDEST MBEDTLS_SSL_VERSION_TLS1_2
#else
#define OLDEST MBEDTLS_SSL_VERSION_TLS1_3
#endif

/* For a second try; see start_over(). */
static const uint16_t p256_first[] = {
    MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
    MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, MBEDTLS_SSL_IANA_TLS_GROUP_NONE};

static int configure(struct cilp_tls *t)
{
    int rc = mbedtls_ssl_config_defaults(
        &t->session->conf, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
        MBEDTLS_SSL_PRESET_DEFAULT);

    if (rc != 0)
        return rc;
    mbedtls_ssl_conf_min_tls_version(&t->session->conf, OLDEST);
    mbedtls_ssl_conf_authmode(&t->session->conf, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_cb(&t->session->conf, cilp_verify_find, t);
    mbedtls_ssl_conf_verify(&t->session->conf, cilp_verify_link, t);
    cilp_verify_offer(t->session->schemes);
    mbedtls_ssl_conf_sig_algs(&t->session->conf, t->session->schemes);
    mbedtls_ssl_conf_ciphersuites(&t->session->conf, suites);
    leave_out_tickets(&t->session->conf);
    if (t->is_second)
        mbedtls_ssl_conf_groups(&t->session->conf, p256_first);
#if MBEDTLS_VERSION_MAJOR < 4 /* 4.x uses PSA's by itself */
    mbedtls_ssl_conf_rng(&t->session->conf, mbedtls_psa_get_random,
                         MBEDTLS_PSA_RANDOM_STATE);
#endif
    return 0;
}

/* A name goes into SNI and is checked by mbedTLS; an address must not be put
 * there (RFC 6066 section 3), and verify.c checks it. */
static int set_host(struct cilp_tls *t, const char *host)
{
    t->ip_len = (uint8_t)mbedtls_x509_crt_parse_cn_inet_pton(host, t->ip);
    return mbedtls_ssl_set_hostname(&t->session->ssl,
                                    t->ip_len > 0 ? NULL : host);
}

/* see tls_session.h */
const struct cilp_tls_own *cilp_tls_own;

static int offer_own(struct cilp_tls *t, const struct cilp_peer *to)
{
    if (!to->identity)
        return 0;
    return cilp_tls_own ? cilp_tls_own->offer(t, to)
                        : MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED;
}

static int set_up(struct cilp_tls *t, const struct cilp_peer *to)
{
    int rc;

    if (!cilp_arena_start())
        return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    t->session = mbedtls_calloc(1, sizeof *t->session);
    if (!t->session)
        return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    mbedtls_ssl_config_init(&t->session->conf);
    mbedtls_ssl_init(&t->session->ssl);
    rc = configure(t);
    if (rc == 0)
        rc = offer_own(t, to);
    if (rc == 0)
        rc = mbedtls_ssl_setup(&t->session->ssl, &t->session->conf);
    if (rc == 0)
        rc = set_host(t, to->host);
    if (rc == 0)
        mbedtls_ssl_set_bio(&t->session->ssl, t, send_lower, recv_lower, NULL);
    return rc;
}

/* Of any of the four. */
static void begin_step(struct cilp_tls *t)
{
    t->refused = cilp_arena_refused();
    t->dry = cilp_tls_random_refused();
    t->taken = 0;
    t->lower_idle = false;
    t->stream.more = t->lower->more = false;
}

static void free_session(struct cilp_tls *t)
{
    if (!t->session)
        return; /* the stream below never opened */
    mbedtls_ssl_free(&t->session->ssl);
    mbedtls_ssl_config_free(&t->session->conf);
    if (t->session->own)
        cilp_tls_own->withdraw(t);
    mbedtls_free(t->session);
    t->session = NULL;
}

static void begin(struct cilp_tls *t)
{
    t->session = NULL;
    t->ahead_at = t->ahead_end = 0;
    t->writing = t->no_memory = t->is_second = false;
    t->lower_failed = t->lower_ended = false;
    t->lower->why = t->stream.why;
    if (t->stream.why)
        t->stream.why[0] = '\0';
    t->state = OPENING;
}

/* May take long, for a name: without the lock. */
static enum cilp_stream_rc open_lower(struct cilp_tls *t,
                                      const struct cilp_peer *to)
{
    enum cilp_stream_rc rc = t->lower->ops->open(t->lower, to);

    t->lower_failed = rc == CILP_STREAM_FAIL;
    t->stream.more = rc == CILP_STREAM_AGAIN && t->lower->more;
    return rc;
}

/* TLS 1.3's servers without X25519 ask for another hello, and some of them, Java's
 * for one, with a cookie, which mbedTLS (3.6.7, 4.1) takes for an extension that
 * nobody asked for. A connection that begins with P-256 gives them nothing to ask
 * for. Where mbedTLS takes cookies this is never reached. */
static enum cilp_stream_rc start_over(struct cilp_tls *t)
{
    free_session(t);
    t->lower->ops->close(t->lower);
    begin(t);
    t->is_second = true;
    t->stream.more = true;
    return CILP_STREAM_AGAIN;
}

/* Where mbedTLS computes for long: key pair, shared secret, chain, signatures. All
 * else copies and hashes. */
#define IS(state) (UINT32_C(1) << MBEDTLS_SSL_##state)
static const uint32_t long_states =
    IS(CLIENT_HELLO) | IS(SERVER_HELLO) | IS(SERVER_CERTIFICATE) |
    IS(SERVER_KEY_EXCHANGE) | IS(CLIENT_KEY_EXCHANGE) | IS(CERTIFICATE_VERIFY) |
    IS(CLIENT_CERTIFICATE_VERIFY);

/* One of those a step, so that others have their turn.
 *
 * The server is verified when our own certificate is due: what the list of schemes
 * was cut to is of its key (verify.h), and ours may be another. */
static int shake_hands(struct cilp_tls *t)
{
    mbedtls_ssl_context *ssl = &t->session->ssl;
    bool was_long = false;
    int rc = 0;

    while (rc == 0 && !mbedtls_ssl_is_handshake_over(ssl)) {
        int state = ssl->MBEDTLS_PRIVATE(state);

        if (was_long)
            return pause_reading(t, true);
        if (state == MBEDTLS_SSL_CLIENT_CERTIFICATE)
            cilp_verify_offer(t->session->schemes);
        was_long = long_states >> state & 1;
        rc = mbedtls_ssl_handshake_step(ssl);
    }
    return rc;
}

static enum cilp_stream_rc shake(struct cilp_tls *t, const struct cilp_peer *to)
{
    int rc;

    t->host = to->host;
    t->judge_dates = to->judge_dates;
    t->unix_s = to->unix_s;
    t->trust->why = NULL; /* another stream's, of its own step */
    rc = shake_hands(t);
    t->trust->ops->done(t->trust); /* a chain is judged in one step */
    t->host = NULL;
    if (rc == MBEDTLS_ERR_SSL_WANT_READ || rc == MBEDTLS_ERR_SSL_WANT_WRITE) {
        (void)cilp_tls_is_short_of_memory(
            t); /* what fails later may be of this */
        return CILP_STREAM_AGAIN;
    }
    if (rc == MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION && !t->is_second &&
        !cilp_tls_is_short_of_memory(t))
        return start_over(t);
    if (rc != 0)
        return fail(t, rc);
    if (t->facts) {
        t->facts->version = mbedtls_ssl_get_version(&t->session->ssl);
        t->facts->cipher = mbedtls_ssl_get_ciphersuite(&t->session->ssl);
    }
    t->state = ESTABLISHED;
    return CILP_STREAM_OK;
}

/* The stream below is open, or has failed to. */
static enum cilp_stream_rc go_on(struct cilp_tls *t, const struct cilp_peer *to)
{
    int setup;

    begin_step(t);
    if (t->lower_failed || (t->state != OPENING && t->state != HANDSHAKE))
        return fail(t, 0);
    if (t->state == OPENING) {
        setup = set_up(t, to);
        if (setup != 0)
            return fail(t, setup);
        t->state = HANDSHAKE;
    }
    return shake(t, to);
}

static enum cilp_stream_rc tls_open(struct cilp_stream *s,
                                    const struct cilp_peer *to)
{
    struct cilp_tls *t = self(s);
    enum cilp_stream_rc rc;

    if (t->state == CLOSED)
        begin(t);
    if (t->state == OPENING && open_lower(t, to) == CILP_STREAM_AGAIN)
        return CILP_STREAM_AGAIN;
    cilp_arena_lock();
    rc = go_on(t, to);
    cilp_arena_unlock();
    return rc;
}

/* ---- Carrying ----------------------------------------------------------- */

/* mbedTLS says a record is written when the stream below took all of it; until
 * then it wants the same bytes again. */
static enum cilp_stream_rc write_some(struct cilp_tls *t, const uint8_t *p,
                                      size_t n, size_t *done)
{
    int rc;

    *done = 0;
    begin_step(t);
    rc = mbedtls_ssl_write(&t->session->ssl, p, n);
    t->writing = true;
    if (rc == MBEDTLS_ERR_SSL_WANT_WRITE || rc == MBEDTLS_ERR_SSL_WANT_READ)
        return CILP_STREAM_AGAIN;
    if (rc < 0)
        return fail(t, rc);
    t->writing = false;
    *done = (size_t)rc;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc tls_send(struct cilp_stream *s, const uint8_t *p,
                                    size_t n, size_t *done)
{
    enum cilp_stream_rc rc;

    cilp_arena_lock();
    rc = write_some(self(s), p, n, done);
    cilp_arena_unlock();
    return rc;
}

/* Whether mbedTLS stopped for want of bytes that may be there already: it does
 * so after what is not data (session tickets), one record at a time. And two
 * empty records make it say 0, as if that were the end. */
static bool is_worth_another_look(const struct cilp_tls *t, int rc)
{
    return rc == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET ||
           (rc == MBEDTLS_ERR_SSL_WANT_READ && !t->lower_idle) ||
           (rc == 0 && !t->lower_ended && !t->lower_failed);
}

static enum cilp_stream_rc read_some(struct cilp_tls *t, uint8_t *p, size_t n,
                                     size_t *done)
{
    int rc;

    *done = 0;
    begin_step(t);
    do
        rc = mbedtls_ssl_read(&t->session->ssl, p, n);
    while (is_worth_another_look(t, rc));
    if (rc > 0) {
        *done = (size_t)rc;
        return CILP_STREAM_OK;
    }
    if (rc == MBEDTLS_ERR_SSL_WANT_READ || rc == MBEDTLS_ERR_SSL_WANT_WRITE)
        return CILP_STREAM_AGAIN;
    if (rc == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        return CILP_STREAM_EOF;
    /* 0: the stream below ended without TLS's own end, so that nobody knows
     * whether something was cut off. */
    return fail(t, rc == 0 ? MBEDTLS_ERR_SSL_CONN_EOF : rc);
}

static enum cilp_stream_rc tls_recv(struct cilp_stream *s, uint8_t *p, size_t n,
                                    size_t *done)
{
    enum cilp_stream_rc rc;

    cilp_arena_lock();
    rc = read_some(self(s), p, n, done);
    cilp_arena_unlock();
    return rc;
}

/* ---- Closing ------------------------------------------------------------ */

static void tls_close(struct cilp_stream *s)
{
    struct cilp_tls *t = self(s);

    if (t->state == CLOSED)
        return;
    cilp_arena_lock();
    /* mbedTLS would first send the rest of a record that is half out, and with
     * it a request that was given up. */
    if (t->state == ESTABLISHED && !t->writing)
        mbedtls_ssl_close_notify(&t->session->ssl);
    free_session(t);
    cilp_arena_unlock();
    t->lower->ops->close(t->lower);
    t->state = CLOSED;
}

#if defined(CILP_TLS_WORDS)
static cilp_tls_words_func *const words = cilp_tls_words;
#else
static cilp_tls_words_func *const words = NULL;
#endif

static const struct cilp_stream_ops tls_ops = {tls_open, tls_send, tls_recv,
                                               tls_close};

/* see tls.h */
void cilp_tls_init(struct cilp_tls *t, struct cilp_stream *lower,
                   struct cilp_trust *trust)
{
    t->stream = (struct cilp_stream){.ops = &tls_ops};
    t->lower = lower;
    t->trust = trust;
    t->facts = NULL;
    t->words = words;
    t->state = CLOSED;
}
