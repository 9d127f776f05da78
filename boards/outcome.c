#include "boards/outcome.h"

/* Nothing was sent to EC2: whose is it to put right? */
static enum exit_code not_sent_code(const struct cilp_result *r)
{
    enum cilp_err err = r->err;

    if (err == CILP_E_STOPPED)
        return EXIT_NETWORK;
    /* A source of credentials that cannot be reached, or whose reply has no
     * room, is a wrong one. */
    if (r->from_source || err == CILP_E_CONFIG || err == CILP_E_CREDS ||
        err == CILP_E_CRYPTO)
        return EXIT_CONFIG;
    if (err == CILP_E_ARG || err == CILP_E_SPACE)
        return EXIT_USAGE;
    return EXIT_NETWORK;
}

static const struct {
    char word[12];
    uint8_t code;
} outcomes[] = {
    [CILP_PENDING] = {"unknown", EXIT_UNKNOWN},
    [CILP_CANCELLED] = {"cancelled", EXIT_DONE},
    [CILP_PERMITTED] = {"permitted", EXIT_DONE},
    [CILP_GONE] = {"gone", EXIT_DONE},
    [CILP_NOTHING] = {"nothing", EXIT_NOTHING},
    [CILP_ANSWERED] = {"answered", EXIT_DONE},
    [CILP_REFUSED] = {"refused", EXIT_REFUSED},
    [CILP_UNKNOWN] = {"unknown", EXIT_UNKNOWN},
    [CILP_NOT_SENT] = {"not-sent", EXIT_NETWORK},
};

/* see outcome.h */
enum exit_code outcome_code(const struct cilp_result *r)
{
    if (r->outcome == CILP_NOT_SENT)
        return not_sent_code(r);
    return (enum exit_code)outcomes[r->outcome].code;
}

/* see outcome.h */
const char *outcome_word(enum cilp_outcome outcome)
{
    return outcomes[outcome].word;
}

static int rank(int code)
{
    static const uint8_t order[] = {EXIT_DONE,   EXIT_NOTHING, EXIT_REFUSED,
                                    EXIT_USAGE,  EXIT_CONFIG,  EXIT_NETWORK,
                                    EXIT_UNKNOWN};
    int i = 0;

    while (i < (int)sizeof order && order[i] != code)
        i++;
    return i; /* of a signal: behind them all */
}

/* see outcome.h */
int outcome_worse(int a, int b)
{
    return rank(b) > rank(a) ? b : a;
}
