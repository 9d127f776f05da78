/* Keys from AWS IoT's credential provider, for the device's certificate. What the
 * file of the host says here, a product has in flash. */
#include <string.h>

#include "boards/mps2/identity.h"
#include "boards/mps2/keys.h"
#include "boards/mps2/semihost.h"

/* Five lines: the provider's URL, the role alias, the thing's name (may be empty),
 * the certificate's file and its key's. None is a secret. */
static char text[512 + 1];
static uint8_t room[2048]; /* for the reply: a session token is most of it */

static const char *line(char **at)
{
    char *begin = *at;
    char *end = strchr(begin, '\n');

    *at = end ? end + 1 : begin + strlen(begin);
    if (end)
        *end = '\0';
    return begin;
}

/* see keys.h */
bool keys_are_of_iot(const struct settings *set)
{
    int file = set->keys ? semihost_open(set->keys) : -1;
    size_t n;

    if (file < 0)
        return false;
    n = semihost_read(file, text, sizeof text);
    semihost_close(file);
    text[n < sizeof text ? n : 0] = '\0';
    return strncmp(text, "https://", 8) == 0;
}

/* see keys.h */
const char *keys_from_iot(const struct settings *set, struct cilp_request *req)
{
    static struct cilp_iot iot;
    const char *cert, *fault = NULL;
    char *at = text;

    if (!keys_are_of_iot(set))
        return "keys=FILE is not given, or its first line is no https:// URL";
    iot.endpoint = line(&at);
    iot.role_alias = line(&at);
    iot.thing_name = line(&at);
    if (!iot.thing_name[0])
        iot.thing_name = NULL;
    cert = line(&at);
    iot.identity = board_identity(cert, line(&at), &fault);
    req->source = &cilp_creds_iot;
    req->source_arg = &iot;
    req->room = room;
    req->room_len = sizeof room;
    return fault;
}
