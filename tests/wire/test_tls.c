/* The TLS stream against OpenSSL's server on loopback: versions, chains,
 * refusals and their explanations; cut into pieces; broken off anywhere.
 *
 * Makes its certificates (chains.sh, identities.sh) in a folder of its own when it starts.
 * CILP_ONLY=PATTERN runs the tests of such names alone. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mbedtls/build_info.h"
#include "mbedtls/platform.h"
#include "mbedtls/x509_crt.h"

#include "port/mbedtls/arena.h"
#include "port/mbedtls/client_cert.h"
#include "port/mbedtls/tls.h"
#include "tests/unit/tcp_stream.h"

/* ---- A server -------------------------------------------------------- */

static char folder[] = "/tmp/test_tls.XXXXXX";
static pid_t server;
static uint16_t port;

/* A port that was free a moment ago. */
static uint16_t free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, n), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    close(fd);
    return ntohs(a.sin_port);
}

static bool answers(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool yes;

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    yes = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
    close(fd);
    return yes;
}

/* Serve the chain of `leaf` (issued by `kind`) with more of s_server's flags;
 * it answers GET with a page. */
static void serve(const char *leaf, const char *kind, const char *flags)
{
    char command[1024];

    port = free_port();
    snprintf(command, sizeof command,
             "cd %s && exec openssl s_server -accept 127.0.0.1:%u -www -quiet "
             "-cert %s.pem -key %s.key -cert_chain %s-middle.pem %s "
             ">/dev/null 2>&1",
             folder, (unsigned)port, leaf, leaf, kind, flags);
    server = fork();
    if (server == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 500 && !answers(); i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
}

static void stop(void)
{
    if (server > 0) {
        kill(server, SIGKILL);
        waitpid(server, NULL, 0);
    }
    server = 0;
}

/* ---- A stream between TLS and TCP that misbehaves --------------------- */

struct pinch {
    struct cilp_stream stream;
    tcp_stream tcp;
    size_t piece;  /* most bytes of one send or recv */
    bool stutters; /* every second call says AGAIN */
    bool odd;
    size_t sent;       /* so far */
    size_t stop_at;    /* nothing more is taken from here; SIZE_MAX: never */
    bool ends;         /* recv says the peer has finished */
    unsigned sends;    /* calls that passed bytes on */
    const char *flood; /* what comes again and again in place of the peer's */
    size_t flood_len, flooded; /* bytes of it; that were given */
    size_t flood_most; /* from here on none: who asks on would do so for ever */
};

static struct pinch pinch;

static enum cilp_stream_rc pinch_open(struct cilp_stream *s,
                                      const struct cilp_peer *to)
{
    struct pinch *p = (struct pinch *)s;
    enum cilp_stream_rc rc = p->tcp.s.ops->open(&p->tcp.s, to);

    s->err = p->tcp.s.err;
    s->native = p->tcp.s.native;
    return rc;
}

static bool stutter(struct pinch *p)
{
    p->odd = !p->odd;
    return p->stutters && p->odd;
}

static enum cilp_stream_rc pinch_send(struct cilp_stream *s, const uint8_t *b,
                                      size_t n, size_t *done)
{
    struct pinch *p = (struct pinch *)s;
    size_t room = p->stop_at - p->sent;
    enum cilp_stream_rc rc;

    *done = 0;
    if (room == 0 || stutter(p))
        return CILP_STREAM_AGAIN;
    n = n < p->piece ? n : p->piece;
    n = n < room ? n : room;
    rc = p->tcp.s.ops->send(&p->tcp.s, b, n, done);
    p->sent += *done;
    p->sends += *done > 0;
    return rc;
}

static enum cilp_stream_rc pinch_recv(struct cilp_stream *s, uint8_t *b,
                                      size_t n, size_t *done)
{
    struct pinch *p = (struct pinch *)s;

    *done = 0;
    if (p->ends)
        return CILP_STREAM_EOF;
    if (stutter(p))
        return CILP_STREAM_AGAIN;
    n = n < p->piece ? n : p->piece;
    if (p->flood) {
        assert_true(p->flooded <= p->flood_most);
        for (*done = 0; *done < n; (*done)++)
            b[*done] = (uint8_t)p->flood[p->flooded++ % p->flood_len];
        return CILP_STREAM_OK;
    }
    return p->tcp.s.ops->recv(&p->tcp.s, b, n, done);
}

static void pinch_close(struct cilp_stream *s)
{
    struct pinch *p = (struct pinch *)s;

    p->tcp.s.ops->close(&p->tcp.s);
}

static const struct cilp_stream_ops pinch_ops = {pinch_open, pinch_send,
                                                 pinch_recv, pinch_close};

/* ---- The roots -------------------------------------------------------- */

struct file {
    struct cilp_trust_reader reader;
    int fd;
};

static bool file_rewind(struct cilp_trust_reader *r)
{
    return lseek(((struct file *)r)->fd, 0, SEEK_SET) == 0;
}

static size_t file_read(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    ssize_t n = read(((struct file *)r)->fd, p, cap);

    return n < 0 ? CILP_TRUST_READ_FAILED : (size_t)n;
}

static struct file file = {{file_rewind, file_read}, -1};
static struct cilp_trust_bundle bundle;
static struct cilp_trust roots;

static void trust_in(const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (file.fd >= 0)
        close(file.fd);
    file.fd = open(path, O_RDONLY);
    cilp_trust_init_bundle(&bundle, &file.reader);
}

/* An anchor that is held as the built-in roots are: DER, whoever asks for it. */
static struct {
    struct cilp_trust trust; /* first */
    uint8_t der[2048];
    size_t len;
} held;

static int find_held(struct cilp_trust *t, const mbedtls_x509_crt *child,
                     mbedtls_x509_crt **found)
{
    (void)child;
    *found = NULL;
    t->offered = 1;
    return cilp_trust_add(found, held.der, held.len) == CILP_TRUST_OK ? 0 : -1;
}

static void done_held(struct cilp_trust *t)
{
    (void)t;
}

static void hold(const char *name)
{
    static const struct cilp_trust_ops ops = {find_held, done_held};
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "r");
    assert_non_null(f);
    held.len = fread(held.der, 1, sizeof held.der, f);
    fclose(f);
    held.trust = (struct cilp_trust){.ops = &ops, .name = "the flash"};
}

