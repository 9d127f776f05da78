#include "port/posix/why.h"

#include <string.h>

static void add_char(char *why, char c)
{
    size_t len = strlen(why);

    if (len + 1 < CILP_STREAM_WHY_MAX) {
        why[len] = c;
        why[len + 1] = '\0';
    }
}

static void add_number(char *why, uint32_t v, uint32_t base)
{
    char digit[10];
    size_t n = 0;

    do {
        digit[n++] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v);
    while (n > 0)
        add_char(why, digit[--n]);
}

static void add_v4(char *why, const uint8_t *p)
{
    for (int i = 0; i < 4; i++) {
        if (i)
            add_char(why, '.');
        add_number(why, p[i], 10);
    }
}

/* Groups from `i` on that are zero. */
static int zeros(const uint8_t *p, int i)
{
    int from = i;

    while (i < 8 && p[2 * i] == 0 && p[2 * i + 1] == 0)
        i++;
    return i - from;
}

static void add_v6(char *why, const uint8_t *p)
{
    bool shortened = false;

    for (int i = 0; i < 8; i++) {
        int run = shortened ? 0 : zeros(p, i);

        if (run >= 2) {
            cilp_why_add(why, "::");
            shortened = true;
            i += run - 1;
            continue;
        }
        if (i && why[strlen(why) - 1] != ':')
            add_char(why, ':');
        add_number(why, (uint32_t)p[2 * i] << 8 | p[2 * i + 1], 16);
    }
}

/* see why.h */
void cilp_why_clear(char *why)
{
    if (why)
        why[0] = '\0';
}

/* see why.h */
void cilp_why_add(char *why, const char *s)
{
    if (!why)
        return;
    for (; *s; s++)
        add_char(why, *s >= 0x20 && *s <= 0x7E ? *s : '?');
}

/* see why.h */
void cilp_why_add_uint(char *why, uint32_t v)
{
    if (why)
        add_number(why, v, 10);
}

/* see why.h */
void cilp_why_add_addr(char *why, const union cilp_posix_addr *a)
{
    uint8_t p[16];

    if (!why)
        return;
    if (a->any.sa_family == AF_INET) {
        memcpy(p, &a->v4.sin_addr, 4);
        add_v4(why, p);
        add_char(why, ':');
        add_number(why, ntohs(a->v4.sin_port), 10);
    } else {
        memcpy(p, &a->v6.sin6_addr, 16);
        add_char(why, '[');
        add_v6(why, p);
        cilp_why_add(why, "]:");
        add_number(why, ntohs(a->v6.sin6_port), 10);
    }
}
