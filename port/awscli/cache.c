#include "port/awscli/kind.h"
#include "port/why.h"

/* see kind.h */
bool cilp_cache_find(struct cilp_chain *c, const char *folder,
                     enum cilp_port_digest kind, const char *of)
{
    struct cilp_profile_room *r = &c->files.room;
    char hex[65];

    if (!cilp_port_digest_hex(kind, of, hex)) {
        cilp_chain_stop(c, "% cannot be searched: no digest", folder);
        return false;
    }
    cilp_profile_expand(r, folder);
    cilp_profile_put(r, "/");
    cilp_profile_put(r, hex);
    cilp_profile_put(r, ".json");
    c->path = cilp_profile_end(r);
    if (!c->path)
        cilp_chain_stop(c, "% cannot be found: HOME is not set, or too long",
                        folder);
    return c->path != NULL;
}

/* see kind.h */
bool cilp_cache_read(struct cilp_chain *c, const char *login)
{
    if (cilp_chain_read_file(c, c->path, CILP_CHAIN_OUTPUT_MAX))
        return true;
    cilp_why_add(c->why, login);
    return false;
}