/* ---- Talking ----------------------------------------------------------- */

static struct cilp_tls tls;
static struct cilp_tls_facts facts;
static char why[CILP_STREAM_WHY_MAX];
static struct cilp_peer peer;
static unsigned entropy_left = UINT_MAX; /* requests that are still served */

bool __real_cilp_port_entropy(uint8_t *p, size_t n);
bool __wrap_cilp_port_entropy(uint8_t *p, size_t n);

bool __wrap_cilp_port_entropy(uint8_t *p, size_t n)
{
    if (entropy_left == 0)
        return false;
    if (entropy_left != UINT_MAX)
        entropy_left--;
    return __real_cilp_port_entropy(p, n);
}

static void begin(const char *host, struct cilp_trust *trust)
{
    memset(&pinch, 0, sizeof pinch);
    pinch.stream.ops = &pinch_ops;
    pinch.piece = SIZE_MAX;
    pinch.stop_at = SIZE_MAX;
    tcp_stream_init(&pinch.tcp);
    cilp_tls_init(&tls, &pinch.stream, trust);
    tls.stream.why = why;
    memset(&peer, 0, sizeof peer);
    snprintf(peer.host, sizeof peer.host, "%s", host);
    peer.port = port;
    peer.tls = true;
    peer.judge_dates = true;
    peer.unix_s = (int64_t)time(NULL);
}

static void rest(void)
{
    bool at_once = pinch.stutters || tls.stream.more;

    tcp_stream_wait(&pinch.tcp, at_once ? 0 : 1000);
}

static enum cilp_stream_rc open_it(void)
{
    struct cilp_stream *s = &tls.stream;
    enum cilp_stream_rc rc;

    while ((rc = s->ops->open(s, &peer)) == CILP_STREAM_AGAIN)
        rest();
    return rc;
}

static enum cilp_stream_rc send_it(const char *p, size_t n)
{
    struct cilp_stream *s = &tls.stream;
    enum cilp_stream_rc rc = CILP_STREAM_OK;
    size_t done;

    while (n > 0 && (rc == CILP_STREAM_OK || rc == CILP_STREAM_AGAIN)) {
        rc = s->ops->send(s, (const uint8_t *)p, n, &done);
        if (rc == CILP_STREAM_AGAIN)
            rest();
        p += done;
        n -= done;
    }
    return rc;
}

/* To the end; how many bytes, and the last answer. */
static size_t recv_all(enum cilp_stream_rc *rc)
{
    static uint8_t buf[1000];
    struct cilp_stream *s = &tls.stream;
    size_t n = 0, done;

    for (;;) {
        *rc = s->ops->recv(s, buf, sizeof buf, &done);
        n += done;
        if (*rc == CILP_STREAM_AGAIN)
            rest();
        else if (*rc != CILP_STREAM_OK)
            return n;
    }
}

static const char get[] = "GET / HTTP/1.0\r\n\r\n";

static void close_it(void)
{
    tls.stream.ops->close(&tls.stream);
    tls.stream.ops->close(&tls.stream);
}

/* A whole conversation that must succeed. */
static void talk(void)
{
    enum cilp_stream_rc rc;

    if (open_it() != CILP_STREAM_OK)
        fail_msg("open: %d, -0x%x: %s", tls.stream.err,
                 (unsigned)-tls.stream.native, why);
    assert_int_equal(send_it(get, sizeof get - 1), CILP_STREAM_OK);
    assert_true(recv_all(&rc) > 100);
    assert_int_equal(rc, CILP_STREAM_EOF);
    close_it();
}

static void refused(enum cilp_err err, const char *text)
{
    assert_int_equal(open_it(), CILP_STREAM_FAIL);
    if (tls.stream.err != err || !strstr(why, text))
        fail_msg("%d, -0x%x: %s; wanted %d: %s", tls.stream.err,
                 (unsigned)-tls.stream.native, why, err, text);
    close_it();
}

