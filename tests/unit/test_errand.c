/* From what was learnt to the next step: tables of answers, and what is asked
 * for after each. */
#include "tests/unit/rows.h"

#include "core/errand.h"

#define ID    "ami-0abcdef1234567890"
#define ME    "123456789012"
#define OTHER "210987654321"
#define OWNER "111122223333"

static struct cilp_errand e;
static struct cilp_now now;

static int set_up(void **state)
{
    (void)state;
    cilp_errand_init(&e);
    now = (struct cilp_now){.mono_ms = 5000};
    return 0;
}

/* ---- What a step meets --------------------------------------------------- */

enum seen { NOT_FOUND, PRIVATE, PUBLIC, MINE, PENDING };

/* One step that is expected, and what is answered to it. */
struct move {
    enum cilp_errand_step step;
    enum cilp_outcome outcome;
    const char *text; /* of WHO: the account; else the code. NULL: none */
    enum seen seen;   /* of a look */
    uint32_t keys;    /* that signed; 0: 1 */
};

#define WHO(account)                                  \
    {                                                 \
        CILP_ERRAND_WHO, CILP_ANSWERED, account, 0, 0 \
    }
#define WHO_BY(k, account)                            \
    {                                                 \
        CILP_ERRAND_WHO, CILP_ANSWERED, account, 0, k \
    }
#define NOBODY                                     \
    {                                              \
        CILP_ERRAND_WHO, CILP_NOT_SENT, NULL, 0, 0 \
    }
#define CANCEL(outcome)                         \
    {                                           \
        CILP_ERRAND_CANCEL, outcome, NULL, 0, 0 \
    }
#define NOTFOUND                                                        \
    {                                                                   \
        CILP_ERRAND_CANCEL, CILP_NOTHING, "InvalidAMIID.NotFound", 0, 0 \
    }
#define UNAVAILABLE                                                        \
    {                                                                      \
        CILP_ERRAND_CANCEL, CILP_NOTHING, "InvalidAMIID.Unavailable", 0, 0 \
    }
#define LOOK(what)                                     \
    {                                                  \
        CILP_ERRAND_LOOK, CILP_ANSWERED, NULL, what, 0 \
    }
#define DENIED                                                        \
    {                                                                 \
        CILP_ERRAND_LOOK, CILP_REFUSED, "UnauthorizedOperation", 0, 0 \
    }
#define BROKEN                                      \
    {                                               \
        CILP_ERRAND_LOOK, CILP_NOT_SENT, NULL, 0, 0 \
    }
#define SHARED(what)                                          \
    {                                                         \
        CILP_ERRAND_LOOK_SHARED, CILP_ANSWERED, NULL, what, 0 \
    }
#define WAIT                            \
    {                                   \
        CILP_ERRAND_WAIT, 0, NULL, 0, 0 \
    }

static void see(enum seen seen)
{
    static const struct cilp_image images[] = {
        [PRIVATE] = {.id = ID,
                     .owner = OWNER,
                     .state = "available",
                     .is_public = "false"},
        [PUBLIC] = {.id = ID,
                    .owner = OWNER,
                    .state = "available",
                    .is_public = "true"},
        [MINE] = {.id = ID,
                  .owner = ME,
                  .state = "disabled",
                  .is_public = "true"},
        [PENDING] = {.id = ID,
                     .owner = OWNER,
                     .state = "pending",
                     .is_public = "false"},
    };

    e.look.found = seen != NOT_FOUND;
    if (e.look.found)
        e.look.image = images[seen];
}

/* What the flow leaves behind: its result, and its memory. */
static const struct cilp_result *answer(const struct move *m)
{
    static struct cilp_result r;

    r = (struct cilp_result){
        .outcome = m->outcome, .attempts = 1, .keys = m->keys ? m->keys : 1};
    if (m->step == CILP_ERRAND_WAIT)
        return NULL;
    if (m->keys >= 8) { /* the source's answer; or it was not even asked */
        r.from_source = true;
        r.attempts = m->keys == 9;
        return &r;
    }
    if (m->step == CILP_ERRAND_WHO)
        strcpy(e.me.account, m->text ? m->text : "1234"); /* half of one */
    else if (m->text)
        r.means = cilp_code_means(400, m->text, "");
    if (m->step == CILP_ERRAND_LOOK || m->step == CILP_ERRAND_LOOK_SHARED)
        see(m->seen);
    return &r;
}

/* To DONE, by these moves and no others. */
static void walk(const char *row, const struct move *moves, bool wants)
{
    const struct cilp_result *last = NULL;
    enum cilp_errand_step step;

    while ((step = cilp_errand_next(&e, last, wants, now)) !=
           CILP_ERRAND_DONE) {
        CHECK_ROW(row, step == moves->step);
        last = answer(moves++);
    }
    CHECK_ROW(row, moves->step == CILP_ERRAND_DONE);
}

/* ---- One image ------------------------------------------------------------ */

#define CANCELS  CILP_ERRAND_TO_CANCEL
#define EXPLAINS CILP_ERRAND_TO_EXPLAIN
#define VERIFIES CILP_ERRAND_TO_VERIFY
#define V(name)  CILP_VERDICT_##name

