/*
 * chain_kind.h - the kinds of sources of credentials, and their names: apart,
 * so that a command line can list them without the rest of chain.h.
 */
#ifndef CILP_CHAIN_KIND_H
#define CILP_CHAIN_KIND_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In the order in which they are tried. */
enum cilp_chain_kind {
    CILP_CHAIN_ENVIRONMENT,  /* keys; not with --profile */
    CILP_CHAIN_ASSUME_ROLE,  /* of the profile, like all to CONFIG_FILE */
    CILP_CHAIN_WEB_IDENTITY, /* or of the environment, without --profile */
    CILP_CHAIN_SSO,
    CILP_CHAIN_CREDENTIALS_FILE,
    CILP_CHAIN_LOGIN,
    CILP_CHAIN_PROCESS,
    CILP_CHAIN_CONFIG_FILE,
    CILP_CHAIN_CONTAINER,
    CILP_CHAIN_IOT,            /* of the profile or the environment, */
    CILP_CHAIN_ROLES_ANYWHERE, /* where one of the two asks for them */
    CILP_CHAIN_IMDS,
    CILP_CHAIN_KINDS
};

/* "environment", "assume-role", "web-identity", "sso", "credentials-file",
 * "login", "process", "config-file", "container", "iot", "roles-anywhere", "imds"; of CILP_CHAIN_KINDS
 * "none". */
const char *cilp_chain_kind_name(enum cilp_chain_kind kind);

/* Whether this image has it (CILP_SOURCES of the build). A table of its own, so
 * that a tool of the build can ask without linking a source. */
extern const bool cilp_chain_kind_linked[CILP_CHAIN_KINDS];

#ifdef __cplusplus
}
#endif

#endif
