#include "core/errand.h"

#include <string.h>

#include "core/text.h"

/* EC2's own rate for a call of this kind; kept to once it has complained. */
#define PACE_MS 200

/* For what would merely be good to know: a network without a way to STS must
 * not hold the verdict up for a minute. */
#define SHORT_CONNECT_MS  3000
#define SHORT_DEADLINE_MS 5000

/* Besides the steps that are handed out: what follows one of them. */
enum {
    BEGIN = CILP_ERRAND_WAIT + 1, /* the first step of an image */
    RENEW                         /* ask whose the new keys are */
};

static enum cilp_errand_step go(struct cilp_errand *e,
                                enum cilp_errand_step step)
{
    e->step = (uint8_t)step;
    return step;
}

/* ---- Whose keys are these? ---------------------------------------------- */

/* see errand.h */
const char *cilp_errand_account(const struct cilp_errand *e)
{
    return e->account ? e->account : e->first;
}

static bool is_known(const struct cilp_errand *e)
{
    return e->me_keys == e->keys && e->me.account[0];
}

/* Ask, and go on with `then`. */
static enum cilp_errand_step ask_who(struct cilp_errand *e, int then)
{
    e->then = (uint8_t)then;
    e->hurries = false;
    return go(e, CILP_ERRAND_WHO);
}

/* The same, if it would merely be good to know. */
static enum cilp_errand_step wonder_who(struct cilp_errand *e, int then)
{
    e->then = (uint8_t)then;
    e->hurries = true;
    return go(e, CILP_ERRAND_WHO);
}

/* Before the first step: nobody has asked about these keys, or others come. */
static bool must_ask_who(const struct cilp_errand *e, bool wants)
{
    return cilp_errand_account(e)[0] && (wants || !is_known(e));
}

/* The account is not known, and keys that have signed are about to be replaced:
 * whose were they? This is the last chance to ask. */
static bool must_ask_before(const struct cilp_errand *e, bool wants)
{
    return wants && e->keys;
}

static enum cilp_errand_step done(struct cilp_errand *e)
{
    return go(e, CILP_ERRAND_DONE);
}

static enum cilp_errand_step give_up(struct cilp_errand *e,
                                     enum cilp_errand_over over)
{
    e->over = (uint8_t)over;
    return go(e, CILP_ERRAND_DONE);
}

/* ---- What makes every further image useless ----------------------------- */

static bool is_hopeless(const struct cilp_result *r)
{
    if (r->outcome == CILP_NOT_SENT)
        return r->err == CILP_E_CONFIG || r->err == CILP_E_CREDS ||
               r->err == CILP_E_CRYPTO || r->err == CILP_E_CERT ||
               r->err == CILP_E_PROXY;
    return r->outcome == CILP_REFUSED && cilp_means_hopeless(r->means);
}

/* ---- The looks ---------------------------------------------------------- */

static bool was_cancelled(const struct cilp_errand *e)
{
    return e->outcome == CILP_CANCELLED || e->outcome == CILP_GONE;
}

/* What is still seen is looked at again, if waiting may help. */
static enum cilp_errand_step judge_left(struct cilp_errand *e)
{
    e->looks++;
    e->verdict = cilp_verdict(e->outcome, e->sight, &e->look.image, "");
    if (e->verdict != CILP_VERDICT_STILL_SHARED ||
        e->looks >= CILP_ERRAND_LOOKS)
        return done(e);
    e->wait_ms = e->looks * 1000u;
    e->then = CILP_ERRAND_LOOK;
    return go(e, CILP_ERRAND_WAIT);
}

/* All that there is to see was seen: what does it mean? */
static enum cilp_errand_step judge(struct cilp_errand *e)
{
    const char *me = is_known(e) ? e->me.account : "";

    if (was_cancelled(e))
        return judge_left(e);
    if (e->sight == CILP_SIGHT_SEEN && e->me_keys != e->keys)
        return wonder_who(e, CILP_ERRAND_LOOK);
    e->verdict = e->is_unavailable
                     ? CILP_VERDICT_UNAVAILABLE
                     : cilp_verdict(e->outcome, e->sight, &e->look.image, me);
    if (e->verdict == CILP_VERDICT_PUBLIC_OR_SHARED)
        return go(e, CILP_ERRAND_LOOK_SHARED);
    return done(e);
}

static enum cilp_errand_step look(struct cilp_errand *e)
{
    e->sight = CILP_SIGHT_UNKNOWN;
    return e->denied ? judge(e) : go(e, CILP_ERRAND_LOOK);
}

/* ---- What follows a step ------------------------------------------------ */

static bool must_ask_use(const struct cilp_errand *e)
{
    return e->asks_use && (!e->use_denied || e->must_know_use);
}

