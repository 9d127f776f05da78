/* Names all sources, so that all are linked: JSON comes with them. */
#include "boards/mps2/keys.h"

/* see keys.h */
const char *keys_choose(const struct settings *set, struct cilp_request *req)
{
    static struct cilp_imds imds;

    if (!set->imds)
        return keys_are_of_iot(set) ? keys_from_iot(set, req)
                                    : keys_from_file(set, req);
    imds.endpoint = set->imds;
    req->source = &cilp_creds_imds;
    req->source_arg = &imds;
    return NULL;
}