/* ---- What must work ----------------------------------------------------- */

static void versions_chains_and_groups(void **state)
{
    static const struct {
        const char *leaf, *flags, *host, *version;
    } rows[] = {
        {"rsa", "-tls1_3", "localhost", "TLSv1.3"},
        {"rsa", "-tls1_2", "localhost", "TLSv1.2"},
        {"rsa", "-tls1_2 -serverpref", "127.0.0.1", "TLSv1.2"},
        {"rsa", "-tls1_3 -groups P-256", "127.0.0.1", "TLSv1.3"},
        {"rsa", "-tls1_3 -groups P-384", "127.0.0.1", "TLSv1.3"},
        {"rsa", "-tls1_2 -groups P-256", "127.0.0.1", "TLSv1.2"},
        {"rsa", "-num_tickets 0", "127.0.0.1", "TLSv1.3"},
        {"rsa", "-num_tickets 9", "127.0.0.1", "TLSv1.3"},
        {"rsa", "-ciphersuites TLS_AES_128_GCM_SHA256", "127.0.0.1", "TLSv1.3"},
        {"ec", "-tls1_3", "127.0.0.1", "TLSv1.3"},
        {"ec", "-tls1_2", "127.0.0.1", "TLSv1.2"},
        {"big", "-tls1_3", "127.0.0.1", "TLSv1.3"},
        {"big", "-tls1_2", "127.0.0.1", "TLSv1.2"},
    };

    (void)state;
    trust_in("roots.pem");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        /* This server prefers PSS, which 3.6.6 does not take in TLS 1.2. */
        if (MBEDTLS_VERSION_NUMBER < 0x03060700 &&
            strstr(rows[i].flags, "-serverpref"))
            continue;
        serve(rows[i].leaf, rows[i].leaf, rows[i].flags);
        begin(rows[i].host, &bundle.trust);
        tls.facts = &facts;
        if (open_it() != CILP_STREAM_OK)
            fail_msg("%s %s: -0x%x %s", rows[i].leaf, rows[i].flags,
                     (unsigned)-tls.stream.native, why);
        assert_string_equal(facts.version, rows[i].version);
        close_it();
        talk();
        stop();
    }
    print_message("arena: %zu of %d bytes\n", cilp_arena_high_water(),
                  CILP_TLS_ARENA);
}

static void any_split(void **state)
{
    static const size_t pieces[] = {1, 2, 5, 6, 100, 4095, 4097};

    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "");
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        begin("localhost", &bundle.trust);
        pinch.piece = pieces[i];
        pinch.stutters = true;
        talk();
    }
    stop();
}

static void nothing_stays_in_the_arena(void **state)
{
    (void)state;
    trust_in("roots.pem");
    serve("rsa", "rsa", "");
    for (int i = 0; i < 50; i++) {
        begin("localhost", &bundle.trust);
        talk();
    }
    stop();
}

static void a_long_request_is_one_record(void **state)
{
    static char request[6144];
    enum cilp_stream_rc rc;
    size_t before;

    (void)state;
    memset(request, 'x', sizeof request);
    memcpy(request, "GET / HTTP/1.0\r\nX: ", 19);
    memcpy(request + sizeof request - 4, "\r\n\r\n", 4);
    trust_in("roots.pem");
    serve("ec", "ec", "");
    begin("localhost", &bundle.trust);
    assert_int_equal(open_it(), CILP_STREAM_OK);
    before = pinch.sends;
    assert_int_equal(send_it(request, sizeof request), CILP_STREAM_OK);
    assert_int_equal(pinch.sends - before, 1);
    assert_true(recv_all(&rc) > 100);
    close_it();
    stop();
}

static void tickets_alone_are_not_data(void **state)
{
    uint8_t buf[16];
    size_t done;

    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "-tls1_3 -num_tickets 3");
    begin("localhost", &bundle.trust);
    assert_int_equal(open_it(), CILP_STREAM_OK);
    nanosleep(&(struct timespec){0, 100000000}, NULL);
    assert_int_equal(tls.stream.ops->recv(&tls.stream, buf, sizeof buf, &done),
                     CILP_STREAM_AGAIN);
    /* All of them were read: the socket is empty, and the next says so too. */
    assert_int_equal(recv(pinch.tcp.fd, buf, 1, MSG_PEEK | MSG_DONTWAIT), -1);
    assert_int_equal(send_it(get, sizeof get - 1), CILP_STREAM_OK);
    close_it();
    stop();
}

static void dates_are_not_judged_without_a_time(void **state)
{
    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "");
    begin("localhost", &bundle.trust);
    peer.judge_dates = false;
    peer.unix_s = 0;
    talk();
    begin("a.example", &bundle.trust); /* all else is */
    snprintf(peer.host, sizeof peer.host, "127.0.0.1");
    peer.judge_dates = false;
    trust_in("big-root.pem");
    refused(CILP_E_CERT, "Test ec root");
    stop();
}