static const struct row {
    const char *row;
    enum cilp_errand_aim aim;
    const char *wishes; /* 'e'xplain, 'v'erify, 'a'ccount ME, 'd'enied */
    struct move moves[9];
    enum cilp_verdict verdict;
    enum cilp_errand_over over;
} rows[] = {
    {"cancelled", CANCELS, "", {CANCEL(CILP_CANCELLED)}, V(NONE), 0},
    {"cancelled, and gone from sight",
     CANCELS,
     "v",
     {CANCEL(CILP_CANCELLED), LOOK(NOT_FOUND)},
     V(ENDED),
     0},
    {"gone counts as cancelled",
     CANCELS,
     "v",
     {CANCEL(CILP_GONE), LOOK(NOT_FOUND)},
     V(ENDED),
     0},
    {"forgotten at the second look",
     CANCELS,
     "v",
     {CANCEL(CILP_CANCELLED), LOOK(PRIVATE), WAIT, LOOK(NOT_FOUND)},
     V(ENDED),
     0},
    {"three looks and no more",
     CANCELS,
     "v",
     {CANCEL(CILP_CANCELLED), LOOK(PRIVATE), WAIT, LOOK(PRIVATE), WAIT,
      LOOK(PRIVATE)},
     V(STILL_SHARED),
     0},
    {"no wait makes a public image private",
     CANCELS,
     "v",
     {CANCEL(CILP_CANCELLED), LOOK(PUBLIC)},
     V(STILL_PUBLIC),
     0},
    {"a look that is denied",
     CANCELS,
     "v",
     {CANCEL(CILP_CANCELLED), DENIED},
     V(UNCHECKED),
     0},
    {"a look that is refused",
     CANCELS,
     "v",
     {CANCEL(CILP_CANCELLED),
      {CILP_ERRAND_LOOK, CILP_REFUSED, "OptInRequired", 0, 0}},
     V(UNCHECKED),
     0},
    {"a look that breaks",
     CANCELS,
     "v",
     {CANCEL(CILP_CANCELLED), BROKEN},
     V(UNCHECKED),
     0},
    {"it is known that looks are denied",
     CANCELS,
     "vd",
     {CANCEL(CILP_CANCELLED)},
     V(UNCHECKED),
     0},
    {"to verify is to look alone",
     VERIFIES,
     "",
     {LOOK(NOT_FOUND)},
     V(ENDED),
     0},
    {"to verify, denied before", VERIFIES, "d", {{0}}, V(UNCHECKED), 0},

    {"nothing, and nobody asks why", CANCELS, "v", {NOTFOUND}, V(NONE), 0},
    {"nothing: not to be seen",
     CANCELS,
     "e",
     {NOTFOUND, LOOK(NOT_FOUND)},
     V(NOT_VISIBLE),
     0},
    {"nothing: an organization's",
     CANCELS,
     "e",
     {NOTFOUND, LOOK(PRIVATE), WHO(ME)},
     V(ORGANIZATION),
     0},
    {"nothing: public",
     CANCELS,
     "e",
     {NOTFOUND, LOOK(PUBLIC), WHO(ME)},
     V(PUBLIC),
     0},
    {"nothing: its own",
     CANCELS,
     "e",
     {NOTFOUND, LOOK(MINE), WHO(ME)},
     V(OWN),
     0},
    {"nothing: whose it is cannot be said",
     CANCELS,
     "e",
     {NOTFOUND, LOOK(MINE), NOBODY},
     V(PUBLIC),
     0},
    {"nothing: a look that is denied",
     CANCELS,
     "e",
     {NOTFOUND, DENIED},
     V(UNSEEN),
     0},
    {"nothing is available", CANCELS, "ev", {UNAVAILABLE}, V(UNAVAILABLE), 0},
    {"nothing is available, and nobody asks",
     CANCELS,
     "v",
     {UNAVAILABLE},
     V(NONE),
     0},

    {"permitted", CANCELS, "ev", {CANCEL(CILP_PERMITTED)}, V(NONE), 0},
    {"to explain: shared",
     EXPLAINS,
     "",
     {CANCEL(CILP_PERMITTED), LOOK(PRIVATE), WHO(ME)},
     V(SHARED),
     0},
    {"to explain: not to be seen",
     EXPLAINS,
     "",
     {CANCEL(CILP_PERMITTED), LOOK(NOT_FOUND)},
     V(NOT_VISIBLE),
     0},
    {"to explain: public alone",
     EXPLAINS,
     "",
     {CANCEL(CILP_PERMITTED), LOOK(PUBLIC), WHO(ME), SHARED(NOT_FOUND)},
     V(PUBLIC),
     0},
    {"to explain: public, and shared",
     EXPLAINS,
     "",
     {CANCEL(CILP_PERMITTED), LOOK(PUBLIC), WHO(ME), SHARED(PUBLIC)},
     V(PUBLIC_AND_SHARED),
     0},
    {"to explain: public, and who knows",
     EXPLAINS,
     "",
     {CANCEL(CILP_PERMITTED),
      LOOK(PUBLIC),
      WHO(ME),
      {CILP_ERRAND_LOOK_SHARED, CILP_REFUSED, "InternalError", 0, 0}},
     V(PUBLIC_OR_SHARED),
     0},
    {"to explain: pending",
     EXPLAINS,
     "",
     {CANCEL(CILP_PERMITTED), LOOK(PENDING), WHO(ME)},
     V(UNAVAILABLE),
     0},
    {"to explain: the dry run finds nothing",
     EXPLAINS,
     "",
     {NOTFOUND, LOOK(PUBLIC), WHO(ME)},
     V(PUBLIC),
     0},
    {"to explain: the dry run finds it unavailable",
     EXPLAINS,
     "",
     {UNAVAILABLE, LOOK(NOT_FOUND)},
     V(UNAVAILABLE),
     0},
    {"to explain: denied",
     EXPLAINS,
     "",
     {CANCEL(CILP_PERMITTED), DENIED},
     V(UNSEEN),
     0},
    {"to explain: refused", EXPLAINS, "", {CANCEL(CILP_REFUSED)}, V(NONE), 0},

    {"the account that is expected",
     CANCELS,
     "av",
     {WHO(ME), CANCEL(CILP_CANCELLED), LOOK(NOT_FOUND)},
     V(ENDED),
     0},
    {"another account",
     CANCELS,
     "av",
     {WHO(OTHER)},
     V(NONE),
     CILP_ERRAND_OTHER_ACCOUNT},
    {"an account that is not told",
     CANCELS,
     "av",
     {NOBODY},
     V(NONE),
     CILP_ERRAND_NO_ACCOUNT},
    {"who it is was asked already",
     CANCELS,
     "ae",
     {WHO(ME), NOTFOUND, LOOK(MINE)},
     V(OWN),
     0},
    {"the guard is there to explain, too",
     EXPLAINS,
     "a",
     {WHO(OTHER)},
     V(NONE),
     CILP_ERRAND_OTHER_ACCOUNT},

    {"unknown", CANCELS, "ev", {CANCEL(CILP_UNKNOWN)}, V(NONE), 0},
    {"refused", CANCELS, "ev", {CANCEL(CILP_REFUSED)}, V(NONE), 0},
};

