/*
 * The command line of the static program: rows of words, and what they come
 * to. Complaints are read back from standard error.
 */
#include "tests/unit/rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include "boards/linux/options.h"

#define WORDS_MAX 12
#define AMI       "ami-0abcdef1234567890"
#define EC2       "ec2", "cancel-image-launch-permission"

struct row {
    const char *name;
    const char *words[WORDS_MAX];
    enum exit_code rc;
    const char *said; /* must be in what was said; NULL: nothing is */
};

/* Read the row's words; what was said comes back in `said`. */
static enum exit_code read_row(const struct row *row, struct options *o,
                               char said[512])
{
    static char *argv[WORDS_MAX + 1];
    static char copies[WORDS_MAX][64];
    int argc = 0, file = memfd_create("stderr", 0), before = dup(2);
    enum exit_code rc;
    ssize_t n;

    for (; argc < WORDS_MAX && row->words[argc]; argc++) {
        strcpy(copies[argc], row->words[argc]);
        argv[argc] = copies[argc];
    }
    argv[argc] = NULL;
    dup2(file, 2);
    rc = options_read(o, argc, argv);
    dup2(before, 2);
    close(before);
    n = pread(file, said, 511, 0);
    said[n > 0 ? n : 0] = '\0';
    close(file);
    return rc;
}

