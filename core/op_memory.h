/*
 * op_memory.h - the memory of a call. Private to core; included by cilp.h so
 * that sizeof and alignment are the compiler's work.
 */
#ifndef CILP_OP_MEMORY_H
#define CILP_OP_MEMORY_H

#include "core/http_resp.h"
#include "core/reply.h"
#include "core/retry.h"
#include "core/sha256.h"

struct cilp_exchange;

/* New keys are read out of an XML reply beside those that signed for them: the
 * request may have to be sent again. */
struct cilp_io_keys {
    uint8_t window[256];
    struct cilp_creds fresh;
};

/* Small and often used fields first, the large ones last: Thumb reaches the
 * first 32 bytes and 128 bytes of a struct with short instructions, and 4 KB
 * with one. */
struct cilp_op {
    uint8_t phase;       /* enum phase of op.c */
    uint8_t after_close; /* the phase that follows P_CLOSE */
    uint8_t attempts_max;
    bool held;        /* CILP_OPEN was handed out, and neither
                         CILP_CLOSE nor a failure came since */
    bool standing;    /* the stream may carry a new request */
    bool opened_now;  /* this attempt got its stream */
    bool sent_now;    /* this attempt's last byte was accepted */
    bool doubt;       /* some attempt may have been acted on */
    bool paused;      /* the caller has heard of the pause */
    bool asking;      /* the request is one for the time */
    bool clock_known; /* offset_s was learnt */
    bool corrected;   /* in this call, after a refusal */
    bool sourcing;    /* ex is one of the source's */
    bool came_good;   /* the keys had not expired when they came */
    bool lent;        /* the request's room has been received into */
    bool waiting;     /* the pause is for a service that may begin */
    uint8_t round;    /* of a source: how many times it did
                         what it may do again */

    uint16_t tx_pos, tx_len;    /* what is in the window, what was sent */
    uint32_t tx_skip, tx_total; /* of it; its place in the request */
    uint16_t rx_at, rx_end;     /* received bytes that were not read yet */
    uint16_t body_at, body_end; /* and of these, a piece of the body */

    const struct cilp_request *req;
    const struct cilp_exchange *ex;   /* the exchange that is under way */
    const struct cilp_exchange *then; /* what follows when the keys are there */
    const void *arg;                  /* of the source that is under way */
    const struct cilp_source *keys_of; /* whose keys are in creds, and for */
    const void *keys_arg;              /* which argument */
    uint32_t keys;                     /* the number of that set */
    uint32_t t_keys;                   /* mono_ms when they were asked for */
    uint8_t *rx;                       /* where received bytes lie */
    uint32_t kept;                     /* bytes of the body in front of it */
    struct cilp_now now;               /* as the last caller told */

    /* Time: mono_ms at the start of the call, at the last progress, and when
     * a pause began; lengths in ms. */
    uint32_t t_start, t_step;
    uint32_t deadline_ms, connect_ms, read_ms, pause_ms, wait_ms;
    uint32_t dice;    /* state of the jitter's generator */
    uint32_t guard;   /* cilp_init() was called */
    int64_t offset_s; /* what now.unix_s is behind UTC */

    struct cilp_retry retry;
    struct cilp_result result;
    struct cilp_http_resp http;
    struct cilp_reply reply;
    struct cilp_peer peer; /* of the standing or wanted stream */
    char host_field[CILP_HOST_MAX + sizeof "[]:65535"]; /* scratch of the
                                         request writer, too much for a stack */

    /* Secrets. */
    struct cilp_sha256 hash; /* scratch of the signer */
    struct cilp_creds creds;
    union {
        uint8_t bytes[CILP_IO_MAX];
        struct cilp_peer next;    /* while an attempt is being aimed */
        struct cilp_io_keys keys; /* with CILP_READS_XML_KEYS */
    } io;
};

#endif