/* What was valid yesterday, and what will be. `days` is the clock's distance
 * from now; an anchor is judged as all others are, because OpenSSL does, and
 * because whoever put it into a bundle has had the time to renew it. */
static void dates_are_judged_by_the_time_that_was_given(void **state)
{
    static const struct {
        const char *leaf, *kind, *roots;
        int days;
        const char *text; /* NULL: accepted */
    } rows[] = {
        {"brief", "brief", "brief-root.pem", 0, NULL},
        {"brief", "brief", "brief-root.pem", 2,
         "certificate of \"O=Test, CN=Test brief middle\" expired at 20"},
        {"brief", "both", "brief-root.pem", 2, NULL},
        {"brief", "both", "old-root.pem", 2,
         "certificate of \"O=Test, CN=Test brief root\" expired at 20"},
        {"brief", "both", "renewed-root.pem", 2, NULL},
        {"brief", "both", "renewed-root.pem", -2, " is valid only from 20"},
        {"early", "ec", "roots.pem", 0,
         "certificate of \"CN=early.example\" is valid only from 2045-01-01 "
         "00:00:00 UTC"},
        {"early", "ec", "roots.pem", 365 * 40, "expired at 20"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        trust_in(rows[i].roots);
        serve(rows[i].leaf, rows[i].kind, i % 2 ? "-tls1_2" : "-tls1_3");
        for (int judged = 0; judged < 2; judged++) {
            begin("localhost", &bundle.trust);
            peer.unix_s += (int64_t)rows[i].days * 86400;
            peer.judge_dates = judged;
            if (rows[i].text && judged)
                refused(CILP_E_CERT, rows[i].text);
            else
                talk();
        }
        stop();
    }
}

/* ---- What must not ------------------------------------------------------ */

static void certificates_are_refused_with_the_reason(void **state)
{
    static const struct {
        const char *leaf, *kind, *roots, *host;
        int64_t clock;
        const char *text;
    } rows[] = {
        {"ec", "ec", "rsa-root.pem", "localhost", 0,
         "chain ends at issuer \"O=Test, CN=Test ec root\", which is not in "
         "the CA bundle"},
        {"ec", "ec", NULL, "localhost", 0,
         "which is not in the built-in Amazon roots"},
        {"other", "ec", "roots.pem", "localhost", 0,
         "is for a.example, 10.1.2.3, b.example and 1 more, not for localhost"},
        {"other", "ec", "roots.pem", "127.0.0.1", 0,
         "not for the address 127.0.0.1"},
        {"text", "ec", "roots.pem", "127.0.0.1", 0,
         "is for 127.0.0.1, other.example, not for the address 127.0.0.1"},
        {"client", "ec", "roots.pem", "localhost", 0,
         "certificate of \"CN=client.example\" is not for TLS servers"},
        {"ec", "ec", "roots.pem", "localhost", 1000000000,
         "is valid only from 20"},
        {"ec", "ec", "roots.pem", "localhost", 4000000000,
         " UTC; our clock says 2096-10-02 07:06:40 UTC"},
        {"ec", "ec", "rsa.csr", "localhost", 0, "no certificate at all"},
        {"ec", "ec", "nothing", "localhost", 0, "cannot be read"},
    };

    (void)state;
    cilp_trust_init_roots(&roots);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].roots)
            trust_in(rows[i].roots);
        serve(rows[i].leaf, rows[i].kind, i % 2 ? "-tls1_2" : "-tls1_3");
        begin(rows[i].host, rows[i].roots ? &bundle.trust : &roots);
        if (rows[i].clock)
            peer.unix_s = rows[i].clock;
        refused(CILP_E_CERT, rows[i].text);
        stop();
    }
}

/* Also where the anchor is in no bundle; mbedTLS does not look at them. */
static void name_constraints_hold_whoever_has_the_anchor(void **state)
{
    static const struct {
        const char *kind, *der, *pem;
        bool good;
    } rows[] = {{"narrow", "narrow-root.der", "narrow-root.pem", false},
                {"wide", "wide-root.der", "wide-root.pem", true}};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        bool in_bundle = i % 2;

        trust_in(rows[i / 2].pem);
        hold(rows[i / 2].der);
        serve(rows[i / 2].kind, rows[i / 2].kind, i % 2 ? "-tls1_2" : "");
        begin("localhost", in_bundle ? &bundle.trust : &held.trust);
        if (rows[i / 2].good)
            talk();
        else
            refused(CILP_E_CERT,
                    "certificate of \"CN=narrow.example\" is for a name that a "
                    "CA above it may not vouch for (name constraints)");
        stop();
    }
}

static void what_the_server_cannot_do_is_refused(void **state)
{
    static const char *const flags[] = {
        "-tls1_1 -cipher ALL:@SECLEVEL=0",
        "-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384",
        "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256",
    };

    (void)state;
    trust_in("roots.pem");
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        serve("ec", "ec", flags[i]);
        begin("localhost", &bundle.trust);
        refused(CILP_E_TLS, "TLS alert ");
        stop();
    }
}

