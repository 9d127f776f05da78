/*
 * ini_case KIND NAME - the pairs of one section, for conf_profile.py.
 *
 * Standard input: the text. Standard output: "found" or "missing" and RS, then
 * for each pair its block, key and value, US behind each and RS at the end; and
 * "error NUMBER LINE" if it is bad.
 */
#include <stdio.h>

#include "core/ini.h"

static struct cilp_ini reader;

static void tell(char *to, size_t cap, size_t *len)
{
    *len += (size_t)snprintf(to + *len, cap - *len, "%s\x1f%s\x1f%s\x1f\x1e",
                             reader.block, reader.key, reader.value);
}

int main(int argc, char **argv)
{
    static char text[1 << 16], pairs[1 << 17];
    size_t n = fread(text, 1, sizeof text, stdin), at = 0, used = 0, len = 0;
    enum cilp_ini_rc rc;

    if (argc != 3 || n == sizeof text)
        return 1;
    cilp_ini_init(&reader, argv[1], argv[2]);
    while ((rc = cilp_ini_feed(&reader, text + at, n - at, &used)) ==
           CILP_INI_PAIR) {
        at += used;
        tell(pairs, sizeof pairs, &len);
    }
    while (rc == CILP_INI_MORE && cilp_ini_end(&reader) == CILP_INI_PAIR)
        tell(pairs, sizeof pairs, &len);
    rc = cilp_ini_end(&reader);
    printf("%s\x1e%.*s", reader.found ? "found" : "missing", (int)len, pairs);
    if (rc != CILP_INI_MORE)
        printf("error %d %u", rc, (unsigned)reader.line);
    return 0;
}