/* clang-format off */
static const struct row ROWS[] = {
    { "the plain way", { "cilp", "cancel", AMI }, EXIT_DONE, NULL },
    { "options in between", { "cilp", "--region", "x", "cancel", "--debug",
      AMI, "--dry-run" }, EXIT_DONE, NULL },
    { "an id by option", { "cilp", "cancel", "--image-id", AMI }, EXIT_DONE,
      NULL },
    { "two ids", { "cilp", "cancel", AMI, "ami-12345678" }, EXIT_DONE, NULL },
    { "ids of standard input", { "cilp", "cancel", "-", "--max", "2" },
      EXIT_DONE, NULL },
    { "a list", { "cilp", "list", "--owner", "123456789012", "--older-than",
      "1y", "--name", "web-*", "--output", "ids" }, EXIT_DONE, NULL },
    { "to explain", { "cilp", "explain", AMI, "--output", "json" }, EXIT_DONE,
      NULL },
    { "an id behind --", { "cilp", "cancel", "--", AMI }, EXIT_DONE, NULL },
    { "the AWS CLI's way", { "cilp", EC2, "--image-id", AMI }, EXIT_DONE,
      NULL },
    { "under the name aws", { "/usr/bin/aws", EC2, "--image-id", AMI },
      EXIT_DONE, NULL },
    { "global options first", { "aws", "--region", "x", EC2, "--image-id",
      AMI }, EXIT_DONE, NULL },
    { "harmless options", { "aws", "--no-cli-pager", "--color", "off", EC2,
      "--image-id", AMI, "--no-paginate" }, EXIT_DONE, NULL },
    { "help needs no id", { "cilp", "cancel", "--help" }, EXIT_DONE, NULL },
    { "help needs no verb", { "cilp", "-h" }, EXIT_DONE, NULL },
    { "help as a word", { "aws", EC2, "help" }, EXIT_DONE, NULL },

    { "help first", { "cilp", "help", "cancel" }, EXIT_DONE, NULL },
    { "help of the AWS CLI's", { "aws", "ec2", "help" }, EXIT_DONE, NULL },
    { "its version", { "aws", "--version" }, EXIT_DONE, NULL },
    { "a profile that is called like a verb", { "cilp", "--profile", "ec2",
      "cancel", AMI }, EXIT_DONE, NULL },
    { "another one", { "cilp", "--profile", "list", EC2, "--image-id", AMI },
      EXIT_DONE, NULL },

    { "help of nothing", { "cilp", "help", "delete" }, EXIT_USAGE,
      "no verb 'delete'" },
    { "help of another program's", { "aws", "s3", "help" }, EXIT_USAGE,
      "has no 's3'; its one command" },
    { "a verb of another kind", { "cilp", "delete", "--force", AMI },
      EXIT_USAGE, "no verb 'delete'; did you mean cancel?" },
    { "letters that changed places", { "cilp", "cancle", AMI }, EXIT_USAGE,
      "no verb 'cancle'; did you mean cancel?" },
    { "a word for an option", { "cilp", "version" }, EXIT_USAGE,
      "did you mean --version?" },
    { "a dash of a web page", { "cilp", "\xE2\x80\x93help" }, EXIT_USAGE,
      "a dash of a web page?" },
    { "a slip in an option", { "cilp", "cancel", AMI, "--regoin", "x" },
      EXIT_USAGE, "no option '--regoin' (names are not abbreviated); did you"
      " mean --region?" },
    { "a slip in its opposite", { "cilp", "cancel", AMI, "--noverify" },
      EXIT_USAGE, "did you mean --no-verify?" },
    { "a usual short one", { "cilp", "-v" }, EXIT_USAGE,
      "did you mean --version?" },
    { "another AWS command's options", { "aws", "ec2", "describe-images",
      "--image-ids", AMI }, EXIT_USAGE, "this program is cilp, not the AWS CLI,"
      " and has no 'ec2 describe-images'; its one command is ec2 cancel-" },
    { "in our name too", { "cilp", "ec2", "describe-images", "--owners" },
      EXIT_USAGE, "not the AWS CLI, and has no 'ec2 describe-images'" },
    { "aws alone", { "aws" }, EXIT_USAGE, "not the AWS CLI; its one" },

    { "to ask, and not to", { "cilp", "cancel", AMI, "--even-if-in-use",
      "--require-in-use-check" }, EXIT_USAGE, "give one of them" },
    { "no words", { "cilp" }, EXIT_USAGE, "what shall be done" },
    { "no argv at all", { NULL }, EXIT_USAGE, "what shall be done" },
    { "no verb", { "cilp", AMI }, EXIT_USAGE, "the verb is missing" },
    { "another verb", { "cilp", "delete", AMI }, EXIT_USAGE,
      "no verb 'delete'" },
    { "an escape in a verb", { "cilp", "\033[2J" }, EXIT_USAGE,
      "'\\x1b[2J'" },
    { "another AWS command", { "aws", "s3", "ls" }, EXIT_USAGE,
      "\naws: [ERROR]: An error occurred (ParamValidation): " },
    { "our verb under aws", { "aws", "cancel", AMI }, EXIT_USAGE,
      "not the AWS CLI" },
    { "no id", { "cilp", "cancel" }, EXIT_USAGE, "which AMI?" },
    { "two to explain", { "cilp", "explain", AMI, "ami-12345678" }, EXIT_USAGE,
      "one AMI at a time" },
    { "two ids, two ways", { "cilp", "cancel", AMI, "--image-id", AMI },
      EXIT_USAGE, "one AMI at a time" },
    { "no --image-id", { "aws", EC2 }, EXIT_USAGE,
      "the following arguments are required: --image-id" },
    { "a bare id", { "aws", EC2, "--image-id", AMI, AMI }, EXIT_USAGE,
      "given with --image-id" },
    { "an unknown option", { "cilp", "cancel", AMI, "--nonsense" }, EXIT_USAGE,
      "no option '--nonsense'" },
    { "its value is not repeated", { "cilp", "cancel", "--token=s3cret" },
      EXIT_USAGE, "no option '--token' " },
    { "an abbreviation", { "cilp", "cancel", AMI, "--reg", "x" }, EXIT_USAGE,
      "no option '--reg'" },
    { "an abbreviation with =", { "cilp", "cancel", AMI, "--reg=x" },
      EXIT_USAGE, "no option '--reg'" },
    { "a value that is missing", { "cilp", "cancel", AMI, "--region" },
      EXIT_USAGE, "'--region' needs a value" },
    { "a value that is too much", { "cilp", "cancel", AMI, "--debug=yes" },
      EXIT_USAGE, "'--debug' takes no value" },
    { "a value for a choice", { "cilp", "cancel", AMI, "--dry-run=true" },
      EXIT_USAGE, "'--dry-run' takes no value" },
    { "a value for its opposite", { "cilp", "cancel", AMI, "--no-verify=s3" },
      EXIT_USAGE, "'--no-verify' takes no value" },
    { "a secret astray", { "cilp", "cancel", "--audit", "--key=s3cret", AMI },
      EXIT_USAGE, "and '--key' is the next option: " },
    { "the end of options", { "cilp", "cancel", "--audit", "--", AMI },
      EXIT_USAGE, "'--' is the next option" },
    { "a harmless option's value", { "aws", EC2, "--color", "--image-id",
      AMI }, EXIT_USAGE, "argument --color: expected one argument" },
    { "a short option", { "cilp", "cancel", AMI, "-x" }, EXIT_USAGE,
      "no option '-x'" },
    { "harmless there alone", { "cilp", "cancel", AMI, "--no-cli-pager" },
      EXIT_USAGE, "'--no-cli-pager' does not belong to this verb" },
    { "of another verb", { "cilp", "--owner", "123456789012", "cancel", AMI },
      EXIT_USAGE, "'--owner' does not belong to this verb" },
    { "a file's short name", { "cilp", "sign", "-o", "R", AMI }, EXIT_DONE,
      NULL },
    { "in front of the verb", { "cilp", "-o", "R", "sign", AMI }, EXIT_DONE,
      NULL },
    { "a short name of another verb", { "cilp", "cancel", "-o", "R", AMI },
      EXIT_USAGE, "'--out' does not belong to this verb" },
    { "sign without an AMI", { "cilp", "sign" }, EXIT_USAGE,
      "which AMI? Try: cilp sign AMI-ID" },
    { "a file to send", { "cilp", "send", "R" }, EXIT_DONE, NULL },
    { "no file to send", { "cilp", "send" }, EXIT_USAGE,
      "which file? Try: cilp send FILE" },
    { "two files", { "cilp", "send", "R", "S" }, EXIT_USAGE,
      "one file at a time; there is also 'S'" },
    { "keys for who needs none", { "cilp", "send", "R", "--credentials",
      "imds" }, EXIT_USAGE, "'--credentials' does not belong to this verb" },
    { "the output of another verb", { "cilp", "cancel", AMI, "--output",
      "ids" }, EXIT_USAGE, "belongs to list" },
    { "nothing to list", { "cilp", "list", AMI }, EXIT_USAGE, "takes no AMI" },
    { "nothing to explain", { "cilp", "explain" }, EXIT_USAGE, "which AMI?" },
    { "an id beside -", { "cilp", "cancel", "-", AMI }, EXIT_USAGE,
      "give it alone" },
    { "our other verb under aws", { "aws", "list" }, EXIT_USAGE,
      "not the AWS CLI" },
    { "no age", { "cilp", "list", "--older-than", "0d" }, EXIT_USAGE,
      "--older-than 0d: " },
    { "weeks", { "cilp", "list", "--older-than", "2w" }, EXIT_USAGE,
      "--older-than 2w: " },
    { "an age of 99999999 days", { "cilp", "list", "--older-than", "99999999" },
      EXIT_USAGE, "--older-than 99999999: " },
    { "no account", { "cilp", "list", "--owner", "self" }, EXIT_USAGE,
      "12 digits" },
    { "13 digits", { "cilp", "cancel", AMI, "--expect-account",
      "1234567890123" }, EXIT_USAGE, "12 digits" },
    { "no number", { "cilp", "cancel", AMI, "--max", "1x" }, EXIT_USAGE,
      "--max 1x: " },
    { "none at most", { "cilp", "cancel", AMI, "--max", "0" }, EXIT_USAGE,
      "--max 0: " },
    { "no seconds", { "cilp", "cancel", AMI, "--deadline", "0" }, EXIT_USAGE,
      "--deadline 0: " },
    { "no seconds after the point", { "cilp", "cancel", AMI, "--deadline",
      "0.0001" }, EXIT_USAGE, "--deadline 0.0001: " },
    { "more than a day", { "cilp", "cancel", AMI, "--cli-read-timeout",
      "86401" }, EXIT_USAGE, "--cli-read-timeout 86401: " },
    { "far more than a day", { "cilp", "cancel", AMI, "--cli-read-timeout",
      "99999999999999999999" }, EXIT_USAGE, "up to 86400" },
    { "negative seconds", { "cilp", "cancel", AMI, "--cli-connect-timeout",
      "-1" }, EXIT_USAGE, "--cli-connect-timeout -1: " },
    { "another output", { "cilp", "cancel", AMI, "--output", "yaml" },
      EXIT_USAGE, "choose text, json or off" },
    { "no verifying", { "aws", EC2, "--no-verify-ssl" }, EXIT_USAGE,
      "always verified" },
    { "no signing", { "aws", EC2, "--no-sign-request" }, EXIT_USAGE,
      "unsigned" },
    { "JMESPath", { "aws", EC2, "--query", "Return" }, EXIT_USAGE, "jq" },
    { "JMESPath with =", { "aws", EC2, "--query=Return" }, EXIT_USAGE, "jq" },
    { "JSON input", { "aws", EC2, "--cli-input-json", "{}" }, EXIT_USAGE,
      "--image-id" },
};
/* clang-format on */

