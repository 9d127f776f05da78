/*
 * json_case - read JSON texts for conf_json.py.
 *
 * Standard input: a text a line, in hex. Standard output, a line for each,
 * what its member "x" is: "string HEX", "integer DIGITS", "absent" (or null),
 * "other" (another type, or a string with control characters); or, for a text
 * that is refused, "refused: " and why. Whether it is JSON at all is asked
 * first, without fields: a field of another type may be told of before a fault
 * behind it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

static char text[CILP_JSON_MAX + CILP_JSON_ROOM(CILP_JSON_MAX)];
static const char *value;

/* With the field, or without any. */
static enum cilp_what read_as(enum cilp_json_type type, const char *hex,
                              size_t fields)
{
    const struct cilp_json_field field = {"x", type};
    size_t n = strcspn(hex, "\n") / 2;
    char byte[3] = "";

    for (size_t i = 0; i < n; i++) {
        memcpy(byte, hex + 2 * i, 2);
        text[i] = (char)strtoul(byte, NULL, 16);
    }
    return cilp_json_read(text, n, sizeof text, &field, fields, &value, NULL);
}

static void say(const char *hex)
{
    enum cilp_what what = read_as(CILP_JSON_STRING, hex, 0);

    if (what == CILP_WHAT_NONE)
        what = read_as(CILP_JSON_STRING, hex, 1);
    if (what == CILP_WHAT_NONE && value) {
        printf("string ");
        for (const char *p = value; *p; p++)
            printf("%02x", (unsigned char)*p);
        printf("\n");
        return;
    }
    if (what == CILP_WHAT_JSON_TYPE &&
        read_as(CILP_JSON_INTEGER, hex, 1) == CILP_WHAT_NONE)
        printf("integer %s\n", value);
    else if (what == CILP_WHAT_NONE)
        printf("absent\n");
    else if (what == CILP_WHAT_JSON_TYPE)
        printf("other\n");
    else
        printf("refused: %s\n", cilp_what_text(what));
}

/* A line that is longer than any text may be. */
static void pass_over(void)
{
    int c;

    do {
        c = getchar();
    } while (c != '\n' && c != EOF);
    printf("refused: %s\n", cilp_what_text(CILP_WHAT_JSON_ROOM));
}

int main(void)
{
    static char line[2 * CILP_JSON_MAX + 3];

    while (fgets(line, sizeof line, stdin))
        if (strchr(line, '\n'))
            say(line);
        else
            pass_over();
    return 0;
}
