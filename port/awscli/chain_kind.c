#include "port/awscli/chain_kind.h"

#include <string.h>

/* A row a kind: CMake leaves those out that CILP_SOURCES does not name. */
const bool cilp_chain_kind_linked[CILP_CHAIN_KINDS] = {
    [CILP_CHAIN_ENVIRONMENT] = true,      [CILP_CHAIN_ASSUME_ROLE] = true,
    [CILP_CHAIN_WEB_IDENTITY] = true,     [CILP_CHAIN_SSO] = true,
    [CILP_CHAIN_CREDENTIALS_FILE] = true, [CILP_CHAIN_LOGIN] = true,
    [CILP_CHAIN_PROCESS] = true,          [CILP_CHAIN_CONFIG_FILE] = true,
    [CILP_CHAIN_CONTAINER] = true,        [CILP_CHAIN_IOT] = true,
    [CILP_CHAIN_ROLES_ANYWHERE] = true,   [CILP_CHAIN_IMDS] = true,
};

/* see chain_kind.h */
const char *cilp_chain_kind_name(enum cilp_chain_kind kind)
{
    const char *s = "environment\0assume-role\0web-identity\0sso\0"
                    "credentials-file\0login\0process\0config-file\0"
                    "container\0iot\0roles-anywhere\0imds\0none";

    for (int i = 0; i < (int)kind; i++)
        s += strlen(s) + 1;
    return s;
}
