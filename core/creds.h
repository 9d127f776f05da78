/*
 * creds.h - where credentials come from.
 *
 * A source is an object, not an enum, so that an image links only the one that
 * it names: a firmware with static keys carries no JSON reader, with no #ifdef
 * anywhere. Choosing among several (an environment, a file, ...) is the
 * board's business; port/awscli/chain.h does it as the AWS CLI does.
 *
 * A source that talks has exchanges of its own, which the call makes before its
 * own: with the request's attempts, time limits and deadline, but for those that
 * this file names. Its refusal is CILP_E_CREDS with result.from_source set, and
 * code, message and http_status are the source's; a network that fails keeps its
 * own number (CILP_E_CONNECT, ...), with from_source set too. No other source is
 * tried: falling through to another identity is nobody's wish.
 *
 * A source is asked by the first call of a run, and by a later one when its keys
 * are about to expire (cilp_wants_keys()): what expires is to be there then.
 *
 * Everything here is borrowed from cilp_start() to CILP_DONE (static keys: for
 * cilp_start() alone) and never written to, cilp_creds_json's text apart.
 */
#ifndef CILP_CREDS_H
#define CILP_CREDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cilp_config.h"
#include "core/what.h"
#include "core/x509_identity.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One set of keys. NUL-terminated; printable ASCII without spaces inside.
 * Contents are private to core. */
struct cilp_creds {
    char key_id[CILP_KEY_MAX + 1];
    char secret[CILP_KEY_MAX + 1];
    char token[CILP_TOKEN_MAX + 1]; /* "": long-term keys */
    char expires[36];               /* "2026-01-15T12:00:00Z", with at most
                                       nine digits of a fraction and a
                                       zone, or the milliseconds since
                                       1970, as the source gave it;
                                       "": not told */
    int64_t expires_s;              /* the same, UTC; 0: not told, or nothing
                                       that can be read */
};

struct cilp_source;
struct cilp_flow;

/* ---- Static ------------------------------------------------------------ */

/* Keys that the caller has. source_arg is a struct cilp_static_creds, borrowed
 * for the time of cilp_start() alone: it copies them, and the caller may wipe
 * its own at once.
 * Errors: CILP_E_CREDS with result.what as cilp_keys_fault() has it, and
 * nothing was sent. */
extern const struct cilp_source cilp_creds_static;

struct cilp_static_creds {
    const char *key_id; /* 16..CILP_KEY_MAX of [A-Za-z0-9_] */
    const char *secret; /* 1..CILP_KEY_MAX */
    const char *token;  /* to CILP_TOKEN_MAX; NULL or "": none */
};

/* What is wrong with a set of keys, before anything is sent or shown: an id is
 * seen by whoever reads a log, and may not be the secret that was put in its
 * place. All sources hold to it. CILP_WHAT_NONE, QUOTED, SWAPPED, KEY_ID, SECRET,
 * TOKEN, or, if all of these are good, NO_TOKEN: an id of temporary keys without
 * a token (which cilp_creds_json lets a process give).
 * Source: AWS STS API Reference, Credentials (AccessKeyId); IAM User Guide,
 * "IAM identifiers", unique prefixes. */
enum cilp_what cilp_keys_fault(const struct cilp_static_creds *keys);

/* ---- Those of another call ------------------------------------------------ */

/* The keys that another struct cilp_op has, copied as they are, with their expiry:
 * for several calls at once with one identity, which is asked for once.
 * source_arg: that struct cilp_op, at rest (after its CILP_DONE, before its
 * cilp_end()) when it is read, at cilp_start(). None there: CILP_E_CREDS with
 * CILP_WHAT_SOURCE_ARG. When the copy is about to expire the next cilp_start()
 * takes what the other has by then: to renew that first, and to look whose they
 * are, is the caller's. */
extern const struct cilp_source cilp_creds_shared;

/* ---- EC2 instance metadata --------------------------------------------- */

/* The role of the EC2 instance, by IMDSv2 alone: a PUT for a session token, a
 * GET for the role's name, a GET for its keys. Keys that have expired are taken
 * all the same (EC2 decides; the metadata service may lag behind, and so may
 * this clock): cilp_expires_s() tells.
 * source_arg: a struct cilp_imds, or NULL for all defaults.
 * Source: EC2 User Guide, "Use the Instance Metadata Service"; AWS SDKs and
 * Tools Reference Guide, "IMDS credential provider". */
