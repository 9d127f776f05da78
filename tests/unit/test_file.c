#include "tests/unit/rows.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "port/posix/file.h"

static char folder[] = "/tmp/cilp-test-file-XXXXXX";

static const char *path(const char *name)
{
    static char text[64];

    snprintf(text, sizeof text, "%s/%s", folder, name);
    return text;
}

static void write_file(const char *name, size_t n)
{
    FILE *f = fopen(path(name), "w");

    for (size_t i = 0; i < n; i++)
        fputc((int)('a' + i % 26), f);
    fclose(f);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    write_file("plain", 10);
    write_file("empty", 0);
    (void)!mkfifo(path("fifo"), 0600);
    return symlink("loop", path("loop"));
}

static int tear_down(void **state)
{
    static const char *const names[] = {"plain",    "empty",   "fifo",
                                        "loop",     "null",    "shown",
                                        "to-plain", "to-none", "socket"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(path(names[i]));
    return rmdir(folder);
}

static void what_is_no_regular_file_is_refused(void **state)
{
    struct cilp_posix_file f;

    (void)state;
    assert_string_equal(cilp_posix_file_open(&f, path("none"), 9),
                        "does not exist");
    assert_string_equal(cilp_posix_file_open(&f, path("plain/x"), 9),
                        "is below something that is no folder");
    assert_string_equal(cilp_posix_file_open(&f, path("fifo"), 9),
                        "is a pipe, not a regular file");
    assert_string_equal(cilp_posix_file_open(&f, folder, 9),
                        "is a folder, not a regular file");
    assert_string_equal(cilp_posix_file_open(&f, "/dev/zero", 9),
                        "is a device, not a regular file");
    assert_non_null(
        strstr(cilp_posix_file_open(&f, path("loop"), 9), "circle"));
    assert_non_null(
        strstr(cilp_posix_file_open(&f, path("plain"), 9), "too long"));
    assert_int_equal(f.fd, -1);
}

/* Each of these is nothing, something to be read, or in the way. */
static void what_is_there_is_not_taken_for_nothing(void **state)
{
    static char longest[PATH_MAX + 300];
    static const struct {
        const char *name;
        enum cilp_posix_seen seen;
        const char *fault;
    } rows[] = {
        {"none", CILP_POSIX_NOTHING, "does not exist"},
        {"none/x/y", CILP_POSIX_NOTHING, "does not exist"},
        {"null", CILP_POSIX_NULL, NULL},
        {"plain", CILP_POSIX_FILE, NULL},
        {"shown", CILP_POSIX_LOOSE, NULL},
        {"to-plain", CILP_POSIX_FILE, NULL},
        {"to-none", CILP_POSIX_BAD, "is a symbolic link to nothing"},
        {"to-none/x", CILP_POSIX_BAD, "or below one"},
        {"to-none/x//y", CILP_POSIX_BAD, "or below one"},
        {"plain/x", CILP_POSIX_BAD, "is below something that is no folder"},
        {"fifo", CILP_POSIX_BAD, "is a pipe"},
        {".", CILP_POSIX_BAD, "is a folder"},
        {"socket", CILP_POSIX_BAD, "is not a regular file"},
        {"loop", CILP_POSIX_BAD, "circle"},
        {"loop/x", CILP_POSIX_BAD, "circle"},
    };
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *fault;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)state;
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path("socket"));
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(symlink("/dev/null", path("null")), 0);
    assert_int_equal(symlink("plain", path("to-plain")), 0);
    assert_int_equal(symlink("none", path("to-none")), 0);
    write_file("shown", 3);
    chmod(path("shown"), 0640);
    chmod(path("plain"), 0600);
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum cilp_posix_seen seen =
            cilp_posix_file_look(path(rows[i].name), 10, &fault);

        if (seen != rows[i].seen || !fault != !rows[i].fault ||
            (fault && !strstr(fault, rows[i].fault)))
            fail_msg("row \"%s\": %d, %s", rows[i].name, seen, fault);
    }
    assert_int_equal(cilp_posix_file_look(path("plain"), 9, &fault),
                     CILP_POSIX_BAD);
    assert_int_equal(cilp_posix_file_look("/dev/zero", 9, &fault),
                     CILP_POSIX_BAD);
    memset(longest, 'x', sizeof longest - 1);
    longest[0] = '/';
    assert_int_equal(cilp_posix_file_look(longest, 9, &fault), CILP_POSIX_BAD);
    assert_string_equal(fault, "is too long for a path");
    close(fd);
}

