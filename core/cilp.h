/*
 * cilp.h - call EC2's CancelImageLaunchPermission, without doing any I/O.
 *
 * The library opens nothing, sleeps never, allocates nothing, calls nobody
 * back (but the key of a client certificate: x509_identity.h) and keeps no
 * globals. You lend it one struct; it tells you what it wants from the wire, you
 * tell it what happened, until it is done:
 *
 *     static struct cilp_op op;
 *
 *     cilp_init(&op, sizeof op);
 *     cilp_start(&op, &request, now());
 *     while ((want = cilp_next(&op, now())) != CILP_DONE) {
 *         if (want == CILP_SEND) {
 *             p = cilp_tx(&op, &n);
 *             cilp_sent(&op, wire_write(p, n));
 *         } else ...                              // see port/drive.c
 *     }
 *     if (cilp_result(&op)->outcome == CILP_CANCELLED) ...
 *     cilp_end(&op);                              // wipes; then once more:
 *     while (cilp_next(&op, now()) != CILP_DONE)  // the last CILP_CLOSE
 *         ...
 *
 * port/drive.c is that loop, written once, over a non-blocking byte stream.
 *
 * One thread at a time for one op; any number of threads, each with its own. What
 * their streams share says so itself (port/mbedtls/arena.h).
 *
 * Promises, each with a test of the same name in tests/prop/:
 *   any_split      the outcome never depends on how bytes were cut up;
 *   balanced       every CILP_OPEN is answered by exactly one CILP_CLOSE or
 *                  cilp_failed() before the next CILP_OPEN, counted to the
 *                  CILP_DONE that follows cilp_end(): a timeout in the middle
 *                  of connecting closes too;
 *   bounded        from any state, some finite number of events or the passing
 *                  of the deadline leads to CILP_DONE;
 *   sticky         after CILP_DONE nothing changes until cilp_start();
 *   wiped          after cilp_end() no byte of a secret is left in the struct.
 *
 * Conventions: NULL is allowed only where this file says so. Strings are
 * NUL-terminated. Times ending in _ms are milliseconds, in _s seconds. Nothing
 * is allocated, so there is nothing to release but what CILP_OPEN opened.
 */
#ifndef CILP_H
#define CILP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cilp_config.h"
#include "core/codes.h"
#include "core/creds.h"
#include "core/what.h"
#include "core/x509_identity.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CILP_VERSION "0.1.0"

/* ---- What goes in ------------------------------------------------------ */

/* Both clocks, read by the caller at the same moment. */
struct cilp_now {
    int64_t unix_s;   /* UTC; may be wrong */
    uint32_t mono_ms; /* never steps; may wrap (only differences are used) */
    bool trusted;     /* false: known to be unset (no RTC, before the build) */
    bool unreadable;  /* true: one of them could not be read, and no limit of
                         time would hold: the call ends with CILP_E_CLOCK */
};

/* What is done: one row of exchanges with EC2 (and with STS). Objects for the
 * same reason as sources: an image links the ones that it names. */
struct cilp_flow;

/* What EC2 or STS calls it, and IAM too, behind "ec2:" or "sts:":
 * "CancelImageLaunchPermission". "" for cilp_imds_region, which asks neither. */
const char *cilp_action(const struct cilp_flow *flow);

/* Remove the caller's account from the launch permissions of image_id. Source:
 * EC2 API Reference, CancelImageLaunchPermission. */
extern const struct cilp_flow cilp_cancel;

/* What is done about a wrong clock: an object too, so that an image with a good
 * clock (SNTP, a battery) links nothing of it. */
struct cilp_clock;

/* Seconds from which on two clocks are apart: less cannot be why EC2 refused a
 * request. Source: the AWS SDKs' clock-skew rule, 4 minutes. */
#define CILP_CLOCK_OFF_S 240

/* Find it out and mend it: a refusal that a wrong date explains, from a
 * verified peer whose Date is CILP_CLOCK_OFF_S or more away from ours, makes the
 * call sign once more for the peer's time. An unset clock cannot even judge
 * certificates: then the peer is first asked for its Date, unsigned, with all
 * of its certificate but the dates checked, and the connection is opened anew
 * with the dates judged by the answer. The offset is kept to cilp_end(). */
extern const struct cilp_clock cilp_clock_learn;

/* Borrowed from cilp_start() until CILP_DONE and never written to; its
 * strings too. All zero but flow, image_id, region and source is a request
 * with every default. */
