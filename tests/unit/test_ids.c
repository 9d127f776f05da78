/*
 * The ids of a batch: lines of an input, cut anywhere, and arguments.
 */
#include "tests/unit/rows.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "boards/linux/ids.h"
#include "boards/linux/stop.h"

#define A "ami-12345678"
#define B "ami-0abcdef1234567890"

/* No signals here. */
int stop_signal(void)
{
    return 0;
}

/* What an input comes to: one character each time, in the order of enum
 * ids_rc, and the number of the last line. */
static const char CODES[] = "1b=.!s";

struct row {
    const char *name, *input, *codes;
    uint32_t line;
};

/* clang-format off */
static const struct row ROWS[] = {
    { "nothing", "", ".", 1 },
    { "one", A "\n", "1.", 2 },
    { "without an end", A, "1.", 1 },
    { "two", A "\n" B "\n", "11.", 3 },
    { "CRLF", A "\r\n" B "\r\n", "11.", 3 },
    { "a last CR", A "\r", "1.", 1 },
    { "blank lines and comments", "\n\n# " A "\n  \t\n  #\n" A "\n", "1.", 7 },
    { "a comment behind an id", A " # " B "\n" B, "11.", 2 },
    { "blanks around", " \t" A "\t \n", "1.", 2 },
    { "the same", A "\n\n" A "\n" B "\n" A "\n", "1=11.", 6 },
    { "no id", "x\n" A "\nami-1\n", "b1b.", 4 },
    { "two in a line", A " " B "\n", "11.", 2 },
    { "a tab between", A "\t" B "\n", "11.", 2 },
    { "a CR between", A "\r" B "\n", "11.", 2 },
    { "blanks at the end", A "\t" B " \r\n" A "  ", "111.", 2 },
    { "a byte order mark", "\xEF\xBB\xBF" A "\n" B "\n", "11.", 3 },
    { "it alone", "\xEF\xBB\xBF", ".", 1 },
    { "it in the middle", A "\n\xEF\xBB\xBF" B "\n", "1b.", 3 },
    { "UTF-16, little end first", "\xFF\xFEx\n", "!", 1 },
    { "UTF-16, big end first", "\xFE\xFFx\n", "!", 1 },
    { "beyond ASCII", "\xC3\xA9\n", "b.", 2 },
    { "an escape", A "\n\033[2J\n" B "\n", "1!", 2 },
    { "DEL", "\x7F\n", "!", 1 },

    { "with a Region", A " eu-west-1\n" B "\n", "11.", 3 },
    { "the same in two Regions", A " eu-west-1\n" A " us-gov-west-1\n", "11.", 3 },
    { "the same in one Region", A " eu-west-1\n" A "\teu-west-1 # x\n", "1=.", 3 },
    { "with and without", A " eu-west-1\n" A "\n", "11.", 3 },
    { "Regions in one line", A " eu-west-1 " B " us-east-2\n", "11.", 2 },
    { "two Regions", A " eu-west-1 us-east-2\n" B "\n", "b1.", 3 },
    { "a Region alone", "eu-west-1\n" B "\n", "b1.", 3 },
    { "almost a Region", A " eu-west\n" A " eu-1\n" A " eu--1\n", "bbb.", 4 },
    { "a zone", A " eu-west-1a\n" A " EU-WEST-1\n" A " -eu-1\n", "bbb.", 4 },

    { "an id before other words", A " is old\n" B "\n", "b1.", 3 },
    { "behind other words", "Keep " A " and " B "!\n" B "\n", "b1.", 3 },
    { "between ids", A " " B " x " A "\n" B "\n", "1b1.", 3 },
    { "with its full stop", "Delete " A ".\n", "b.", 2 },
    { "JSON", "{\n  \"Images\": [\n \"" A "\",\n", "!", 1 },
    { "JSON of strings", "[\"" A "\", \"" B "\"]\n", "!", 1 },
    { "a JSON string a line", "\"" A "\"\n\"" B "\"\n", "!", 1 },
    { "JSON behind an id", A "\n" A " {\n", "1!", 2 },
    { "CSV", A "," B "\n", "!", 1 },
    { "CSV with a header", "ImageId,Name\n" A ",x\n", "!", 1 },
    { "our own table", "AMI   OWNER  DAYS\n" A "  123456789012\n", "!", 1 },
    { "without its header", A "  123456789012   30  available\n", "!", 1 },
    { "what cancel prints", A "  cancelled  -\n" B "\n", "b1.", 3 },
    { "the AWS CLI's table", "-----\n|  " A " |\n", "!", 1 },
    { "a row of it", "|  " A "  |\n", "!", 1 },
    { "its text of whole AMIs", "IMAGES\t" A "\n", "!", 1 },
    { "YAML", "- " A "\n", "!", 1 },
};
/* clang-format on */

