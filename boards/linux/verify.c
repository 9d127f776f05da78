#include "boards/linux/verify.h"

#include <string.h>

#include "boards/linux/stop.h"

static void tell(const struct verify *v, const char *image_id)
{
    struct out o;

    say_note(&o);
    witness_say(&o, v->witness, image_id);
    say_end(&o);
}

/* One look. True if another one is worth while, after a pause. */
static bool look(struct verify *v, const char *image_id, const char *region,
                 uint8_t looks)
{
    struct witness *w = v->witness;
    enum cilp_errand_step step;

    w->session->set->req.region = region;
    witness_begin(w, CILP_ERRAND_TO_VERIFY, image_id);
    w->errand.looks = looks;
    do
        step = witness_step(w);
    while (step != CILP_ERRAND_DONE && step != CILP_ERRAND_WAIT);
    if (stop_signal())
        return false;
    v->pause_ms = w->errand.wait_ms;
    if (step == CILP_ERRAND_WAIT)
        return true;
    if (w->errand.over)
        (void)witness_tell_account(w);
    else if (w->errand.verdict != CILP_VERDICT_ENDED)
        tell(v, image_id);
    v->given_up = w->errand.over || w->errand.verdict == CILP_VERDICT_UNCHECKED;
    return false;
}

static void look_at_all(struct verify *v, uint8_t looks)
{
    size_t kept = 0;

    for (size_t i = 0; i < v->n && !stop_signal() && !v->given_up; i++)
        if (look(v, v->id[i], v->region[i], looks)) {
            v->region[kept] = v->region[i];
            memmove(v->id[kept++], v->id[i], sizeof v->id[i]);
        }
    v->n = kept;
}

/* see verify.h */
void verify_add(struct verify *v, const char *image_id)
{
    if (strlen(image_id) > VERIFY_ID_MAX || v->n == VERIFY_MAX)
        return;
    v->region[v->n] = v->witness->session->set->req.region;
    strcpy(v->id[v->n++], image_id);
}

/* see verify.h */
void verify_run(struct verify *v)
{
    v->pause_ms = 0;
    for (uint8_t looks = 0; v->n > 0 && !v->given_up; looks++)
        if (session_sleep(v->witness->session, v->pause_ms))
            look_at_all(v, looks);
        else
            break;
    v->n = 0;
}