static void every_answer_has_its_next_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];

        set_up(NULL);
        e.explains = strchr(r->wishes, 'e') != NULL;
        e.verifies = strchr(r->wishes, 'v') != NULL;
        e.denied = strchr(r->wishes, 'd') != NULL;
        e.account = strchr(r->wishes, 'a') ? ME : NULL;
        cilp_errand_begin(&e, r->aim, ID);
        walk(r->row, r->moves, true);
        CHECK_ROW(r->row, e.verdict == r->verdict && e.over == r->over);
        /* and nothing more */
        CHECK_ROW(r->row,
                  cilp_errand_next(&e, NULL, true, now) == CILP_ERRAND_DONE);
    }
}

static void looks_are_at_0_1_and_3_seconds(void **state)
{
    struct cilp_result r = {.outcome = CILP_ANSWERED, .attempts = 1, .keys = 1};

    (void)state;
    cilp_errand_begin(&e, CILP_ERRAND_TO_VERIFY, ID);
    see(PRIVATE);
    assert_int_equal(cilp_errand_next(&e, NULL, false, now), CILP_ERRAND_LOOK);
    assert_int_equal(cilp_errand_next(&e, &r, false, now), CILP_ERRAND_WAIT);
    assert_int_equal(e.wait_ms, 1000);
    assert_int_equal(cilp_errand_next(&e, NULL, false, now), CILP_ERRAND_LOOK);
    assert_int_equal(cilp_errand_next(&e, &r, false, now), CILP_ERRAND_WAIT);
    assert_int_equal(e.wait_ms, 2000);
    /* of many the rounds may be made over all of them: it goes on from here */
    cilp_errand_begin(&e, CILP_ERRAND_TO_VERIFY, ID);
    e.looks = 2;
    assert_int_equal(cilp_errand_next(&e, NULL, false, now), CILP_ERRAND_LOOK);
    assert_int_equal(cilp_errand_next(&e, &r, false, now), CILP_ERRAND_DONE);
    assert_int_equal(e.verdict, CILP_VERDICT_STILL_SHARED);
}

/* ---- The account of the keys ----------------------------------------------- */

#define CANCEL_BY(k)                                   \
    {                                                  \
        CILP_ERRAND_CANCEL, CILP_CANCELLED, NULL, 0, k \
    }
/* The source failed, nothing was signed. */
#define NO_KEYS(s)                 \
    {                              \
        s, CILP_NOT_SENT, "", 0, 9 \
    }