static void without_entropy_nothing_is_sent(void **state)
{
    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "");
    begin("localhost", &bundle.trust);
    entropy_left = 0;
    refused(CILP_E_TLS, "no random bytes");
    assert_int_equal(pinch.sent, 0);
    entropy_left = UINT_MAX;
    begin("localhost", &bundle.trust);
    talk();
    stop();
}

static void each_lack_of_entropy_is_named(void **state)
{
    static const char *const versions[] = {"-tls1_2", "-tls1_3"};

    (void)state;
    trust_in("roots.pem");
    for (int i = 0; i < 2; i++) {
        unsigned served = 0;

        serve("ec", "ec", versions[i]);
        for (;; served++) {
            begin("localhost", &bundle.trust);
            entropy_left = served;
            if (open_it() == CILP_STREAM_OK)
                break;
            assert_int_equal(tls.stream.err, CILP_E_TLS);
            assert_non_null(strstr(why, "no random bytes"));
            close_it();
        }
        assert_in_range(served, 3, 100); /* two hellos' and a key, at least */
        close_it();
        entropy_left = UINT_MAX;
        stop();
    }
}

static void an_end_without_close_notify_is_no_end(void **state)
{
    enum cilp_stream_rc rc;

    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "");
    begin("localhost", &bundle.trust);
    pinch.ends = true;
    refused(CILP_E_CLOSED, "hung up");
    begin("localhost", &bundle.trust);
    assert_int_equal(open_it(), CILP_STREAM_OK);
    pinch.ends = true;
    recv_all(&rc);
    assert_int_equal(rc, CILP_STREAM_FAIL);
    assert_int_equal(tls.stream.err, CILP_E_CLOSED);
    close_it();
    stop();
}

static void a_failure_below_is_passed_on(void **state)
{
    (void)state;
    trust_in("roots.pem");
    port = free_port();
    begin("127.0.0.1", &bundle.trust);
    assert_int_equal(open_it(), CILP_STREAM_FAIL);
    assert_int_equal(tls.stream.err, CILP_E_CONNECT);
    close_it();
}

/* "Sent" means that the stream below took the last byte; and what was given up
 * in mid-record must never be completed by the close. */
static void a_pending_write_is_never_flushed(void **state)
{
    size_t cut = 0;
    enum cilp_stream_rc rc;

    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "-tls1_3");
    do { /* break off at each byte, until the whole record passes */
        size_t before, done;

        begin("localhost", &bundle.trust);
        assert_int_equal(open_it(), CILP_STREAM_OK);
        before = pinch.sent;
        pinch.stop_at = before + cut;
        for (int i = 0; i < 3; i++) {
            rc = tls.stream.ops->send(&tls.stream, (const uint8_t *)get,
                                      sizeof get - 1, &done);
            if (rc == CILP_STREAM_OK)
                break;
            assert_int_equal(rc, CILP_STREAM_AGAIN);
            assert_int_equal(done, 0);
        }
        pinch.stop_at = SIZE_MAX;
        close_it();
        if (rc == CILP_STREAM_AGAIN)
            assert_int_equal(pinch.sent - before, cut);
        else
            assert_true(pinch.sent - before > cut); /* close_notify */
        cut++;
    } while (rc == CILP_STREAM_AGAIN);
    assert_true(cut > sizeof get - 1);
    print_message("a record of %zu bytes\n", cut - 1);
    stop();
}

/* ---- More than there is time for ------------------------------------------ */

#define AND_SIZE(text) text, sizeof text - 1

/* Whatever comes, a step takes so much of it at most: what it reads ahead, and
 * one record, beyond what it may. */
static void a_step_takes_a_bounded_amount(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } rows[] = {
        {AND_SIZE("\x14\x03\x03\x00\x01\x01")},     /* changes of cipher */
        {AND_SIZE("\x15\x03\x03\x00\x02\x01\x5a")}, /* warnings */
        {AND_SIZE("\x16\x03\x03\x00\x04\x00\x00\x00\x00")}, /* "say hello" */
        {AND_SIZE("\x16\x03\x03\x00\x01\x02")},             /* crumbs */
        {AND_SIZE("\x16\x03\x03\x00\x00")},                 /* nothing */
        {AND_SIZE("\x17\x03\x03\x00\x00")},
    };
    enum cilp_stream_rc rc = CILP_STREAM_AGAIN;
    unsigned more = 0;

    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin("localhost", &bundle.trust);
        pinch.flood = rows[i].text;
        pinch.flood_len = rows[i].len;
        for (int laps = 0; laps < 20; laps++) {
            size_t before = pinch.flooded;

            pinch.flood_most = before + CILP_TLS_STEP + CILP_TLS_AHEAD + 16384 +
                               256;
            rc = tls.stream.ops->open(&tls.stream, &peer);
            assert_true(rc == CILP_STREAM_AGAIN || rc == CILP_STREAM_FAIL);
            assert_true(pinch.flooded <= pinch.flood_most);
            if (rc == CILP_STREAM_FAIL)
                break;
            more += tls.stream.more;
            if (!tls.stream.more)
                rest();
        }
        close_it();
    }
    assert_true(more > 0);
    stop();
}

