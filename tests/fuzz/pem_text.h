/*
 * pem_text.h - PEM text out of an input, for targets in which bytes of DER are to be
 * mutated as such.
 */
#ifndef PEM_TEXT_H
#define PEM_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pem_text {
    size_t n;
    char p[32768];
};

static inline void pem_text_add(struct pem_text *t, const void *p, size_t n)
{
    if (n > sizeof t->p - t->n)
        n = sizeof t->p - t->n;
    memcpy(t->p + t->n, p, n);
    t->n += n;
}

static inline void pem_text_line(struct pem_text *t, const char *begin,
                                 const char *label)
{
    char line[80];
    int n = snprintf(line, sizeof line, "-----%s %s-----\n", begin, label);

    pem_text_add(t, line, (size_t)n);
}

/* Three bytes, or those that are left. */
static inline void pem_text_digits(struct pem_text *t, const unsigned char *p,
                                   size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned v = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) |
                 (n > 2 ? p[2] : 0u);
    const char four[4] = {digits[v >> 18], digits[v >> 12 & 63],
                          n > 1 ? digits[v >> 6 & 63] : '=',
                          n > 2 ? digits[v & 63] : '='};

    pem_text_add(t, four, sizeof four);
}

/* der[0..n) in a block of that label. */
static inline void pem_text_block(struct pem_text *t, const char *label,
                                  const unsigned char *der, size_t n)
{
    pem_text_line(t, "BEGIN", label);
    for (size_t i = 0; i < n; i += 3) {
        pem_text_digits(t, der + i, n - i);
        if (i % 48 == 45)
            pem_text_add(t, "\n", 1);
    }
    pem_text_add(t, "\n", 1);
    pem_text_line(t, "END", label);
}

#endif
