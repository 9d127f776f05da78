/* No text breaks core/xml, its elements balance, and none is read differently
 * for being cut differently. */
#include "core/xml.h"
#include "tests/fuzz/same.h"

static struct cilp_xml reader;
static enum cilp_xml_rc rc;
static struct script said, first;
static int has_first;
static unsigned depth;

static void begin(void *ctx)
{
    (void)ctx;
    cilp_xml_init(&reader);
    rc = CILP_XML_MORE;
    said.len = 0;
    depth = 0;
}

static void tell(void)
{
    if (rc == CILP_XML_START)
        MUST(reader.depth == ++depth);
    if (rc == CILP_XML_TEXT) {
        MUST(reader.depth == depth && depth > 0);
        MUST(reader.text_len > 0 && reader.text_len <= sizeof reader.text);
        script_add(&said, reader.text, reader.text_len);
        return; /* not where it was cut: that may differ */
    }
    if (rc == CILP_XML_END)
        MUST(reader.depth == depth--);
    MUST(strlen(reader.name) == reader.name_len && reader.name_len > 0);
    MUST(depth <= CILP_XML_DEPTH);
    script_add_number(&said, (unsigned)rc);
    script_add(&said, reader.name, reader.name_len);
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    size_t used, idle = 0;

    (void)ctx;
    for (;;) {
        rc = cilp_xml_feed(&reader, p, n, &used);
        MUST(used <= n);
        p += used;
        n -= used;
        if (rc == CILP_XML_MORE || rc == CILP_XML_BAD)
            break;
        idle = used > 0 ? 0 : idle + 1;
        MUST(idle < 3); /* text, then an end: no more without a byte */
        tell();
    }
    MUST(rc == CILP_XML_BAD || n == 0);
}

static const char *check(void *ctx)
{
    bool complete = cilp_xml_is_complete(&reader);

    (void)ctx;
    MUST(complete == (cilp_xml_what(&reader)[0] == '\0'));
    MUST(!complete || depth == 0);
    script_add_number(&said, complete);
    script_add(&said, cilp_xml_what(&reader), strlen(cilp_xml_what(&reader)));
    return script_check(&said, &first, &has_first);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct split_reader r = {begin, feed, check, NULL};

    has_first = 0;
    must_be_same(&r, p, n);
    return 0;
}
