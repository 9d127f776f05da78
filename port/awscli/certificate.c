#include "port/awscli/kind.h"
#include "port/why.h"

/* What a key is called where it was given: of aws_signing_helper's, by its flag. */
static const char *name_of(const struct cilp_chain *c,
                           const struct cilp_profile *p,
                           enum cilp_profile_key key)
{
    return p == &c->other ? cilp_helper_flag(key) : cilp_profile_key_name(key);
}

/* see kind.h */
const char *cilp_certificate_value(struct cilp_chain *c,
                                   const struct cilp_profile *p,
                                   enum cilp_profile_key key,
                                   const char *wanted)
{
    const char *value = cilp_chain_value(c, p, key);

    if (value && *value)
        return value;
    cilp_chain_stop(c, "% needs ", wanted);
    cilp_why_add(c->why, name_of(c, p, key));
    cilp_why_add(c->why, ", which is not set");
    if (p == &c->other)
        return NULL;
    cilp_profile_variable(c->from, key);
    cilp_why_add(c->why, "; set it in the profile, or ");
    cilp_why_add(c->why, c->from);
    return NULL;
}

/* see kind.h */
bool cilp_certificate_take(struct cilp_chain *c, const struct cilp_profile *p,
                           const char *wanted)
{
    c->certificate =
        cilp_certificate_value(c, p, CILP_PROFILE_CERTIFICATE, wanted);
    if (!c->certificate)
        return false;
    c->private_key =
        cilp_certificate_value(c, p, CILP_PROFILE_PRIVATE_KEY, wanted);
    c->path = c->certificate;
    return c->private_key != NULL;
}

/* see kind.h */
const char *cilp_certificate_stop(struct cilp_chain *c,
                                  const struct cilp_profile *p,
                                  enum cilp_profile_key key,
                                  enum cilp_what what)
{
    const char *value = cilp_chain_value(c, p, key);

    cilp_chain_stop(c, "% '", name_of(c, p, key));
    cilp_why_add(c->why, value ? value : "");
    cilp_why_add(c->why, "': ");
    cilp_why_add(c->why, cilp_what_text(what));
    return cilp_chain_stopped;
}
