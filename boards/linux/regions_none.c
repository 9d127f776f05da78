/*
 * regions_none.c - regions.h of a program that does one Region at a time, and has
 * no plans.
 */
#include "boards/linux/regions.h"
#include "boards/linux/verbs/verbs.h"

static enum exit_code refuse(enum spelling spelling)
{
    return complain(spelling, EXIT_USAGE,
                    "several Regions at a time, --in-use and plans are not"
                    " built in (CILP_REGIONS)",
                    NULL, "");
}

/* see regions.h */
enum exit_code regions_read(enum spelling spelling, const struct options *o)
{
    const bool is_of_plan = o->verb & (VERB_PLAN | VERB_APPLY);

    return o->regions || o->in_use || is_of_plan ? refuse(spelling) : EXIT_DONE;
}

/* see regions.h */
const char *regions_first(void)
{
    return NULL;
}

/* see regions.h */
uint32_t regions_done(void)
{
    return 0;
}

/* see regions.h */
enum exit_code regions_find(struct witness *w)
{
    return refuse(w->session->set->spelling);
}

/* see regions.h: never, after that */
int regions_run(struct witness *w, const struct regions_job *job)
{
    (void)w;
    (void)job;
    return EXIT_USAGE;
}

/* see regions.h */
void regions_worsen(int code)
{
    (void)code;
}

/* see regions.h */
void lane_failed(const struct lane *lane)
{
    (void)lane;
}

/* see verbs.h: never, for regions_read() has refused it */
int verb_apply(struct witness *w)
{
    (void)w;
    return EXIT_USAGE;
}
