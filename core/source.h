/*
 * source.h - what sources of credentials that talk have in common.
 *
 * A source turns to its first exchange; each judge names the next one; the last
 * one leaves keys in op->creds and says cilp_source_done(). Until then op->creds
 * is the source's to work in: whatever ends the call earlier wipes it.
 *
 * Knows:  op, endpoint, reply.
 */
#ifndef CILP_SOURCE_H
#define CILP_SOURCE_H

#include "core/creds.h"
#include "core/fields.h"
#include "core/json.h"
#include "core/op.h"

/* Turn to ex, for the source's arg. */
void cilp_source_begin(struct cilp_op *op, const struct cilp_exchange *ex,
                       const void *arg);

/* The keys are in op->creds. On to what follows, the flow or a role that is
 * assumed. */
enum cilp_step cilp_source_done(struct cilp_op *op);

/* The source has none to give. */
enum cilp_step cilp_source_reject(struct cilp_op *op, enum cilp_what what);

/* How every judge begins: false if a whole reply of status 200 is there, else
 * *step is said: the attempt broke, or the service refused. */
bool cilp_source_failed(struct cilp_op *op, enum cilp_step *step);

/* Note what the service says of itself; either may be NULL. */
void cilp_source_note(struct cilp_op *op, const char *code,
                      const char *message);

/* ---- Requests ------------------------------------------------------------ */

/* Behind "GET /path": the version and the headers that all have. */
void cilp_source_put_head(struct cilp_op *op, struct cilp_text *out);

/* For aim: the service of op->ex in a Region, or at an endpoint (NULL). */
enum cilp_what cilp_source_aim(const struct cilp_op *op, struct cilp_peer *to,
                               const char *region, const char *endpoint);

/* ---- Checks of arguments --------------------------------------------------- */

/* min..max bytes of A-Z a-z 0-9 and _+=,.@- */
bool cilp_source_is_name(const char *s, size_t min, size_t max);

/* ---- Replies ----------------------------------------------------------------- */

/* Gathered whole, in request.room or in op->io. */
extern const struct cilp_reader cilp_reads_text;

/* What was gathered. */
char *cilp_source_text(struct cilp_op *op, size_t *len, size_t *cap);

/* The same, without line ends behind it, to to[0..max] if it is a word of 1..max
 * bytes; else false. */
bool cilp_source_line(struct cilp_op *op, char *to, size_t max);

/* Take key id, secret, token and time of expiry, by cilp_creds_static's rules.
 * The first two must be there. NONE, or what is wrong; NO_TOKEN, and the rest is
 * taken all the same. */
enum cilp_what cilp_source_take(struct cilp_op *op, const char *const v[4]);

/* The keys came: until when they are good, by creds.expires as a date; or by what
 * else the source tells. 0: not told. */
void cilp_source_read_expiry(struct cilp_op *op);
void cilp_source_set_expiry(struct cilp_op *op, int64_t expires_s);

#endif
