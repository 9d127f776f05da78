#include <string.h>

#include "mbedtls/platform_util.h"

#include "boards/firmware/keys.h"
#include "boards/firmware/semihost.h"

/* Two keys and a short session token; a long one comes from the network. */
static char text[1024 + 1];

/* The line that begins at *at, which goes on to the next; NULL after the
 * last. */
static char *line(char **at)
{
    char *begin = *at;
    char *end = begin ? strchr(begin, '\n') : NULL;

    *at = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return begin;
}

/* see keys.h */
const char *keys_from_file(const struct settings *set, struct cilp_request *req)
{
    static struct cilp_static_creds keys;
    int file = set->keys ? semihost_open(set->keys) : -1;
    char *at = text;
    size_t n;

    if (file < 0)
        return "keys=FILE is not given, or cannot be read";
    n = semihost_read(file, text, sizeof text);
    semihost_close(file);
    if (n == sizeof text)
        return "the keys' file is too long";
    text[n] = '\0';
    keys.key_id = line(&at);
    keys.secret = line(&at);
    keys.token = line(&at);
    req->source = &cilp_creds_static;
    req->source_arg = &keys;
    return NULL;
}

/* see keys.h */
void keys_wipe(void)
{
    mbedtls_platform_zeroize(text, sizeof text);
}
