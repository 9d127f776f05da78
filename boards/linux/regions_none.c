/*
 * regions_none.c - regions.h of a program that does one Region at a time.
 */
#include "boards/linux/regions.h"

static enum exit_code refuse(enum spelling spelling)
{
    return complain(spelling, EXIT_USAGE,
                    "several Regions at a time, and --in-use, are not built in"
                    " (CILP_REGIONS)",
                    NULL, "");
}

/* see regions.h */
enum exit_code regions_read(enum spelling spelling, const struct options *o)
{
    return o->regions || o->in_use ? refuse(spelling) : EXIT_DONE;
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
