#include "boards/mps2/report.h"

#include "boards/mps2/say.h"
#include "boards/outcome.h"

/* clang-format off */
static const struct { enum cilp_err err; const char *name; } names[] = {
    { CILP_E_ARG,     "CILP_E_ARG" },
    { CILP_E_SPACE,   "CILP_E_SPACE" },
    { CILP_E_CONFIG,  "CILP_E_CONFIG" },
    { CILP_E_CREDS,   "CILP_E_CREDS" },
    { CILP_E_CRYPTO,  "CILP_E_CRYPTO" },
    { CILP_E_RESOLVE, "CILP_E_RESOLVE" },
    { CILP_E_CONNECT, "CILP_E_CONNECT" },
    { CILP_E_TLS,     "CILP_E_TLS" },
    { CILP_E_CERT,    "CILP_E_CERT" },
    { CILP_E_CLOSED,  "CILP_E_CLOSED" },
    { CILP_E_TIMEOUT, "CILP_E_TIMEOUT" },
    { CILP_E_REACH,   "CILP_E_REACH" },
    { CILP_E_PROXY,   "CILP_E_PROXY" },
    { CILP_E_HTTP,    "CILP_E_HTTP" },
    { CILP_E_REPLY,   "CILP_E_REPLY" },
    { CILP_E_CLOCK,   "CILP_E_CLOCK" },
    { CILP_E_AWS,     "CILP_E_AWS" },
};
/* clang-format on */

static void say_err(const struct cilp_result *r)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].err == r->err) {
            say(": ");
            say(names[i].name);
        }
    if (r->native != 0) {
        say(" (");
        say_int(r->native);
        say(")");
    }
}

/* see report.h */
void report_say(const struct cilp_result *r, const char *why)
{
    say(outcome_word(r->outcome));
    if (r->err == CILP_OK)
        return;
    say_err(r);
    if (r->code[0]) {
        say(": ");
        say(r->code);
        say(": ");
        say(r->message);
        return;
    }
    if (why[0]) {
        say(": ");
        say(why);
    }
    if (r->what) {
        say(": ");
        say(cilp_what_text(r->what));
    }
}
