#include "port/awscli/chain_kind.h"

#include <string.h>

/* see chain_kind.h */
const char *cilp_chain_kind_name(enum cilp_chain_kind kind)
{
    const char *s = "environment\0assume-role\0web-identity\0sso\0"
                    "credentials-file\0login\0process\0config-file\0"
                    "container\0imds\0none";

    for (int i = 0; i < (int)kind; i++)
        s += strlen(s) + 1;
    return s;
}
