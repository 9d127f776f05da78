#include "core/op.h"

#include <string.h>

#include "core/utc.h"

/* Milliseconds, in digits. The last three are left out; 18 are beyond every
 * calendar. */
static int64_t from_ms(const char *ms)
{
    size_t n = strlen(ms);
    int64_t t = 0;

    for (size_t i = 0; i + 3 < n; i++) {
        if (!cilp_text_is_digit(ms[i]) || n > 18)
            return 0;
        t = t * 10 + (ms[i] - '0');
    }
    return t;
}

/* see cilp.h */
int64_t cilp_expires_s(const struct cilp_op *op)
{
    const char *text = op->creds.expires;
    int64_t t;

    return cilp_utc_from_iso(text, strlen(text), &t) ? t : from_ms(text);
}

/* see cilp.h */
const char *cilp_key_id(const struct cilp_op *op)
{
    return op->creds.key_id;
}

/* see cilp.h */
bool cilp_keys_are_temporary(const struct cilp_op *op)
{
    return op->creds.token[0] != '\0';
}
