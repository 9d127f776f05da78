/*
 * trust.h - the certificates that a TLS peer's chain must lead to.
 *
 * mbedTLS asks for anchors by the name of an issuer, so that nothing is parsed
 * but what may match, and nothing is held between handshakes. Two kinds:
 * the five roots of Amazon Trust Services in flash, and a PEM bundle that is
 * read as a stream, once a handshake, whatever its length.
 *
 * One thread at a time (arena.h). Streams that take turns may share either kind.
 *
 * Knows:  mbedTLS, arena.
 */
#ifndef CILP_TRUST_H
#define CILP_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest certificate of a bundle, in DER bytes; longer ones are skipped and
 * counted. Public roots have up to 2,000. */
#ifndef CILP_TRUST_CERT_MAX
#define CILP_TRUST_CERT_MAX 4096
#endif

/* Bytes of a bundle that are read at once. */
#ifndef CILP_TRUST_CHUNK
#define CILP_TRUST_CHUNK 8192
#endif

/* ---- What TLS sees ------------------------------------------------------ */

struct cilp_trust;
struct mbedtls_x509_crt; /* mbedTLS's: its headers are for its users alone */

struct cilp_trust_ops {
    /* Every anchor whose subject may be the issuer of `child`, as a list that
     * mbedTLS frees; *found NULL: none. The first call for a chain is for its
     * leaf, with the peer's other certificates behind it (child->next), which
     * may be put into another order or freed: mbedTLS takes the first that fits,
     * of *found and then of those behind `child`.
     * 0, or an mbedTLS error with t->why set. */
    int (*find)(struct cilp_trust *t, const struct mbedtls_x509_crt *child,
                struct mbedtls_x509_crt **found);
    /* The chain is judged: give back what find() kept for it. */
    void (*done)(struct cilp_trust *t);
};

/* First member of every implementation. */
struct cilp_trust {
    const struct cilp_trust_ops *ops;
    const char *name; /* "the CA bundle", for explanations */
    const char *why;  /* after find() failed: static text */

    /* Set before find(): whether dates count, and the time, in UTC seconds. */
    bool judge_dates;
    int64_t unix_s;

    /* Of the last find(). */
    uint16_t offered;   /* anchors that it gave */
    const char *unused; /* why one of that name is not among them, or NULL */
    bool has_leaf;      /* the leaf itself is an anchor, byte for byte */
};

/* ---- The built-in roots ------------------------------------------------- */

void cilp_trust_init_roots(struct cilp_trust *t);

/* One root: DER, and where in it the subject's name lies, header included, so
 * that looking for a name parses nothing. */
struct cilp_trust_root {
    const uint8_t *der;
    uint16_t len, subject_at, subject_len;
};

extern const struct cilp_trust_root cilp_trust_roots[];
extern const size_t cilp_trust_roots_count;
extern const char cilp_trust_roots_date[];  /* "2023-03-11" */
extern const char cilp_trust_roots_until[]; /* the first of them ends: a day */

/* ---- A bundle ----------------------------------------------------------- */

#define CILP_TRUST_READ_FAILED SIZE_MAX

/* Where a bundle is read from: a file, or text in flash. First member of
 * every implementation. */
struct cilp_trust_reader {
    /* Go to the first byte. False: it cannot be read (any more). */
    bool (*rewind)(struct cilp_trust_reader *r);
    /* Put the next bytes into p; how many, 0 at the end, or
     * CILP_TRUST_READ_FAILED. */
    size_t (*read)(struct cilp_trust_reader *r, uint8_t *p, size_t cap);
};

struct cilp_trust_anchor;

/* Somebody who wants to hear of each block of a bundle. First member of every
 * implementation. */
struct cilp_trust_survey {
    bool parses; /* mbedTLS is asked as well: takes memory from the arena */
    bool is_over;
    /* The block whose first line is that one, from 1. fault: NULL, it can be an
     * anchor; or how "the block " goes on. False: that is enough. */
    bool (*block)(struct cilp_trust_survey *s, uint32_t line,
                  const char *fault);
};

/* Contents are private; complete so that it can be static. */
struct cilp_trust_bundle {
    struct cilp_trust trust;
    struct cilp_trust_reader *reader;
    struct cilp_trust_anchor *anchors;    /* of this handshake, in the arena */
    const struct mbedtls_x509_crt *chain; /* whose issuers are wanted */
    bool scanned;
    bool no_memory;
    uint8_t asked;    /* certificates of the chain for whom find() was asked */
    uint8_t state;    /* enum state of bundle.c */
    uint8_t line_len; /* of a line from its first '-' on */
    uint8_t digits;   /* base64 digits held in `bits` */
    uint8_t pads;
    uint32_t bits;
    size_t need; /* DER bytes until the subject is known */
    size_t der_len;
    uint32_t seen, bad;           /* blocks in all; skipped as unreadable */
    const char *fault;            /* of this block */
    uint32_t at_line, block_line; /* in a survey */
    struct cilp_trust_survey *survey;
    char line[40];
    uint8_t der[CILP_TRUST_CERT_MAX];
    uint8_t chunk[CILP_TRUST_CHUNK];
};

/* `reader` is borrowed for as long as the bundle is used. What OpenSSL
 * tolerates is tolerated: text between the blocks, other kinds of blocks,
 * CRLF, a last line without an end; and text before a block in its first line,
 * such as a byte order mark. A bundle without a single readable certificate is
 * an error of the handshake, and says so.
 *
 * A server's certificate that lies in it byte for byte is trusted, whoever
 * issued it and whether it is a CA's or not, for its names and in its time. */
void cilp_trust_init_bundle(struct cilp_trust_bundle *b,
                            struct cilp_trust_reader *reader);

/* How many certificates the last scan saw, and how many of them it could not
 * read (too long, malformed, a kind of key that is not supported). */
void cilp_trust_bundle_count(const struct cilp_trust_bundle *b, size_t *seen,
                             size_t *bad);

/* Read the bundle once, not during a handshake, and tell `survey` of its blocks,
 * of certificates alone, in their order. False: it cannot be read, or mbedTLS
 * does not start. */
bool cilp_trust_bundle_survey(struct cilp_trust_bundle *b,
                              struct cilp_trust_survey *survey);

/* ---- Shared by both kinds ----------------------------------------------- */

/* Whether two encoded names may be equal: letter case and the two usual string
 * types aside. Looser than mbedTLS, which then compares by the book. */
bool cilp_trust_name_may_equal(const uint8_t *a, size_t a_len, const uint8_t *b,
                               size_t b_len);

enum cilp_trust_rc { CILP_TRUST_OK, CILP_TRUST_UNUSABLE, CILP_TRUST_NO_MEMORY };

/* Parse an anchor and put it in front of *list; the DER is not copied.
 * Otherwise *list is unchanged: no memory, or a key that this build does not
 * know. */
enum cilp_trust_rc cilp_trust_add(struct mbedtls_x509_crt **list,
                                  const uint8_t *der, size_t len);

#ifdef __cplusplus
}
#endif

#endif
