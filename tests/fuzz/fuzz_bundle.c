/*
 * A bundle of trust anchors: no text breaks it, cutting it otherwise changes nothing,
 * of each block it tells once, in their order, and what it hands out it gets back.
 * The first byte of the input picks how it is cut; if it is odd the rest is not text
 * but the DER of certificates, one behind the other, each with its length in front.
 */
#include "port/mbedtls/trust.h"

#include "mbedtls/platform.h"
#include "mbedtls/x509_crt.h"

#include "port/port.h"
#include "tests/fuzz/pem_text.h"
#include "tests/fuzz/same.h"

bool cilp_port_entropy(uint8_t *p, size_t n)
{
    memset(p, 4, n);
    return true;
}

static struct cilp_trust_bundle bundle;

/* ---- The text -------------------------------------------------------------- */

static struct {
    struct cilp_trust_reader r;
    const uint8_t *p;
    size_t n, at, piece;
} text;

static bool rewind_text(struct cilp_trust_reader *r)
{
    (void)r;
    text.at = 0;
    return true;
}

static size_t read_text(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    size_t n = text.n - text.at;

    (void)r;
    n = n < cap ? n : cap;
    n = n < text.piece ? n : text.piece;
    memcpy(p, text.p + text.at, n);
    text.at += n;
    return n;
}

static void of_certificates(struct pem_text *t, const uint8_t *p, size_t n)
{
    while (n > 2) {
        size_t len = (size_t)p[0] << 8 | p[1];

        p += 2;
        n -= 2;
        len = len < n ? len : n;
        pem_text_block(t, "CERTIFICATE", p, len);
        p += len;
        n -= len;
    }
}

/* ---- What is told of it ---------------------------------------------------- */

static struct script said, first;
static int has_first;
static size_t blocks, faults;
static uint32_t last_line;

static bool hear(struct cilp_trust_survey *s, uint32_t line, const char *fault)
{
    (void)s;
    MUST(line > last_line && line <= text.n + 1);
    last_line = line;
    blocks++;
    faults += fault != NULL;
    script_add_number(&said, line);
    script_add(&said, fault ? fault : "", fault ? strlen(fault) + 1 : 1);
    return true;
}

static void survey(bool parses)
{
    struct cilp_trust_survey s = {.parses = parses, .block = hear};
    size_t seen, bad;

    blocks = faults = 0;
    last_line = 0;
    MUST(cilp_trust_bundle_survey(&bundle, &s));
    cilp_trust_bundle_count(&bundle, &seen, &bad);
    MUST(seen == blocks && bad == faults);
}

/* Who is asked for: the issuer of one built-in root's child. */
static void handshake(const struct cilp_trust_root *root)
{
    mbedtls_x509_crt child, *found = NULL;
    unsigned n = 0;

    mbedtls_x509_crt_init(&child);
    child.issuer_raw.p = (unsigned char *)root->der + root->subject_at;
    child.issuer_raw.len = root->subject_len;
    child.subject_raw = child.issuer_raw;
    bundle.trust.why = NULL;
    if (bundle.trust.ops->find(&bundle.trust, &child, &found) != 0) {
        MUST(bundle.trust.why != NULL && !found);
    } else {
        for (mbedtls_x509_crt *c = found; c; c = c->next)
            n++;
        /* the ones that cannot sign are given, and not counted */
        MUST(n >= bundle.trust.offered);
    }
    script_add_number(&said, n);
    script_add_number(&said, bundle.trust.offered);
    mbedtls_x509_crt_free(found);
    mbedtls_free(found);
    bundle.trust.ops->done(&bundle.trust);
    MUST(!bundle.anchors);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct pem_text made;
    const size_t pieces[] = {SIZE_MAX, n > 0 ? 1u + p[0] : 1};
    bool is_der = n > 0 && p[0] % 2;

    made.n = 0;
    if (is_der)
        of_certificates(&made, p + 1, n - 1);
    text.r = (struct cilp_trust_reader){rewind_text, read_text};
    text.p = is_der ? (uint8_t *)made.p : p + (n > 0);
    text.n = is_der ? made.n : n - (n > 0);
    has_first = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        text.piece = pieces[i];
        said.len = 0;
        cilp_trust_init_bundle(&bundle, &text.r);
        survey(false);
        survey(true);
        handshake(&cilp_trust_roots[0]);
        MUST(script_check(&said, &first, &has_first) == NULL);
    }
    return 0;
}