static enum cilp_errand_step first_step(struct cilp_errand *e,
                                        struct cilp_now now)
{
    if (e->aim == CILP_ERRAND_TO_KNOW)
        return e->me_keys ? go(e, CILP_ERRAND_DONE)
                          : wonder_who(e, CILP_ERRAND_DONE);
    if (e->aim == CILP_ERRAND_TO_VERIFY)
        return look(e);
    e->began_ms = now.mono_ms;
    return go(e, must_ask_use(e) ? CILP_ERRAND_IN_USE : CILP_ERRAND_CANCEL);
}

/* After a throttle no two cancels begin within PACE_MS. */
static bool must_wait(struct cilp_errand *e, struct cilp_now now)
{
    uint32_t gone = now.mono_ms - e->began_ms;

    if (!e->paces || gone >= PACE_MS)
        return false;
    e->wait_ms = PACE_MS - gone;
    e->then = BEGIN;
    (void)go(e, CILP_ERRAND_WAIT);
    return true;
}

static enum cilp_errand_step begin(struct cilp_errand *e, bool wants,
                                   struct cilp_now now)
{
    if (e->over != CILP_ERRAND_GOES_ON)
        return go(e, CILP_ERRAND_DONE);
    if (e->aim == CILP_ERRAND_TO_CANCEL && must_wait(e, now))
        return CILP_ERRAND_WAIT;
    e->pins = !wants && is_known(e);
    if (must_ask_who(e, wants))
        return ask_who(e, BEGIN);
    if (!must_ask_before(e, wants))
        return first_step(e, now);
    e->pins = true;
    return ask_who(e, RENEW);
}

/* The account of the keys in use is another than that of the first ones, or
 * than the one that is expected. */
static bool is_another(const struct cilp_errand *e)
{
    const char *wanted = cilp_errand_account(e);

    return e->me.account[0] && wanted[0] &&
           !cilp_text_same(e->me.account, wanted);
}

/* An answer that the run hangs on, or one that only a verdict does. */
static enum cilp_errand_step after_who(struct cilp_errand *e,
                                       const struct cilp_result *last,
                                       struct cilp_now now)
{
    e->me_keys = e->keys;
    if (last->outcome != CILP_ANSWERED)
        e->me.account[0] = '\0'; /* half an answer is none */
    if (!e->me.account[0] && !e->hurries)
        return give_up(e, CILP_ERRAND_NO_ACCOUNT);
    if (is_another(e))
        return give_up(e, CILP_ERRAND_OTHER_ACCOUNT);
    if (e->me.account[0])
        memcpy(e->first, e->me.account, sizeof e->first);
    if (e->then == BEGIN)
        return first_step(e, now);
    if (e->then == RENEW) {
        e->pins = false;
        return ask_who(e, BEGIN);
    }
    return e->then == CILP_ERRAND_LOOK ? judge(e) : go(e, CILP_ERRAND_DONE);
}

/* EC2 will not tell, however often it is asked. */
static bool is_told_no(const struct cilp_result *r)
{
    return r->outcome == CILP_REFUSED && r->err == CILP_E_AWS &&
           r->means != CILP_MEANS_THROTTLED && r->means != CILP_MEANS_TRANSIENT;
}

/* Whether it is in use was asked: on to the cancel, or not. */
static enum cilp_errand_step after_use(struct cilp_errand *e,
                                       const struct cilp_result *last)
{
    bool explains = e->aim == CILP_ERRAND_TO_EXPLAIN;

    if (last->outcome == CILP_ANSWERED)
        e->use = e->references->pages.count ? CILP_USE_FOUND : CILP_USE_NONE;
    e->use_denied = last->means == CILP_MEANS_DENIED;
    e->paces = e->paces || last->throttled;
    if (explains || e->use == CILP_USE_NONE)
        return go(e, CILP_ERRAND_CANCEL);
    if (is_hopeless(last))
        return give_up(e, CILP_ERRAND_HOPELESS);
    if (is_told_no(last) && !e->must_know_use)
        return go(e, CILP_ERRAND_CANCEL);
    return done(e);
}

/* Is there something that only a look can tell? */
static bool is_worth_a_look(const struct cilp_errand *e)
{
    bool explains = e->aim == CILP_ERRAND_TO_EXPLAIN;

    if (e->outcome == CILP_NOTHING)
        return explains || e->explains;
    if (e->outcome == CILP_PERMITTED)
        return explains;
    return was_cancelled(e) && e->verifies;
}

static enum cilp_errand_step after_cancel(struct cilp_errand *e,
                                          const struct cilp_result *last)
{
    e->outcome = last->outcome;
    e->paces = e->paces || last->throttled;
    e->is_unavailable = last->means == CILP_MEANS_GONE;
    if (is_hopeless(last))
        return give_up(e, CILP_ERRAND_HOPELESS);
    if (!is_worth_a_look(e))
        return done(e);
    if (e->is_unavailable && e->aim != CILP_ERRAND_TO_EXPLAIN)
        return judge(e);
    return look(e);
}

