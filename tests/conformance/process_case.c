/*
 * process_case - what a credential_process printed, for conf_chain.py.
 *
 * Standard input: its output. Standard output: "taken", or why not.
 */
#include <stdio.h>

#include "core/cilp.h"

static struct cilp_op op;

int main(void)
{
    static char text[24576];
    struct cilp_json_creds json = {text, fread(text, 1, 16384, stdin),
                                   sizeof text, CILP_JSON_PROCESS};
    struct cilp_request req = {.flow = &cilp_cancel,
                               .image_id = "ami-0abcdef1234567890",
                               .region = "eu-west-1",
                               .source = &cilp_creds_json,
                               .source_arg = &json};
    const struct cilp_now now = {.unix_s = 1768478400, .trusted = true};

    if (!cilp_init(&op, sizeof op))
        return 1;
    cilp_start(&op, &req, now);
    /* the first thing wanted of the network: it has keys to sign with */
    puts(cilp_next(&op, now) == CILP_OPEN
             ? "taken"
             : cilp_what_text(cilp_result(&op)->what));
    cilp_end(&op);
    return 0;
}