/* Two images of one run; between them the keys are to be renewed, or not. */
static const struct {
    const char *row;
    struct move first[4];
    struct move second[5];
    bool wants;          /* at the second one */
    const char *account; /* that is expected */
    enum cilp_errand_over over;
} runs[] = {
    {"not renewed", {CANCEL_BY(1)}, {CANCEL_BY(1)}, false, NULL, 0},
    {"the same account",
     {CANCEL_BY(1)},
     {WHO_BY(1, ME), WHO_BY(2, ME), CANCEL_BY(2)},
     true,
     NULL,
     0},
    {"another account",
     {CANCEL_BY(1)},
     {WHO_BY(1, ME), WHO_BY(2, OTHER)},
     true,
     NULL,
     CILP_ERRAND_OTHER_ACCOUNT},
    {"old keys that nobody knows",
     {CANCEL_BY(1)},
     {NOBODY},
     true,
     NULL,
     CILP_ERRAND_NO_ACCOUNT},
    {"new keys that nobody knows",
     {CANCEL_BY(1)},
     {WHO_BY(1, ME), NOBODY},
     true,
     NULL,
     CILP_ERRAND_NO_ACCOUNT},
    {"no new keys",
     {CANCEL_BY(1)},
     {WHO_BY(1, ME), NO_KEYS(CILP_ERRAND_WHO)},
     true,
     NULL,
     CILP_ERRAND_NO_ACCOUNT},
    {"expected, not renewed",
     {WHO_BY(1, ME), CANCEL_BY(1)},
     {CANCEL_BY(1)},
     false,
     ME,
     0},
    {"expected, the same account",
     {WHO_BY(1, ME), CANCEL_BY(1)},
     {WHO_BY(2, ME), CANCEL_BY(2)},
     true,
     ME,
     0},
    {"expected, another account",
     {WHO_BY(1, ME), CANCEL_BY(1)},
     {WHO_BY(2, OTHER)},
     true,
     ME,
     CILP_ERRAND_OTHER_ACCOUNT},
    {"known from the first image's verdict",
     {NOTFOUND, LOOK(MINE), WHO(ME)},
     {WHO_BY(2, OTHER)},
     true,
     NULL,
     CILP_ERRAND_OTHER_ACCOUNT},
    {"known, not renewed",
     {NOTFOUND, LOOK(MINE), WHO(ME)},
     {CANCEL_BY(1)},
     false,
     NULL,
     0},
    {"the source could not be asked at first",
     {{CILP_ERRAND_CANCEL, CILP_NOT_SENT, "", 0, 8}},
     {CANCEL_BY(2)},
     true,
     NULL,
     0},
    {"the source failed at first",
     {NO_KEYS(CILP_ERRAND_CANCEL)},
     {CANCEL_BY(2)},
     true,
     NULL,
     0},
};

static void keys_that_are_renewed_are_asked_whose_they_are(void **state)
{
    static const struct move none[] = {{0}};

    (void)state;
    for (size_t i = 0; i < COUNT(runs); i++) {
        set_up(NULL);
        e.explains = true;
        e.account = runs[i].account;
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        walk(runs[i].row, runs[i].first, true);
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        walk(runs[i].row, runs[i].second, runs[i].wants);
        CHECK_ROW(runs[i].row, e.over == runs[i].over);
        if (!e.over)
            continue;
        /* and that was the last one */
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        walk(runs[i].row, none, false);
    }
}

static void the_looks_of_a_run_are_guarded_like_its_writes(void **state)
{
    static const struct move first[] = {CANCEL_BY(1), {0}};
    static const struct move other[] = {WHO_BY(1, ME), WHO_BY(2, OTHER), {0}};

    (void)state;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    walk("cancel", first, true);
    cilp_errand_begin(&e, CILP_ERRAND_TO_VERIFY, ID);
    walk("verify", other, true);
    assert_int_equal(e.over, CILP_ERRAND_OTHER_ACCOUNT);
}

/* For a call of the caller's own: a list. */
static void whose_keys_are_can_be_all_that_is_asked(void **state)
{
    static const struct move who[] = {WHO_BY(1, ME), {0}}, none[] = {{0}};
    static const struct move other[] = {WHO_BY(2, OTHER), {0}};
    static const struct move nobody[] = {NOBODY, {0}};

    (void)state;
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, NULL);
    walk("first", who, true);
    assert_string_equal(cilp_errand_account(&e), ME);
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, NULL);
    walk("known", none, false);
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, NULL);
    walk("renewed", other, true);
    assert_int_equal(e.over, CILP_ERRAND_OTHER_ACCOUNT);
    set_up(NULL);
    e.account = ME;
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, NULL);
    walk("expected", who, true);
    assert_int_equal(e.over, CILP_ERRAND_GOES_ON);
    set_up(NULL);
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, NULL);
    walk("nobody knows", nobody, true);
    assert_int_equal(e.over, CILP_ERRAND_GOES_ON);
    assert_string_equal(cilp_errand_account(&e), "");
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, NULL);
    walk("once", none, false);
}

/* Keys that came without a word, or with a call that is not this run's. */
static void keys_that_nobody_asked_about_are_asked_about(void **state)
{
    static const struct move known[] = {WHO(ME), CANCEL(CILP_CANCELLED), {0}};
    struct cilp_result r = {.keys = 1};

    (void)state;
    e.account = ME;
    assert_false(cilp_errand_knows(&e, &r));
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    walk("first", known, true);
    assert_true(cilp_errand_knows(&e, &r));
    r.keys = 2;
    assert_false(cilp_errand_knows(&e, &r));
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    walk("second", &known[1], false);
    e.keys = 2;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    walk("third", known, false);
}

/* ---- In use ------------------------------------------------------------------ */

static struct cilp_references references;

