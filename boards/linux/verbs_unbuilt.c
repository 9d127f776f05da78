/*
 * verbs_unbuilt.c - stands in for the verbs that a program was built without
 * (-DCILP_OFFLINE=OFF).
 */
#include "boards/linux/verbs/verbs.h"
#include "boards/linux/witness.h"

static int refuse(const struct witness *w)
{
    return (int)complain(SPELLING_OWN, EXIT_USAGE,
                         "this program was built without ",
                         verb_row(w->session->set->options->verb)->first, "");
}

/* see verbs.h */
int verb_sign(struct witness *w)
{
    return refuse(w);
}

/* see verbs.h */
int verb_send(struct witness *w)
{
    return refuse(w);
}
