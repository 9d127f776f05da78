/* A command: its words, what it prints, how it ends. */
#include "tests/unit/rows.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "port/posix/process.h"

static char out[4096];
static struct cilp_process p;

static bool run(const char *command, size_t cap, uint32_t deadline_ms)
{
    memset(&p, 0, sizeof p);
    p.out = out;
    p.cap = cap;
    return cilp_process_run(&p, command, deadline_ms);
}

static void words_are_a_shells(void **state)
{
    static const struct {
        const char *command, *words; /* each in <> */
    } rows[] = {
        {"a", "<a>"},
        {" a\tb\r\n c ", "<a><b><c>"},
        {"'a b' \"c d\"e", "<a b><c de>"},
        {"a'b'\"c\"\\ d", "<abc d>"},
        {"'' \"\"", "<><>"},
        {"'a\\b' \"a\\b\\\"\\\\c\"", "<a\\b><a\\b\"\\c>"},
        {"a\\'b \\\\ \\\"", "<a'b><\\><\">"},
        {"\"it's\" '\"'", "<it's><\">"},
        {"$HOME `x` * ; | ~", "<$HOME><`x`><*><;><|><~>"},
        {"a#b", "<a#b>"},
    };
    static const char *const bad[] = {"",    " \t",   "'a",      "\"a",
                                      "a\\", "\"a\\", "\"a\\\"", "a ''' b"};
    char *words[CILP_PROCESS_WORDS_MAX + 1], text[64], got[64];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n =
            cilp_process_split(rows[i].command, text, sizeof text, words);

        got[0] = '\0';
        for (size_t w = 0; w < n; w++)
            sprintf(got + strlen(got), "<%s>", words[w]);
        assert_string_equal(got, rows[i].words);
        assert_null(words[n]);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_ROW(bad[i],
                  cilp_process_split(bad[i], text, sizeof text, words) == 0);
}

static void words_have_limits(void **state)
{
    char *words[CILP_PROCESS_WORDS_MAX + 1],
        text[2 * CILP_PROCESS_WORDS_MAX + 4];

    (void)state;
    for (size_t i = 0; i <= CILP_PROCESS_WORDS_MAX; i++)
        memcpy(text + 2 * i, "a ", 3);
    assert_int_equal(cilp_process_split(text, out, sizeof out, words), 0);
    text[2 * CILP_PROCESS_WORDS_MAX] = '\0';
    assert_int_equal(cilp_process_split(text, out, sizeof out, words),
                     CILP_PROCESS_WORDS_MAX);
    assert_int_equal(cilp_process_split("abc d", guarded(NULL, 6), 6, words),
                     2);
    assert_int_equal(cilp_process_split("abc d", guarded(NULL, 5), 5, words),
                     0);
    assert_int_equal(cilp_process_split("abc d", guarded(NULL, 3), 3, words),
                     0);
    assert_int_equal(cilp_process_split("abc", guarded(NULL, 3), 3, words), 0);
    assert_int_equal(cilp_process_split("abcd", guarded(NULL, 3), 3, words), 0);
}

static void output_and_errors_are_told_apart(void **state)
{
    (void)state;
    assert_true(run("sh -c 'printf abc; printf def >&2'", 99, 5000));
    assert_int_equal(p.len, 3);
    assert_memory_equal(out, "abc", 3);
    assert_string_equal(p.err, "def");
    assert_string_equal(p.why, "");
    assert_true(run("sh -c 'cat; test $# = 1' x y", 90, 5000));
    assert_int_equal(p.len, 0);
    assert_false(
        run("sh -c 'printf abcdefghijklmnopqrstuvwxyz1234567890'", 20, 5000));
    assert_string_equal(p.why, "is no command: quotes come in pairs, and words"
                               " are 64 at most");
    assert_true(run("head -c 40 /dev/zero", 40, 5000));
    assert_int_equal(p.len, 40);
    assert_false(run("head -c 41 /dev/zero", 40, 5000));
    assert_string_equal(p.why, "printed too much");
    assert_false(run("cat /dev/zero", 40, 5000));
    assert_string_equal(p.why, "printed too much");
    /* errors beyond their room do not hold it up */
    assert_true(
        run("sh -c 'head -c 300000 /dev/zero | tr \\\\0 e >&2'", 90, 5000));
    assert_int_equal(strlen(p.err), sizeof p.err - 1);
}

static void what_it_said_is_wiped(void **state)
{
    static const char none[sizeof p.err];

    (void)state;
    assert_true(run("sh -c 'printf HUSHHUSH >&2'", 99, 5000));
    assert_string_equal(p.err, "HUSHHUSH");
    memset(p.err, 'x', sizeof p.err);
    assert_true(cilp_process_run(&p, "sh -c 'printf a >&2'", 5000));
    assert_string_equal(p.err, "a");
    assert_memory_equal(p.err + 1, none, sizeof none - 1);
}

