#include "port/posix/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port/why.h"

/* ---- Words -------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Of a quotation that begins, or of the one that is open. */
static bool is_mark(char c, char quote)
{
    return quote ? c == quote : c == '\'' || c == '"';
}

/* A backslash escapes anything outside of quotes, and the two marks that would
 * need it within "; within ' it is a character. */
static bool is_escape(const char *s, char quote)
{
    return *s == '\\' &&
           (!quote || (quote == '"' && (s[1] == '"' || s[1] == '\\')));
}

/* Append c, if a NUL has room behind it. */
static bool put(char **to, const char *end, char c)
{
    if (*to + 1 >= end)
        return false;
    *(*to)++ = c;
    return true;
}

static bool is_inside(char c, char quote)
{
    return c && (quote || !is_blank(c));
}

/* The end of the word at s, NULL if it has none; its text to *to. */
static const char *split_word(const char *s, char **to, const char *end)
{
    char quote = '\0';

    for (; is_inside(*s, quote); s++) {
        if (is_mark(*s, quote)) {
            quote = quote ? '\0' : *s;
            continue;
        }
        if (is_escape(s, quote))
            s++;
        if (!*s || !put(to, end, *s))
            return NULL;
    }
    if (quote || *to >= end)
        return NULL;
    *(*to)++ = '\0';
    return s;
}

/* see process.h */
size_t cilp_process_split(const char *s, char *text, size_t cap,
                          char *words[CILP_PROCESS_WORDS_MAX + 1])
{
    const char *end = text + cap;
    size_t n = 0;

    for (;;) {
        while (is_blank(*s))
            s++;
        words[n] = NULL;
        if (!*s)
            return n;
        if (n == CILP_PROCESS_WORDS_MAX)
            return 0;
        words[n++] = text;
        s = split_word(s, &text, end);
        if (!s)
            return 0;
    }
}

/* ---- The program ---------------------------------------------------------- */

/* The file NAME in the folder dir[0..n), which is this one if n is 0. */
static bool is_in(const char *dir, size_t n, const char *name)
{
    char path[1024];

    if (n + strlen(name) + 2 > sizeof path)
        return false;
    memcpy(path, dir, n);
    if (n > 0)
        path[n++] = '/';
    strcpy(path + n, name);
    return access(path, F_OK) == 0;
}

/* see process.h: without a PATH, musl's execvp() looks at three folders */
bool cilp_process_is_there(const char *word)
{
    const char *path = getenv("PATH");
    bool found = false;

    if (strchr(word, '/'))
        return access(word, F_OK) == 0;
    if (!path)
        path = "/usr/local/bin:/bin:/usr/bin";
    for (size_t n; !found; path += n + 1) {
        n = strcspn(path, ":");
        found = is_in(path, n, word);
        if (!path[n])
            break;
    }
    return found;
}

/* ---- The child ---------------------------------------------------------- */

/* was, if not NULL: what it did before. */
static void set_default(int number, struct sigaction *was)
{
    struct sigaction usual;

    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    sigaction(number, &usual, was);
}

/* In the child, which shares our memory until it becomes the command: only
 * system calls, and *failed. */
static void become(char **words, const int fds[3], volatile int *failed)
{
    sigset_t none;

    sigemptyset(&none);
    set_default(SIGPIPE, NULL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int i = 0; i < 3; i++)
        dup2(fds[i], i); /* without the O_CLOEXEC */
    execvp(words[0], words);
    *failed = errno;
    _exit(127);
}

static const char no_file[] = "cannot be started: there is no such file";
static const char no_program[] = "cannot be started: it may not be executed";

/* What is wrong, or NULL. readers: of its output, of its errors. */
static const char *begin(char **words, int readers[2], pid_t *pid)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1},
        null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    volatile int failed = 0;

    *pid = null >= 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0
               ? vfork()
               : -1;
    if (*pid == 0)
        become(words, (const int[]){null, out[1], err[1]}, &failed);
    close(null);
    close(out[1]);
    close(err[1]);
    readers[0] = out[0];
    readers[1] = err[0];
    if (*pid < 0)
        return "cannot be started: no process or descriptor is left";
    if (!failed)
        return NULL;
    waitpid(*pid, NULL, 0);
    return failed == ENOENT ? no_file : no_program;
}

/* ---- Its output --------------------------------------------------------- */

struct sink {
    char *to;
    size_t cap, len; /* what is too much is counted, and dropped */
};

/* Some more bytes: false at the end of the pipe. */
static bool read_more(int fd, struct sink *s)
{
    char rest[256];
    bool fits = s->len < s->cap;
    ssize_t n = read(fd, fits ? s->to + s->len : rest,
                     fits ? s->cap - s->len : sizeof rest);

    if (n < 0)
        return errno == EINTR;
    s->len += (size_t)n;
    return n > 0;
}

