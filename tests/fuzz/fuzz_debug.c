/*
 * --debug, whatever comes and however it is cut: no piece of a secret is shown.
 * The first byte of the input picks how it is cut; the rest is a reply, in which
 * bytes from 0x80 on stand for a secret behind each of the names that tell one.
 * The letters of the secret stand nowhere else in it: the fuzzer learns what is
 * looked for, and a log joins what a reply's chunks and line ends take apart.
 */
#include "boards/linux/say/debug.h"
#include "tests/fuzz/written.h"

#define LETTERS "GJKQVXYZ"
#define SECRET  "ZQVGXKYJGZJQKXVYQGYKZVJXGKVZYXQJ"
#define PIECE   4 /* letters of it in a row may never be seen */

static bool is_of_it(char c)
{
    return c && strchr(LETTERS, c);
}

static bool has_a_piece(const char *p, size_t n)
{
    size_t in_a_row = 0;

    for (size_t i = 0; i < n && in_a_row < PIECE; i++)
        in_a_row = is_of_it(p[i]) ? in_a_row + 1 : 0;
    return in_a_row == PIECE;
}

/* ---- What comes ----------------------------------------------------------- */

static const char *const names[] = {
    "x-amz-security-token:", "X-Amz-Security-Token=", "Signature=",
    "\nAuthorization: ",     "&WebIdentityToken=",    "\nAuthorization:Bearer ",
};

static struct {
    struct cilp_stream s;
    const uint8_t *p;
    size_t n, piece;
} below;

static enum cilp_stream_rc give(struct cilp_stream *s, uint8_t *p, size_t n,
                                size_t *done)
{
    (void)s;
    if (below.n == 0)
        return CILP_STREAM_EOF;
    n = below.n < n ? below.n : n;
    n = below.piece < n ? below.piece : n;
    memcpy(p, below.p, n);
    below.p += n;
    below.n -= n;
    *done = n;
    return CILP_STREAM_OK;
}

static enum cilp_stream_rc take(struct cilp_stream *s, const uint8_t *p,
                                size_t n, size_t *done)
{
    (void)s, (void)p;
    *done = n;
    return CILP_STREAM_OK;
}

static const struct cilp_stream_ops BELOW_OPS = {.send = take, .recv = give};

/* The input with its secrets: at most cap bytes of it. */
static size_t expand(char *to, size_t cap, const uint8_t *p, size_t n)
{
    size_t len = 0;

    for (size_t i = 0; i < n && len + 64 < cap; i++) {
        if (p[i] < 0x80) {
            to[len++] = is_of_it((char)p[i]) ? '.' : (char)p[i];
            continue;
        }
        len += (size_t)snprintf(to + len, cap - len, "%s%s",
                                names[p[i] % (sizeof names / sizeof *names)],
                                SECRET);
    }
    return len;
}

static void pass_through(struct cilp_op *op, const char *reply, size_t n,
                         size_t piece)
{
    static struct debug_stream d;
    uint8_t in[512];
    size_t done;

    memset(&below, 0, sizeof below);
    below.s.ops = &BELOW_OPS;
    below.p = (const uint8_t *)reply;
    below.n = n;
    below.piece = piece;
    written.n = 0;
    written.is_on = true;
    debug_init(&d, &below.s, op);
    d.s.ops->send(&d.s, (const uint8_t *)reply, n, &done);
    while (d.s.ops->recv(&d.s, in, sizeof in, &done) == CILP_STREAM_OK)
        ;
    written.is_on = false;
    MUST(!has_a_piece(written.bytes, written.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID", SECRET,
                                                  SECRET};
    static const struct cilp_request req = {.flow = &cilp_cancel,
                                            .image_id = "ami-12345678",
                                            .region = "us-east-1",
                                            .source = &cilp_creds_static,
                                            .source_arg = &keys};
    static struct cilp_op op;
    static char reply[1u << 14];
    size_t len;

    if (n == 0)
        return 0;
    MUST(cilp_init(&op, sizeof op));
    cilp_start(&op, &req,
               (struct cilp_now){.unix_s = 1768478400, .trusted = true});
    len = expand(reply, sizeof reply, p + 1, n - 1);
    pass_through(&op, reply, len, 1u + p[0]);
    pass_through(&op, reply, len, 1);
    cilp_end(&op);
    return 0;
}
