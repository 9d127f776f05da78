#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "port/awscli/kind.h"
#include "port/why.h"

/* see kind.h */
const char *cilp_chain_variable(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

/* see kind.h */
bool cilp_chain_bool(struct cilp_chain *c, const struct cilp_profile *p,
                     enum cilp_profile_key key, bool *to)
{
    const char *value = cilp_profile_setting(p, key, c->from);

    *to = value && strcasecmp(value, "true") == 0;
    if (!value || *to || strcasecmp(value, "false") == 0)
        return true;
    cilp_chain_stop(c, "% is neither true nor false", c->from);
    return false;
}

static void note_cut(struct cilp_chain *c, const char *name, uint32_t max)
{
    if (!c->note)
        return;
    cilp_why_clear(c->why);
    cilp_why_add(c->why, " is more than ");
    cilp_why_add_uint(c->why, max);
    cilp_why_add(c->why, ", which is taken instead");
    c->note("", name, c->why);
}

/* see kind.h */
bool cilp_chain_number(struct cilp_chain *c, const char *s, uint32_t max,
                       const char *name, uint32_t *to)
{
    uint32_t n = 0;

    if (!s)
        return true;
    for (; *s >= '0' && *s <= '9'; s++)
        n = n <= max ? n * 10 + (uint32_t)(*s - '0') : n;
    if (*s || n == 0) {
        cilp_chain_stop(c, "% is no number above 0", name);
        return false;
    }
    if (n > max)
        note_cut(c, name, max);
    *to = n <= max ? n : max;
    return true;
}

/* see chain.h */
bool cilp_chain_has_user(const char *url)
{
    const char *host = url ? strstr(url, "://") : NULL;

    return host && host[3 + strcspn(host + 3, "@/?#")] == '@';
}

/* see kind.h */
bool cilp_chain_check_url(struct cilp_chain *c, const char *url,
                          const char *name)
{
    if (!cilp_chain_has_user(url))
        return true;
    cilp_chain_stop(c,
                    "% has a user's name in front of its host, perhaps with a"
                    " password, so it is not shown; give https://host[:port]",
                    name);
    return false;
}

/* see kind.h: "cilp-1768478400" */
void cilp_chain_name_session(struct cilp_chain *c, struct cilp_role *r,
                             struct cilp_now now)
{
    if (!r->session_name)
        r->session_name = c->session;
    cilp_why_clear(c->session);
    cilp_why_add(c->session, "cilp-");
    cilp_why_add_uint(c->session, (uint32_t)now.unix_s);
}
