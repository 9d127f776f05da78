/*
 * chain_kind.h - the kinds of sources of credentials, and their names: apart,
 * so that a command line can list them without the rest of chain.h.
 */
#ifndef POSIX_CHAIN_KIND_H
#define POSIX_CHAIN_KIND_H

/* In the order in which they are tried. */
enum chain_kind {
    CHAIN_ENVIRONMENT,  /* keys; not with --profile */
    CHAIN_ASSUME_ROLE,  /* of the profile, like all to CONFIG_FILE */
    CHAIN_WEB_IDENTITY, /* or of the environment, without --profile */
    CHAIN_SSO,
    CHAIN_CREDENTIALS_FILE,
    CHAIN_LOGIN,
    CHAIN_PROCESS,
    CHAIN_CONFIG_FILE,
    CHAIN_CONTAINER,
    CHAIN_IMDS,
    CHAIN_KINDS
};

/* "environment", "assume-role", "web-identity", "sso", "credentials-file",
 * "login", "process", "config-file", "container", "imds"; of CHAIN_KINDS
 * "none". */
const char *chain_kind_name(enum chain_kind kind);

#endif
