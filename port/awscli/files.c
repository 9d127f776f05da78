#include <string.h>

#include "port/awscli/kind.h"
#include "port/posix/file.h"
#include "port/why.h"

/* see kind.h */
bool cilp_chain_read_file(struct cilp_chain *c, const char *path, size_t max)
{
    struct cilp_posix_file f;
    const char *fault = cilp_posix_file_open(&f, path, max);

    c->len = 0;
    if (!fault &&
        !cilp_posix_file_read_all(&f, (uint8_t *)c->text, max + 1, &c->len))
        fault = "cannot be read";
    c->text[c->len] = '\0';
    if (!fault)
        return true;
    cilp_chain_stop(c, "% ", path);
    cilp_why_add(c->why, fault);
    return false;
}

/* see kind.h */
bool cilp_chain_read_token(struct cilp_chain *c, const char *path, size_t max,
                           char least)
{
    char *s = c->text;

    if (!cilp_chain_read_file(c, path, max + 8))
        return false;
    while (c->len > 0 && strchr(" \t\r\n", s[c->len - 1]))
        s[--c->len] = '\0';
    while (*s >= least && *s < 0x7F)
        s++;
    if (s == c->text + c->len && c->len > 0 && c->len <= max)
        return true;
    cilp_chain_stop(c, "% does not hold one line of printable text as a token",
                    path);
    return false;
}