static const struct use_row {
    const char *row;
    bool explains, must, was_denied;
    enum cilp_outcome outcome;
    enum cilp_err err;
    const char *code;
    uint32_t count;
    /* What follows; and what is known then. */
    enum cilp_errand_step then;
    enum cilp_errand_use use;
    enum cilp_errand_over over;
} use_rows[] = {
    {"free", false, false, false, CILP_ANSWERED, 0, "", 0, CILP_ERRAND_CANCEL,
     CILP_USE_NONE, 0},
    {"in use", false, false, false, CILP_ANSWERED, 0, "", 2, CILP_ERRAND_DONE,
     CILP_USE_FOUND, 0},
    {"free, and to be known", false, true, true, CILP_ANSWERED, 0, "", 0,
     CILP_ERRAND_CANCEL, CILP_USE_NONE, 0},
    {"in use, explained", true, false, false, CILP_ANSWERED, 0, "", 1,
     CILP_ERRAND_CANCEL, CILP_USE_FOUND, 0},
    {"not allowed to ask", false, false, false, CILP_REFUSED, CILP_E_AWS,
     "UnauthorizedOperation", 0, CILP_ERRAND_CANCEL, CILP_USE_UNKNOWN, 0},
    {"not allowed, and to be known", false, true, false, CILP_REFUSED,
     CILP_E_AWS, "UnauthorizedOperation", 0, CILP_ERRAND_DONE, CILP_USE_UNKNOWN,
     0},
    {"EC2 does not know the question", false, false, false, CILP_REFUSED,
     CILP_E_AWS, "InvalidAction", 0, CILP_ERRAND_CANCEL, CILP_USE_UNKNOWN, 0},
    {"EC2 has trouble", false, false, false, CILP_REFUSED, CILP_E_AWS,
     "InternalError", 0, CILP_ERRAND_DONE, CILP_USE_UNKNOWN, 0},
    {"EC2 is too busy", false, false, false, CILP_REFUSED, CILP_E_AWS,
     "RequestLimitExceeded", 0, CILP_ERRAND_DONE, CILP_USE_UNKNOWN, 0},
    {"not EC2 that answers", false, false, false, CILP_REFUSED, CILP_E_REPLY,
     "", 0, CILP_ERRAND_DONE, CILP_USE_UNKNOWN, 0},
    {"half an answer is none", false, false, false, CILP_NOT_SENT,
     CILP_E_CLOSED, "", 1, CILP_ERRAND_DONE, CILP_USE_UNKNOWN, 0},
    {"no answer", false, false, false, CILP_NOT_SENT, CILP_E_TIMEOUT, "", 0,
     CILP_ERRAND_DONE, CILP_USE_UNKNOWN, 0},
    {"no answer, explained", true, false, false, CILP_NOT_SENT, CILP_E_TIMEOUT,
     "", 0, CILP_ERRAND_CANCEL, CILP_USE_UNKNOWN, 0},
    {"keys that are no good", false, false, false, CILP_REFUSED, CILP_E_AWS,
     "SignatureDoesNotMatch", 0, CILP_ERRAND_DONE, CILP_USE_UNKNOWN,
     CILP_ERRAND_HOPELESS},
};

static void an_image_in_use_is_not_cancelled(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(use_rows); i++) {
        const struct use_row *u = &use_rows[i];
        struct cilp_result r = {.outcome = u->outcome,
                                .err = u->err,
                                .attempts = 1,
                                .throttled = true,
                                .means = cilp_code_means(400, u->code, ""),
                                .keys = 1};
        enum cilp_errand_aim aim = u->explains ? CILP_ERRAND_TO_EXPLAIN
                                               : CILP_ERRAND_TO_CANCEL;

        set_up(NULL);
        e.asks_use = &cilp_image_references;
        e.references = &references;
        e.must_know_use = u->must;
        e.use_denied = u->was_denied;
        cilp_errand_begin(&e, aim, ID);
        CHECK_ROW(u->row, e.use == CILP_USE_UNKNOWN);
        CHECK_ROW(u->row,
                  cilp_errand_next(&e, NULL, true, now) == CILP_ERRAND_IN_USE);
        references.pages.count = u->count;
        CHECK_ROW(u->row, cilp_errand_next(&e, &r, true, now) == u->then);
        CHECK_ROW(u->row, e.use == u->use && e.over == u->over);
    }
}

/* A throttle of the question counts as one of the cancel does. */
static void after_a_throttled_question_it_goes_slowly(void **state)
{
    struct cilp_result r = {
        .outcome = CILP_ANSWERED, .attempts = 2, .keys = 1, .throttled = true};

    (void)state;
    e.asks_use = &cilp_image_references;
    e.references = &references;
    references.pages.count = 1;
    for (int i = 0; i < 3; i++) {
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        if (i)
            assert_int_equal(cilp_errand_next(&e, NULL, false, now),
                             CILP_ERRAND_WAIT);
        now.mono_ms += 200;
        assert_int_equal(cilp_errand_next(&e, NULL, false, now),
                         CILP_ERRAND_IN_USE);
        assert_int_equal(cilp_errand_next(&e, &r, false, now),
                         CILP_ERRAND_DONE);
        r.throttled = false;
    }
}

/* Of all images, unless each is to be known. */
static void what_may_not_be_asked_is_asked_once(void **state)
{
    struct cilp_result r = {.outcome = CILP_REFUSED,
                            .err = CILP_E_AWS,
                            .attempts = 1,
                            .means = CILP_MEANS_TRANSIENT};

    (void)state;
    e.asks_use = &cilp_image_references;
    e.references = &references;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, true, now), CILP_ERRAND_IN_USE);
    assert_int_equal(cilp_errand_next(&e, &r, true, now), CILP_ERRAND_DONE);
    r.means = CILP_MEANS_DENIED;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, true, now), CILP_ERRAND_IN_USE);
    assert_int_equal(cilp_errand_next(&e, &r, true, now), CILP_ERRAND_CANCEL);
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, true, now), CILP_ERRAND_CANCEL);
    assert_int_equal(e.use, CILP_USE_UNKNOWN);
    e.must_know_use = true;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, true, now), CILP_ERRAND_IN_USE);
}

