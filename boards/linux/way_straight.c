/*
 * way_straight.c - way.h without proxies.
 */
#include "boards/linux/way.h"

#include <string.h>

#include "boards/linux/way_named.h"

static const char WITHOUT[] = "no proxy is built in";

static const struct options *options;

/* see way.h */
enum exit_code way_set_up(const struct settings *s, struct cilp_stream *tcp,
                          struct cilp_trust *trust, struct cilp_stream **to)
{
    (void)trust;
    options = s->options;
    *to = tcp;
    if (!options->proxy || strcmp(options->proxy, "none") == 0)
        return EXIT_DONE;
    return complain(s->spelling, EXIT_USAGE, "--proxy: ", NULL, WITHOUT);
}

/* see way.h */
void way_further(struct way_stream *w, struct cilp_stream *tcp,
                 struct cilp_stream **to)
{
    (void)w;
    *to = tcp;
}

/* Who names a proxy that would be used: --proxy does not come so far. NULL:
 * nobody does. */
static const char *named_by(const struct cilp_peer *to)
{
    struct way_named named = way_named(options, true);

    return to->tls && named.text ? named.from : NULL;
}

/* see way.h */
void way_put(struct out *o, const struct cilp_peer *to)
{
    const char *from = named_by(to);

    out_str(o, "straight");
    if (!from)
        return;
    out_str(o, ", though ");
    out_str(o, from);
    out_str(o, " names a proxy: ");
    out_str(o, WITHOUT);
}

/* see way.h */
void way_tell(struct out *o, const char *before, const struct cilp_peer *to,
              const char *after)
{
    if (!named_by(to))
        return;
    out_str(o, before);
    way_put(o, to);
    out_str(o, after);
}

/* see way.h */
void way_url(const struct cilp_peer *to, char text[WAY_URL_MAX])
{
    (void)to;
    *text = '\0';
}

/* see way.h */
bool way_put_step(struct out *o, const struct cilp_result *e, const char *why,
                  const struct cilp_peer *to)
{
    (void)o;
    (void)e;
    (void)why;
    (void)to;
    return false;
}

/* see way.h: none is of use */
void way_forget(void)
{
}
