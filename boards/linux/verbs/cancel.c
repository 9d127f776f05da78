/*
 * cancel.c - the verbs that cancel: one image in either spelling, or many.
 */
#include <string.h>
#include <unistd.h>

#include "boards/linux/batch.h"
#include "boards/linux/verbs/verbs.h"

static int cancel_many(struct witness *w)
{
    static struct ids ids;
    const struct settings *s = w->session->set;

    ids_init(&ids, s->options->words, s->options->n_words, s->req.any_image_id,
             STDIN_FILENO, &w->session->waiting);
    if (ids.is_input && isatty(STDIN_FILENO))
        note("the ids are read from this terminal; Ctrl-D ends them", NULL, "");
    batch_begin(w);
    (void)batch_go_on(&ids);
    return batch_end();
}

/* see verbs.h */
int verb_cancel(struct witness *w)
{
    const struct options *o = w->session->set->options;

    if (o->n_words == 1 &&
        (o->verb == VERB_EC2 || strcmp(o->words[0], "-") != 0))
        return batch_one(w, o->words[0]);
    return cancel_many(w);
}
