#include "boards/linux/certificate.h"

#include <string.h>

/* see certificate.h */
bool certificate_load(struct cilp_client_cert *c, const char *cert,
                      const char *key, struct cilp_now now,
                      char why[CILP_STREAM_WHY_MAX])
{
    static const char text[] = "this program was built without certificates of"
                               " clients";

    (void)c;
    (void)cert;
    (void)key;
    (void)now;
    memcpy(why, text, sizeof text);
    return false;
}

/* see certificate.h */
bool certificate_is_there(const struct cilp_client_cert *c)
{
    (void)c;
    return false;
}

/* see certificate.h */
void certificate_forget(struct cilp_client_cert *c)
{
    (void)c;
}