/* The question's memory is empty each time, and the cancel that follows is
 * signed by the keys that asked. */
static void the_question_has_its_request(void **state)
{
    struct cilp_result r = {.outcome = CILP_ANSWERED, .attempts = 1, .keys = 5};
    struct cilp_request req = {.flow = &cilp_list, .dry_run = true};

    (void)state;
    e.asks_use = &cilp_image_references;
    e.references = &references;
    references.pages.count = 9;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    (void)cilp_errand_next(&e, NULL, true, now);
    cilp_errand_request(&e, &req);
    assert_ptr_equal(req.flow, &cilp_image_references);
    assert_ptr_equal(req.memory, &references);
    assert_string_equal(req.image_id, ID);
    assert_false(req.dry_run);
    assert_int_equal(references.pages.count, 0);
    assert_int_equal(cilp_errand_next(&e, &r, true, now), CILP_ERRAND_CANCEL);
    cilp_errand_request(&e, &req);
    assert_ptr_equal(req.flow, &cilp_cancel);
    assert_int_equal(req.keys, 5);
}

/* ---- What ends a run -------------------------------------------------------- */

static const struct {
    enum cilp_outcome outcome;
    enum cilp_err err;
    const char *code, *message;
    bool is_over;
} ends[] = {
    {CILP_CANCELLED, CILP_OK, "", "", false},
    {CILP_NOTHING, CILP_E_AWS, "InvalidAMIID.NotFound", "", false},
    {CILP_UNKNOWN, CILP_E_CLOSED, "", "", false},
    {CILP_REFUSED, CILP_E_AWS, "UnauthorizedOperation", "", false},
    {CILP_REFUSED, CILP_E_AWS, "RequestLimitExceeded", "", false},
    {CILP_REFUSED, CILP_E_AWS, "SignatureDoesNotMatch", "", true},
    {CILP_REFUSED, CILP_E_AWS, "InvalidClientTokenId", "", true},
    {CILP_REFUSED, CILP_E_AWS, "IncompleteSignature", "", true},
    {CILP_REFUSED, CILP_E_AWS, "MissingAuthenticationToken", "", true},
    {CILP_REFUSED, CILP_E_AWS, "RequestExpired", "", true},
    {CILP_REFUSED, CILP_E_AWS, "ExpiredToken", "", true},
    {CILP_REFUSED, CILP_E_AWS, "ExpiredTokenException", "", true},
    {CILP_REFUSED, CILP_E_AWS, "OptInRequired", "", true},
    {CILP_REFUSED, CILP_E_AWS, "Blocked", "", true},
    {CILP_REFUSED, CILP_E_AWS, "PendingVerification", "", true},
    {CILP_REFUSED, CILP_E_AWS, "AuthFailure",
     "AWS was not able to validate the provided access credentials", true},
    {CILP_REFUSED, CILP_E_AWS, "AuthFailure", "Not authorized for images",
     false},
    {CILP_REFUSED, CILP_E_AWS, "AuthFailure", "", false},
    {CILP_NOT_SENT, CILP_E_ARG, "", "", false},
    {CILP_NOT_SENT, CILP_E_TIMEOUT, "", "", false},
    {CILP_NOT_SENT, CILP_E_CONFIG, "", "", true},
    {CILP_NOT_SENT, CILP_E_CREDS, "", "", true},
    {CILP_NOT_SENT, CILP_E_CRYPTO, "", "", true},
    {CILP_NOT_SENT, CILP_E_CERT, "", "", true},
    {CILP_NOT_SENT, CILP_E_PROXY, "", "", true},
};

static void what_every_further_image_would_meet_ends_the_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct cilp_result r = {.outcome = ends[i].outcome,
                                .err = ends[i].err,
                                .attempts = 1,
                                .keys = 1};

        set_up(NULL);
        r.means = cilp_code_means(400, ends[i].code, ends[i].message);
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        (void)cilp_errand_next(&e, NULL, true, now);
        assert_int_equal(cilp_errand_next(&e, &r, true, now), CILP_ERRAND_DONE);
        if ((e.over == CILP_ERRAND_HOPELESS) != ends[i].is_over)
            fail_msg("row %zu: %s", i, ends[i].code);
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        assert_int_equal(cilp_errand_next(&e, NULL, false, now),
                         ends[i].is_over ? CILP_ERRAND_DONE
                                         : CILP_ERRAND_CANCEL);
    }
}

