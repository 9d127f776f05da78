#include "boards/linux/bundle_file.h"

#include <string.h>

static bool to_start(struct cilp_trust_reader *r)
{
    return cilp_posix_file_rewind(&((struct bundle_file *)r)->file);
}

static size_t read_on(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    size_t n = cilp_posix_file_read(&((struct bundle_file *)r)->file, p, cap);

    return n == CILP_POSIX_FILE_FAILED ? CILP_TRUST_READ_FAILED : n;
}

#define BEGIN "-----BEGIN "

/* memmem() would do it, for 1.4 KB. */
static bool has_mark(const char *s, size_t n)
{
    for (; n >= sizeof BEGIN - 1; s++, n--)
        if (memcmp(s, BEGIN, sizeof BEGIN - 1) == 0)
            return true;
    return false;
}

/* Is there any PEM in it? Pieces overlap, so that none cuts the mark. */
static const char *look_for_pem(struct cilp_posix_file *f)
{
    char piece[1024];
    size_t kept = 0, n;

    for (;;) {
        n = cilp_posix_file_read(f, (uint8_t *)piece + kept,
                                 sizeof piece - kept);
        if (n == CILP_POSIX_FILE_FAILED)
            return "cannot be read, or is larger than 16 MB";
        if (n == 0)
            return "holds no certificate; it takes PEM, which begins with"
                   " -----BEGIN CERTIFICATE-----";
        n += kept;
        if (has_mark(piece, n))
            return cilp_posix_file_rewind(f) ? NULL : "cannot be read";
        kept = n < sizeof BEGIN - 2 ? n : sizeof BEGIN - 2;
        memmove(piece, piece + n - kept, kept);
    }
}

/* see bundle_file.h */
const char *bundle_file_open(struct bundle_file *b, const char *path)
{
    const char *fault;

    b->reader.rewind = to_start;
    b->reader.read = read_on;
    fault = cilp_posix_file_open(&b->file, path, BUNDLE_FILE_MAX);
    return fault ? fault : look_for_pem(&b->file);
}

/* see bundle_file.h */
enum exit_code bundle_file_trust(struct bundle_file *b,
                                 struct cilp_trust_bundle *bundle,
                                 const char *path, const char *from,
                                 enum spelling spelling)
{
    const char *fault = bundle_file_open(b, path);
    struct out o;

    if (!fault) {
        cilp_trust_init_bundle(bundle, &b->reader);
        return EXIT_DONE;
    }
    say_fault(&o, spelling, EXIT_CONFIG);
    out_str(&o, "the CA bundle '");
    out_quoted(&o, path);
    out_str(&o, "' ");
    out_str(&o, fault);
    out_str(&o, "; it is named by ");
    out_str(&o, from);
    say_end(&o);
    return EXIT_CONFIG;
}