static enum cilp_errand_step after_look(struct cilp_errand *e,
                                        const struct cilp_result *last)
{
    if (last->outcome == CILP_ANSWERED)
        e->sight = e->look.found ? CILP_SIGHT_SEEN : CILP_SIGHT_NONE;
    e->denied = last->outcome == CILP_REFUSED &&
                last->means == CILP_MEANS_DENIED;
    return judge(e);
}

/* Of a public image: does the account have a permission besides? */
static enum cilp_errand_step after_look_shared(struct cilp_errand *e,
                                               const struct cilp_result *last)
{
    if (last->outcome != CILP_ANSWERED)
        e->sight = CILP_SIGHT_UNKNOWN; /* what is in look is of two replies */
    else
        e->verdict = e->look.found ? CILP_VERDICT_PUBLIC_AND_SHARED
                                   : CILP_VERDICT_PUBLIC;
    return done(e);
}

static enum cilp_errand_step after_call(struct cilp_errand *e,
                                        const struct cilp_result *last,
                                        struct cilp_now now)
{
    if (last->attempts && !last->from_source) {
        e->keys = last->keys;
        e->pins = true;
    }
    if (e->step == CILP_ERRAND_WHO)
        return after_who(e, last, now);
    if (e->step == CILP_ERRAND_IN_USE)
        return after_use(e, last);
    if (e->step == CILP_ERRAND_CANCEL)
        return after_cancel(e, last);
    if (e->step == CILP_ERRAND_LOOK)
        return after_look(e, last);
    return after_look_shared(e, last);
}

/* ---- All ----------------------------------------------------------------- */

/* see errand.h */
void cilp_errand_init(struct cilp_errand *e)
{
    memset(e, 0, sizeof *e);
}

/* see errand.h */
void cilp_errand_begin(struct cilp_errand *e, enum cilp_errand_aim aim,
                       const char *image_id)
{
    bool verifies = aim == CILP_ERRAND_TO_VERIFY;

    e->step = BEGIN;
    e->aim = (uint8_t)aim;
    e->image_id = image_id;
    e->outcome = verifies ? CILP_CANCELLED : CILP_PENDING;
    e->verdict = CILP_VERDICT_NONE;
    e->sight = CILP_SIGHT_UNKNOWN;
    e->use = e->asks_use ? CILP_USE_UNKNOWN : CILP_USE_UNASKED;
    e->looks = 0;
    e->pins = e->is_unavailable = e->hurries = false;
}

/* see errand.h */
enum cilp_errand_step cilp_errand_next(struct cilp_errand *e,
                                       const struct cilp_result *last,
                                       bool wants, struct cilp_now now)
{
    if (e->step == BEGIN)
        return begin(e, wants, now);
    if (e->step == CILP_ERRAND_WAIT)
        return e->then == BEGIN ? begin(e, wants, now) : look(e);
    if (e->step == CILP_ERRAND_DONE || !last)
        return go(e, CILP_ERRAND_DONE);
    return after_call(e, last, now);
}

static void hurry(struct cilp_request *req)
{
    req->attempts = 1;
    if (!req->connect_ms || req->connect_ms > SHORT_CONNECT_MS)
        req->connect_ms = SHORT_CONNECT_MS;
    if (!req->deadline_ms || req->deadline_ms > SHORT_DEADLINE_MS)
        req->deadline_ms = SHORT_DEADLINE_MS;
}

/* see errand.h */
void cilp_errand_request(struct cilp_errand *e, struct cilp_request *req)
{
    req->image_id = e->image_id;
    req->keys = e->pins ? e->keys : 0;
    req->dry_run = false;
    req->memory = &e->look;
    if (e->step == CILP_ERRAND_WHO) {
        req->flow = &cilp_identity;
        req->memory = &e->me;
        if (e->hurries)
            hurry(req);
    } else if (e->step == CILP_ERRAND_IN_USE) {
        req->flow = e->asks_use;
        req->memory = e->references;
        memset(e->references, 0, sizeof *e->references);
    } else if (e->step == CILP_ERRAND_CANCEL) {
        req->flow = &cilp_cancel;
        req->dry_run = e->dry_run || e->aim == CILP_ERRAND_TO_EXPLAIN;
    } else if (e->step == CILP_ERRAND_LOOK) {
        req->flow = &cilp_look;
    } else {
        req->flow = &cilp_look_shared;
    }
}

/* see errand.h */
bool cilp_errand_knows(const struct cilp_errand *e, const struct cilp_result *r)
{
    return e->me.account[0] && e->me_keys == r->keys;
}
