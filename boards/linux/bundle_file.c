#include "boards/linux/bundle_file.h"

static bool to_start(struct cilp_trust_reader *r)
{
    return cilp_posix_file_rewind(&((struct bundle_file *)r)->file);
}

static size_t read_on(struct cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    size_t n = cilp_posix_file_read(&((struct bundle_file *)r)->file, p, cap);

    return n == CILP_POSIX_FILE_FAILED ? CILP_TRUST_READ_FAILED : n;
}

/* see bundle_file.h */
const char *bundle_file_open(struct bundle_file *b, const char *path)
{
    b->reader.rewind = to_start;
    b->reader.read = read_on;
    return cilp_posix_file_open(&b->file, path, BUNDLE_FILE_MAX);
}