static void every_row_comes_to_what_it_should(void **state)
{
    struct options o;
    char said[512];

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        CHECK_ROW(ROWS[i].name, read_row(&ROWS[i], &o, said) == ROWS[i].rc);
        if (ROWS[i].said)
            CHECK_ROW(ROWS[i].name, strstr(said, ROWS[i].said));
        else
            CHECK_ROW(ROWS[i].name, !said[0]);
    }
}

static void a_complaint_is_one_line(void **state)
{
    struct options o;
    char said[512];

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        size_t n;

        if (!ROWS[i].said)
            continue;
        read_row(&ROWS[i], &o, said);
        n = strlen(said);
        CHECK_ROW(ROWS[i].name, n > 0 && said[n - 1] == '\n');
        CHECK_ROW(ROWS[i].name, strchr(said + 1, '\n') == said + n - 1);
    }
}

/* One reading of "cilp VERB --NAME VALUE", of a verb that has the option; own:
 * in the program's own spelling. */
static enum exit_code read_value(const struct option_facts *f, bool own,
                                 const char *joined, const char *value,
                                 char said[512])
{
    const char *verb = f->verbs & VERB_CANCEL  ? "cancel"
                       : f->verbs & VERB_LIST  ? "list"
                       : f->verbs & VERB_APPLY ? "apply"
                                               : "sign";
    struct row row = {"", {own ? "cilp" : "aws"}, EXIT_DONE, NULL};
    struct options o;
    char name[64];
    int n = 1;

    snprintf(name, sizeof name, "--%s%s", f->name, joined);
    row.words[n++] = own ? verb : "ec2";
    if (!own)
        row.words[n++] = "cancel-image-launch-permission";
    row.words[n++] = name;
    if (value)
        row.words[n++] = value;
    if (f->verbs & VERB_CANCEL && own)
        row.words[n++] = AMI;
    return read_row(&row, &o, said);
}

