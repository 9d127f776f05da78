#include "port/posix/names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "port/port.h"
#include "port/posix/file.h"

#define HOSTS_MAX ((size_t)16 * 1024 * 1024)
#define SLOW_MS   3000 /* silence for so long is not met twice */
#define EACH_MAX  8

struct lookup {
    const sigset_t *mask;
    int rc; /* why nothing was found: the first reason, or one that may pass */
    bool is_slow;
    uint8_t n4, n6;
    struct in_addr v4[EACH_MAX];
    struct sockaddr_in6 v6[EACH_MAX];
};

static bool has_any(const struct lookup *l)
{
    return l->n4 || l->n6;
}

/* ---- /etc/hosts --------------------------------------------------------- */

/* It is read here for names that go to the resolver with a dot at their end,
 * which in this file have none. */
struct hosts {
    const char *host;
    char address[INET6_ADDRSTRLEN], word[CILP_HOST_MAX + 1];
    size_t len; /* of the word; one that is too long is none */
    bool has_address, in_comment;
};

static void add_text(struct lookup *l, const char *address)
{
    struct sockaddr_in6 *v6 = &l->v6[l->n6 % EACH_MAX];

    if (l->n4 < EACH_MAX && inet_pton(AF_INET, address, &l->v4[l->n4]) == 1) {
        l->n4++;
        return;
    }
    if (l->n6 == EACH_MAX)
        return;
    memset(v6, 0, sizeof *v6);
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1)
        l->n6++;
}

static void end_word(struct hosts *h, struct lookup *l)
{
    if (h->len == 0)
        return;
    h->word[h->len < sizeof h->word ? h->len : 0] = '\0';
    if (!h->has_address)
        memcpy(h->address, h->word, sizeof h->address - 1);
    else if (strcmp(h->word, h->host) == 0)
        add_text(l, h->address);
    h->has_address = true;
    h->len = 0;
}

static void read_char(struct hosts *h, struct lookup *l, char c)
{
    bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';

    h->in_comment = c != '\n' && (h->in_comment || c == '#');
    if (is_blank || h->in_comment)
        end_word(h, l);
    else if (h->len < sizeof h->word)
        h->word[h->len++] = (char)tolower((unsigned char)c);
    if (c == '\n')
        h->has_address = false;
}

static void look_into_hosts(struct lookup *l, const char *host)
{
    struct hosts h = {.host = host};
    struct cilp_posix_file file;
    uint8_t piece[512];
    size_t n;

    if (cilp_posix_file_open(&file, "/etc/hosts", HOSTS_MAX) != NULL)
        return;
    do {
        n = cilp_posix_file_read(&file, piece, sizeof piece);
        for (size_t i = 0; n <= sizeof piece && i < n; i++)
            read_char(&h, l, (char)piece[i]);
    } while (n > 0 && n <= sizeof piece);
    read_char(&h, l, '\n');
    cilp_posix_file_close(&file);
}

/* ---- The resolver ------------------------------------------------------- */

static void keep(struct lookup *l, const struct addrinfo *i)
{
    const void *a = i->ai_addr;

    if (i->ai_family == AF_INET && l->n4 < EACH_MAX)
        l->v4[l->n4++] = ((const struct sockaddr_in *)a)->sin_addr;
    if (i->ai_family == AF_INET6 && l->n6 < EACH_MAX)
        memcpy(&l->v6[l->n6++], a, sizeof l->v6[0]);
}

static void ask(struct lookup *l, const char *name, int family)
{
    struct addrinfo hints, *list = NULL;
    uint32_t from = cilp_port_now().mono_ms;
    sigset_t before;
    int rc;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    if (l->mask)
        sigprocmask(SIG_SETMASK, l->mask, &before);
    rc = getaddrinfo(name, NULL, &hints, &list);
    if (l->mask)
        sigprocmask(SIG_SETMASK, &before, NULL);
    l->is_slow |= cilp_port_now().mono_ms - from >= SLOW_MS;
    if (rc != 0 && (!l->rc || rc == EAI_AGAIN))
        l->rc = rc;
    if (rc != 0)
        return;
    for (const struct addrinfo *i = list; i; i = i->ai_next)
        keep(l, i);
    freeaddrinfo(list);
}

/* Whether this machine would know where to send a packet. None is sent, and the
 * address is one of those for examples (RFC 3849). */
static bool has_v6_route(void)
{
    static const struct sockaddr_in6 any = {
        .sin6_family = AF_INET6,
        .sin6_port = 9,
        .sin6_addr = {{{0x20, 0x01, 0x0d, 0xb8, [15] = 1}}}};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool has_route =
        fd >= 0 && connect(fd, (const struct sockaddr *)&any, sizeof any) == 0;

    if (fd >= 0)
        close(fd);
    return has_route;
}

static void ask_both(struct lookup *l, const char *name, bool is_v6)
{
    ask(l, name, AF_INET);
    if (is_v6 || (!l->n4 && !l->is_slow))
        ask(l, name, AF_INET6);
}

/* A dot at the end keeps the search list out of it. */
static void ask_full(struct lookup *l, const char *host, bool is_v6)
{
    char name[CILP_HOST_MAX + sizeof "."];
    size_t n = strlen(host);

    memcpy(name, host, n);
    memcpy(name + n, ".", sizeof ".");
    ask_both(l, name, is_v6);
}

/* ---- All together ------------------------------------------------------- */

static uint8_t take_turns(const struct lookup *l, bool is_v6,
                          union cilp_posix_addr *to, uint8_t max)
{
    uint8_t n = 0, i4 = 0, i6 = 0;
    bool next_is_v6 = is_v6;

    while (n < max && (i4 < l->n4 || i6 < l->n6)) {
        union cilp_posix_addr *a = &to[n++];

        memset(a, 0, sizeof *a);
        if (i6 < l->n6 && (next_is_v6 || i4 == l->n4)) {
            a->v6.sin6_family = AF_INET6;
            a->v6.sin6_addr = l->v6[i6].sin6_addr;
            a->v6.sin6_scope_id = l->v6[i6++].sin6_scope_id;
        } else {
            a->v4.sin_family = AF_INET;
            a->v4.sin_addr = l->v4[i4++];
        }
        next_is_v6 = !next_is_v6;
    }
    return n;
}

/* see names.h */
uint8_t cilp_posix_names(const char *host, bool full_name, const void *mask,
                         union cilp_posix_addr *to, uint8_t max, int *rc)
{
    bool has_dot = strchr(host, '.') != NULL, is_v6;
    struct lookup l;

    memset(&l, 0, sizeof l);
    l.mask = mask;
    look_into_hosts(&l, host);
    /* of one family there is nothing to choose */
    is_v6 = !l.n4 == !l.n6 && has_v6_route();
    if (!has_any(&l) && (full_name || has_dot))
        ask_full(&l, host, is_v6);
    if (!has_any(&l) && !full_name && !l.is_slow)
        ask_both(&l, host, is_v6);
    *rc = l.rc ? l.rc : EAI_NONAME;
    return take_turns(&l, is_v6, to, max);
}