static void after_a_throttle_it_goes_slowly(void **state)
{
    struct cilp_result r = {
        .outcome = CILP_CANCELLED, .attempts = 2, .throttled = true};

    (void)state;
    now.mono_ms = UINT32_MAX - 20; /* time may wrap */
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, true, now), CILP_ERRAND_CANCEL);
    assert_int_equal(cilp_errand_next(&e, &r, true, now), CILP_ERRAND_DONE);
    now.mono_ms += 50;
    r.throttled = false;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, false, now), CILP_ERRAND_WAIT);
    assert_int_equal(e.wait_ms, 150);
    now.mono_ms += 149;
    assert_int_equal(cilp_errand_next(&e, NULL, false, now), CILP_ERRAND_WAIT);
    assert_int_equal(e.wait_ms, 1);
    now.mono_ms += 1;
    assert_int_equal(cilp_errand_next(&e, NULL, false, now),
                     CILP_ERRAND_CANCEL);
    assert_int_equal(cilp_errand_next(&e, &r, false, now), CILP_ERRAND_DONE);
    /* questions need no patience */
    cilp_errand_begin(&e, CILP_ERRAND_TO_EXPLAIN, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, false, now),
                     CILP_ERRAND_CANCEL);
    assert_int_equal(cilp_errand_next(&e, NULL, false, now), CILP_ERRAND_DONE);
    /* and one call that went well is no leave to hurry */
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, false, now), CILP_ERRAND_WAIT);
}

/* ---- The request of each step ------------------------------------------------ */

/* As a board has it ready, with another step's in it. */
static struct cilp_request request(void)
{
    struct cilp_request req = {.flow = &cilp_list,
                               .image_id = "ami-other",
                               .dry_run = true,
                               .keys = 77,
                               .connect_ms = 9000};

    cilp_errand_request(&e, &req);
    return req;
}

static void every_step_has_its_request(void **state)
{
    static const struct move who = WHO(ME), cancel = CANCEL(CILP_PERMITTED),
                             look = LOOK(PUBLIC);
    struct cilp_request req;

    (void)state;
    e.account = ME;
    cilp_errand_begin(&e, CILP_ERRAND_TO_EXPLAIN, ID);
    (void)cilp_errand_next(&e, NULL, true, now);
    req = request();
    assert_true(req.flow == &cilp_identity && req.memory == &e.me);
    assert_true(req.keys == 0 && !req.dry_run && req.attempts == 0);
    assert_int_equal(req.connect_ms, 9000);
    (void)cilp_errand_next(&e, answer(&who), true, now);
    req = request();
    assert_true(req.flow == &cilp_cancel && req.dry_run && req.keys == 1);
    assert_string_equal(req.image_id, ID);
    (void)cilp_errand_next(&e, answer(&cancel), true, now);
    req = request();
    assert_true(req.flow == &cilp_look && req.memory == &e.look);
    assert_true(req.keys == 1 && !req.dry_run);
    (void)cilp_errand_next(&e, answer(&look), true, now);
    req = request();
    assert_true(req.flow == &cilp_look_shared && req.memory == &e.look);
    assert_int_equal(req.keys, 1);
}

static void a_dry_run_is_a_wish_of_the_cancel_alone(void **state)
{
    (void)state;
    for (int dry = 0; dry < 2; dry++) {
        set_up(NULL);
        e.dry_run = dry;
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        (void)cilp_errand_next(&e, NULL, true, now);
        assert_true(request().dry_run == dry && request().keys == 0);
    }
}

static void keys_are_named_once_it_is_known_whose_they_are(void **state)
{
    static const struct move known[] = {WHO(ME), CANCEL(CILP_CANCELLED), {0}};

    (void)state;
    e.account = ME;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    walk("first", known, true);
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, false, now),
                     CILP_ERRAND_CANCEL);
    assert_int_equal(request().keys, 1);
}

static void what_would_merely_be_good_to_know_is_not_waited_for(void **state)
{
    static const struct {
        uint32_t connect_ms, deadline_ms, connect, deadline;
    } table[] = {{0, 0, 3000, 5000},
                 {3000, 5000, 3000, 5000},
                 {100, 200, 100, 200},
                 {10000, 60000, 3000, 5000}};
    static const struct move moves[] = {NOTFOUND, LOOK(PRIVATE)};

    (void)state;
    e.explains = true;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    (void)cilp_errand_next(&e, NULL, true, now);
    (void)cilp_errand_next(&e, answer(&moves[0]), true, now);
    assert_int_equal(cilp_errand_next(&e, answer(&moves[1]), true, now),
                     CILP_ERRAND_WHO);
    for (size_t i = 0; i < COUNT(table); i++) {
        struct cilp_request req = {.connect_ms = table[i].connect_ms,
                                   .deadline_ms = table[i].deadline_ms};

        cilp_errand_request(&e, &req);
        assert_int_equal(req.attempts, 1);
        assert_int_equal(req.connect_ms, table[i].connect);
        assert_int_equal(req.deadline_ms, table[i].deadline);
    }
}

/* Keys that are about to go are asked about by name; those that come are nobody's
 * until it was asked whose they are. */
static void keys_that_come_have_no_name_yet(void **state)
{
    static const struct move first[] = {CANCEL_BY(1), {0}};
    static const struct move old = WHO_BY(1, ME), new = WHO_BY(2, ME);

    (void)state;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    walk("first", first, true);
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, true, now), CILP_ERRAND_WHO);
    assert_int_equal(request().keys, 1);
    assert_int_equal(cilp_errand_next(&e, answer(&old), true, now),
                     CILP_ERRAND_WHO);
    assert_int_equal(request().keys, 0);
    assert_int_equal(cilp_errand_next(&e, answer(&new), true, now),
                     CILP_ERRAND_CANCEL);
    assert_int_equal(request().keys, 2);
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    assert_int_equal(cilp_errand_next(&e, NULL, true, now), CILP_ERRAND_WHO);
    assert_int_equal(request().keys, 0);
}