struct cilp_request {
    const struct cilp_flow *flow; /* &cilp_cancel */
    const char *image_id;         /* "ami-" and 8 or 17 lower-case hex digits */
    const char *region;   /* "eu-west-1": 1..CILP_REGION_MAX of [a-z0-9-],
                             no '-' at either end */
    const char *endpoint; /* NULL, or "https://host[:port][/]" */
    bool fips;            /* the two variants of a Region's endpoint; */
    bool dual_stack;      /* an error together with `endpoint` */
    bool allow_http;      /* let `endpoint` be http:// to any host; without
                             it to loopback only */
    bool dry_run;         /* ask whether it would be permitted */
    bool any_image_id;    /* send image_id whatever it looks like, percent-
                             encoded; 1..CILP_IMAGE_ID_MAX bytes */

    const struct cilp_source *source; /* the same for every call of a run: its
                                         keys are kept from call to call,
                                         and asked for anew when they are
                                         about to expire. NULL: none, for
                                         flows that need no keys */
    const void *source_arg;           /* as creds.h says. Another source, or
                                         another source_arg: new keys */
    uint32_t keys;                    /* 0, or result.keys of a call before:
                                         this call is signed with that set
                                         or not at all, also when it is
                                         about to expire. For a write that
                                         follows a look at whose they are */
    const struct cilp_clock *clock;   /* &cilp_clock_learn; NULL: the clock
                                         is right. One that is not trusted
                                         is then CILP_E_CLOCK */
    void *memory;                     /* what the flow reads into, lent by
                                         the caller; as its header says.
                                         cilp_cancel needs none */
    void *room;                       /* where a source's JSON reply is
                                         gathered, and wiped; NULL: in the
                                         struct's own CILP_IO_MAX bytes */
    uint16_t room_len;                /* 0 with NULL; 1024 at least */

    const char *user_agent; /* NULL: "cilp/VERSION"; printable ASCII */
    uint8_t attempts;       /* 1..10, the first included; 0: 3 */
    uint32_t connect_ms;    /* for one open, TLS included; 0: 10000 */
    uint32_t read_ms;       /* without a byte moving; 0: 30000 */
    uint32_t deadline_ms;   /* the whole call, retries included; 0: 60000.
                               All three: at most 24 hours */
    uint32_t wait_ms;       /* how long a source that is a service of this
                               machine (cilp_creds_imds, cilp_creds_container)
                               is asked again, once a second, while it cannot
                               be reached: at boot it may begin later. Half
                               of the deadline at most counts; to 60000. 0:
                               attempts alone */
    uint8_t random[16];     /* fresh for each call: the invocation id that
                               CloudTrail and AWS Support can be asked for,
                               and the jitter. Not a secret */
};

/* Whether s could be a Region's name, as `region` has to be: it enters a host name,
 * and the signature's scope. */
bool cilp_region_is_valid(const char *s);

/* ---- What comes out ---------------------------------------------------- */

/* What is known about the launch permission when the call has ended. */
enum cilp_outcome {
    CILP_PENDING,   /* not done yet */
    CILP_CANCELLED, /* HTTP 200 and <return>true</return> */
    CILP_PERMITTED, /* dry run: EC2 answered DryRunOperation */
    CILP_GONE,      /* a reply was lost, the repeat said NotFound: no account
                       grant remains */
    CILP_NOTHING,   /* NotFound or Unavailable at once: nothing to cancel */
    CILP_ANSWERED,  /* a flow that only asks: the answer is in memory */
    CILP_REFUSED,   /* a complete refusal: EC2 did not act; see code */
    CILP_UNKNOWN,   /* sent, and nobody could be asked how it ended */
    CILP_NOT_SENT   /* EC2 cannot have acted; err says what was in the way */
};

/* What went wrong, grouped by who can put it right. */
enum cilp_err {
    CILP_OK = 0,
    /* the caller */
    CILP_E_ARG = -1,     /* the request is not well formed; see what */
    CILP_E_SPACE = -2,   /* a CILP_*_MAX is too small; see what */
    CILP_E_CONFIG = -3,  /* Region or endpoint; see what */
    CILP_E_CREDS = -4,   /* the source has none to give; see what */
    CILP_E_CRYPTO = -5,  /* the hash provider failed */
    CILP_E_STOPPED = -6, /* cilp_stop() was called */
    /* the network */
    CILP_E_RESOLVE = -10,
    CILP_E_CONNECT = -11,
    CILP_E_TLS = -12,    /* no handshake, or a broken record */
    CILP_E_CERT = -13,   /* the peer's certificate is refused */
    CILP_E_CLOSED = -14, /* the peer or the path hung up */
    CILP_E_TIMEOUT = -15,
    CILP_E_REACH = -16, /* the address is not within the peer's reach */
    CILP_E_PROXY = -17, /* a proxy in between refuses, and will do so again */
    /* the peer broke the protocol */
    CILP_E_HTTP = -20,
    CILP_E_REPLY = -22, /* no answer to this call, or none to be read */
    CILP_E_CLOCK = -23, /* the clock is unset, and the peer tells no time; or
                           it cannot be read */
    /* AWS said no */
    CILP_E_AWS = -30 /* see code, message and request_id */
};

