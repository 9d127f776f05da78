#include "boards/mps2/report.h"

#include <string.h>

#include "boards/mps2/say.h"

static int status_not_sent(enum cilp_err err)
{
    if (err == CILP_E_ARG || err == CILP_E_SPACE)
        return 252;
    return err == CILP_E_CONFIG || err == CILP_E_CREDS ? 253 : 255;
}

/* see report.h */
int report_status(const struct cilp_result *r)
{
    switch (r->outcome) {
    case CILP_CANCELLED:
    case CILP_PERMITTED:
    case CILP_ANSWERED:
    case CILP_GONE: return 0;
    case CILP_NOTHING: return 251;
    case CILP_REFUSED: return 254;
    case CILP_NOT_SENT: return status_not_sent(r->err);
    case CILP_PENDING:
    case CILP_UNKNOWN: break;
    }
    return 250;
}

static int rank(int status)
{
    static const uint8_t order[] = {0, 251, 252, 254, 253, 255, 250};
    int i = 0;

    while (order[i] != status)
        i++;
    return i;
}

/* see report.h */
int report_worse(int a, int b)
{
    return rank(a) > rank(b) ? a : b;
}

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
    { CILP_E_HTTP,    "CILP_E_HTTP" },
    { CILP_E_REPLY,   "CILP_E_REPLY" },
    { CILP_E_CLOCK,   "CILP_E_CLOCK" },
    { CILP_E_AWS,     "CILP_E_AWS" },
};
/* clang-format on */

static const char *outcome_text(enum cilp_outcome o)
{
    static const char *const texts[] = {
        "pending",  "cancelled", "permitted", "gone",    "nothing to cancel",
        "answered", "refused",   "unknown",   "not sent"};

    return texts[o];
}

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
    say(outcome_text(r->outcome));
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
