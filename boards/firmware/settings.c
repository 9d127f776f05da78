#include "boards/firmware/settings.h"

#include <string.h>

#include "lwip/ip4_addr.h"

#include "boards/firmware/say.h"
#include "boards/firmware/semihost.h"

/* ---- Values ------------------------------------------------------------- */

static bool read_number(const char *s, uint32_t most, uint32_t *v)
{
    uint32_t n = 0;

    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || n > most / 10)
            return false;
        n = n * 10 + (uint32_t)(*s - '0');
    }
    *v = n;
    return n <= most;
}

static bool read_address(const char *s, uint32_t *v)
{
    ip4_addr_t a;

    if (!ip4addr_aton(s, &a))
        return false;
    *v = a.addr;
    return true;
}

/* Cuts at `c`: the rest behind it, or NULL if there is none. */
static char *cut(char *s, char c)
{
    char *rest = strchr(s, c);

    if (rest)
        *rest++ = '\0';
    return rest;
}

static bool read_server(char *s, struct net_server *v)
{
    char *rest = cut(s, ':');
    uint32_t port = 0;

    if (rest && !read_number(rest, 65535, &port))
        return false;
    v->port = (uint16_t)port;
    return read_address(s, &v->address);
}

static bool read_network(char *s, struct settings *set)
{
    char *rest = cut(s, '/');
    uint32_t bits;

    if (!rest || !read_number(rest, 32, &bits) || bits == 0)
        return false;
    set->mask = lwip_htonl(0xFFFFFFFFu << (32 - bits));
    return read_address(s, &set->ip);
}

/* ---- Words -------------------------------------------------------------- */

enum kind { TEXT, NUMBER, ADDRESS, SERVER, NETWORK, FLAG };

/* clang-format off */
static const struct word {
    const char *name;
    enum kind   kind;
    size_t      at;
} words[] = {
    { "image",       TEXT,    offsetof(struct settings, image) },
    { "region",      TEXT,    offsetof(struct settings, region) },
    { "endpoint",    TEXT,    offsetof(struct settings, endpoint) },
    { "keys",        TEXT,    offsetof(struct settings, keys) },
    { "imds",        TEXT,    offsetof(struct settings, imds) },
    { "anchor",      TEXT,    offsetof(struct settings, anchor) },
    { "ip",          NETWORK, 0 },
    { "gateway",     ADDRESS, offsetof(struct settings, gateway) },
    { "dns",         SERVER,  offsetof(struct settings, dns) },
    { "sntp",        SERVER,  offsetof(struct settings, sntp) },
    { "calls",       NUMBER,  offsetof(struct settings, calls) },
    { "attempts",    NUMBER,  offsetof(struct settings, attempts) },
    { "connect-ms",  NUMBER,  offsetof(struct settings, connect_ms) },
    { "read-ms",     NUMBER,  offsetof(struct settings, read_ms) },
    { "deadline-ms", NUMBER,  offsetof(struct settings, deadline_ms) },
    { "net-ms",      NUMBER,  offsetof(struct settings, net_ms) },
    { "time-ms",     NUMBER,  offsetof(struct settings, time_ms) },
    { "pause-ms",    NUMBER,  offsetof(struct settings, pause_ms) },
    { "hold",        NUMBER,  offsetof(struct settings, hold) },
    { "watchdog-ms", NUMBER,  offsetof(struct settings, watchdog_ms) },
    { "deaf",        FLAG,    offsetof(struct settings, deaf) },
    { "dry-run",     FLAG,    offsetof(struct settings, dry_run) },
    { "http",        FLAG,    offsetof(struct settings, allow_http) },
    { "account",     TEXT,    offsetof(struct settings, account) },
    { "explain",     FLAG,    offsetof(struct settings, explain) },
    { "verify",      FLAG,    offsetof(struct settings, verify) },
};
/* clang-format on */

static const struct word *find(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}

static bool take(struct settings *set, const struct word *w, char *value)
{
    void *to = (char *)set + w->at;

    if (w->kind == FLAG) {
        *(bool *)to = true;
        return !value;
    }
    if (!value)
        return false;
    switch (w->kind) {
    case TEXT: *(const char **)to = value; return true;
    case NUMBER: return read_number(value, 86400000, to);
    case ADDRESS: return read_address(value, to);
    case SERVER: return read_server(value, to);
    case NETWORK: return read_network(value, set);
    case FLAG: break;
    }
    return false;
}

static bool take_word(struct settings *set, char *word)
{
    char *value = cut(word, '=');
    const struct word *w = find(word);

    if (w && take(set, w, value))
        return true;
    say(w ? "wrong value: " : "unknown word: ");
    say(word);
    say(" (boards/firmware/settings.h lists them)\n");
    return false;
}

/* see settings.h. The line is kept: texts point into it. The first word is
 * the program's name. */
bool settings_read(struct settings *set)
{
    static char line[640];
    char *word = line;

    *set = (struct settings){.calls = 1, .net_ms = 10000, .time_ms = 3000};
    if (!semihost_arguments(line, sizeof line)) {
        say("no arguments by semihosting, or more than 640 bytes\n");
        return false;
    }
    for (word = cut(word, ' '); word;) {
        char *next = cut(word, ' ');

        if (*word && !take_word(set, word))
            return false;
        word = next;
    }
    return true;
}