extern const struct cilp_source cilp_creds_imds;

#define CILP_IMDS_IPV4 "http://169.254.169.254"
#define CILP_IMDS_IPV6 "http://[fd00:ec2::254]"

struct cilp_imds {
    const char *endpoint; /* NULL: CILP_IMDS_IPV4. "http://host[:port][/]";
                             whatever it names must be loopback or
                             link-local (CILP_LOCAL) */
    uint32_t timeout_ms;  /* for one connection, and without a byte moving;
                             0: 1000 */
    uint8_t attempts;     /* of each of the three; 0: 3 */
};

/* The Region that the instance is in: a flow without credentials. memory: a
 * struct cilp_imds_region. Outcome CILP_ANSWERED, or why not. Keys of a call
 * before are forgotten. */
extern const struct cilp_flow cilp_imds_region;

struct cilp_imds_region {
    const struct cilp_imds *imds;     /* NULL: all defaults */
    char region[CILP_REGION_MAX + 1]; /* the answer */
};

/* ---- Container agent ---------------------------------------------------- */

/* The agent of ECS, EKS Pod Identity, or whoever speaks their protocol.
 * source_arg: a struct cilp_container.
 * Source: AWS SDKs and Tools Reference Guide, "Container credential provider";
 * ECS Developer Guide, "Task IAM role". */
extern const struct cilp_source cilp_creds_container;

#define CILP_CONTAINER_HOST "http://169.254.170.2"

struct cilp_container {
    const char *uri; /* "/path" at CILP_CONTAINER_HOST; or
                        "http://host[:port]/path[?query]", which must
                        lead to loopback, 169.254.170.2,
                        169.254.170.23 or fd00:ec2::23 (CILP_AGENT); or
                        "https://..." to any host. 1..CILP_URI_MAX
                        bytes of 0x21..0x7E */
    const char
        *authorization; /* the header's value, to CILP_TOKEN_MAX printable
                           bytes; NULL: none */
};

#define CILP_URI_MAX 1024

/* ---- STS ----------------------------------------------------------------- */

/* A role that is assumed: ARN, session name and the rest as in the AWS STS API
 * Reference, AssumeRole. */
struct cilp_role {
    const char *arn;          /* 20..2048 bytes */
    const char *session_name; /* 2..64 of [A-Za-z0-9_+=,.@-] */
    const char *external_id;  /* NULL, or 2..1224 bytes */
    uint32_t duration_s;      /* 900..43200; 0: the service's default, 3600 */
};

/* A token of an OpenID Connect provider for the keys of a role: unsigned.
 * source_arg: a struct cilp_web_identity. STS in the request's Region (with its
 * FIPS and dual-stack wishes), or at sts_endpoint.
 * Source: AWS STS API Reference, AssumeRoleWithWebIdentity. */
extern const struct cilp_source cilp_creds_web_identity;

#define CILP_WEB_TOKEN_MAX 20000

struct cilp_web_identity {
    const char *token;        /* 4..CILP_WEB_TOKEN_MAX printable bytes; it
                                 leaves from where it lies */
    struct cilp_role role;    /* external_id is ignored */
    const char *sts_endpoint; /* NULL: the Region's */
};

/* Keys of a base source for those of a role, and these for the next role's.
 * source_arg: a struct cilp_assume_role.
 * Source: AWS STS API Reference, AssumeRole. */
extern const struct cilp_source cilp_creds_assume_role;

#define CILP_ROLES_MAX 4

struct cilp_assume_role {
    const struct cilp_source *base; /* any other source */
    const void *base_arg;
    const struct cilp_role *roles; /* in the order in which they are */
    uint8_t n_roles;               /* assumed; 1..CILP_ROLES_MAX */
    const char *sts_endpoint;      /* NULL: the Region's */
};

/* ---- IAM Identity Center (SSO) -------------------------------------------- */

/* The access token of a login that was made elsewhere for the keys of a role.
 * source_arg: a struct cilp_sso.
 * Source: IAM Identity Center Portal API Reference, GetRoleCredentials. */