/* Text that came from EC2 is valid UTF-8 without control, C1 and
 * bidirectional characters: safe to print. */
struct cilp_result {
    /* of the call */
    uint8_t attempts;       /* made, the first included */
    bool sent;              /* the stream accepted the last byte of some
                               attempt: EC2 may have seen a whole request */
    bool throttled;         /* some attempt was turned away because of too many
                               requests */
    uint32_t keys;          /* which set of keys signs, counted from 1 at
                               cilp_init(): another number, other keys,
                               perhaps another account's. 0: none */
    char invocation_id[37]; /* UUID, lower case */
    int64_t signed_s;       /* the last request's X-Amz-Date, UTC; 0 */
    bool clock_learnt;      /* clock_offset_s was learnt from a verified
                               peer's Date, in this call or before */
    int64_t clock_offset_s; /* what is added to now.unix_s */

    /* of the last attempt, from here to the end (op.c counts on it) */
    enum cilp_outcome outcome;
    enum cilp_err err;            /* CILP_OK: it was good */
    bool from_source;             /* all below is of an exchange with the source
                                     of credentials: the flow's peer was not
                                     asked */
    bool message_cut;             /* message was longer than CILP_MESSAGE_MAX */
    uint16_t http_status;         /* of the last complete head; 0 if none */
    enum cilp_what what;          /* which check failed; see what.h */
    int32_t native;               /* the port's own number; 0 if none */
    int64_t date_s;               /* the last reply's Date, UTC; 0: none, or the
                                     request names no clock */
    enum cilp_meaning means;      /* what a whole reply's status, code and
                                     message mean; UNKNOWN without one */
    char code[CILP_CODE_MAX + 1]; /* or "" */
    char message[CILP_MESSAGE_MAX + 1];       /* or "" */
    char request_id[CILP_REQUEST_ID_MAX + 1]; /* or "" */
};

/* ---- The conversation -------------------------------------------------- */

enum cilp_want {
    CILP_OPEN,  /* a stream to cilp_peer();  answer cilp_opened */
    CILP_SEND,  /* write from cilp_tx();     answer cilp_sent */
    CILP_RECV,  /* read into cilp_rx();      answer cilp_received, cilp_eof;
                   or cilp_idle if nothing is there yet */
    CILP_CLOSE, /* close it;                 answer cilp_closed */
    CILP_WAIT,  /* nothing for cilp_idle_ms(). At least once between two
                   attempts: cilp_result() is that of the first one */
    CILP_ITEM,  /* the listing flow's memory holds the next item;
                   answer cilp_took */
    CILP_DONE   /* read cilp_result() */
};

/* How far a stream may reach. The port judges the very address that it
 * connects to, after the name was resolved, and answers CILP_E_REACH. */
enum cilp_reach {
    CILP_ANYWHERE,
    CILP_LOCAL, /* loopback and link-local addresses only (169.254.0.0/16,
                   fe80::/10, and EC2's own fd00:ec2::/32) */
    CILP_AGENT  /* loopback, 169.254.170.2, 169.254.170.23 and
                   fd00:ec2::23 only: where container agents are */
};

struct cilp_peer {
    int64_t unix_s;   /* the best time known, UTC */
    bool judge_dates; /* false: no time is known to judge
                         certificate dates by; all else is checked */
    const char *path; /* of a custom endpoint, inside its URL: "/PART..."; NULL:
                         it has none */
    /* from here to the end: who it is (op.c counts on it) */
    bool tls;
    bool full_name; /* the host is all of a name: no search list completes it
                       (RFC 1034 section 3.1) */
    bool direct;    /* keys come from there: with nobody in between */
    enum cilp_reach reach;
    uint16_t port;
    const struct cilp_x509_identity *identity; /* the client certificate, with
                                     its key, that the source named: offered if
                                     the server asks for one. NULL: none */
    char host[CILP_HOST_MAX + 1]; /* name without a dot at its end, or address
                                     without [] */
};

