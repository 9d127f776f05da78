/* A byte that nobody wrote, and a decision on it: what memory.sh has to be told of. One is
 * made in core, the other on what mbedTLS and the port make of it, so that a part that the
 * sanitizer does not see shows. */
#include <string.h>

#include "core/sha256.h"
#include "core/utc.h"

static int in_core(void)
{
    char date[] = "2026-01-15T12:00:00Z";
    char unwritten[sizeof date];
    int64_t at;

    memcpy(unwritten, date, 9);
    memcpy(unwritten + 10, date + 10, sizeof date - 10);
    return cilp_utc_from_iso(unwritten, sizeof date - 1, &at);
}

static int in_a_hash(void)
{
    struct cilp_sha256 hash = {0};
    uint8_t digest[CILP_SHA256_LEN], unwritten[64];

    cilp_sha256_add(&hash, unwritten, sizeof unwritten);
    (void)cilp_sha256_end(&hash, digest);
    return digest[0] == 3;
}

int main(int argc, char **argv)
{
    (void)argv;
    return argc > 1 ? in_core() : in_a_hash();
}