/* What swallows the next option, or the AMI, undoes what was meant. */
static void no_option_takes_the_next_word_for_its_value(void **state)
{
    static const char *const words[] = {"--dry-run", "--", "--nonsense", "-h"};
    struct option_facts f;
    char said[512], want[96];
    size_t n = 0;

    (void)state;
    for (size_t i = 0; options_facts(i, &f); i++)
        for (size_t w = 0; f.arg[0] && w < 2 * COUNT(words); w++) {
            bool own = w % 2;

            if (!own && !(f.verbs & VERB_EC2))
                continue;
            snprintf(want, sizeof want,
                     "%s--%s: expected one argument, and"
                     " '%s' is",
                     own ? "" : "argument ", f.name, words[w / 2]);
            CHECK_ROW(f.name, read_value(&f, own, "", words[w / 2], said) ==
                                  EXIT_USAGE);
            CHECK_ROW(f.name, strstr(said, want));
            n++;
        }
    assert_true(n > 100);
    for (size_t i = 0; options_facts(i, &f); i++) {
        if (!f.arg[0] || strcmp(f.name, "image-id") == 0)
            continue;
        CHECK_ROW(f.name, read_value(&f, true, "", AMI, said) == EXIT_USAGE);
        CHECK_ROW(f.name, strstr(said, "'" AMI "' is an AMI: "));
    }
}