struct cilp_op;

/* Once per struct, before anything else. `size` is sizeof *op as the caller
 * sees it. False, and nothing is written, if the library was built with other
 * sizes (cilp_config.h). Connection, credentials, clock offset and retry quota
 * live in the struct from here to cilp_end(). */
bool cilp_init(struct cilp_op *op, size_t size);

/* Begin a call. A bad request shows as CILP_DONE from the first cilp_next().
 * A standing connection is used again if it leads to the same peer. After
 * CILP_DONE or cilp_init() only.
 * The source is asked first if cilp_wants_keys() says so: never in the middle of
 * a call. What it gave before is wiped then; if it fails the next call asks it
 * again. */
void cilp_start(struct cilp_op *op, const struct cilp_request *req,
                struct cilp_now now);

/* Would cilp_start() with the same arguments ask the source? It does if there
 * are no keys of this source and argument, and if those that there are expire
 * within 60 s. A source that keeps on giving such keys is asked once a minute
 * and when they have expired since. False with req->keys, and for flows that
 * need no keys. To prepare source_arg, and to know before a write that other
 * keys would sign it. */
bool cilp_wants_keys(const struct cilp_op *op, const struct cilp_request *req,
                     struct cilp_now now);

/* What is wanted now. Call it before every act and after every event; it is
 * also where time passes, so deadlines fire here and nowhere else. */
enum cilp_want cilp_next(struct cilp_op *op, struct cilp_now now);

/* Milliseconds for which cilp_next() will not change its mind by itself.
 * 0: do not wait, only look. Use it as the timeout of poll(2), or ignore it
 * and keep polling. */
uint32_t cilp_idle_ms(const struct cilp_op *op);

/* Whether a CILP_WAIT is one for a source that may begin (wait_ms). */
bool cilp_is_waiting(const struct cilp_op *op);

const struct cilp_peer *cilp_peer(const struct cilp_op *op);
const struct cilp_result *cilp_result(const struct cilp_op *op);

/* Of the keys in use, from the end of the source's exchanges to cilp_end(): when
 * they expire, UTC seconds (0: never, or the source did not tell); the access key
 * id, which is no secret ("": none); and whether they have a session token. */
int64_t cilp_expires_s(const struct cilp_op *op);
const char *cilp_key_id(const struct cilp_op *op);
bool cilp_keys_are_temporary(const struct cilp_op *op);

/* The bytes to send next: never empty, and the same pointer and length until
 * cilp_sent() (mbedtls_ssl_write() needs that). Only after CILP_SEND. */
const uint8_t *cilp_tx(const struct cilp_op *op, size_t *len);

/* Room for received bytes, at least one. Only after CILP_RECV. */
uint8_t *cilp_rx(struct cilp_op *op, size_t *cap);

/* Tell what happened. An event that was not asked for is ignored. */
void cilp_opened(struct cilp_op *op);
void cilp_sent(struct cilp_op *op, size_t n);     /* 1 .. len */
void cilp_received(struct cilp_op *op, size_t n); /* 1 .. cap */
void cilp_idle(struct cilp_op *op); /* CILP_RECV: nothing there just now */
void cilp_eof(struct cilp_op *op);  /* CILP_RECV: the peer sends no more */
void cilp_closed(struct cilp_op *op);
void cilp_took(struct cilp_op *op); /* CILP_ITEM: the item has been used */
/* The stream broke, or never came to be, and is closed already. `err` is one
 * of the network group; `native` goes unread into result.native. */
void cilp_failed(struct cilp_op *op, enum cilp_err err, int32_t native);

/* Give up the call now (a signal, a button): the outcome is set from what was
 * sent so far, and after at most a CILP_CLOSE comes CILP_DONE. */
void cilp_stop(struct cilp_op *op);

/* Wipe every secret at once and let go of the connection: cilp_next() wants
 * CILP_CLOSE if one stands, then CILP_DONE. Only cilp_init() may follow. The
 * result stays readable. */
void cilp_end(struct cilp_op *op);

/* ---- For tests and for --debug ----------------------------------------- */

/* Write the canonical request of the request that is being sent into `out`
 * (Source: IAM User Guide, step 1), the session token shown as its length.
 * Returns its length, which may be more than cap; no NUL is added. Only after
 * CILP_SEND. */
size_t cilp_canonical_request(struct cilp_op *op, char *out, size_t cap);

#ifdef __cplusplus
}
#endif

/* The struct itself: complete so that sizeof is the compiler's work, its
 * contents private to core. */
#include "core/op_memory.h"

#endif