extern const struct cilp_source cilp_creds_sso;

struct cilp_sso {
    const char *access_token; /* 1..CILP_TOKEN_MAX printable bytes */
    const char *account_id;   /* 12 digits */
    const char *role_name;    /* 1..64 of [A-Za-z0-9_+=,.@-] */
    const char *region;       /* of the portal: sso_region */
    const char *endpoint;     /* NULL: the Region's */
};

/* ---- A certificate: AWS IoT ------------------------------------------------ */

/* A device's certificate for the keys of the role behind an alias: it is shown in
 * the TLS handshake. source_arg: a struct cilp_iot.
 * Source: AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services
 * using AWS IoT Core credential provider". */
extern const struct cilp_source cilp_creds_iot;

struct cilp_iot {
    const char
        *endpoint; /* "https://PREFIX.credentials.iot.REGION.amazonaws.com
                               [:port][/]", which `aws iot describe-endpoint
                               --endpoint-type iot:CredentialProvider` tells */
    const char *role_alias; /* 1..128 of [A-Za-z0-9_=,@-] */
    const char *thing_name; /* 1..128 of [A-Za-z0-9:_-]; NULL: none is told */
    const struct cilp_x509_identity *identity;
};

/* What is wrong with it, its identity and the URL apart: NONE, SOURCE_ARG (no
 * endpoint), ROLE_ALIAS or THING_NAME. The source looks at it, too: this is for who
 * wants to say whose value it is. */
enum cilp_what cilp_iot_fault(const struct cilp_iot *in);

/* ---- A certificate: IAM Roles Anywhere ------------------------------------- */

/* A signature of a certificate's key for the keys of a role: CreateSession, in the
 * Region of the trust anchor (with the request's FIPS and dual-stack wishes), or at
 * the endpoint. source_arg: a struct cilp_roles_anywhere.
 *
 * Its key signs once for each attempt; a signature that is longer than a third of
 * CILP_TOKEN_MAX cannot be kept, and is CILP_E_CRYPTO with CILP_WHAT_SIGNING, as is
 * a key that does not sign.
 * Source: IAM Roles Anywhere User Guide, "Signing process for IAM Roles Anywhere
 * authentication". */
extern const struct cilp_source cilp_creds_roles_anywhere;

struct cilp_roles_anywhere {
    const char *trust_anchor_arn; /* 20..2048 bytes each; of one partition, */
    const char *profile_arn;      /* and these two of one Region */
    const char *role_arn;
    const char
        *session_name;    /* 2..64 of [A-Za-z0-9_+=,.@-], which the profile has
                                 to allow; NULL: the service's own */
    uint32_t duration_s;  /* 900..43200; 0: 3600 */
    const char *endpoint; /* NULL: the Region's */
    const struct cilp_x509_identity *identity; /* serial_len of 1 or more */
};

/* What is wrong with it, its identity and the URL apart: NONE, TRUST_ANCHOR,
 * ANYWHERE_PROFILE, ANYWHERE_ROLE, TWO_PARTITIONS, TWO_REGIONS, SESSION_NAME or
 * DURATION. */
enum cilp_what cilp_roles_anywhere_fault(const struct cilp_roles_anywhere *in);

/* ---- A JSON document ------------------------------------------------------ */

/* Keys out of a JSON text that the caller has: what a credential_process
 * printed, or a file that `aws login` left. source_arg: a struct
 * cilp_json_creds, borrowed for the time of cilp_start() alone, in which its
 * text is wiped.
 * Expired keys are CILP_E_CREDS with CILP_WHAT_EXPIRED, judged by `now` if that
 * is trusted.
 * Source: AWS SDKs and Tools Reference Guide, "Process credential provider". */
extern const struct cilp_source cilp_creds_json;

enum cilp_json_form {
    CILP_JSON_PROCESS, /* {"Version": 1, "AccessKeyId": ...} */
    CILP_JSON_LOGIN    /* {"accessToken": {"accessKeyId": ...}} */
};

struct cilp_json_creds {
    char *text;      /* read and written, then zeroed to cap */
    size_t len, cap; /* cap - len bytes behind it are room for the
                        reader: 32 for each name and value will do */
    enum cilp_json_form form;
};

#ifdef __cplusplus
}
#endif

#endif