static void what_is_joined_is_the_value(void **state)
{
    struct option_facts f;
    char said[512];

    (void)state;
    for (size_t i = 0; options_facts(i, &f); i++) {
        if (!f.arg[0] || strcmp(f.name, "image-id") == 0)
            continue;
        read_value(&f, true, "=--dry-run", NULL, said);
        CHECK_ROW(f.name, !strstr(said, "expected one argument"));
    }
}

static void no_value_is_empty(void **state)
{
    struct option_facts f;
    char said[512];

    (void)state;
    for (size_t i = 0; options_facts(i, &f); i++) {
        if (!f.arg[0])
            continue;
        CHECK_ROW(f.name, read_value(&f, true, "=", NULL, said) == EXIT_USAGE);
        CHECK_ROW(f.name, strstr(said, "the value is empty"));
        CHECK_ROW(f.name, read_value(&f, true, "", "", said) == EXIT_USAGE);
        CHECK_ROW(f.name, strstr(said, "the value is empty"));
    }
}

static void values_arrive_where_they_belong(void **state)
{
    static const struct row row = {"",
                                   {"cilp", "cancel", AMI, "--region=eu-west-1",
                                    "--deadline", "2.5", "--output", "json",
                                    "--no-fips", "--dualstack",
                                    "--any-image-id", "--allow-http"},
                                   EXIT_DONE,
                                   NULL};
    struct options o;
    char said[512];

    (void)state;
    assert_int_equal(read_row(&row, &o, said), EXIT_DONE);
    assert_int_equal(o.n_words, 1);
    assert_string_equal(o.words[0], AMI);
    assert_string_equal(o.region, "eu-west-1");
    assert_int_equal(o.deadline_ms, 2500);
    assert_int_equal(o.connect_ms, 0);
    assert_int_equal(o.output, OUTPUT_JSON);
    assert_int_equal(o.fips, CHOICE_NO);
    assert_int_equal(o.dual_stack, CHOICE_YES);
    assert_int_equal(o.dry_run, CHOICE_NONE);
    assert_true(o.any_image_id && o.allow_http && !o.debug);
    assert_int_equal(o.spelling, SPELLING_OWN);
    assert_int_equal(o.verb, VERB_CANCEL);
}

static void of_a_list_and_of_a_batch(void **state)
{
    static const struct row list = {"",
                                    {"cilp", "list", "--older-than", "2y",
                                     "--owner=123456789012", "--output=ids"},
                                    EXIT_DONE,
                                    NULL};
    static const struct row batch = {"",
                                     {"cilp", "cancel", AMI, "--no-verify", "b",
                                      "--max=7", "--audit", "f", "-"},
                                     EXIT_USAGE,
                                     NULL};
    struct options o;
    char said[512];

    (void)state;
    assert_int_equal(read_row(&list, &o, said), EXIT_DONE);
    assert_int_equal(o.older_than, 730);
    assert_string_equal(o.owner, "123456789012");
    assert_int_equal(o.output, OUTPUT_IDS);
    assert_int_equal(o.verb, VERB_LIST);
    assert_int_equal(read_row(&batch, &o, said), EXIT_USAGE);
    assert_int_equal(o.n_words, 3);
    assert_string_equal(o.words[1], "b");
    assert_int_equal(o.max, 7);
    assert_int_equal(o.verify, CHOICE_NO);
    assert_string_equal(o.audit, "f");
}

