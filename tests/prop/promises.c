#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/prop/promises.h"

#define KEY_ID "AKIDEXAMPLEKEYID"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TOKEN  "IQoJb3JpZ2luX2VjEXAMPLETOKENthatIsNotVeryLong=="

static const struct cilp_static_creds keys = {KEY_ID, SECRET, TOKEN};

const struct cilp_request cancel_request = {
    .flow = &cilp_cancel,
    .clock = &cilp_clock_learn,
    .image_id = "ami-0abcdef1234567890",
    .region = "us-east-1",
    .source = &cilp_creds_static,
    .source_arg = &keys,
    .random = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
};

struct cilp_op op;
struct script script;

static struct cilp_look look;
static struct cilp_list list;
static struct cilp_request request;
static uint8_t room[2048]; /* for the replies of sources */

/* ---- One call ---------------------------------------------------------- */

static void set_clock(enum clock clock)
{
    static const int64_t off_s[] = {0, -SERVER_S + 17, -86400, 86400};

    script.now.mono_ms = 0xFFFFFF00u; /* wraps in the middle of the call */
    script.now.unix_s = SERVER_S + off_s[clock];
    script.now.trusted = clock != CLOCK_UNSET;
}

/* see promises.h */
void promises_set_up(const struct scenario *sc)
{
    memset(&script, 0, sizeof script);
    script.granted = sc->granted;
    script.answers = sc->answers;
    script.n_answers = sc->n;
    script.close_after = sc->close_after;
    script.pages = 3;
    script.per_page = 3;
    set_clock(sc->clock);
    request = cancel_request;
    request.flow = sc->flow;
    if (sc->flow == &cilp_look)
        request.memory = &look;
    if (sc->flow == &cilp_list)
        request.memory = &list;
    if (sc->source) {
        request.source = sc->source;
        request.source_arg = sc->source_arg;
        request.room = room;
        request.room_len = sizeof room;
    }
    script.key_id = sc->key_id;
    script.source = sc->answer;
    script.refusals = sc->refusals;
    script.look = sc->flow == &cilp_look ? &look : NULL;
    script.list = sc->flow == &cilp_list ? &list : NULL;
    memset(&list, 0, sizeof list);
}

static const char *place(const struct scenario *sc)
{
    static char text[128];

    snprintf(text, sizeof text,
             "%s, fault %d at %u every %u, piece %u, "
             "seed %u, cut %u, acts %d",
             sc->name, (int)script.fault, script.fault_at, script.fault_every,
             script.piece, script.seed, script.first_cut, script.acts_at_death);
    return text;
}

/* Every event there is, on a call that is done. */
static void poke(struct cilp_op *o)
{
    cilp_opened(o);
    cilp_sent(o, 5);
    cilp_received(o, 5);
    cilp_idle(o);
    cilp_eof(o);
    cilp_closed(o);
    cilp_failed(o, CILP_E_CLOSED, 1);
    cilp_stop(o);
}

static void check_sticky(const struct scenario *sc)
{
    static struct cilp_result before;
    struct cilp_now later = script.now;

    memcpy(&before, cilp_result(&op), sizeof before);
    later.mono_ms += 100000000;
    poke(&op);
    if (cilp_next(&op, later) != CILP_DONE ||
        memcmp(&before, cilp_result(&op), sizeof before) != 0)
        fail_msg("not sticky: %s", place(sc));
}

/* Any eight bytes of it. */
static bool holds(const void *where, size_t n, const char *what)
{
    for (; strlen(what) >= 8; what++)
        if (memmem(where, n, what, 8))
            return true;
    return false;
}

static void check_wiped(const struct scenario *sc)
{
    static const char *const secrets[] = {
        SECRET,         TOKEN,         KEY_ID,     SOURCED_ID,
        SOURCED_SECRET, SOURCED_TOKEN, IMDS_TOKEN, PROOF};

    for (size_t i = 0; i < COUNT(secrets); i++)
        if (holds(&op, sizeof op, secrets[i]) ||
            holds(room, sizeof room, secrets[i]))
            fail_msg("not wiped, %s in %s: %s", secrets[i],
                     holds(&op, sizeof op, secrets[i]) ? "op" : "room",
                     place(sc));
}

/* see promises.h */
void promises_end(const struct scenario *sc)
{
    script.fault = FAULT_NONE;
    cilp_end(&op);
    if (!script_run(&script, &op))
        fail_msg("not bounded after cilp_end: %s", place(sc));
    if (script.is_open || script.opens != script.closes)
        fail_msg("not balanced, %u opens, %u closes: %s", script.opens,
                 script.closes, place(sc));
}

