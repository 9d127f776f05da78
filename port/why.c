#include "port/why.h"

#include <string.h>

#include "core/text.h"

/* Go on behind what the sentence says already. */
static void begin(struct cilp_text *t, char *why)
{
    cilp_text_init(t, why, CILP_STREAM_WHY_MAX);
    t->len = strlen(why);
}

static void put_v4(struct cilp_text *t, const uint8_t *p)
{
    for (int i = 0; i < 4; i++) {
        if (i)
            cilp_text_char(t, '.');
        cilp_text_uint(t, p[i]);
    }
}

/* Groups from `i` on that are zero. */
static size_t zeros(const uint8_t *p, size_t i)
{
    size_t from = i;

    while (i < 8 && p[2 * i] == 0 && p[2 * i + 1] == 0)
        i++;
    return i - from;
}

/* A group without the zeros in front of it. */
static void put_group(struct cilp_text *t, unsigned v)
{
    for (int shift = 12; shift >= 0; shift -= 4)
        if (v >> shift || shift == 0)
            cilp_text_char(t, "0123456789abcdef"[v >> shift & 15]);
}

static void put_v6(struct cilp_text *t, const uint8_t *p)
{
    bool shortened = false, glued = true;

    for (size_t i = 0; i < 8; i++) {
        size_t run = shortened ? 0 : zeros(p, i);

        if (run >= 2) {
            cilp_text_str(t, "::");
            shortened = glued = true;
            i += run - 1;
            continue;
        }
        if (!glued)
            cilp_text_char(t, ':');
        put_group(t, (unsigned)p[2 * i] << 8 | p[2 * i + 1]);
        glued = false;
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
    struct cilp_text t;

    if (!why)
        return;
    begin(&t, why);
    cilp_text_shown(&t, s, strlen(s));
    cilp_text_cut(&t);
}

/* see why.h */
void cilp_why_add_uint(char *why, uint32_t v)
{
    struct cilp_text t;

    if (!why)
        return;
    begin(&t, why);
    cilp_text_uint(&t, v);
    cilp_text_cut(&t);
}

/* see why.h */
void cilp_why_add_reason(char *why)
{
    if (why && why[0])
        cilp_why_add(why, ", ");
}

/* see why.h */
void cilp_why_add_v4(char *why, const uint8_t *ip, uint16_t port)
{
    struct cilp_text t;

    if (!why)
        return;
    begin(&t, why);
    put_v4(&t, ip);
    cilp_text_char(&t, ':');
    cilp_text_uint(&t, port);
    cilp_text_cut(&t);
}

/* see why.h */
void cilp_why_add_v6(char *why, const uint8_t *ip, uint16_t port)
{
    struct cilp_text t;

    if (!why)
        return;
    begin(&t, why);
    cilp_text_char(&t, '[');
    put_v6(&t, ip);
    cilp_text_str(&t, "]:");
    cilp_text_uint(&t, port);
    cilp_text_cut(&t);
}
