/* Keys from AWS IoT's credential provider, for the device's certificate. */
#include "boards/firmware/identity.h"
#include "boards/firmware/keys.h"
#include "boards/firmware/keys_lines.h"

static uint8_t room[2048]; /* for the reply: a session token is most of it */

/* see keys.h */
bool keys_are_of_iot(const struct settings *set)
{
    return keys_lines_begin(set, "https://");
}

/* see keys.h. Five lines: the provider's URL, the role alias, the thing's name (may
 * be empty), the certificate's file and its key's. */
const char *keys_from_iot(const struct settings *set, struct cilp_request *req)
{
    static struct cilp_iot iot;
    const char *cert, *fault = NULL;

    if (!keys_are_of_iot(set))
        return "keys=FILE is not given, is longer than 1,024 bytes, or its"
               " first line is no https:// URL";
    iot.endpoint = keys_line();
    iot.role_alias = keys_line();
    iot.thing_name = keys_line_or_null();
    cert = keys_line();
    iot.identity = board_identity(cert, keys_line(), &fault);
    req->source = &cilp_creds_iot;
    req->source_arg = &iot;
    req->room = room;
    req->room_len = sizeof room;
    return fault;
}