static uint32_t left(uint32_t from, uint32_t deadline_ms)
{
    uint32_t passed = cilp_port_now().mono_ms - from;

    return passed < deadline_ms ? deadline_ms - passed : 0;
}

/* Looks for its end, when its output does not tell: a daemon may have it. */
#define LAP_MS 50
/* The same, when it has closed its output and is about to end. */
#define ENDING_MS 5
/* Silence on the output of one that has ended: nothing more is waited for. */
#define QUIET_MS 100

/* For at most `ms`: how many pipes have something; -1: a signal came that ends
 * the run. */
static int wait_for(struct pollfd fds[2], uint32_t ms, const sigset_t *mask)
{
    struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    int n = ppoll(fds, 2, &t, mask);

    return n < 0 && (errno != EINTR || !mask) ? 0 : n;
}

static void read_pipes(struct sink sinks[2], struct pollfd fds[2])
{
    for (int i = 0; i < 2; i++)
        if (fds[i].revents && !read_more(fds[i].fd, &sinks[i]))
            fds[i].fd = -1;
}

/* *pid is 0 when it has ended, and been waited for. */
static bool has_ended(pid_t *pid, int *status)
{
    if (*pid && waitpid(*pid, status, WNOHANG) != 0)
        *pid = 0;
    return *pid == 0;
}

/* How long to wait for its output before the next look. */
static uint32_t lap_ms(bool gone, const struct pollfd fds[2], uint32_t left_ms)
{
    bool closed = fds[0].fd < 0 && fds[1].fd < 0;
    uint32_t ms = gone ? QUIET_MS : closed ? ENDING_MS : LAP_MS;

    if (gone && closed)
        return 0;
    return ms < left_ms ? ms : left_ms;
}

/* Read both pipes until it has ended and they are at their ends, or quiet: some
 * helper leaves a daemon behind that holds them. What is wrong, or NULL. */
static const char *watch(struct sink sinks[2], struct pollfd fds[2], pid_t *pid,
                         int *status, uint32_t end_ms, const sigset_t *mask)
{
    uint32_t from = cilp_port_now().mono_ms;

    for (;;) {
        bool gone = has_ended(pid, status);
        int n = wait_for(fds, lap_ms(gone, fds, left(from, end_ms)), mask);

        if (n == 0 && gone)
            return NULL;
        if (n < 0)
            return "was stopped";
        read_pipes(sinks, fds);
        if (sinks[0].len > sinks[0].cap)
            return "printed too much";
        if (!left(from, end_ms))
            return "took too long";
    }
}

static const char *run(struct cilp_process *p, char **words, uint32_t end_ms,
                       int *status)
{
    struct sink sinks[2] = {{p->out, p->cap, 0},
                            {p->err, sizeof p->err - 1, 0}};
    int readers[2];
    pid_t pid;
    const char *fault = begin(words, readers, &pid);

    if (!fault) {
        struct pollfd fds[2] = {{readers[0], POLLIN, 0},
                                {readers[1], POLLIN, 0}};

        fault = watch(sinks, fds, &pid, status, end_ms, p->mask);
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
        }
        p->len = sinks[0].len;
        p->err[sinks[1].len < sinks[1].cap ? sinks[1].len : sinks[1].cap] =
            '\0';
    }
    close(readers[0]);
    close(readers[1]);
    return fault;
}

/* The file's name; of NAME=VALUE, which a shell would take, no value. */
static void add_file(char *why, char *word)
{
    word[strcspn(word, "=")] = '\0';
    cilp_why_add(why, ": ");
    cilp_why_add(why, word);
}

/* What was wrong, or how it ended. */
static void explain(char *why, const char *fault, char *word, int status)
{
    if (!fault)
        fault = WIFSIGNALED(status) ? "was ended by a signal, number "
                                    : "ended with exit status ";
    cilp_why_add(why, fault);
    if (fault == no_file || fault == no_program)
        add_file(why, word);
    else if (status)
        cilp_why_add_uint(why, (uint32_t)(WIFSIGNALED(status)
                                              ? WTERMSIG(status)
                                              : WEXITSTATUS(status)));
}

/* see process.h */
bool cilp_process_run(struct cilp_process *p, const char *command,
                      uint32_t deadline_ms)
{
    char *words[CILP_PROCESS_WORDS_MAX + 1];
    struct sigaction on_child;
    int status = 0;
    const char *fault;

    words[0] = NULL;
    p->len = 0;
    explicit_bzero(p->err, sizeof p->err);
    /* ignored, it would leave no child to wait for */
    set_default(SIGCHLD, &on_child);
    fault = cilp_process_split(command, p->out, p->cap, words) > 0
                ? run(p, words, deadline_ms, &status)
                : "is no command: quotes come in pairs, and words are 64 at"
                  " most";
    sigaction(SIGCHLD, &on_child, NULL);
    cilp_why_clear(p->why);
    if (!fault && !status)
        return true;
    explain(p->why, fault, words[0], status);
    return false;
}
