/*
 * kind.h - what stands behind the name of a source of credentials, and what the
 * sources have in common. Private to port/awscli.
 *
 * A kind is a file, kind_NAME.c, and a row of linked.c. Nothing else names it: an
 * image whose table has no such row has nothing of the file either. Whether it
 * is asked for, asked.c says of every kind, so that one that was left out stops by
 * its name.
 */
#ifndef CILP_KIND_H
#define CILP_KIND_H

#include "port/awscli/chain.h"
#include "port/digest.h"

/* What cilp_chain_prepare() was told. */
struct cilp_kind_call {
    struct cilp_now now;
    uint32_t deadline_ms;
    const void *mask; /* a sigset_t; NULL: no signal */
};

struct cilp_kind {
    const struct cilp_source *source;

    /* Of a profile that asks for it (p; of the environment: any): set c->arg, and
     * what it points to. c->source is the one above already. NULL, or what cilp_chain_stop() has returned. */
    const char *(*take)(struct cilp_chain *c, const struct cilp_profile *p);

    /* Have ready what c->arg points to. False: c->why says why. NULL: it always
     * is. */
    bool (*prepare)(struct cilp_chain *c, const struct cilp_kind_call *call);
};

extern const struct cilp_kind cilp_kind_environment, cilp_kind_assume_role,
    cilp_kind_web_identity, cilp_kind_sso, cilp_kind_credentials_file,
    cilp_kind_login, cilp_kind_process, cilp_kind_config_file,
    cilp_kind_container, cilp_kind_iot, cilp_kind_roles_anywhere,
    cilp_kind_imds;

/* By kind. NULL: the image was built without it, and a choice that falls on it
 * stops with its name. */
extern const struct cilp_kind *const cilp_chain_linked[CILP_CHAIN_KINDS];

/* ---- chain.c ------------------------------------------------------------ */

/* "": no other kind may be tried, and c->why says why. */
extern const char cilp_chain_stopped[];

/* Put form into c->why, its '%' replaced by x and its '@' by the profile that is
 * being looked at. Returns cilp_chain_stopped. */
const char *cilp_chain_stop(struct cilp_chain *c, const char *form,
                            const char *x);

/* Have c->base, c->source and c->arg of that kind. NULL: done; or why there is
 * nothing to be had of it; or cilp_chain_stopped. */
const char *cilp_chain_look(struct cilp_chain *c, const struct cilp_profile *p,
                            enum cilp_chain_kind kind);

/* The section of the config file that the profile names, into c->other. False:
 * c->why. */
bool cilp_chain_read_other(struct cilp_chain *c, const char *kind,
                           const char *name);

/* ---- asked.c ------------------------------------------------------------ */

/* NULL: the environment or the profile asks for that kind; or what is missing. */
const char *cilp_chain_unasked(struct cilp_chain *c,
                               const struct cilp_profile *p,
                               enum cilp_chain_kind kind);

/* A role that is assumed with the keys of another source. */
bool cilp_chain_has_role(struct cilp_chain *c, const struct cilp_profile *p);

/* A key of a web identity, or of a certificate: it may be the environment's by
 * itself, as the AWS CLI has it for the former. */
const char *cilp_chain_value(struct cilp_chain *c, const struct cilp_profile *p,
                             enum cilp_profile_key key);

/* ---- values.c ----------------------------------------------------------- */

/* The variable's value. An empty one counts as unset: NULL. */
const char *cilp_chain_variable(const char *name);

/* A setting that is true or false; without it, false. False: c->why. */
bool cilp_chain_bool(struct cilp_chain *c, const struct cilp_profile *p,
                     enum cilp_profile_key key, bool *to);

/* s must be a number above 0, and is cut at max: what others can do with is no
 * reason not to cancel. NULL leaves *to as it is. name: of the variable or key.
 * False: c->why. */
bool cilp_chain_number(struct cilp_chain *c, const char *s, uint32_t max,
                       const char *name, uint32_t *to);

/* No URL with a user's name in it (cilp_chain_has_user()) is taken. name: of the
 * variable or key. NULL is a good one. False: c->why. */
bool cilp_chain_check_url(struct cilp_chain *c, const char *url,
                          const char *name);

/* For roles whose session nobody named. */
void cilp_chain_name_session(struct cilp_chain *c, struct cilp_role *r,
                             struct cilp_now now);

/* ---- certificate.c: what names a certificate ------------------------------ */

/* A key that has to be there; by the name that it has where it was given. NULL:
 * it is not, c->why. asked: by what the source is wanted. */
const char *cilp_certificate_value(struct cilp_chain *c,
                                   const struct cilp_profile *p,
                                   enum cilp_profile_key key,
                                   const char *wanted);

/* cilp_certificate and cilp_private_key, into c->certificate and c->private_key.
 * False: c->why. */
bool cilp_certificate_take(struct cilp_chain *c, const struct cilp_profile *p,
                           const char *wanted);

/* c->why: the value of that key, and what is wrong with it. Returns
 * cilp_chain_stopped. */
const char *cilp_certificate_stop(struct cilp_chain *c,
                                  const struct cilp_profile *p,
                                  enum cilp_profile_key key,
                                  enum cilp_what what);

/* ---- helper.c: aws_signing_helper's command line --------------------------- */

/* Is it `aws_signing_helper credential-process ...`, and no such program there? */
bool cilp_helper_is_missing(struct cilp_chain *c, const char *command);

/* Its flags, as a profile in c->other would have them; p: whose command it is.
 * False: one that is not known, c->why. */
bool cilp_helper_read(struct cilp_chain *c, const char *command);

/* "--role-arn"; "": it has no flag for that. */
const char *cilp_helper_flag(enum cilp_profile_key key);

/* ---- written.c: keys that somebody has written down --------------------- */

/* v: both keys, and a token by its two names; one of the keys may be missing.
 * where: "env", or a file. names: what the two keys are called there. */
const char *cilp_written_take(struct cilp_chain *c, const char *const *v,
                              const char *where, const char *const *names);

/* The same, of a file. */
const char *cilp_written_take_file(struct cilp_chain *c, const char *const *v,
                                   const char *file);

/* They are looked at before core does so that the one who has written them is
 * told where they are. file: NULL: the environment. */
bool cilp_written_check(struct cilp_chain *c, const char *file);

/* ---- files.c ------------------------------------------------------------ */

/* A file of at most max bytes into c->text, with a NUL. */
bool cilp_chain_read_file(struct cilp_chain *c, const char *path, size_t max);

/* One line of text of at most max bytes, from `least` on, without the line end
 * that editors put. Read anew each time: whoever gives such tokens gives new
 * ones. */
bool cilp_chain_read_token(struct cilp_chain *c, const char *path, size_t max,
                           char least);

/* ---- cache.c: what a login elsewhere left ------------------------------- */

/* The file FOLDER/DIGEST.json into c->path. */
bool cilp_cache_find(struct cilp_chain *c, const char *folder,
                     enum cilp_port_digest kind, const char *of);

/* Read it; also told is how to log in. */
bool cilp_cache_read(struct cilp_chain *c, const char *login);

#endif
