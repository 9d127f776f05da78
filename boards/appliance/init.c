/*
 * init.c - process 1 of the appliance: mounts, drivers, an address; runs the
 * program once, says how it ended, and ends the machine. Whatever happens, it
 * ends before the deadline.
 *
 * Needs no shell and starts none. The program runs as a user without rights,
 * sees no /proc, and cannot write but to /run.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "boards/appliance/job.h"
#include "boards/appliance/network.h"
#include "boards/outcome.h"

#define USER        65532 /* nobody's; owns nothing */
#define FILE_MAX    65536 /* a session token of 4 KB, a web token by file */
#define KERNEL_MAX  4096  /* COMMAND_LINE_SIZE is 2,048 on x86 */
#define MODULES_MAX 4096
#define DAY_S       86400
#define END_GRACE_S 5 /* from SIGTERM to SIGKILL */
#define POLL_MS     20

static struct job job;
static char file_text[FILE_MAX], kernel_text[KERNEL_MAX];

/* ---- Saying and ending ------------------------------------------------- */

static void say(const char *a, const char *b, const char *c)
{
    char line[256];
    int n = snprintf(line, sizeof line, "appliance: %s%s%s\n", a, b, c);
    ssize_t put;

    /* A console that cannot be written has no reader to tell it to. */
    put = write(STDERR_FILENO, line,
                n < (int)sizeof line ? (size_t)n : sizeof line - 1);
    (void)put;
}

/* Process 1 must not return: the kernel would panic. */
static _Noreturn void end_machine(int code)
{
    char number[12];

    (void)snprintf(number, sizeof number, "%d", code);
    say("ended with exit code ", number, "");
    sync();
    /* QEMU exits with twice the byte, plus 1; of 8 bits the lowest 7 arrive. */
    if (job.exit_port && ioperm(job.exit_port, 1, 1) == 0)
        outb((unsigned char)code, (unsigned short)job.exit_port);
    reboot((int)RB_POWER_OFF);
    reboot((int)RB_HALT_SYSTEM);
    for (;;)
        pause();
}

static _Noreturn void give_up(int code, const char *a, const char *b,
                              const char *c)
{
    say(a, b, c);
    end_machine(code);
}

/* ---- Time -------------------------------------------------------------- */

/* Seconds since boot. */
static unsigned uptime_s(void)
{
    struct timespec t = {0, 0};

    clock_gettime(CLOCK_BOOTTIME, &t);
    return (unsigned)t.tv_sec;
}

static void doze(void)
{
    struct timespec t = {0, POLL_MS * 1000000L};

    nanosleep(&t, NULL);
}

/* The battery may be dead and the clock anything. The program learns the time
 * from EC2 if the clock is plainly unset, so that is what it gets: not 0, for
 * the kernel refuses a time before its own start. */
static void unset_clock(void)
{
    struct timespec unset = {DAY_S, 0};

    if (!job.believe_clock && clock_settime(CLOCK_REALTIME, &unset) != 0)
        give_up(EXIT_CONFIG, "the clock cannot be unset: ", strerror(errno),
                "");
}

/* ---- Files ------------------------------------------------------------- */

/* Read a whole text of less than n bytes. -1: there is none, or more. */
static ssize_t read_text(const char *path, char *to, size_t n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t got = -1;

    if (fd < 0)
        return -1;
    while (len < n && (got = read(fd, to + len, n - len)) > 0)
        len += (size_t)got;
    close(fd);
    if (got < 0 || len == n || memchr(to, '\0', len)) {
        errno = EFBIG;
        return -1;
    }
    to[len] = '\0';
    return (ssize_t)len;
}

static void read_job(void)
{
    if (read_text("/etc/cilp/job", file_text, sizeof file_text) < 0 &&
        errno != ENOENT)
        give_up(EXIT_CONFIG,
                "/etc/cilp/job cannot be read, or is no text of"
                " less than 64 KB",
                "", "");
    if (!job_read_file(&job, file_text))
        give_up(EXIT_CONFIG, "/etc/cilp/job: ", job.why, "");
    if (read_text("/proc/cmdline", kernel_text, sizeof kernel_text) < 0)
        give_up(EXIT_CONFIG, "/proc/cmdline cannot be read", "", "");
    if (!job_read_kernel(&job, kernel_text))
        give_up(EXIT_CONFIG, "kernel command line: cilp.", job.why, "");
    if (!job.words[1])
        give_up(EXIT_CONFIG,
                "there is no job; write job= into /etc/cilp/job"
                " of the image, or cilp.job=\"cancel AMI-ID\" on"
                " the kernel command line",
                "", "");
}

static void mount_or_give_up(const char *type, const char *at,
                             const char *options)
{
    unsigned long flags = MS_NOSUID | MS_NOEXEC;

    if (mount(type, at, type, flags, options) != 0)
        give_up(EXIT_CONFIG, "cannot mount ", at, "");
}

