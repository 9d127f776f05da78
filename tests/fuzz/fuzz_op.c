/*
 * The whole conversation: the input's bytes are what the wire, the clock and
 * the caller do. Whatever it is: bounded, balanced, sticky, and the window
 * never empty.
 */
#include "tests/fuzz/conversation.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID", "secret",
                                                  "t"};
    static const struct cilp_request request = {.flow = &cilp_cancel,
                                                .clock = &cilp_clock_learn,
                                                .image_id = "ami-12345678",
                                                .region = "us-east-1",
                                                .source = &cilp_creds_static,
                                                .source_arg = &keys};
    static struct cilp_op op;

    converse(&op, &request, p, n);
    return 0;
}
