/*
 * strings.c - four functions of the C library, by the byte: newlib's are for speed and
 * 1.3 KB longer, and nothing that calls them is in a hurry.
 */
#include <string.h>

/* The compiler is to make no call of a loop that does what the function does, and to
 * keep what only it will call. */
#define OF_LIBC \
    __attribute__((used, optimize("no-tree-loop-distribute-patterns")))

OF_LIBC size_t strlen(const char *s)
{
    const char *end = s;

    while (*end)
        end++;
    return (size_t)(end - s);
}

OF_LIBC char *strchr(const char *s, int c)
{
    while (*s != (char)c)
        if (!*s++)
            return NULL;
    return (char *)s;
}

OF_LIBC int strcmp(const char *a, const char *b)
{
    for (; *a && *a == *b; a++)
        b++;
    return (unsigned char)*a - (unsigned char)*b;
}

OF_LIBC void *memmove(void *to, const void *from, size_t n)
{
    const char *f = from;
    char *t = to;

    if (t < f)
        while (n-- > 0)
            *t++ = *f++;
    else
        while (n-- > 0)
            t[n] = f[n];
    return to;
}
