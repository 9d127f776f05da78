/*
 * A request in a file (cilp sign, cilp send): whatever is read, it is refused or is
 * a request of ours to the byte, which comes out as it went in. Sums are not looked
 * at here.
 */
#include "boards/linux/request_file.h"
#include "tests/fuzz/same.h"

void cilp_sha256_add(struct cilp_sha256 *h, const void *p, size_t n)
{
    (void)h, (void)p, (void)n;
}

bool cilp_sha256_end(struct cilp_sha256 *h, uint8_t digest[CILP_SHA256_LEN])
{
    (void)h;
    memset(digest, 0, CILP_SHA256_LEN);
    return true;
}

static void lies_in(const char *s, size_t max)
{
    MUST(memchr(s, '\0', max));
    for (; *s; s++)
        MUST(*s >= 0x20 && *s < 0x7F);
}

static void is_of_ours(struct cilp_signed *s, const char *p, size_t n)
{
    struct cilp_request req = {0};

    MUST(s->bytes >= p && s->bytes + s->len <= p + n);
    lies_in(s->path, sizeof s->path);
    lies_in(s->host, sizeof s->host);
    lies_in(s->region, sizeof s->region);
    lies_in(s->key_id, sizeof s->key_id);
    lies_in(s->invocation_id, sizeof s->invocation_id);
    lies_in(s->image_id, sizeof s->image_id);
    if (cilp_signed_request(s, &req))
        MUST(req.region && req.image_id && req.flow == &cilp_send);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct cilp_signed s, again;
    char *text = malloc(n + 1);
    const char *fault;

    memcpy(text, p, n);
    fault = request_file_read(&s, text, n);
    MUST(!fault || fault[0]);
    if (!fault)
        is_of_ours(&s, text, n);
    /* and without the file around it */
    if (cilp_signed_read(&again, text, n))
        is_of_ours(&again, text, n);
    free(text);
    return 0;
}
