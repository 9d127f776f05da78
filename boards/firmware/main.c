/*
 * main.c - a superloop with two duties: a blinking light, and the call.
 *
 * The second keeps the first waiting for no longer than a computation takes that
 * allocates nothing; how long that was is said at the end.
 */
#include <string.h>

#include "boards/firmware/arena_check.h"
#include "boards/firmware/board.h"
#include "boards/firmware/clock.h"
#include "boards/firmware/ethernet.h"
#include "boards/firmware/keys.h"
#include "boards/firmware/net.h"
#include "boards/firmware/report.h"
#include "boards/firmware/say.h"
#include "boards/firmware/settings.h"
#include "boards/firmware/task.h"
#include "boards/firmware/trust.h"
#include "boards/outcome.h"
#include "core/errand.h"
#include "mbedtls/build_info.h"
#include "port/drive.h"
#include "port/lwip/tcp.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/tls.h"

#define BLINK_MS 100
#define LEAVE_MS 500 /* for lwIP's last segments */

static struct settings set;
static struct cilp_op op;
static struct cilp_request req;
static struct cilp_errand errand;
static struct cilp_lwip_tcp tcp;
static struct cilp_tls tls;
static struct cilp_drive drive;
static char why[CILP_STREAM_WHY_MAX];

/* ---- The first duty ----------------------------------------------------- */

static struct {
    uint32_t toggled_ms, toggles;
    uint64_t seen; /* when it last had its turn, in cycles */
    uint64_t gap;  /* the longest it had to wait */
} light;

static void blink(void)
{
    uint64_t now = board_cycles();

    if (light.seen != 0 && now - light.seen > light.gap)
        light.gap = now - light.seen;
    light.seen = now;
    board_kick();
    if (board_ms() - light.toggled_ms < BLINK_MS)
        return;
    light.toggled_ms = board_ms();
    board_light(++light.toggles & 1);
    say(".");
}

/* see port.h: in the middle of a step of the call's. */
void cilp_port_tick(void)
{
    if (!set.deaf)
        blink();
}

/* Everything but the call. */
static void turn(void)
{
    blink();
    net_poll();
}

/* Asleep the loop waits for nobody: the next turn is the first that counts. */
static void rest(void)
{
    task_sleep();
    light.seen = 0;
}

static void turn_and_sleep(void)
{
    turn();
    rest();
}

static bool has_passed(uint32_t since, uint32_t ms)
{
    return board_ms() - since >= ms;
}

static void pause(uint32_t ms)
{
    for (uint32_t since = board_ms(); !has_passed(since, ms);)
        turn_and_sleep();
}

/* ---- The second duty ---------------------------------------------------- */

static void ask_time(void)
{
    uint32_t start = board_ms();

    if (!net_ask_time())
        return; /* core learns it from EC2 */
    while (!clock_is_set() && !has_passed(start, set.time_ms))
        turn_and_sleep();
    if (!clock_is_set())
        say("\nclock: no time server answers; EC2 is asked for the time\n");
}

/* NULL, or what is missing. */
static const char *wait_for_network(void)
{
    uint32_t start = board_ms();

    net_ask_address();
    while (net_missing() && !has_passed(start, set.net_ms))
        turn_and_sleep();
    if (net_missing())
        return net_missing();
    net_set_servers(&set);
    if (!clock_is_set())
        ask_time();
    return NULL;
}

static void carry(void)
{
    while (cilp_drive_lap(&drive) != CILP_DONE) {
        turn();
        if (cilp_drive_idle_ms(&drive) > 0)
            rest();
        else
            task_yield();
    }
}

/* What all requests of a call have in common. NULL, or what is wrong with the
 * keys. */
static const char *ready(void)
{
    req = (struct cilp_request){
        .flow = &cilp_cancel,
        .region = set.region,
        .endpoint = set.endpoint,
        .allow_http = set.allow_http,
        .clock = &cilp_clock_learn,
        .attempts = (uint8_t)set.attempts,
        .connect_ms = set.connect_ms,
        .read_ms = set.read_ms,
        .deadline_ms = set.deadline_ms,
    };
    cilp_errand_init(&errand);
    errand.dry_run = set.dry_run;
    errand.explains = set.explain;
    errand.verifies = set.verify;
    errand.account = set.account;
    cilp_errand_begin(&errand, CILP_ERRAND_TO_CANCEL, set.image);
    return keys_choose(&set, &req);
}

/* One step of the errand, which has its own limits for some. */
static const struct cilp_result *run_step(void)
{
    static struct cilp_request step;
    const struct cilp_result *r = cilp_result(&op);

    step = req;
    cilp_errand_request(&errand, &step);
    if (!cilp_port_entropy(step.random, sizeof step.random))
        board_panic("no random bytes");
    why[0] = '\0';
    cilp_start(&op, &step, cilp_port_now());
    keys_wipe();
    carry();
    /* A clock that makes certificates look wrong may be wrong itself: the next
     * call asks for the time again. */
    if (r->err == CILP_E_CERT)
        clock_forget();
    return r;
}