/* ---- Others' turns --------------------------------------------------------- */

static unsigned ticks;

void cilp_port_tick(void)
{
    ticks++;
}

/* A step of a handshake computes one long thing, though all of the peer's bytes be
 * there; and ticks meanwhile. */
static void others_have_their_turn(void **state)
{
    static const char *const versions[] = {"-tls1_3", "-tls1_2"};

    (void)state;
    trust_in("roots.pem");
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        unsigned turns = 0;
        enum cilp_stream_rc rc;

        serve("ec", "ec", versions[i]);
        begin("localhost", &bundle.trust);
        ticks = 0;
        while ((rc = tls.stream.ops->open(&tls.stream, &peer)) ==
               CILP_STREAM_AGAIN) {
            turns += tls.stream.more;
            rest();
        }
        assert_int_equal(rc, CILP_STREAM_OK);
        print_message("%s: %u turns, %u ticks\n", versions[i], turns, ticks);
        assert_in_range(turns, 4, 7);
        assert_true(ticks > 100);
        close_it();
        stop();
    }
}

/* ---- Four at a time ------------------------------------------------------ */

#define LANES 4

static struct lane {
    struct pinch pinch;
    struct cilp_tls tls;
    struct cilp_peer peer;
    char why[CILP_STREAM_WHY_MAX];
    size_t sent, got;
    bool is_open, is_done;
    pid_t server;
    uint16_t port;
} lanes[LANES];

static void stop_lanes(void)
{
    for (size_t i = 0; i < LANES; i++) {
        server = lanes[i].server;
        stop();
        lanes[i].server = 0;
    }
}

static void begin_lane(struct lane *l)
{
    begin("localhost", &bundle.trust); /* for its peer */
    peer.port = l->port;
    l->peer = peer;
    l->pinch = pinch;
    tcp_stream_init(&l->pinch.tcp);
    cilp_tls_init(&l->tls, &l->pinch.stream, &bundle.trust);
    l->tls.stream.why = l->why;
    l->pinch.piece = 700; /* so that they meet in mid-flight */
    l->sent = l->got = 0;
    l->is_open = l->is_done = false;
}

/* One step of one lane, whatever the others are at. */
static void turn(struct lane *l)
{
    static uint8_t buf[1000];
    struct cilp_stream *s = &l->tls.stream;
    enum cilp_stream_rc rc;
    size_t done = 0;

    if (!l->is_open) {
        rc = s->ops->open(s, &l->peer);
        l->is_open = rc == CILP_STREAM_OK;
    } else if (l->sent < sizeof get - 1) {
        rc = s->ops->send(s, (const uint8_t *)get + l->sent,
                          sizeof get - 1 - l->sent, &done);
        l->sent += done;
    } else {
        rc = s->ops->recv(s, buf, sizeof buf, &done);
        l->got += done;
        l->is_done = rc == CILP_STREAM_EOF;
    }
    if (rc == CILP_STREAM_FAIL)
        fail_msg("lane %d: %d, -0x%x: %s", (int)(l - lanes), s->err,
                 (unsigned)-s->native, l->why);
}

static bool are_all_done(void)
{
    for (size_t i = 0; i < LANES; i++)
        if (!lanes[i].is_done)
            return false;
    return true;
}

/* How often a long test goes round: fewer times among others than by hand. */
static int rounds(int usual)
{
    const char *text = getenv("CILP_ROUNDS");

    return text ? atoi(text) : usual;
}

static void four_streams_take_turns(void **state)
{
    static const struct {
        const char *kind, *flags;
    } rows[LANES] = {{"rsa", "-tls1_2"},
                     {"rsa", "-tls1_3"},
                     {"ec", "-tls1_2"},
                     {"ec", "-tls1_3"}};

    (void)state;
    trust_in("roots.pem");
    for (size_t i = 0; i < LANES; i++) {
        serve(rows[i].kind, rows[i].kind, rows[i].flags);
        lanes[i].server = server;
        lanes[i].port = port;
        server = 0;
    }
    for (int round = rounds(25); round > 0; round--) {
        for (size_t i = 0; i < LANES; i++)
            begin_lane(&lanes[i]);
        for (size_t at = (size_t)round; !are_all_done(); at++)
            if (!lanes[at % LANES].is_done)
                turn(&lanes[at % LANES]);
        for (size_t i = 0; i < LANES; i++) {
            lanes[i].tls.stream.ops->close(&lanes[i].tls.stream);
            assert_true(lanes[i].got > 100);
        }
    }
    stop_lanes();
}

/* ---- Memory that is refused ---------------------------------------------- */

static struct {
    int nth;      /* of the allocations from here; 0: none is refused */
    bool and_all; /* that come after it, too */
    int count;
    bool was_refused;
} fussy;