static void it_is_read_to_its_end_twice(void **state)
{
    struct cilp_posix_file f;
    uint8_t got[16];

    (void)state;
    assert_null(cilp_posix_file_open(&f, path("plain"), 10));
    for (int i = 0; i < 2; i++) {
        assert_true(cilp_posix_file_rewind(&f));
        assert_int_equal(cilp_posix_file_read(&f, got, 6), 6);
        assert_int_equal(cilp_posix_file_read(&f, got, 16), 4);
        assert_memory_equal(got, "ghij", 4);
        assert_int_equal(cilp_posix_file_read(&f, got, 16), 0);
    }
    cilp_posix_file_close(&f);
    cilp_posix_file_close(&f);
}

static void all_of_it_is_read_and_it_is_closed(void **state)
{
    static const struct {
        size_t cap, n;
    } rows[] = {{11, 10}, {10, 10}, {4, 4}, {0, 0}};
    struct cilp_posix_file f;
    uint8_t p[16];
    size_t n;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        memset(p, 'x', sizeof p);
        assert_null(cilp_posix_file_open(&f, path("plain"), 10));
        assert_true(cilp_posix_file_read_all(&f, p, rows[i].cap, &n));
        assert_int_equal(n, rows[i].n);
        assert_memory_equal(p, "abcdefghij", n);
        assert_int_equal(p[n], 'x');
        assert_int_equal(f.fd, -1);
    }
    write_file("growing", 4);
    assert_null(cilp_posix_file_open(&f, path("growing"), 4));
    write_file("growing", 9);
    assert_false(cilp_posix_file_read_all(&f, p, 5, &n));
    assert_int_equal(f.fd, -1);
    unlink(path("growing"));
}

static void one_that_grows_is_given_up(void **state)
{
    struct cilp_posix_file f;
    uint8_t got[16];

    (void)state;
    assert_null(cilp_posix_file_open(&f, path("empty"), 10));
    write_file("empty", 11);
    assert_true(cilp_posix_file_read(&f, got, 16) == CILP_POSIX_FILE_FAILED);
    write_file("empty", 3); /* what was read of it is behind us all the same */
    assert_true(cilp_posix_file_rewind(&f));
    assert_int_equal(cilp_posix_file_read(&f, got, 16), 3);
    cilp_posix_file_close(&f);
    write_file("empty", 0);
}

/* A second try to go back does not take the file for one that was not read yet. */
static void a_way_back_that_fails_is_gone_again(void **state)
{
    struct cilp_posix_file f;
    uint8_t got[16];
    int ends[2], file;

    (void)state;
    assert_null(cilp_posix_file_open(&f, path("plain"), 10));
    assert_int_equal(cilp_posix_file_read(&f, got, 16), 10);
    assert_int_equal(pipe(ends), 0);
    file = f.fd;
    f.fd = ends[0]; /* ESPIPE */
    assert_false(cilp_posix_file_rewind(&f));
    f.fd = file;
    assert_true(cilp_posix_file_rewind(&f));
    assert_int_equal(cilp_posix_file_read(&f, got, 16), 10);
    cilp_posix_file_close(&f);
    close(ends[0]);
    close(ends[1]);
}

/* What cannot be had of a machine is told from what is wrong with a path; a number
 * that is not known gets no cause. */
static void a_number_becomes_its_cause_and_no_other(void **state)
{
    (void)state;
    assert_non_null(strstr(cilp_posix_file_fault(EMFILE), "too many files"));
    assert_non_null(strstr(cilp_posix_file_fault(ENFILE), "too many files"));
    assert_non_null(strstr(cilp_posix_file_fault(ENOMEM), "out of memory"));
    assert_string_equal(cilp_posix_file_fault(EOVERFLOW), "cannot be opened");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_back_that_fails_is_gone_again),
        cmocka_unit_test(a_number_becomes_its_cause_and_no_other),
        cmocka_unit_test(what_is_no_regular_file_is_refused),
        cmocka_unit_test(what_is_there_is_not_taken_for_nothing),
        cmocka_unit_test(it_is_read_to_its_end_twice),
        cmocka_unit_test(all_of_it_is_read_and_it_is_closed),
        cmocka_unit_test(one_that_grows_is_given_up),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
