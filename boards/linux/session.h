/*
 * session.h - the one connection of a run and what goes over it: call after call,
 * each a flow of core's, with the keys of the first.
 */
#ifndef SESSION_H
#define SESSION_H

#include <signal.h>

#include "boards/linux/say/audit.h"
#include "boards/linux/bundle_file.h"
#include "boards/linux/certificate.h"
#include "boards/linux/say/debug.h"
#include "boards/linux/say/report.h"
#include "port/drive.h"
#include "port/mbedtls/tls.h"
#include "port/posix/tcp.h"

/* The longest reply of a credential source, with the reader's room. */
#define SESSION_ROOM 16384

/* Contents are private but for the marked ones. */
struct session {
    struct settings *set;    /* read it */
    struct cilp_request req; /* read it: of the call under way */
    sigset_t waiting;        /* read it: the mask for times of waiting */

    /* For the next session_run(): */
    struct audit *audit;     /* NULL: none */
    void (*item)(void *arg); /* takes the item of a listing */
    void *item_arg;
    struct out *feed; /* NULL, or what is flushed before each wait; the call is
                         stopped when that fails */

    uint32_t
        fed_ms; /* read it: waited for the reader of the feed, in this call;
                   the item's function may add to it */

    struct cilp_op op;
    struct cilp_posix_tcp tcp; /* what all stands on, way.h over it */
    struct cilp_tls tls;
    struct cilp_trust roots;
    struct cilp_trust_bundle bundle;
    struct bundle_file bundle_file;
    struct cilp_client_cert certificate; /* of the source of credentials */
    struct debug_stream debug_plain, debug_tls;
    struct cilp_drive drive;
    struct cilp_imds_region where; /* that the metadata service told */
    uint8_t room[SESSION_ROOM];    /* for the replies of credential sources */
    bool old_told;                 /* the user knows that they have expired, */
    bool wait_told;                /* and that their source is waited for */
    bool clock_told;               /* the user knows of the wrong clock */
    uint8_t told;                  /* attempts that the audit has */
    uint8_t turns;                 /* since signals were looked for */
    uint32_t began_ms;             /* when the attempt under way began */
    char why[CILP_STREAM_WHY_MAX];
};

/* Streams and roots, and the Region if only EC2's metadata service can tell it;
 * nothing is sent to anybody else. c->waiting must be set. EXIT_DONE, or an exit
 * code after a complaint. */
enum exit_code session_set_up(struct session *c, struct settings *s);

/* The next request, with all that the settings say: to be adjusted before
 * session_run(). */
struct cilp_request *session_request(struct session *c,
                                     const struct cilp_flow *flow,
                                     const char *image_id, void *memory);

/* Would the request's call ask the source of credentials first? */
bool session_wants_keys(const struct session *c);

/* Make the call. A signal stops it: then r->signal is set. */
void session_run(struct session *c, struct report *r);

/* The same up to the point at which something is signed: ask the peer for its
 * Date over `stream`, whose open() is to refuse a peer without TLS and one with
 * judge_dates set, for there the call itself would follow.
 * r->result.clock_learnt: it told one. Before the first session_run() alone. */
void session_try(struct session *c, struct report *r,
                 struct cilp_stream *stream);

/* The best time known, UTC. */
int64_t session_time(const struct session *c);

/* When the keys expire, UTC; 0: never, as far as is known. */
int64_t session_expires_s(const struct session *c);

/* A line of the audit, if there is one: of an attempt that has just ended, or of a
 * question after which no attempt was made. */
void session_audit(struct session *c, const struct report *r, bool is_last);

/* Sleep. False: a signal came. */
bool session_sleep(const struct session *c, uint32_t ms);

void session_end(struct session *c);

#endif