static void *fussy_calloc(size_t n, size_t size)
{
    fussy.count++;
    if (fussy.nth > 0 && (fussy.count == fussy.nth ||
                          (fussy.and_all && fussy.count > fussy.nth))) {
        fussy.was_refused = true;
        return NULL;
    }
    return calloc(n, size);
}

/* A handshake, one of whose allocations is refused: it succeeds all the same,
 * or says why it did not. False: it did not need so many. */
static bool refuse(int nth, bool and_all, int *named)
{
    begin("localhost", &bundle.trust);
    fussy.nth = nth;
    fussy.and_all = and_all;
    fussy.count = 0;
    fussy.was_refused = false;
    if (open_it() == CILP_STREAM_FAIL) {
        if (!fussy.was_refused || tls.stream.err != CILP_E_TLS ||
            !strstr(why, "out of TLS memory"))
            fail_msg("allocation %d%s: %d, -0x%x: %s", nth,
                     and_all ? " and all after it" : "", tls.stream.err,
                     (unsigned)-tls.stream.native, why);
        (*named)++;
    }
    fussy.nth = 0;
    close_it();
    return fussy.was_refused;
}

/* By an allocator of the program's own. */
static void each_refused_allocation_is_named(void **state)
{
    static const struct {
        const char *kind, *flags;
    } rows[] = {{"rsa", "-tls1_2"},
                {"rsa", "-tls1_3"},
                {"ec", "-tls1_2"},
                {"ec", "-tls1_3"}};
    const int step = getenv("CILP_ROUNDS") ? 1 : 97;

    (void)state;
    assert_true(cilp_arena_start());
    cilp_arena_replace(fussy_calloc, free);
    trust_in("roots.pem");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int named = 0, tried = 0;

        serve(rows[i].kind, rows[i].kind, rows[i].flags);
        for (int all = 0; all < 2; all++)
            for (int nth = 1 + (int)i; refuse(nth, all, &named); nth += step)
                tried++;
        print_message("%s %s: %d refused, %d handshakes failed\n", rows[i].kind,
                      rows[i].flags, tried, named);
        assert_true(named > tried / 2);
        begin("localhost", &bundle.trust);
        talk();
        stop();
    }
}

/* ---- Client certificates -------------------------------------------------- */

static struct cilp_client_cert me;

static size_t read_text(const char *name, char *p, size_t cap)
{
    char path[256];
    ssize_t n;
    int fd;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    n = read(fd, p, cap);
    close(fd);
    assert_in_range(n, 1, cap - 1);
    return (size_t)n;
}

/* be("p256"): from now on until cilp_client_cert_end(). */
static void be(const char *kind, const char *key_of)
{
    static char cert[16384], key[8192];
    char name[64];
    size_t cert_len, key_len;
    const char *fault;

    snprintf(name, sizeof name, "me-%s.pem", kind);
    cert_len = read_text(name, cert, sizeof cert);
    snprintf(name, sizeof name, "me-%s.key", key_of);
    key_len = read_text(name, key, sizeof key);
    fault = cilp_client_cert_load(&me, cert, cert_len, key, key_len);
    if (fault)
        fail_msg("%s: %s", kind, fault);
}

#define ASK "-Verify 3 -verify_return_error -CAfile me-root.pem "

static void an_identity_is_offered(void **state)
{
    static const char *const leaves[] = {"rsa", "ec"};
    static const char *const flags[] = {ASK "-tls1_3", ASK "-tls1_2", "-tls1_3",
                                        "-tls1_2"};
    static const char *const kinds[] = {"rsa", "p256", "p384", "big"};

    (void)state;
    trust_in("roots.pem");
    for (size_t i = 0; i < 8; i++) {
        serve(leaves[i / 4], leaves[i / 4], flags[i % 4]);
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            print_message("%s %s, %s\n", leaves[i / 4], flags[i % 4], kinds[k]);
            be(kinds[k], kinds[k]);
            begin("localhost", &bundle.trust);
            peer.identity = &me.is;
            talk();
            cilp_client_cert_end(&me);
        }
        stop();
    }
}

/* The server is cut to one of its kind. */
static void an_identity_in_pieces(void **state)
{
    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec",
          ASK "-client_sigalgs RSA-PSS+SHA256:ecdsa_secp384r1_sha384");
    be("p384", "p384");
    for (int i = 0; i < 20; i++) {
        begin("localhost", &bundle.trust);
        peer.identity = &me.is;
        pinch.piece = 7;
        pinch.stutters = true;
        talk();
    }
    cilp_client_cert_end(&me);
    be("p256", "p256");
    begin("localhost", &bundle.trust);
    peer.identity = &me.is;
    refused(CILP_E_TLS, "the client certificate's key does not sign in a way");
    cilp_client_cert_end(&me);
    stop();
}

/* In TLS 1.3 it comes when the handshake is over for us. */
static void refused_later(const char *text)
{
    enum cilp_stream_rc rc;

    if (open_it() == CILP_STREAM_OK) {
        (void)send_it(get, sizeof get - 1);
        (void)recv_all(&rc);
        assert_int_equal(rc, CILP_STREAM_FAIL);
    }
    if (tls.stream.err != CILP_E_TLS || !strstr(why, text))
        fail_msg("%d, -0x%x: %s; wanted: %s", tls.stream.err,
                 (unsigned)-tls.stream.native, why, text);
    close_it();
}

