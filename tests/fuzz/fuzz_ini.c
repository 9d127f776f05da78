/* No text breaks core/ini, what it tells lies in its own text, and none is read
 * differently for being cut differently. The first byte picks the section. */
#include "core/ini.h"
#include "tests/fuzz/same.h"

static struct cilp_ini reader;
static enum cilp_ini_rc rc;
static struct script said, first;
static int has_first;
static int bare;

static void begin(void *ctx)
{
    (void)ctx;
    cilp_ini_init(&reader, bare ? "" : "profile", "a");
    rc = CILP_INI_MORE;
    said.len = 0;
}

static void tell(void)
{
    MUST(reader.found && reader.key[0] != '\0');
    MUST(strlen(reader.key) + strlen(reader.value) + strlen(reader.block) <=
         CILP_INI_MAX);
    script_add_number(&said, reader.line);
    script_add(&said, reader.block, strlen(reader.block) + 1);
    script_add(&said, reader.key, strlen(reader.key) + 1);
    script_add(&said, reader.value, strlen(reader.value) + 1);
}

static void feed(void *ctx, const uint8_t *p, size_t n)
{
    size_t used;

    (void)ctx;
    while ((rc = cilp_ini_feed(&reader, p, n, &used)) == CILP_INI_PAIR) {
        MUST(used <= n);
        p += used;
        n -= used;
        tell();
    }
    MUST(rc != CILP_INI_MORE || used == n);
}

static const char *check(void *ctx)
{
    (void)ctx;
    if (rc == CILP_INI_MORE && (rc = cilp_ini_end(&reader)) == CILP_INI_PAIR) {
        tell();
        rc = CILP_INI_MORE;
        MUST(cilp_ini_end(&reader) == CILP_INI_MORE);
    }
    MUST(rc == CILP_INI_MORE || cilp_ini_end(&reader) == rc);
    script_add_number(&said, (unsigned)rc);
    script_add_number(&said, reader.line);
    return script_check(&said, &first, &has_first);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct split_reader r = {begin, feed, check, NULL};

    has_first = 0;
    bare = n > 0 && p[0] % 2;
    must_be_same(&r, p, n);
    return 0;
}