/* Nothing is known of keys about which the answer did not come. */
static void what_was_asked_in_vain_is_not_known(void **state)
{
    static const struct move vain[] = {NOBODY, {0}}, good[] = {WHO(ME), {0}};
    struct cilp_result r = {.keys = 1};

    (void)state;
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, ID);
    walk("nobody", vain, true);
    assert_false(cilp_errand_knows(&e, &r));
    set_up(NULL);
    cilp_errand_begin(&e, CILP_ERRAND_TO_KNOW, ID);
    walk("me", good, true);
    assert_true(cilp_errand_knows(&e, &r));
    r.keys = 2;
    assert_false(cilp_errand_knows(&e, &r));
}

/* ---- From look to look, from image to image --------------------------------- */

/* Whatever came before the cancel: after a pause there is a look, no other
 * cancel. And the next image has as many looks. */
static void what_is_still_seen_is_looked_at_again(void **state)
{
    static const struct move first[] = {WHO(ME),       CANCEL(CILP_CANCELLED),
                                        LOOK(PRIVATE), WAIT,
                                        LOOK(PRIVATE), WAIT,
                                        LOOK(PRIVATE), {0}};

    (void)state;
    e.account = ME;
    e.verifies = true;
    for (int i = 0; i < 2; i++) {
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        assert_int_equal(e.verdict, CILP_VERDICT_NONE);
        assert_int_equal(e.sight, CILP_SIGHT_UNKNOWN);
        assert_int_equal(e.looks, 0);
        walk("still seen", first + i, i == 0);
        assert_int_equal(e.verdict, CILP_VERDICT_STILL_SHARED);
        assert_int_equal(e.looks, 3);
    }
}

/* What an earlier look saw may be so no more. */
static void a_look_that_fails_tells_nothing(void **state)
{
    static const struct move left[] = {
        CANCEL(CILP_CANCELLED), LOOK(PRIVATE), WAIT, BROKEN, {0}};
    static const struct move shared[] = {
        CANCEL(CILP_PERMITTED),
        LOOK(PUBLIC),
        WHO(ME),
        {CILP_ERRAND_LOOK_SHARED, CILP_NOT_SENT, NULL, NOT_FOUND, 0},
        {0}};

    (void)state;
    e.verifies = true;
    cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
    walk("left", left, true);
    assert_int_equal(e.sight, CILP_SIGHT_UNKNOWN);
    assert_int_equal(e.verdict, CILP_VERDICT_UNCHECKED);
    set_up(NULL);
    cilp_errand_begin(&e, CILP_ERRAND_TO_EXPLAIN, ID);
    walk("shared", shared, true);
    assert_int_equal(e.sight, CILP_SIGHT_UNKNOWN);
    assert_int_equal(e.verdict, CILP_VERDICT_PUBLIC_OR_SHARED);
}

/* A clear no, and nothing else, is the answer for all images. */
static void looks_that_are_not_allowed_are_made_once(void **state)
{
    static const struct {
        const char *row;
        struct move look;
        bool denied;
    } answers[] = {
        {"no", DENIED, true},
        {"throttled",
         {CILP_ERRAND_LOOK, CILP_REFUSED, "RequestLimitExceeded", 0, 0},
         false},
        {"no keys",
         {CILP_ERRAND_LOOK, CILP_NOT_SENT, "UnauthorizedOperation", 0, 0},
         false},
        {"nothing", BROKEN, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct move first[] = {
            CANCEL(CILP_CANCELLED), answers[i].look, {0}};
        const struct move cancel = CANCEL(CILP_CANCELLED);

        set_up(NULL);
        e.verifies = true;
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        walk(answers[i].row, first, true);
        CHECK_ROW(answers[i].row, e.denied == answers[i].denied);
        cilp_errand_begin(&e, CILP_ERRAND_TO_CANCEL, ID);
        (void)cilp_errand_next(&e, NULL, false, now);
        CHECK_ROW(
            answers[i].row,
            cilp_errand_next(&e, answer(&cancel), false, now) ==
                (answers[i].denied ? CILP_ERRAND_DONE : CILP_ERRAND_LOOK));
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, set_up)
    const struct CMUnitTest tests[] = {
        T(every_answer_has_its_next_step),
        T(looks_are_at_0_1_and_3_seconds),
        T(keys_that_are_renewed_are_asked_whose_they_are),
        T(the_looks_of_a_run_are_guarded_like_its_writes),
        T(whose_keys_are_can_be_all_that_is_asked),
        T(keys_that_nobody_asked_about_are_asked_about),
        T(an_image_in_use_is_not_cancelled),
        T(after_a_throttled_question_it_goes_slowly),
        T(what_may_not_be_asked_is_asked_once),
        T(the_question_has_its_request),
        T(what_every_further_image_would_meet_ends_the_run),
        T(after_a_throttle_it_goes_slowly),
        T(every_step_has_its_request),
        T(a_dry_run_is_a_wish_of_the_cancel_alone),
        T(keys_are_named_once_it_is_known_whose_they_are),
        T(what_would_merely_be_good_to_know_is_not_waited_for),
        T(keys_that_come_have_no_name_yet),
        T(what_was_asked_in_vain_is_not_known),
        T(what_is_still_seen_is_looked_at_again),
        T(a_look_that_fails_tells_nothing),
        T(looks_that_are_not_allowed_are_made_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
