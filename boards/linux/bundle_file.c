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

/* ---- What it looks like ------------------------------------------------- */

static bool begins(const uint8_t *p, size_t n, const char *with, size_t len)
{
    return n >= len && memcmp(p, with, len) == 0;
}

/* UTF-16 has a mark, or a NUL beside each letter. */
static bool is_utf16(const uint8_t *p, size_t n)
{
    if (begins(p, n, "\xff\xfe", 2) || begins(p, n, "\xfe\xff", 2))
        return true;
    return n >= 2 && !p[0] != !p[1];
}

/* A SEQUENCE whose length takes more than a byte: a certificate, or PKCS #12. */
static bool is_der(const uint8_t *p, size_t n)
{
    return n >= 2 && p[0] == 0x30 && (p[1] == 0x81 || p[1] == 0x82);
}

/* By its first bytes, where no block of a certificate is in it. */
static const char *describe(const uint8_t *p, size_t n)
{
    if (n == 0)
        return "is empty";
    if (is_utf16(p, n))
        return "looks like UTF-16; save it as UTF-8";
    if (is_der(p, n))
        return "looks like DER; `openssl x509 -inform der` makes PEM of it";
    return "holds no certificate; it takes PEM, which begins with"
           " -----BEGIN CERTIFICATE-----";
}

/* ---- Whether there is a certificate ------------------------------------- */

/* The survey ends with the first certificate that is whole. */
struct look {
    struct cilp_trust_survey survey;
    struct bundle_file *file;
    bool any;
};

static bool look_at(struct cilp_trust_survey *s, uint32_t line,
                    const char *fault)
{
    struct look *l = (struct look *)s;

    if (fault && !l->file->fault) {
        l->file->fault = fault;
        l->file->line = line;
    }
    l->any = fault == NULL;
    return !l->any;
}

static const char *describe_file(struct bundle_file *b)
{
    uint8_t head[1024];
    size_t n;

    if (!to_start(&b->reader))
        return "cannot be read";
    n = read_on(&b->reader, head, sizeof head);
    if (n == CILP_TRUST_READ_FAILED)
        return "cannot be read";
    return describe(head, n);
}

/* see bundle_file.h */
const char *bundle_file_open(struct bundle_file *b, const char *path,
                             struct cilp_trust_bundle *bundle)
{
    struct look l = {.survey = {.block = look_at}, .file = b};
    const char *fault;

    b->reader.rewind = to_start;
    b->reader.read = read_on;
    b->fault = NULL;
    fault = cilp_posix_file_open(&b->file, path, BUNDLE_FILE_MAX);
    if (fault)
        return fault;
    cilp_trust_init_bundle(bundle, &b->reader);
    if (!cilp_trust_bundle_survey(bundle, &l.survey))
        return "cannot be read, or is larger than 16 MB";
    if (l.any)
        return NULL;
    return b->fault ? "holds no certificate that can be used"
                    : describe_file(b);
}

/* ---- What became of it --------------------------------------------------- */

static bool count(struct cilp_trust_survey *survey, uint32_t line,
                  const char *fault)
{
    struct bundle_survey *s = (struct bundle_survey *)survey;

    if (!fault) {
        s->anchors++;
        return true;
    }
    if (s->faults < BUNDLE_FAULTS) {
        s->first[s->faults].line = line;
        s->first[s->faults].fault = fault;
    }
    s->faults++;
    return true;
}

/* see bundle_file.h */
bool bundle_survey(struct bundle_survey *s, struct cilp_trust_bundle *bundle)
{
    memset(s, 0, sizeof *s);
    s->survey.parses = true;
    s->survey.block = count;
    return cilp_trust_bundle_survey(bundle, &s->survey);
}

/* see bundle_file.h */
enum exit_code bundle_file_trust(struct bundle_file *b,
                                 struct cilp_trust_bundle *bundle,
                                 const char *path, const char *from,
                                 enum spelling spelling)
{
    const char *fault = bundle_file_open(b, path, bundle);
    struct out o;

    if (!fault)
        return EXIT_DONE;
    say_fault(&o, spelling, EXIT_CONFIG);
    out_str(&o, "the CA bundle '");
    out_quoted(&o, path);
    out_str(&o, "' ");
    out_str(&o, fault);
    if (b->fault) {
        out_str(&o, ": the block in line ");
        out_uint(&o, b->line);
        out_char(&o, ' ');
        out_str(&o, b->fault);
    }
    out_str(&o, "; it is named by ");
    out_str(&o, from);
    say_end(&o);
    return EXIT_CONFIG;
}
