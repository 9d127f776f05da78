/*
 * The command line: the input's words, each with a NUL behind it. It is taken, or
 * there is one complaint, a line that ends and is printable; the value of an option
 * that is not known is not repeated.
 */
#include <unistd.h>

#include "boards/linux/options.h"
#include "tests/fuzz/same.h"

#define WORDS_MAX 64
#define SECRET    "=Zq8/Vb3+Lw7Xk2Ty9Rm4"

static struct {
    bool is_on;
    size_t n;
    char bytes[1u << 16];
} said;

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
    if (!said.is_on)
        return __real_write(fd, p, n);
    MUST(fd == STDERR_FILENO && said.n + n < sizeof said.bytes);
    memcpy(said.bytes + said.n, p, n);
    said.n += n;
    return (ssize_t)n;
}

static void is_one_complaint(void)
{
    size_t lines = 0;

    for (size_t i = 0; i < said.n; i++) {
        MUST(said.bytes[i] == '\n' ||
             (said.bytes[i] >= 0x20 && said.bytes[i] < 0x7F));
        lines += said.bytes[i] == '\n';
    }
    /* the AWS CLI's spelling has an empty line in front */
    MUST(lines == 1 || (lines == 2 && said.bytes[0] == '\n'));
    MUST(said.bytes[said.n - 1] == '\n');
}

static void read_words(struct options *o, char **words, int n)
{
    enum exit_code rc;

    memset(o, 0, sizeof *o);
    said.n = 0;
    said.is_on = true;
    rc = options_read(o, n, words);
    said.is_on = false;
    said.bytes[said.n] = '\0';
    if (rc == EXIT_DONE) {
        MUST(said.n == 0);
        return;
    }
    MUST(rc == EXIT_USAGE);
    is_one_complaint();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct options o;
    char *words[WORDS_MAX + 2], name[] = "cilp", unknown[64] = "--zz";
    char *text = malloc(n + 1), *at = text;
    int count = 0;

    memcpy(text, p, n);
    text[n] = '\0';
    words[count++] = name;
    for (; at <= text + n && count < WORDS_MAX; at += strlen(at) + 1)
        words[count++] = at;
    words[count] = NULL;
    read_words(&o, words, count);
    /* the same with an option that is none */
    memcpy(unknown + 4, p, n < 16 ? n : 16);
    strcat(unknown, SECRET);
    words[0] = name;
    words[1] = unknown;
    words[2] = NULL;
    read_words(&o, words, 2);
    MUST(!strstr(said.bytes, &SECRET[1]));
    free(text);
    return 0;
}
