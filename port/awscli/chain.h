/*
 * chain.h - which source gives the credentials: the AWS CLI v2's choice.
 *
 * Three steps. cilp_chain_choose() reads the environment and the files, asks nobody
 * and runs nothing: enough to tell what would be done. cilp_chain_prepare() comes
 * right before each cilp_start() that asks the source: it reads token files, runs
 * the process. cilp_chain_put_away() wipes that, when the call is done.
 * cilp_chain_forget() wipes all, when the source is not asked again.
 *
 * Never another identity than the one that is asked for: what is set by half,
 * what this program does not do (mfa_serial), what does not fit together stops
 * with a sentence that names the key.
 *
 * One thread at a time for one chain.
 *
 * Source: AWS CLI User Guide, "Configuration settings and precedence"; the code
 * of botocore, create_credential_resolver().
 * Knows: profile, process, file, why, digest, core/json.
 */
#ifndef CILP_CHAIN_H
#define CILP_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/creds.h"
#include "port/port.h"
#include "port/awscli/chain_kind.h"
#include "port/posix/process.h"
#include "port/awscli/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A JSON text of this length, with the reader's room; longest web token. */
#define CILP_CHAIN_TEXT_MAX   24576
#define CILP_CHAIN_OUTPUT_MAX 16384 /* of a credential_process */

struct cilp_chain {
    /* Yours to set before cilp_chain_choose(): told once for each remark, which is a
     * sentence in three parts. NULL: nobody. */
    void (*note)(const char *before, const char *name, const char *after);

    /* Yours to set before cilp_chain_prepare(), if there is a certificate: what
     * the two files hold, borrowed until the source is not asked again. */
    const struct cilp_x509_identity *identity;

    /* After cilp_chain_choose(). */
    enum cilp_chain_kind kind; /* the one that won; CILP_CHAIN_KINDS: none */
    enum cilp_chain_kind base; /* of ASSUME_ROLE: its base; of a
                                  PROCESS whose work is done here, that source.
                                  Else the same */
    const struct cilp_source *source;
    const void *arg; /* complete after cilp_chain_prepare() alone */
    const char
        *skipped[CILP_CHAIN_KINDS]; /* why, for those before the winner */
    const char *path; /* the token, cache or certificate file that is read */
    const char *name; /* of the profile: "default" */
    struct cilp_profile profile; /* its settings: cilp_profile_setting() */
    const char
        *ec2_endpoint; /* of variables, [services] and the profile; NULL: */
    const char *sts_endpoint; /* the Region's */
    const char *sso_endpoint;
    const char *anywhere_endpoint;
    const char
        *certificate; /* PEM files of IOT and ROLES_ANYWHERE; NULL: the */
    const char *private_key; /* source needs none */
    bool for_helper; /* aws_signing_helper is not there, and its work is done */
    bool fips, dual_stack;
    int64_t expires_s; /* AWS_CREDENTIAL_EXPIRATION of the environment's keys,
                          UTC; after cilp_chain_prepare(). 0: none that can be read */

    char why[CILP_STREAM_WHY_MAX]; /* after false; never with a secret in it */

    /* private but for doctor, which may show them; keys are in keys alone */
    struct cilp_static_creds keys;
    struct cilp_web_identity web;
    struct cilp_sso sso;
    struct cilp_json_creds json;
    struct cilp_container container;
    struct cilp_iot iot;
    struct cilp_roles_anywhere anywhere;
    struct cilp_imds imds;
    struct cilp_assume_role assume;
    struct cilp_role roles[CILP_ROLES_MAX]; /* the last n_roles of them */
    struct cilp_process process; /* process.err: what a failing one printed */
    const char *command;
    char from
        [CILP_PROFILE_NAME_MAX]; /* the variable or key that was read last */
    const char *at;              /* the profile that is being looked at */
    bool by_profile;             /* --profile was given */
    bool pinned;                 /* --credentials was */
    struct cilp_profile sourced; /* a source_profile */
    struct cilp_profile other;   /* an sso-session, services, the flags of
                                    aws_signing_helper */
    struct cilp_profiles files;
    size_t len; /* bytes of text that may be secret */
    char session[CILP_STREAM_WHY_MAX];
    char text[CILP_CHAIN_TEXT_MAX];
};

/* Choose. profile: of --profile, or NULL: AWS_PROFILE, AWS_DEFAULT_PROFILE,
 * "default". pin: the one kind that may win, or NULL. Both are borrowed until
 * the end, like the environment. False: none, see why. */
bool cilp_chain_choose(struct cilp_chain *c, const char *profile,
                       const char *pin);

/* For cilp_request.wait_ms: how long the source may be asked while it cannot be
 * reached. A container's agent and a metadata service that somebody has named may
 * begin after their user at boot; one that is the last resort is waited for a
 * moment, for most machines have none; and a number of attempts that was set is
 * what is made. 0 of all others. After cilp_chain_choose(). */
uint32_t cilp_chain_wait_ms(const struct cilp_chain *c);

/* Is there a user's name in front of the URL's host, "user:password@"? Such a URL
 * is taken for no setting, and is not to be shown. NULL is none. */
bool cilp_chain_has_user(const char *url);

/* The settings of EC2's metadata service, which also tells the Region; NULL: it
 * is not to be asked. After cilp_chain_choose(). */
const struct cilp_imds *cilp_chain_metadata(struct cilp_chain *c);

/* Have ready what source and arg need, for the next cilp_start(). For at most
 * deadline_ms; a signal that mask, a sigset_t, lets through ends it (NULL: none does). May
 * come again, until cilp_chain_forget(). False: see why; process.err; nothing is
 * left of what was read. */
bool cilp_chain_prepare(struct cilp_chain *c, struct cilp_now now,
                        uint32_t deadline_ms, const void *mask);

/* Wipe what cilp_chain_prepare() has read: when the call is done, however it
 * ended. Before the source is asked again cilp_chain_prepare() has to come. */
void cilp_chain_put_away(struct cilp_chain *c);

/* Wipe process.err: once it has been told, or is of no use. */
void cilp_chain_forget_said(struct cilp_chain *c);

/* Wipe every secret that was read, and the environment's copies. Not before the
 * call is done (static keys: after cilp_start(), unless they are to be used
 * again). Settings stay. */
void cilp_chain_forget(struct cilp_chain *c);

#ifdef __cplusplus
}
#endif

#endif
