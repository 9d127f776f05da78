#include "port/awscli/linked.h"

/* A row a kind: CMake leaves those out that CILP_SOURCES does not name. */
const struct cilp_source *const cilp_chain_linked[CILP_CHAIN_KINDS] = {
    [CILP_CHAIN_ENVIRONMENT] = &cilp_creds_static,
    [CILP_CHAIN_ASSUME_ROLE] = &cilp_creds_assume_role,
    [CILP_CHAIN_WEB_IDENTITY] = &cilp_creds_web_identity,
    [CILP_CHAIN_SSO] = &cilp_creds_sso,
    [CILP_CHAIN_CREDENTIALS_FILE] = &cilp_creds_static,
    [CILP_CHAIN_LOGIN] = &cilp_creds_json,
    [CILP_CHAIN_PROCESS] = &cilp_creds_json,
    [CILP_CHAIN_CONFIG_FILE] = &cilp_creds_static,
    [CILP_CHAIN_CONTAINER] = &cilp_creds_container,
    [CILP_CHAIN_IMDS] = &cilp_creds_imds,
};
