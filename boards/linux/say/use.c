#include "boards/linux/say/use.h"

#include <string.h>

/* see use.h */
void use_take(void *arg)
{
    struct use *u = arg;
    const struct cilp_references *r = &u->references;

    if (r->pages.count <= USE_NAMED)
        memcpy(u->named[r->pages.count - 1], r->arn, sizeof r->arn);
}

static uint32_t count_named(const struct use *u)
{
    uint32_t n = u->references.pages.count;

    return n < USE_NAMED ? n : USE_NAMED;
}

/* see use.h */
void use_say(struct out *o, const struct use *u)
{
    uint32_t n = u->references.pages.count, named = count_named(u);

    out_uint(o, n);
    out_str(o, n == 1 ? " resource of this account: "
                      : " resources of this account: ");
    for (uint32_t i = 0; i < named; i++) {
        out_str(o, i ? ", " : "");
        out_quoted(o, u->named[i]);
    }
    if (n == named)
        return;
    out_str(o, " and ");
    out_uint(o, n - named);
    out_str(o, " more");
}

/* see use.h */
void use_json(struct json *j, const struct use *u, enum cilp_errand_use found)
{
    if (found == CILP_USE_UNASKED)
        return;
    if (found == CILP_USE_UNKNOWN) {
        json_str(j, "in_use", NULL);
        return;
    }
    json_int(j, "in_use", u->references.pages.count);
    json_open(j, "used_by", '[');
    for (uint32_t i = 0; i < count_named(u); i++)
        json_str(j, NULL, u->named[i]);
    json_close(j, ']');
}
