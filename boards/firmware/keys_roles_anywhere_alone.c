/* Of the image with CILP_KEYS=roles-anywhere: no other source is linked. */
#include "boards/firmware/keys.h"

/* see keys.h */
const char *keys_choose(const struct settings *set, struct cilp_request *req)
{
    return keys_from_roles_anywhere(set, req);
}
