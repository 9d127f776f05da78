/*
 * tls.h - TLS 1.2 and 1.3 as a stream over a stream.
 *
 *     cilp_tls_init(&t, &tcp.stream, &trust);     then use &t.stream as any other
 *
 * The peer's certificate is always verified: its chain against `trust`, its
 * name against peer.host (an address against iPAddress entries alone), its
 * dates against peer.unix_s. There is nothing to turn that off; a peer whose
 * judge_dates is false has its dates alone not judged.
 *
 * Failures: CILP_E_CERT, CILP_E_TLS or CILP_E_CLOSED with mbedTLS's number as
 * native, or whatever the stream below reported. A failure after an allocation
 * was refused is CILP_E_TLS, MBEDTLS_ERR_SSL_ALLOC_FAILED, and says so.
 *
 * A step of open() computes one long thing at most - a key pair, a shared secret, a
 * chain, a signature - and answers CILP_STREAM_AGAIN with `more` if others follow.
 * cilp_port_tick() (port.h) is called meanwhile.
 *
 * One thread at a time, for all streams together, unless the program gave a lock
 * (arena.h); with one, one thread at a time for each stream. Up to
 * CILP_TLS_STREAMS of them may take turns.
 *
 * Knows:  port.h, trust, arena.
 */
#ifndef CILP_TLS_H
#define CILP_TLS_H

#include "port/mbedtls/trust.h"
#include "port/port.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What this mbedTLS cannot do and others of its line can: a line for people, or
 * "". */
extern const char cilp_tls_limits[];

/* Bytes read ahead from the stream below. mbedTLS reads a record in two
 * pieces, five bytes and the rest; with room here a handshake needs a third of
 * the reads. The least that is of use is 5. */
#ifndef CILP_TLS_AHEAD
#define CILP_TLS_AHEAD 4096
#endif

/* Bytes after which one step takes no more from the stream below, and answers
 * CILP_STREAM_AGAIN with `more`: it holds for tickets, warnings and empty records
 * without end. No handshake of Amazon's comes near it. Less costs laps; on a
 * board, the window of TCP is less anyway. */
#ifndef CILP_TLS_STEP
#define CILP_TLS_STEP 16384
#endif

/* What a handshake showed, in words for people: printable ASCII. */
#define CILP_TLS_CHAIN_MAX 12 /* the leaf, ten that the peer adds, the anchor */

struct cilp_tls_facts {
    const char *version; /* "TLSv1.3"; NULL: there was no handshake */
    const char *cipher;
    uint8_t n;       /* of chain */
    bool has_anchor; /* the last one is it; else nobody vouches for it */
    char chain[CILP_TLS_CHAIN_MAX][192]; /* the leaf first, then who vouches for
                                       whom; also those that were refused */
};

struct cilp_tls;
struct cilp_text;

/* Put what is known of an error of mbedTLS's into a sentence. */
typedef void cilp_tls_words_func(const struct cilp_tls *t, struct cilp_text *x,
                                 int rc);

/* Contents are private but for the marked ones; complete so that it can be
 * static. */
struct cilp_tls {
    struct cilp_stream stream;
    struct cilp_stream *lower;
    struct cilp_trust *trust;
    struct cilp_tls_facts
        *facts; /* yours to set after cilp_tls_init(): where the facts
                   of a handshake go; NULL: nowhere */
    cilp_tls_words_func *words; /* yours to set as well: for a sentence about
                   whatever fails, or NULL: only the common failures have one,
                   others a number. At first cilp_tls_words, unless this was
                   built with CILP_TLS_WORDS=OFF (5 KB less) */

    uint8_t state;   /* enum state of tls.c */
    bool writing;    /* a record is half out: no close_notify */
    bool is_second;  /* the connection; see start_over() of tls.c */
    bool lower_idle; /* no more of the stream below in this step */
    bool lower_failed;
    bool lower_ended;
    bool judge_dates;
    bool no_memory;   /* an allocation was refused in one of its steps */
    unsigned refused; /* by the arena, before this step */
    unsigned dry;     /* refused random bytes, before this step */
    uint8_t ip_len;   /* 4, 16; 0: the host is a name */
    uint32_t ip[4];   /* in network order */
    size_t taken;     /* from the stream below, in this step */
    int64_t unix_s;
    const char *host; /* during a step of the handshake */

    size_t ahead_at, ahead_end;
    uint8_t ahead[CILP_TLS_AHEAD];

    struct cilp_tls_session *session; /* in mbedTLS's memory, while open */
};

/* For t->words. */
cilp_tls_words_func cilp_tls_words;

/* Both are borrowed for as long as the stream is used. No memory is taken from
 * the arena before it is opened, none is left there once it is closed. */
void cilp_tls_init(struct cilp_tls *t, struct cilp_stream *lower,
                   struct cilp_trust *trust);

#ifdef __cplusplus
}
#endif

#endif