static void the_last_of_two_wins(void **state)
{
    static const struct row row = {"",
                                   {"aws", EC2, "--image-id", "a", "--image-id",
                                    "b", "--dry-run", "--no-dry-run",
                                    "--region", "x", "--region=y"},
                                   EXIT_DONE,
                                   NULL};
    struct options o;
    char said[512];

    (void)state;
    assert_int_equal(read_row(&row, &o, said), EXIT_DONE);
    assert_int_equal(o.n_words, 1);
    assert_string_equal(o.words[0], "b");
    assert_string_equal(o.region, "y");
    assert_int_equal(o.dry_run, CHOICE_NO);
    assert_int_equal(o.spelling, SPELLING_AWS);
}

static void help_names_every_option_once(void **state)
{
    static const char *const names[] = {"image-id AMI-ID",
                                        "dry-run, --no-dry-run",
                                        "verify, --no-verify",
                                        "max N",
                                        "expect-account ACCOUNT",
                                        "audit FILE",
                                        "region NAME",
                                        "endpoint-url URL",
                                        "ca-bundle FILE",
                                        "cli-connect-timeout SECONDS",
                                        "cli-read-timeout SECONDS",
                                        "deadline SECONDS",
                                        "output FORMAT",
                                        "fips, --no-fips",
                                        "dualstack, --no-dualstack",
                                        "allow-http",
                                        "any-image-id",
                                        "debug",
                                        "help",
                                        "version"};
    struct options o = {.verb = VERB_CANCEL};
    struct out out;
    static char text[8192];
    int file = memfd_create("help", 0);
    ssize_t n;

    (void)state;
    out_init(&out, file);
    options_help(&o, &out);
    assert_true(out_flush(&out));
    n = pread(file, text, sizeof text - 1, 0);
    assert_true(n > 0);
    text[n] = '\0';
    close(file);
    for (size_t i = 0; i < COUNT(names); i++) {
        char line[64] = "\n  --";

        strcat(line, names[i]);
        CHECK_ROW(names[i], strstr(text, line));
        CHECK_ROW(names[i], !strstr(strstr(text, line) + 1, line));
    }
    assert_null(strstr(text, "--query"));
    assert_null(strstr(text, "--owner"));
}

static void help_of_the_aws_cli_s_speaks_of_nothing_else(void **state)
{
    struct options o = {.is_named_aws = true};
    struct out out;
    static char text[8192];
    int file = memfd_create("help", 0);
    ssize_t n;

    (void)state;
    out_init(&out, file);
    options_help(&o, &out);
    assert_true(out_flush(&out));
    n = pread(file, text, sizeof text - 1, 0);
    close(file);
    assert_true(n > 0);
    text[n] = '\0';
    assert_ptr_equal(strstr(text, "usage: aws ec2 cancel-image-"), text);
    assert_null(strstr(text, "standard input"));
    assert_null(strstr(text, "| -"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_comes_to_what_it_should),
        cmocka_unit_test(a_complaint_is_one_line),
        cmocka_unit_test(no_option_takes_the_next_word_for_its_value),
        cmocka_unit_test(what_is_joined_is_the_value),
        cmocka_unit_test(no_value_is_empty),
        cmocka_unit_test(values_arrive_where_they_belong),
        cmocka_unit_test(of_a_list_and_of_a_batch),
        cmocka_unit_test(the_last_of_two_wins),
        cmocka_unit_test(help_names_every_option_once),
        cmocka_unit_test(help_of_the_aws_cli_s_speaks_of_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
