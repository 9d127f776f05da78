#include <string.h>

#include "port/awscli/kind.h"
#include "port/why.h"

static bool is_same(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

/* see kind.h */
const char *cilp_written_take(struct cilp_chain *c, const char *const *v,
                              const char *where, const char *const *names)
{
    if (!v[0] || !v[1]) {
        cilp_chain_stop(c, "Partial credentials found in %, missing: ", where);
        cilp_why_add(c->why, names[v[0] ? 1 : 0]);
        cilp_why_add(c->why, "; set it too");
        return cilp_chain_stopped;
    }
    if (!is_same(v[2], v[3]))
        return cilp_chain_stop(c,
                               "session token and security token differ in %;"
                               " leave out the wrong one",
                               where);
    c->keys = (struct cilp_static_creds){v[0], v[1], v[2] ? v[2] : v[3]};
    c->arg = &c->keys;
    return NULL;
}

/* see kind.h */
const char *cilp_written_take_file(struct cilp_chain *c, const char *const *v,
                                   const char *file)
{
    const char *names[2];

    for (int i = 0; i < 2; i++)
        names[i] = cilp_profile_key_name(
            (enum cilp_profile_key)(CILP_PROFILE_KEY_ID + i));
    return cilp_written_take(c, v, file, names);
}

/* see kind.h */
bool cilp_written_check(struct cilp_chain *c, const char *file)
{
    enum cilp_what what = cilp_keys_fault(&c->keys);

    if (!what)
        return true;
    cilp_why_clear(c->why);
    if (file) {
        cilp_why_add(c->why, file);
        cilp_why_add(c->why, ": ");
    }
    cilp_why_add(c->why, cilp_what_text(what));
    if (what == CILP_WHAT_NO_TOKEN)
        cilp_why_add(c->why, file ? ": set aws_session_token too"
                                  : ": set AWS_SESSION_TOKEN too");
    if (what == CILP_WHAT_QUOTED && !file)
        cilp_why_add(c->why, " (docker's --env-file takes none off)");
    return false;
}
