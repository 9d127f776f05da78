#include "boards/firmware/keys_lines.h"

#include <string.h>

#include "boards/firmware/semihost.h"

static char text[1024 + 1];
static char *at;

/* see keys_lines.h */
bool keys_lines_begin(const struct settings *set, const char *first)
{
    int file = set->keys ? semihost_open(set->keys) : -1;
    size_t n;

    if (file < 0)
        return false;
    n = semihost_read(file, text, sizeof text);
    semihost_close(file);
    text[n < sizeof text ? n : 0] = '\0';
    at = text;
    return strncmp(text, first, strlen(first)) == 0;
}

/* see keys_lines.h */
const char *keys_line(void)
{
    char *begin = at;
    char *end = strchr(begin, '\n');

    at = end ? end + 1 : begin + strlen(begin);
    if (end)
        *end = '\0';
    return begin;
}

/* see keys_lines.h */
const char *keys_line_or_null(void)
{
    const char *line = keys_line();

    return *line ? line : NULL;
}
