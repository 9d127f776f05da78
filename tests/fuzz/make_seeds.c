/*
 * make_seeds.c FOLDER - seeds that no mutation would find soon, in folders of it. For
 * the conversations (conversation.h), of each source the input under which all goes
 * well, in good replies of its services and EC2's; for bundles, the built-in roots.
 */
#include "port/mbedtls/trust.h"
#include "tests/fuzz/pem_text.h"
#include "tests/fuzz/ways.h"

#include <stdio.h>

#define GOES_ON 0x80 /* a luck of happen() under which the want is met */

#define HEAD "HTTP/1.1 200 OK\r\nDate: Thu, 15 Jan 2026 12:00:01 GMT\r\n"
#define KEYS                                                     \
    "\"AccessKeyId\":\"ASIAGIVENGIVEN00\",\"SecretAccessKey\":"  \
    "\"given\",\"Token\":\"given\",\"Expiration\":\"2026-01-15T" \
    "18:00:00Z\""
#define CERTIFIED                                                   \
    "\"accessKeyId\":\"ASIAGIVENGIVEN00\",\"secretAccessKey\":"     \
    "\"given\",\"sessionToken\":\"given\",\"expiration\":\"2026-01" \
    "-15T18:00:00Z\""
#define STS(action)                                                \
    "<" action "Response><" action "Result><Credentials>"          \
    "<AccessKeyId>ASIAGIVENGIVEN00</AccessKeyId><SecretAccessKey>" \
    "given</SecretAccessKey><SessionToken>given</SessionToken>"    \
    "<Expiration>2026-01-15T18:00:00Z</Expiration></Credentials>"  \
    "</" action "Result></" action "Response>"
#define YES                                                        \
    "<CancelImageLaunchPermissionResponse><requestId>r</requestId" \
    "><return>true</return></CancelImageLaunchPermissionResponse>"

/* The bodies of one way, in the order of its questions; YES is the last. */
static const char *const bodies[WAY_COUNT][5] = {
    [WAY_STATIC] = {YES},
    [WAY_IMDS] = {"token", "role", "{\"Code\":\"Success\"," KEYS "}", YES},
    [WAY_CONTAINER] = {"{" KEYS "}", YES},
    [WAY_WEB] = {STS("AssumeRoleWithWebIdentity"), YES},
    [WAY_ASSUME] = {STS("AssumeRole"), STS("AssumeRole"), YES},
    [WAY_SSO] = {"{\"roleCredentials\":{\"accessKeyId\":\"ASIAGIVENGIVEN00\","
                 "\"secretAccessKey\":\"given\",\"sessionToken\":\"given\","
                 "\"expiration\":1768500000000}}",
                 YES},
    [WAY_IOT] = {"{\"credentials\":{" CERTIFIED "}}", YES},
    [WAY_ANYWHERE] = {"{\"credentialSet\":[{\"credentials\":{" CERTIFIED
                      "}}],\"subjectArn\":\"a\"}",
                      YES},
};

static FILE *file;

/* A reply, in reads of conversation.h's. */
static void receive(struct cilp_op *op, const char **left)
{
    size_t cap, n = strlen(*left);
    uint8_t *p = cilp_rx(op, &cap);

    if (n == 0) { /* what comes after it: nothing */
        fputc(5 + 1, file);
        cilp_eof(op);
        return;
    }
    n = n < cap ? n : cap;
    n = n < 256 ? n : 256;
    fprintf(file, "%c%c%.*s", GOES_ON, (int)n - 1, (int)n, *left);
    memcpy(p, *left, n);
    cilp_received(op, n);
    *left += n;
}

static void converse_well(enum way way, struct cilp_op *op)
{
    const struct cilp_now now = {.unix_s = 1768478400, .trusted = true};
    const char *const *body = bodies[way], *left = "";
    static char reply[2048];
    enum cilp_want want;
    size_t n;

    cilp_start(op, ways_request(way), now);
    while ((want = cilp_next(op, now)) != CILP_DONE) {
        if (want == CILP_OPEN) {
            fputc(GOES_ON, file);
            cilp_opened(op);
        } else if (want == CILP_SEND) {
            (void)cilp_tx(op, &n);
            fprintf(file, "%c%c", GOES_ON, 255);
            cilp_sent(op, 1 + 255 * n / 256);
            snprintf(reply, sizeof reply, HEAD "Content-Length: %zu\r\n\r\n%s",
                     *body ? strlen(*body) : 0, *body ? *body : "");
            left = reply;
        } else if (want == CILP_RECV) {
            body += *body && left == reply;
            receive(op, &left);
        } else if (want == CILP_CLOSE) {
            fputc(GOES_ON, file);
            cilp_closed(op);
        } else {
            fprintf(stderr, "way %d: a pause\n", (int)way);
            abort();
        }
    }
    if (cilp_result(op)->outcome == CILP_CANCELLED)
        return;
    fprintf(stderr, "way %d: outcome %d, error %d, what %d\n", (int)way,
            (int)cilp_result(op)->outcome, (int)cilp_result(op)->err,
            (int)cilp_result(op)->what);
    abort();
}

static void begin_file(const char *folder, const char *name, int number)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s_%d", folder, name, number);
    file = fopen(path, "wb");
    need(file != NULL);
}

/* As fuzz_bundle.c has them: text behind an even byte, DER behind an odd one. */
static void put_root(const char *folder, int i)
{
    const struct cilp_trust_root *root = &cilp_trust_roots[i];
    static struct pem_text text;

    text.n = 0;
    pem_text_block(&text, "CERTIFICATE", root->der, root->len);
    begin_file(folder, "bundle/text", i);
    fputc(6, file);
    need(fwrite(text.p, 1, text.n, file) == text.n && fclose(file) == 0);
    begin_file(folder, "bundle/der", i);
    fprintf(file, "%c%c%c", 7, root->len >> 8, root->len & 0xff);
    need(fwrite(root->der, 1, root->len, file) == root->len);
    need(fclose(file) == 0);
}

int main(int argc, char **argv)
{
    static struct cilp_op op;

    if (argc != 2)
        return 2;
    for (int way = 0; way < WAY_COUNT; way++) {
        begin_file(argv[1], "source/way", way);
        fputc(way, file);
        need(cilp_init(&op, sizeof op));
        converse_well((enum way)way, &op);
        cilp_end(&op);
        need(fclose(file) == 0);
    }
    for (int i = 0; i < (int)cilp_trust_roots_count; i++)
        put_root(argv[1], i);
    return 0;
}
