/*
 * endpoint_case - resolve endpoints for conf_endpoint.py.
 *
 * Standard input: one case a line, five fields with a tab between: service,
 * Region, FIPS (0 or 1), dual stack (0 or 1), custom endpoint (or nothing).
 * Standard output: one line for each, the URL that was chosen or "error: TEXT".
 * Exit status 1: a line has not five fields.
 */
#include <stdio.h>
#include <string.h>

#include "core/endpoint.h"

#define FIELDS 5

static bool split(char *line, char *fields[FIELDS])
{
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < FIELDS; i++) {
        char *tab = strchr(line, '\t');

        if (!tab != (i == FIELDS - 1))
            return false;
        fields[i] = line;
        if (!tab)
            break;
        *tab = '\0';
        line = tab + 1;
    }
    return true;
}

static void answer(char *const fields[FIELDS])
{
    const struct cilp_endpoint in = {
        .service = fields[0],
        .region = fields[1],
        .fips = *fields[2] == '1',
        .dual_stack = *fields[3] == '1',
        .url = *fields[4] ? fields[4] : NULL,
    };
    struct cilp_peer to = {.port = 0};
    struct cilp_text t;
    char host[CILP_HOST_MAX + 9];
    enum cilp_what what = cilp_endpoint_resolve(&to, &in);

    if (what != CILP_WHAT_NONE) {
        printf("error: %s\n", cilp_what_text(what));
        return;
    }
    cilp_text_init(&t, host, sizeof host);
    cilp_endpoint_host(&t, &to);
    (void)cilp_text_end(&t);
    printf("%s://%s\n", to.tls ? "https" : "http", host);
}

int main(void)
{
    char line[1024], *fields[FIELDS];

    while (fgets(line, sizeof line, stdin)) {
        if (!split(line, fields))
            return 1;
        answer(fields);
    }
    return 0;
}
