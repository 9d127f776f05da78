/* Keys of a role from IAM Roles Anywhere, for a signature of the device's key. */
#include "boards/firmware/identity.h"
#include "boards/firmware/keys.h"
#include "boards/firmware/keys_lines.h"

/* For the reply: a session token of 2 KB, what is said of the role, and the JSON
 * reader's notes on all of it. */
static uint8_t room[4096];

/* see keys.h */
bool keys_are_of_roles_anywhere(const struct settings *set)
{
    return keys_lines_begin(set, "arn:");
}

/* see keys.h. Six lines: the ARNs of trust anchor, profile and role, the service's
 * URL (empty: the Region's own), the certificate's file and its key's. */
const char *keys_from_roles_anywhere(const struct settings *set,
                                     struct cilp_request *req)
{
    static struct cilp_roles_anywhere anywhere;
    const char *cert, *fault = NULL;

    if (!keys_are_of_roles_anywhere(set))
        return "keys=FILE is not given, is longer than 1,024 bytes, or its"
               " first line is no trust anchor's ARN";
    anywhere.trust_anchor_arn = keys_line();
    anywhere.profile_arn = keys_line();
    anywhere.role_arn = keys_line();
    anywhere.endpoint = keys_line_or_null();
    cert = keys_line();
    anywhere.identity = board_identity(cert, keys_line(), &fault);
    req->source = &cilp_creds_roles_anywhere;
    req->source_arg = &anywhere;
    req->room = room;
    req->room_len = sizeof room;
    return fault;
}
