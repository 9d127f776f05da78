/*
 * rows.h - what table-driven tests share.
 *
 * Include it first: cmocka.h wants other headers before it.
 */
#ifndef CILP_TESTS_ROWS_H
#define CILP_TESTS_ROWS_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A failure names the row. */
#define CHECK_ROW(row, what)                        \
    do {                                            \
        if (!(what))                                \
            fail_msg("row \"%s\": %s", row, #what); \
    } while (0)

/* A copy of p[0..n), n at most 4096, right before a page that cannot be
 * touched: reading or writing one byte too far ends the test. Until the next
 * call; NULL p: zeros. */
static inline void *guarded(const void *p, size_t n)
{
    static char *pages;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *at;

    if (!pages) {
        pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true((void *)pages != MAP_FAILED);
        assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    }
    assert_true(n <= 4096 && n <= page);
    at = pages + page - n;
    if (p)
        memcpy(at, p, n);
    else
        memset(at, 0, n);
    return at;
}

#endif