/* Only /run can be written, and it has an end. */
static void close_root(void)
{
    char options[48];

    (void)snprintf(options, sizeof options, "mode=0755,uid=%d,size=%s", USER,
                   job.room);
    mount_or_give_up("tmpfs", "/run", options);
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0)
        give_up(EXIT_CONFIG, "cannot make / read-only", "", "");
}

/* ---- Drivers ----------------------------------------------------------- */

/* In the order in which the image's list has them. One that does not load is
 * said; whether it was needed is seen later. */
static void load_modules(void)
{
    static char list[MODULES_MAX];
    char *rest = NULL;

    if (read_text("/lib/modules/list", list, sizeof list) < 0)
        give_up(EXIT_CONFIG, "/lib/modules/list cannot be read", "", "");
    for (char *path = strtok_r(list, "\n", &rest); path;
         path = strtok_r(NULL, "\n", &rest)) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) != 0)
            say(path, " does not load: ", strerror(errno));
        if (fd >= 0)
            close(fd);
    }
}

/* ---- Children ---------------------------------------------------------- */

/* As nobody, who cannot become anybody. */
static void drop_rights(void)
{
    if (setgid(USER) != 0 || setuid(USER) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(EXIT_CONFIG);
}

static pid_t start(const char *path, const char *const *words,
                   const char *const *env, bool as_root)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    if (!as_root)
        drop_rights();
    execve(path, (char *const *)words, (char *const *)env);
    _exit(EXIT_CONFIG);
}

/* Its wait status; -1: it ran until `second` after boot, and still runs. */
static int wait_until(pid_t pid, unsigned second)
{
    int status;

    for (;;) {
        pid_t ended = waitpid(pid, &status, WNOHANG);

        if (ended == pid)
            return status;
        if (ended < 0 || uptime_s() >= second)
            return -1;
        doze();
    }
}

/* ---- What the machine does --------------------------------------------- */

static void ask_for_address(char *name)
{
    const char *words[] = {"udhcpc", "-i", name, "-s", "/init",
                           "-f",     "-q", "-n", "-t", "3600",
                           "-T",     "1",  "-A", "1",  NULL};
    const char *none[] = {NULL};
    unsigned until = uptime_s() + job.network_s;
    pid_t pid = start("/bin/busybox", words, none, true);
    int status;

    if (pid < 0)
        give_up(EXIT_CONFIG, "cannot start udhcpc: ", strerror(errno), "");
    status = wait_until(pid, until);
    if (status == -1) {
        kill(pid, SIGKILL);
        give_up(EXIT_NETWORK, "no network: nobody answered DHCP on ", name,
                "; nothing was sent");
    }
    if (status != 0)
        give_up(EXIT_NETWORK, "no network: DHCP on ", name,
                " gave no address that can be used; nothing was sent");
}

static void have_network(void)
{
    unsigned until = uptime_s() + job.network_s;
    char name[IF_NAMESIZE];

    while (!network_find(name)) {
        if (uptime_s() >= until)
            give_up(EXIT_NETWORK,
                    "no network: there is no interface that the"
                    " image has a driver for (virtio, ENA);"
                    " nothing was sent",
                    "", "");
        doze();
    }
    ask_for_address(name);
}

/* The program says its outcome so far when it is terminated. */
static int stop_program(pid_t pid)
{
    int status;

    say("the deadline has come", "", "");
    kill(pid, SIGTERM);
    status = wait_until(pid, uptime_s() + END_GRACE_S);
    if (status != -1)
        return status;
    kill(pid, SIGKILL);
    return -1;
}

static int run_job(void)
{
    pid_t pid = start("/cilp", job.words, job.env, false);
    int status;

    if (pid < 0)
        give_up(EXIT_CONFIG, "cannot start /cilp: ", strerror(errno), "");
    /* What the child has is its own copy. */
    explicit_bzero(file_text, sizeof file_text);
    explicit_bzero(kernel_text, sizeof kernel_text);
    status = wait_until(pid, job.deadline_s);
    if (status == -1)
        status = stop_program(pid);
    if (status != -1 && WIFEXITED(status))
        return WEXITSTATUS(status);
    say("the program was killed; how the call ended is unknown", "", "");
    return EXIT_UNKNOWN;
}

/* udhcpc runs this file as well, and is told so by its name and number. */
int main(int argc, char **argv)
{
    if (getpid() != 1)
        return argc > 1 ? network_lease(argv[1]) : 1;
    job_init(&job);
    umask(0022);
    mount_or_give_up("devtmpfs", "/dev", "mode=0755");
    mount_or_give_up("proc", "/proc", NULL);
    read_job();
    umount("/proc"); /* it shows the command line to everybody */
    close_root();
    unset_clock();
    load_modules();
    have_network();
    end_machine(run_job());
}
