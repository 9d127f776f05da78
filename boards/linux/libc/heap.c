/*
 * heap.c - the one block that the C library asks for: what getaddrinfo() gives.
 *
 * musl's allocator is 7 KB of code, and takes memory from the kernel. Whoever
 * looks a name up frees the list before the next one (port/posix/tcp.c), so one
 * buffer is enough; a second block is refused, and the look-up says that there
 * is no memory. What else needs a heap, realloc() say, does not link.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* musl: 48 addresses at most, in entries of 96 bytes or less, and a name. */
enum { ROOM = 48 * 96 + 256 };

static union {
    max_align_t unit;
    char bytes[ROOM];
} block;
static bool is_taken;

void *calloc(size_t count, size_t size);
void *malloc(size_t size);
void free(void *p);

void *malloc(size_t size)
{
    if (is_taken || size > sizeof block) {
        errno = ENOMEM;
        return NULL;
    }
    is_taken = true;
    return &block;
}

void *calloc(size_t count, size_t size)
{
    void *p;

    if (size && count > sizeof block / size) {
        errno = ENOMEM;
        return NULL;
    }
    p = malloc(count * size); /* NOLINT(*-portability.UnixAPI): 0 is ours */
    return p ? memset(p, 0, count * size) : NULL;
}

void free(void *p)
{
    if (p)
        is_taken = false;
}