static void an_identity_is_missed_or_refused(void **state)
{
    static const struct {
        const char *kind, *key, *flags, *text;
    } rows[] = {
        {NULL, NULL, ASK "-tls1_3",
         "ended the connection (TLS alert 116, client certificate required: it"
         " wants a client certificate, and none was named)"},
        {NULL, NULL, ASK "-tls1_2",
         "(TLS alert 40, handshake failure: perhaps it wants a client"},
        {"p256", "p256",
         "-Verify 3 -verify_return_error -CAfile rsa-root.pem"
         " -tls1_3",
         "unknown CA: it speaks of the client certificate)"},
        {"p256", "p256",
         "-Verify 3 -verify_return_error -CAfile rsa-root.pem"
         " -tls1_2",
         "unknown CA: it speaks of the client certificate)"},
        {"old", "p256", ASK, "certificate expired: it speaks of the client"},
        {"p521", "p521", ASK "-crl_check -CRL me.crl",
         "certificate revoked: it speaks of the client"},
    };

    (void)state;
    trust_in("roots.pem");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        serve("rsa", "rsa", rows[i].flags);
        begin("localhost", &bundle.trust);
        if (rows[i].kind) {
            be(rows[i].kind, rows[i].key);
            peer.identity = &me.is;
        }
        peer.judge_dates = false;
        refused_later(rows[i].text);
        if (rows[i].kind)
            cilp_client_cert_end(&me);
        stop();
    }
}

static bool sign_nothing(const struct cilp_x509_identity *id,
                         const uint8_t hash[32], uint8_t *sig, size_t cap,
                         size_t *len)
{
    (void)id;
    (void)hash;
    (void)sig;
    (void)cap;
    *len = 0;
    return false;
}

static void an_identity_out_of_its_time_or_foreign(void **state)
{
    struct cilp_x509_identity foreign;

    (void)state;
    trust_in("roots.pem");
    serve("ec", "ec", "");
    be("old", "p256");
    begin("localhost", &bundle.trust);
    peer.identity = &me.is;
    refused(CILP_E_TLS,
            "the client certificate of \"O=Test, CN=device old\" "
            "expired at 2021-01-01 00:00:00 UTC; our clock says 20");
    cilp_client_cert_end(&me);
    be("early", "p256");
    begin("localhost", &bundle.trust);
    peer.identity = &me.is;
    refused(CILP_E_TLS,
            " is valid only from 2045-01-01 00:00:00 UTC; our clock");
    foreign = me.is;
    foreign.sign = sign_nothing;
    begin("localhost", &bundle.trust);
    peer.identity = &foreign;
    refused(CILP_E_TLS, "the client certificate is not one of port/mbedtls's");
    cilp_client_cert_end(&me);
    stop();
}

/* ---- All of it ----------------------------------------------------------- */

static int make_chains(void **state)
{
    char command[512];

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    if (!mkdtemp(folder))
        return -1;
    snprintf(
        command, sizeof command,
        "sh %s/tests/wire/chains.sh %s && sh %s/tests/wire/identities.sh %s",
        CILP_ROOT, folder, CILP_ROOT, folder);
    return system(command);
}

static int remove_chains(void **state)
{
    char command[512];

    (void)state;
    stop();
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static int stop_server(void **state)
{
    (void)state;
    entropy_left = UINT_MAX;
    if (tls.stream.ops) /* a test that failed has not closed it */
        close_it();
    stop();
    stop_lanes();
    return 0;
}

#define TEST(f) cmocka_unit_test_teardown(f, stop_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(versions_chains_and_groups),
        TEST(an_identity_is_offered),
        TEST(an_identity_in_pieces),
        TEST(an_identity_is_missed_or_refused),
        TEST(an_identity_out_of_its_time_or_foreign),
        TEST(any_split),
        TEST(nothing_stays_in_the_arena),
        TEST(a_long_request_is_one_record),
        TEST(tickets_alone_are_not_data),
        TEST(dates_are_not_judged_without_a_time),
        TEST(dates_are_judged_by_the_time_that_was_given),
        TEST(certificates_are_refused_with_the_reason),
        TEST(name_constraints_hold_whoever_has_the_anchor),
        TEST(what_the_server_cannot_do_is_refused),
        TEST(without_entropy_nothing_is_sent),
        TEST(each_lack_of_entropy_is_named),
        TEST(an_end_without_close_notify_is_no_end),
        TEST(a_failure_below_is_passed_on),
        TEST(a_pending_write_is_never_flushed),
        TEST(a_step_takes_a_bounded_amount),
        TEST(others_have_their_turn),
        TEST(four_streams_take_turns),
        TEST(each_refused_allocation_is_named), /* the arena is out of use */
    };

    cmocka_set_test_filter(getenv("CILP_ONLY"));
    return cmocka_run_group_tests(tests, make_chains, remove_chains);
}
