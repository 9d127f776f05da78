#include "boards/firmware/keys.h"

/* see keys.h */
const char *keys_choose(const struct settings *set, struct cilp_request *req)
{
    if (set->imds)
        return "this image has no IMDS source (boards/firmware/keys_test.c)";
    return keys_from_file(set, req);
}