/* see promises.h */
void promises_run(const struct scenario *sc, bool look_into_memory)
{
    const char *lie;
    bool granted = script.granted;

    assert_true(cilp_init(&op, sizeof op));
    cilp_start(&op, &request, script.now);
    if (!script_run(&script, &op))
        fail_msg("not bounded: %s", place(sc));
    if (script.broke_rule)
        fail_msg("what cannot be (broke_rule): %s", place(sc));
    lie = script_lie(&script, granted, cilp_result(&op));
    if (lie)
        fail_msg("%s: %s", lie, place(sc));
    check_sticky(sc);
    promises_end(sc);
    if (look_into_memory)
        check_wiped(sc);
}

static void undisturbed(const struct scenario *sc)
{
    promises_set_up(sc);
    promises_run(sc, true);
    if (cilp_result(&op)->outcome != sc->undisturbed ||
        cilp_result(&op)->attempts != sc->attempts)
        fail_msg("outcome %d after %d: %s", cilp_result(&op)->outcome,
                 cilp_result(&op)->attempts, sc->name);
}

/* ---- any_split --------------------------------------------------------- */

static struct cilp_result whole;

static void check_same(const struct scenario *sc)
{
    promises_run(sc, false);
    if (memcmp(&whole, cilp_result(&op), sizeof whole) != 0)
        fail_msg("the cut changed the result: %s", place(sc));
}

static unsigned any_split(const struct scenario *sc)
{
    unsigned runs = 0;
    size_t longest;

    promises_set_up(sc);
    promises_run(sc, false);
    memcpy(&whole, cilp_result(&op), sizeof whole);
    longest = script.longest;
    for (uint32_t cut = 1; cut < longest; cut++, runs++) {
        promises_set_up(sc);
        script.first_cut = cut;
        check_same(sc);
    }
    for (uint32_t n = 1; n <= 64; n++, runs++) {
        promises_set_up(sc);
        script.piece = n;
        check_same(sc);
    }
    for (uint32_t seed = 1; seed <= 60; seed++, runs++) {
        promises_set_up(sc);
        script.piece = 100;
        script.seed = seed;
        check_same(sc);
    }
    return runs;
}

/* ---- faults ------------------------------------------------------------ */

/* A single fault leaves time to ask again: then "unknown" is not good enough,
 * nor is a question without an answer, unless the script itself cannot end
 * otherwise. */
static void check_asked(const struct scenario *sc)
{
    const struct cilp_result *r = cilp_result(&op);
    bool can_ask = script.fault_every == 0 &&
                   sc->answers[sc->n - 1] == ANSWER_TRUTH &&
                   r->err != CILP_E_STOPPED;

    if (can_ask && r->outcome == CILP_UNKNOWN)
        fail_msg("unknown, although asking was possible: %s", place(sc));
    if (can_ask && request.memory && r->outcome != CILP_ANSWERED)
        fail_msg("not answered, although there was time: %s", place(sc));
}

/* see promises.h */
unsigned promises_sweep(const struct scenario *sc, enum fault fault,
                        uint32_t every, uint32_t bytes, bool acts)
{
    for (uint32_t at = 0;; at++) {
        bool was_hit;

        promises_set_up(sc);
        script.fault = fault;
        script.fault_at = at;
        script.fault_every = every;
        script.piece = bytes;
        script.acts_at_death = acts;
        promises_run(sc, at % 16 == 0);
        was_hit = script.was_hit;
        script.fault = fault;
        check_asked(sc);
        if (!was_hit)
            return at + 1;
    }
}

static unsigned all_faults(const struct scenario *sc)
{
    static const enum fault faults[] = {FAULT_FAIL, FAULT_EOF, FAULT_STALL,
                                        FAULT_STOP};
    unsigned runs = 0;

    for (size_t f = 0; f < COUNT(faults); f++)
        for (uint32_t every = 0; every < 3; every++)
            for (int acts = 0; acts < 2; acts++) {
                runs += promises_sweep(sc, faults[f], every, 0, acts);
                runs += promises_sweep(sc, faults[f], every, 37, acts);
            }
    return runs;
}

/* see promises.h */
void promises_undisturbed(const struct scenario *scenarios, size_t n)
{
    for (size_t i = 0; i < n; i++)
        undisturbed(&scenarios[i]);
}

/* see promises.h */
void promises_any_split(const struct scenario *scenarios, size_t n)
{
    unsigned runs = 0;

    for (size_t i = 0; i < n; i++)
        runs += any_split(&scenarios[i]);
    print_message("             any_split: %u runs\n", runs);
}

/* see promises.h */
void promises_all_faults(const struct scenario *scenarios, size_t n)
{
    unsigned runs = 0;

    for (size_t i = 0; i < n; i++)
        runs += all_faults(&scenarios[i]);
    print_message("             balanced, bounded, sticky, wiped, truth: "
                  "%u runs\n",
                  runs);
}
