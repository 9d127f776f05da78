#include "boards/linux/request_file.h"

#include <string.h>

#include "core/text.h"

#define FIRST "# cilp request "
#define KIND  FIRST "1 sha256="

#define HEX_LEN ((size_t)2 * CILP_SHA256_LEN)

/* False: the provider failed. */
static bool sum(char hex[HEX_LEN + 1], const char *line, size_t n,
                const char *more, size_t n_more)
{
    uint8_t digest[CILP_SHA256_LEN];
    struct cilp_sha256 hash;
    struct cilp_text t;
    bool is_good;

    memset(&hash, 0, sizeof hash);
    cilp_text_init_hash(&t, &hash);
    cilp_text_put(&t, line, n);
    cilp_text_put(&t, more, n_more);
    is_good = cilp_sha256_end(&hash, digest);
    cilp_text_init(&t, hex, HEX_LEN + 1);
    cilp_text_hex(&t, digest, sizeof digest);
    (void)cilp_text_end(&t);
    return is_good;
}

/* For people, in a buffer of its own: it is hashed before it is written. */
static void put_about(struct out *o, const struct cilp_signed *s)
{
    out_str(o, "# ");
    out_quoted(o, s->image_id);
    out_str(o, " in ");
    out_quoted(o, s->region);
    out_str(o, s->dry_run ? ", a dry run" : "");
    out_str(o, ": EC2 takes it from ");
    out_iso(o, s->signed_s - CILP_SIGNED_GOOD_S);
    out_str(o, " to ");
    out_iso(o, s->signed_s + CILP_SIGNED_GOOD_S);
    out_str(o, "; whoever has this file can send it\n");
}

/* see request_file.h */
bool request_file_put(struct out *o, const struct cilp_signed *s)
{
    char hex[HEX_LEN + 1], line[sizeof s->image_id + 256];
    struct out about;

    out_init_with(&about, -1, line, sizeof line);
    put_about(&about, s);
    if (!sum(hex, line, about.len, s->bytes, s->len))
        return false;
    out_str(o, KIND);
    out_str(o, hex);
    out_char(o, '\n');
    out_put(o, line, about.len);
    out_put(o, s->bytes, s->len);
    return out_flush(o);
}

static bool begins(const char *p, size_t n, const char *with)
{
    return n >= strlen(with) && memcmp(p, with, strlen(with)) == 0;
}

/* Behind the line's end; NULL: the line has none. */
static const char *next_line(const char *p, const char *end)
{
    const char *lf = memchr(p, '\n', (size_t)(end - p));

    return lf ? lf + 1 : NULL;
}

/* see request_file.h */
const char *request_file_read(struct cilp_signed *s, const char *p, size_t n)
{
    static const char altered[] =
        " was cut or altered since it was signed; sign it anew";
    const char *end = p + n, *about, *request;
    char hex[HEX_LEN + 1];

    if (n == 0)
        return " is empty; cilp sign writes such a file";
    if (!begins(p, n, FIRST))
        return " is no file of cilp sign's";
    if (!begins(p, n, KIND))
        return " is of another version of cilp sign";
    about = next_line(p, end);
    if (!about || about - p != (ptrdiff_t)(strlen(KIND) + HEX_LEN + 1))
        return altered;
    if (!sum(hex, about, (size_t)(end - about), "", 0))
        return " could not be checked: this machine gives no memory";
    if (memcmp(hex, p + strlen(KIND), HEX_LEN) != 0)
        return altered;
    request = next_line(about, end);
    if (!request || !cilp_signed_read(s, request, (size_t)(end - request)))
        return " has no cancel that was signed here; nothing else is sent";
    return NULL;
}