/* Everything must have been given back. */
static void check_clean(void)
{
    uint32_t since = board_ms();
    size_t used = arena_used();
    bool is_empty;

    while (net_connections() > 0 && !has_passed(since, LEAVE_MS))
        turn_and_sleep();
    arena_hold(0);
    is_empty = arena_is_empty(); /* takes memory, so that the light may blink */
    say("after: stream ");
    say(cilp_lwip_tcp_is_closed(&tcp) ? "closed" : "OPEN");
    say(", connections ");
    say_uint(net_connections());
    say(", arena ");
    say(is_empty ? "empty" : "NOT EMPTY");
    say(", used ");
    say_uint((uint32_t)used);
    say(" of ");
    say_uint(CILP_TLS_ARENA);
    say("\n");
}

static void say_end(int status, uint32_t attempts, uint32_t since)
{
    say(" [status ");
    say_uint((uint32_t)status);
    say(", ");
    say_uint(attempts);
    say(" attempts, ");
    say_uint(board_ms() - since);
    say(" ms]\n");
}

/* The outcome is told at once: what may follow changes nothing of it. */
static int say_outcome(const struct cilp_result *r, uint32_t since)
{
    int status = (int)outcome_code(r);

    report_say(r, why);
    say_end(status, r->attempts, since);
    return status;
}

/* It did not come to a cancel. */
static int say_over(const struct cilp_result *last, uint32_t since)
{
    if (errand.over == CILP_ERRAND_NO_ACCOUNT)
        return say_outcome(last, since);
    say("not-sent: these keys belong to account ");
    say(errand.me.account);
    say_end(EXIT_CONFIG, 0, since);
    return EXIT_CONFIG;
}

static void say_verdict(void)
{
    if (errand.verdict == CILP_VERDICT_NONE)
        return;
    say("\nverdict: ");
    say(cilp_verdict_word(errand.verdict));
    say(": ");
    say(cilp_verdict_text(errand.verdict));
    say("\n");
}

/* The cancel, and whatever is wished for beside it. */
static int run(uint32_t since)
{
    const struct cilp_result *last = NULL, *said = NULL;
    int status = EXIT_NETWORK;
    enum cilp_errand_step step;

    for (;;) {
        bool wants = cilp_wants_keys(&op, &req, cilp_port_now());

        step = cilp_errand_next(&errand, last, wants, cilp_port_now());
        if (step == CILP_ERRAND_DONE)
            break;
        last = NULL;
        if (step == CILP_ERRAND_WAIT) {
            pause(errand.wait_ms);
            continue;
        }
        last = run_step();
        if (step == CILP_ERRAND_CANCEL) {
            status = say_outcome(last, since);
            said = last;
        }
    }
    if (!said)
        return say_over(cilp_result(&op), since);
    say_verdict();
    return status;
}

static int call(uint32_t since)
{
    const char *missing = wait_for_network();
    int status = EXIT_NETWORK;

    if (!missing) {
        missing = ready();
        status = EXIT_CONFIG;
    }
    if (!missing)
        return run(since);
    say("not-sent: ");
    say(missing);
    say_end(status, 0, since);
    return status;
}

static int one_call(uint32_t number)
{
    uint32_t since = board_ms();
    int status;

    cilp_init(&op, sizeof op);
    say("\ncall ");
    say_uint(number);
    say(": ");
    status = call(since);
    cilp_end(&op);
    carry();
    check_clean();
    return status;
}

/* ---- Together ----------------------------------------------------------- */

static bool prepare(void)
{
    struct cilp_trust *trust = board_trust(set.anchor);

    if (!trust) {
        say("anchor=FILE cannot be read, or this image takes none\n");
        return false;
    }
    if (!net_start(&set)) {
        say("no ");
        say(board_ethernet_name);
        say("\n");
        return false;
    }
    cilp_arena_use_lock(task_lock());
    if (!cilp_arena_start())
        board_panic("the cryptography does not start");
    arena_watch();
    cilp_lwip_tcp_init(&tcp);
    cilp_tls_init(&tls, &tcp.s, trust);
    tcp.s.why = why; /* without TLS: keys from instance metadata */
    tls.stream.why = why;
    drive = (struct cilp_drive){&op, &tcp.s, &tls.stream, NULL};
    return true;
}

static void watch(void)
{
    if (set.watchdog_ms > BOARD_WATCHDOG_MAX)
        board_panic("watchdog-ms=N is more than there is");
    if (set.watchdog_ms)
        board_watchdog(set.watchdog_ms);
}

static void say_figures(void)
{
    say("stack: ");
    say_uint((uint32_t)board_stack_used());
    say(" of ");
    say_uint((uint32_t)board_stack_size());
    say("\nlight: ");
    say_uint(light.toggles);
    say(" blinks, longest gap ");
    say_uint(board_us(light.gap));
    say(" us\n");
}

static void say_roots(void)
{
    if (board_trust_place) {
        say(board_trust_place);
        return;
    }
    say(cilp_trust_roots_date);
    say(" until ");
    say(cilp_trust_roots_until);
}

int main(void)
{
    int status = 0;

    say("cilp " CILP_VERSION ", mbedTLS/" MBEDTLS_VERSION_STRING ", roots/");
    say_roots();
    say(", random bytes from ");
    say(board_entropy_name);
    say("\n");
    if (!settings_read(&set) || !prepare())
        return EXIT_USAGE;
    watch();
    for (uint32_t i = 1; i <= set.calls; i++) {
        if (i == 1 && !arena_hold(set.hold))
            board_panic("hold=N is more than there is");
        status = outcome_worse(status, one_call(i));
        pause(i < set.calls ? set.pause_ms : 0);
    }
    say_figures();
    return status;
}
