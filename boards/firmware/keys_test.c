/* Names all sources, so that all are linked: JSON comes with them. */
#include "boards/firmware/keys.h"

static const char *by_file(const struct settings *set, struct cilp_request *req)
{
    if (keys_are_of_iot(set))
        return keys_from_iot(set, req);
    if (keys_are_of_roles_anywhere(set))
        return keys_from_roles_anywhere(set, req);
    return keys_from_file(set, req);
}

/* see keys.h */
const char *keys_choose(const struct settings *set, struct cilp_request *req)
{
    static struct cilp_imds imds;

    if (!set->imds)
        return by_file(set, req);
    imds.endpoint = set->imds;
    req->source = &cilp_creds_imds;
    req->source_arg = &imds;
    return NULL;
}