static void its_end_is_told_in_words(void **state)
{
    (void)state;
    assert_false(run("sh -c 'echo no >&2; exit 3'", 90, 5000));
    assert_string_equal(p.why, "ended with exit status 3");
    assert_string_equal(p.err, "no\n");
    assert_false(run("sh -c 'kill -9 $$'", 90, 5000));
    assert_string_equal(p.why, "was ended by a signal, number 9");
    assert_false(run("/nonexistent/x y", 90, 5000));
    assert_string_equal(p.why, "cannot be started: there is no such file:"
                               " /nonexistent/x");
    assert_false(run("PASSWORD=HUSH x", 90, 5000));
    assert_string_equal(p.why, "cannot be started: there is no such file:"
                               " PASSWORD");
    assert_false(run("/dev/null", 90, 5000));
    assert_string_equal(p.why, "cannot be started: it may not be executed:"
                               " /dev/null");
}

static void it_is_killed_at_the_deadline(void **state)
{
    (void)state;
    assert_false(run("sleep 30", 90, 50));
    assert_string_equal(p.why, "took too long");
    /* nor does one that has closed its pipes go on */
    assert_false(run("sh -c 'exec >&- 2>&-; exec sleep 30'", 90, 200));
    assert_string_equal(p.why, "took too long");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* What it has started, and left on its output, is not waited for; what it has
 * said is whole. */
static void a_daemon_is_not_waited_for(void **state)
{
    uint32_t from = cilp_port_now().mono_ms;

    (void)state;
    assert_true(run("sh -c 'sleep 30 & printf abc'", 90, 20000));
    assert_int_equal(p.len, 3);
    assert_memory_equal(out, "abc", 3);
    assert_true(run("sh -c 'sleep 30 >&2 & head -c 80 /dev/zero'", 90, 20000));
    assert_int_equal(p.len, 80);
    assert_false(run("sh -c 'sleep 30 & exit 4'", 90, 20000));
    assert_string_equal(p.why, "ended with exit status 4");
    assert_true(cilp_port_now().mono_ms - from < 10000);
    /* nor does one that goes on talking hold it beyond the deadline; where it
     * pauses for breath, the machine having other work, that is the end */
    from = cilp_port_now().mono_ms;
    if (!run("sh -c 'while echo >&2; do :; done & exit'", sizeof out, 1000))
        assert_string_equal(p.why, "took too long");
    assert_true(cilp_port_now().mono_ms - from < 10000);
}

static void nothing(int number)
{
    (void)number;
}

static void a_signal_ends_it_if_it_may(void **state)
{
    const struct itimerval soon = {{0, 0}, {0, 30000}};
    sigset_t all, alarm;

    (void)state;
    signal(SIGALRM, nothing);
    sigemptyset(&all);
    /* it comes while the run waits, and at no other time */
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm, NULL);
    memset(&p, 0, sizeof p);
    p.out = out;
    p.cap = 90;
    p.mask = &all;
    setitimer(ITIMER_REAL, &soon, NULL);
    assert_false(cilp_process_run(&p, "sleep 30", 5000));
    assert_string_equal(p.why, "was stopped");
    sigprocmask(SIG_UNBLOCK, &alarm, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    assert_true(run("sleep 0.1", 90, 5000));
    /* and an end of which nobody is told is seen */
    signal(SIGCHLD, SIG_IGN);
    assert_false(run("false", 90, 5000));
    assert_string_equal(p.why, "ended with exit status 1");
    assert_true(signal(SIGCHLD, SIG_DFL) == SIG_IGN);
}

static size_t count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t n = 0;

    assert_non_null(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static void no_descriptor_leaks(void **state)
{
    size_t before = count_descriptors();

    (void)state;
    for (int fd = 3; fd < 1024; fd++) /* what the test itself was given */
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    assert_true(run("ls /proc/self/fd", 90, 5000));
    /* the last one is the folder itself */
    assert_int_equal(p.len, 8);
    assert_memory_equal(out, "0\n1\n2\n3\n", 8);
    assert_false(run("/nonexistent", 90, 5000));
    assert_int_equal(count_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_a_shells),
        cmocka_unit_test(words_have_limits),
        cmocka_unit_test(output_and_errors_are_told_apart),
        cmocka_unit_test(what_it_said_is_wiped),
        cmocka_unit_test(its_end_is_told_in_words),
        cmocka_unit_test(it_is_killed_at_the_deadline),
        cmocka_unit_test(a_daemon_is_not_waited_for),
        cmocka_unit_test(a_signal_ends_it_if_it_may),
        cmocka_unit_test(no_descriptor_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
