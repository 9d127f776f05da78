/*
 * What port/proxy makes of lists: of each line of standard input, "HOST PORT LIST",
 * a 1 if the list exempts the host, or a 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port/proxy/no_proxy.h"

int main(void)
{
    static char line[4096];

    while (fgets(line, sizeof line, stdin)) {
        char *host = line, *port = strchr(host, ' '), *list;
        const char *entry;
        size_t len;

        if (!port)
            return 1;
        *port++ = '\0';
        list = strchr(port, ' ');
        if (!list)
            return 1;
        *list++ = '\0';
        list[strcspn(list, "\n")] = '\0';
        puts(cilp_no_proxy_has(list, host, (uint16_t)atoi(port), &entry, &len)
                 ? "1"
                 : "0");
    }
    return 0;
}
