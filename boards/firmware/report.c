#include "boards/firmware/report.h"

#include "boards/firmware/say.h"
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

/* Behind a colon; nothing, if it is "". */
static void say_more(const char *s)
{
    if (!*s)
        return;
    say(": ");
    say(s);
}

static void say_err(const struct cilp_result *r)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].err == r->err)
            say_more(names[i].name);
    if (r->native != 0) {
        say(" (");
        say_int(r->native);
        say(")");
    }
}

/* see report.h. Some services give a message and no code. */
void report_say(const struct cilp_result *r, const char *why)
{
    say(outcome_word(r->outcome));
    if (r->err == CILP_OK)
        return;
    say_err(r);
    say_more(r->code);
    say_more(r->message);
    if (r->code[0] || r->message[0])
        return;
    say_more(why);
    if (r->what) {
        say(": ");
        report_what(r->what);
    }
}
