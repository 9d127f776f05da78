/*
 * The command line: the input's words, each with a NUL behind it. It is taken, or
 * there is one complaint, a line that ends and is printable; the value of an option
 * that is not known is not repeated.
 */
#include "boards/linux/options.h"
#include "tests/fuzz/written.h"

#define WORDS_MAX 64
#define SECRET    "=Zq8/Vb3+Lw7Xk2Ty9Rm4"

static void is_one_complaint(void)
{
    size_t lines = 0;

    for (size_t i = 0; i < written.n; i++) {
        MUST(written.bytes[i] == '\n' ||
             (written.bytes[i] >= 0x20 && written.bytes[i] < 0x7F));
        lines += written.bytes[i] == '\n';
    }
    /* the AWS CLI's spelling has an empty line in front */
    MUST(lines == 1 || (lines == 2 && written.bytes[0] == '\n'));
    MUST(written.bytes[written.n - 1] == '\n');
}

static void read_words(struct options *o, char **words, int n)
{
    enum exit_code rc;

    memset(o, 0, sizeof *o);
    written.n = 0;
    written.is_on = true;
    rc = options_read(o, n, words);
    written.is_on = false;
    MUST(written.n < 1u << 16);
    written.bytes[written.n] = '\0';
    if (rc == EXIT_DONE) {
        MUST(written.n == 0);
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
    MUST(!strstr(written.bytes, &SECRET[1]));
    free(text);
    return 0;
}
