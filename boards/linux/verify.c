#include "boards/linux/verify.h"

#include <string.h>

#include "boards/linux/stop.h"

static void tell(const struct verify *v, const char *image_id,
                 enum cilp_verdict verdict)
{
    struct out o;

    say_note(&o);
    witness_say(&o, v->witness, image_id, verdict);
    say_end(&o);
}

/* One look. True if another one is worth while: it is seen, and waiting may
 * help. */
static bool look(struct verify *v, const char *image_id, bool is_last)
{
    enum cilp_verdict verdict;

    witness_look(v->witness, image_id);
    if (stop_signal())
        return false;
    verdict = witness_judge(v->witness, CILP_CANCELLED);
    if (verdict == CILP_VERDICT_STILL_SHARED && !is_last)
        return true;
    if (verdict != CILP_VERDICT_ENDED)
        tell(v, image_id, verdict);
    v->given_up = verdict == CILP_VERDICT_UNCHECKED;
    return false;
}

static void look_at_all(struct verify *v, bool is_last)
{
    size_t kept = 0;

    for (size_t i = 0; i < v->n && !stop_signal() && !v->given_up; i++)
        if (look(v, v->id[i], is_last))
            memmove(v->id[kept++], v->id[i], sizeof v->id[i]);
    v->n = kept;
}

/* see verify.h */
void verify_add(struct verify *v, const char *image_id)
{
    if (strlen(image_id) <= VERIFY_ID_MAX && v->n < VERIFY_MAX)
        strcpy(v->id[v->n++], image_id);
}

/* see verify.h */
void verify_run(struct verify *v)
{
    static const uint32_t pauses_ms[] = {0, 1000, 2000};
    const size_t rounds = sizeof pauses_ms / sizeof pauses_ms[0];

    for (size_t i = 0; i < rounds && v->n > 0 && !v->given_up; i++)
        if (session_sleep(v->witness->session, pauses_ms[i]))
            look_at_all(v, i + 1 == rounds);
    v->n = 0;
}
