#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

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
    static const char *const names[] = {"plain", "empty", "fifo", "loop"};

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
                        "does not exist");
    assert_string_equal(cilp_posix_file_open(&f, path("fifo"), 9),
                        "is not a regular file");
    assert_string_equal(cilp_posix_file_open(&f, folder, 9),
                        "is not a regular file");
    assert_string_equal(cilp_posix_file_open(&f, "/dev/zero", 9),
                        "is not a regular file");
    assert_non_null(
        strstr(cilp_posix_file_open(&f, path("loop"), 9), "circle"));
    assert_non_null(
        strstr(cilp_posix_file_open(&f, path("plain"), 9), "too long"));
    assert_int_equal(f.fd, -1);
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

static void one_that_grows_is_given_up(void **state)
{
    struct cilp_posix_file f;
    uint8_t got[16];

    (void)state;
    assert_null(cilp_posix_file_open(&f, path("empty"), 10));
    write_file("empty", 11);
    assert_true(cilp_posix_file_read(&f, got, 16) == CILP_POSIX_FILE_FAILED);
    cilp_posix_file_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_regular_file_is_refused),
        cmocka_unit_test(it_is_read_to_its_end_twice),
        cmocka_unit_test(one_that_grows_is_given_up),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
