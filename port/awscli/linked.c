#include "port/awscli/kind.h"

/* A row a kind: CMake leaves those out that CILP_SOURCES does not name. */
const struct cilp_kind *const cilp_chain_linked[CILP_CHAIN_KINDS] = {
    [CILP_CHAIN_ENVIRONMENT] = &cilp_kind_environment,
    [CILP_CHAIN_ASSUME_ROLE] = &cilp_kind_assume_role,
    [CILP_CHAIN_WEB_IDENTITY] = &cilp_kind_web_identity,
    [CILP_CHAIN_SSO] = &cilp_kind_sso,
    [CILP_CHAIN_CREDENTIALS_FILE] = &cilp_kind_credentials_file,
    [CILP_CHAIN_LOGIN] = &cilp_kind_login,
    [CILP_CHAIN_PROCESS] = &cilp_kind_process,
    [CILP_CHAIN_CONFIG_FILE] = &cilp_kind_config_file,
    [CILP_CHAIN_CONTAINER] = &cilp_kind_container,
    [CILP_CHAIN_IOT] = &cilp_kind_iot,
    [CILP_CHAIN_ROLES_ANYWHERE] = &cilp_kind_roles_anywhere,
    [CILP_CHAIN_IMDS] = &cilp_kind_imds,
};