/* Write the text to a pipe, in pieces of `cut` bytes, from another process. */
static int feed(const char *text, size_t len, size_t cut)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    if (fork() == 0) {
        for (size_t at = 0; at < len; at += cut) {
            size_t n = len - at < cut ? len - at : cut;

            if (write(ends[1], text + at, n) != (ssize_t)n)
                break;
        }
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

/* All of it; the codes come back, and how many. */
static uint32_t read_all(struct ids *ids, char *codes, size_t cap)
{
    static char *const words[] = {"-"};
    sigset_t none;
    size_t n = 0;
    enum ids_rc rc;
    int fd = ids->fd;

    sigemptyset(&none);
    ids_init(ids, words, 1, false, fd, &none);
    do {
        rc = ids_next(ids);
        codes[n++] = CODES[rc];
    } while (rc != IDS_END && rc != IDS_BROKEN && n < cap - 1);
    codes[n] = '\0';
    close(fd);
    while (wait(NULL) > 0)
        ;
    return ids->line;
}

static void every_input_comes_to_the_same_however_it_is_cut(void **state)
{
    static struct ids ids;
    char codes[32];

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (size_t cut = 1; cut <= 16; cut *= 2) {
            ids.fd = feed(ROWS[i].input, strlen(ROWS[i].input), cut);
            CHECK_ROW(ROWS[i].name,
                      read_all(&ids, codes, sizeof codes) == ROWS[i].line);
            CHECK_ROW(ROWS[i].name, strcmp(codes, ROWS[i].codes) == 0);
        }
}

static void a_nul_is_no_text(void **state)
{
    static struct ids ids;
    char codes[8];

    (void)state;
    ids.fd = feed("\0\n", 2, 2);
    assert_int_equal(read_all(&ids, codes, sizeof codes), 1);
    assert_string_equal(codes, "!");
    assert_non_null(strstr(ids.fault, "control characters"));
}

static void a_word_may_have_256_bytes_and_a_line_any(void **state)
{
    static struct ids ids;
    static char text[4 * IDS_WORD_MAX];
    char codes[8];

    (void)state;
    memset(text, ' ', sizeof text);
    memcpy(text + sizeof text - strlen(A), A, strlen(A));
    ids.fd = feed(text, sizeof text, 100);
    read_all(&ids, codes, sizeof codes);
    assert_string_equal(codes, "1.");
    memset(text, 'x', IDS_WORD_MAX);
    ids.fd = feed(text, sizeof text, 100);
    read_all(&ids, codes, sizeof codes);
    assert_string_equal(codes, "b.");
    memset(text, 'x', IDS_WORD_MAX + 1);
    ids.fd = feed(text, sizeof text, 100);
    read_all(&ids, codes, sizeof codes);
    assert_string_equal(codes, "!");
    assert_non_null(strstr(ids.fault, "longer than 256 bytes"));
}

/* What is not handed out, of thousands of ids on one line, is none. */
static void a_line_of_many_ids(void **state)
{
    static struct ids ids;
    static char text[1000 * sizeof A];
    static char codes[1002];

    (void)state;
    for (size_t i = 0; i < 1000; i++)
        memcpy(text + i * sizeof A, i % 2 ? "ami-0000000a\t" : A "\t",
               sizeof A);
    ids.fd = feed(text, sizeof text, 700);
    read_all(&ids, codes, sizeof codes);
    assert_int_equal(strspn(codes, "1"), 1000);
    assert_string_equal(codes + 1000, ".");
}

static void a_region_stands_behind_its_id(void **state)
{
    static char *const words[] = {"-"};
    static const char text[] = A " eu-west-1 " B "\n" A " cn-north-1";
    static struct ids ids;
    sigset_t none;
    int fd = feed(text, sizeof text - 1, 1);

    (void)state;
    sigemptyset(&none);
    ids_init(&ids, words, 1, false, fd, &none);
    assert_int_equal(ids_next(&ids), IDS_ONE);
    assert_string_equal(ids.region, "eu-west-1");
    assert_int_equal(ids_next(&ids), IDS_ONE);
    assert_string_equal(ids.id, B);
    assert_string_equal(ids.region, "");
    assert_int_equal(ids_next(&ids), IDS_ONE);
    assert_string_equal(ids.id, A);
    assert_string_equal(ids.region, "cn-north-1");
    assert_int_equal(ids_next(&ids), IDS_END);
    close(fd);
    while (wait(NULL) > 0)
        ;
}

static void words_are_handed_out_as_they_are(void **state)
{
    static char *const words[] = {A, "x", B, B};
    static struct ids ids;

    (void)state;
    ids_init(&ids, words, 4, false, -1, NULL);
    assert_int_equal(ids_next(&ids), IDS_ONE);
    assert_string_equal(ids.id, A);
    assert_int_equal(ids_left(&ids), 3);
    assert_int_equal(ids_next(&ids), IDS_BAD);
    assert_int_equal(ids.line, 2);
    assert_int_equal(ids_next(&ids), IDS_ONE);
    assert_int_equal(ids_next(&ids), IDS_SAME);
    assert_int_equal(ids_next(&ids), IDS_END);
    ids_init(&ids, words + 1, 1, true, -1, NULL);
    assert_int_equal(ids_next(&ids), IDS_ONE);
    assert_string_equal(ids.id, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_comes_to_the_same_however_it_is_cut),
        cmocka_unit_test(a_nul_is_no_text),
        cmocka_unit_test(a_word_may_have_256_bytes_and_a_line_any),
        cmocka_unit_test(a_line_of_many_ids),
        cmocka_unit_test(a_region_stands_behind_its_id),
        cmocka_unit_test(words_are_handed_out_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
