#include "boards/linux/options.h"

#include <string.h>

#include "boards/linux/image_id.h"
#include "boards/linux/nearest.h"
#include "boards/linux/regions.h" /* CILP_REGIONS */
#include "core/account.h"
#include "port/awscli/chain_kind.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- The table --------------------------------------------------------- */

enum kind {
    KIND_TEXT,    /* const char *: --name VALUE */
    KIND_SECONDS, /* uint32_t ms: --name SECONDS */
    KIND_AGE,     /* uint32_t days: --name 30, 30d or 1y */
    KIND_COUNT,   /* uint32_t: --name N */
    KIND_SPAN,    /* uint32_t seconds: --name 90m, 24h or 7d */
    KIND_ACCOUNT, /* const char *: --name and 12 digits */
    KIND_OUTPUT,  /* enum output: --name WORD */
    KIND_SOURCE,  /* const char *: --name and one of cilp_chain_kind_name() */
    KIND_FLAG,    /* bool: --name */
    KIND_CHOICE,  /* enum choice: --name, --no-name */
    KIND_IGNORED, /* --name: harmless, for scripts written for the AWS CLI */
    KIND_IGNORED_TEXT, /* --name VALUE, likewise */
    KIND_REFUSED       /* --name: `help` says why */
};

/* Names lie in the table itself, here and below: a pointer costs 24 more bytes
 * in a program that runs wherever it is loaded. */
struct row {
    char name[24];
    char arg[8]; /* what the value is called in --help; "": none */
    enum kind kind;
    unsigned verbs;
    size_t field;          /* where it goes in struct options */
    const char *variables; /* of the environment, in order; NULL: none */
    const char *help;
};

#define ALL     VERB_ALL
#define CANCELS (VERB_CANCEL | VERB_EC2 | VERB_APPLY)
#define MANY    (VERB_CANCEL | VERB_APPLY)
#define LISTS   (VERB_LIST | VERB_PLAN)
#define IMAGE   (VERB_CANCEL | VERB_EC2 | VERB_EXPLAIN | VERB_SIGN)
#define KEYS    (VERB_ALL & ~VERB_SEND)
#define REGION  (KEYS & ~VERB_APPLY) /* whose Regions are the plan's */
#define ACROSS  (LISTS | VERB_EXPLAIN | VERB_DOCTOR)
#define TO(f)   offsetof(struct options, f)

/* clang-format off */
static const struct row ROWS[] = {
    { "image-id", "AMI-ID", KIND_TEXT, IMAGE, TO(image_id), NULL,
      "the AMI, in the AWS CLI's way" },
    { "dry-run", "", KIND_CHOICE, CANCELS | VERB_SIGN, TO(dry_run), NULL,
      "ask if it is permitted; change nothing" },
    { "verify", "", KIND_CHOICE, MANY, TO(verify), NULL,
      "look afterwards if it is gone; the default" },
    { "even-if-in-use", "", KIND_FLAG, MANY, TO(even_if_in_use), NULL,
      "cancel without asking if it is in use" },
    { "require-in-use-check", "", KIND_FLAG, MANY,
      TO(require_in_use_check), NULL,
      "do not cancel if that cannot be found out" },
    { "max", "N", KIND_COUNT, MANY, TO(max), NULL,
      "refuse to cancel more than N" },
    { "max-age", "AGE", KIND_SPAN, VERB_APPLY, TO(max_age), NULL,
      "refuse an older plan: 90m, 7d; default 24h" },
    { "at", "TIME", KIND_TEXT, VERB_SIGN, TO(at), NULL,
      "sign for then, as 2026-01-15T12:00:00Z" },
    { "out", "FILE", KIND_TEXT, VERB_SIGN, TO(to_file), NULL,
      "make this file for the request; also -o FILE" },
    { "owner", "ACCOUNT", KIND_ACCOUNT, LISTS, TO(owner), NULL,
      "only what this account owns" },
    { "older-than", "AGE", KIND_AGE, LISTS, TO(older_than), NULL,
      "only what is older: 30 or 30d, 1y" },
    { "name", "PATTERN", KIND_TEXT, LISTS, TO(name), NULL,
      "only names that match; * and ? are wild" },
    { "in-use", "", KIND_FLAG, VERB_LIST, TO(in_use), NULL,
      "tell which ones this account uses" },
    { "expect-account", "ACCOUNT", KIND_ACCOUNT, KEYS, TO(expect_account),
      NULL, "go on only if the keys belong to it" },
    { "audit", "FILE", KIND_TEXT, CANCELS | VERB_SEND, TO(audit), NULL,
      "append a line of JSON for each attempt" },
    { "profile", "NAME", KIND_TEXT, ALL, TO(profile),
      "AWS_PROFILE, AWS_DEFAULT_PROFILE",
      "use this profile; not the environment's keys" },
    { "credentials", "SOURCE", KIND_SOURCE, KEYS, TO(credentials), NULL,
      "take them from there alone; see below" },
    { "region", "NAME", KIND_TEXT, REGION, TO(region),
      "AWS_REGION, AWS_DEFAULT_REGION", "the Region of the AMI" },
    { "regions", "LIST", KIND_TEXT, ACROSS, TO(regions), NULL,
      "all, or several: eu-west-1,us-east-1" },
    { "endpoint-url", "URL", KIND_TEXT, ALL, TO(endpoint_url),
      "AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL",
      "where EC2 is, as https://host[:port][/path]" },
    { "fips", "", KIND_CHOICE, KEYS, TO(fips), "AWS_USE_FIPS_ENDPOINT",
      "use the Region's FIPS endpoint" },
    { "dualstack", "", KIND_CHOICE, KEYS, TO(dual_stack),
      "AWS_USE_DUALSTACK_ENDPOINT",
      "use the endpoint that has IPv6 and IPv4" },
    { "ca-bundle", "FILE", KIND_TEXT, ALL, TO(ca_bundle), "AWS_CA_BUNDLE",
      "trust these roots (PEM) and no others" },
    { "proxy", "URL", KIND_TEXT, ALL, TO(proxy),
      "HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
      "an HTTP proxy to go through, or none" },
    { "cli-connect-timeout", "SECONDS", KIND_SECONDS, ALL, TO(connect_ms),
      NULL, "for one connection with TLS; default 10" },
    { "cli-read-timeout", "SECONDS", KIND_SECONDS, ALL, TO(read_ms),
      NULL, "without a byte moving; default 30" },
    { "deadline", "SECONDS", KIND_SECONDS, ALL, TO(deadline_ms),
      NULL, "for one AMI or page with retries; default 60" },
    { "output", "FORMAT", KIND_OUTPUT, ALL, TO(output),
      NULL, "text, json or off; list: also ids" },
    { "allow-http", "", KIND_FLAG, ALL, TO(allow_http),
      NULL, "let an http:// endpoint be another machine" },
    { "any-image-id", "", KIND_FLAG, IMAGE, TO(any_image_id),
      NULL, "send the id whatever it looks like" },
    { "debug", "", KIND_FLAG, ALL, TO(debug),
      NULL, "show what is sent and received, secrets apart" },
    { "help", "", KIND_FLAG, ALL, TO(help), NULL, "show this" },
    { "version", "", KIND_FLAG, ALL, TO(version), NULL,
      "show the version" },

    { "no-cli-pager", "", KIND_IGNORED, VERB_EC2, 0, NULL, NULL },
    { "no-paginate", "", KIND_IGNORED, VERB_EC2, 0, NULL, NULL },
    { "no-cli-auto-prompt", "", KIND_IGNORED, VERB_EC2, 0, NULL, NULL },
    { "color", "", KIND_IGNORED_TEXT, VERB_EC2, 0, NULL, NULL },
    { "cli-binary-format", "", KIND_IGNORED_TEXT, VERB_EC2, 0, NULL, NULL },

    { "no-verify-ssl", "", KIND_REFUSED, ALL, 0, NULL,
      "certificates are always verified; --ca-bundle names other roots" },
    { "no-sign-request", "", KIND_REFUSED, ALL, 0, NULL,
      "EC2 takes no unsigned request of this kind" },
    { "query", "", KIND_REFUSED, ALL, 0, NULL,
      "there is no JMESPath in here; use --output json and jq" },
    { "cli-auto-prompt", "", KIND_REFUSED, ALL, 0, NULL,
      "nobody is asked anything in here" },
    { "cli-error-format", "", KIND_REFUSED, ALL, 0, NULL,
      "errors have one form, that of the AWS CLI where it is not told one" },
    { "cli-input-json", "", KIND_REFUSED, ALL, 0, NULL,
      "give --image-id and --dry-run instead" },
    { "cli-input-yaml", "", KIND_REFUSED, ALL, 0, NULL,
      "give --image-id and --dry-run instead" },
    { "generate-cli-skeleton", "", KIND_REFUSED, ALL, 0, NULL,
      "give --image-id and --dry-run instead" },
};
/* clang-format on */

/* clang-format off */
static const struct {
    char name[5];
    enum output output;
    unsigned verbs;
} OUTPUTS[] = {
    { "text", OUTPUT_TEXT, ALL },
    { "json", OUTPUT_JSON, ALL },
    { "ids",  OUTPUT_IDS,  VERB_LIST },
    { "off",  OUTPUT_OFF,  ALL },
};
/* clang-format on */

/* OUTPUT_DEFAULT: none is called so. */
static enum output find_output(const char *word)
{
    for (size_t i = 0; i < COUNT(OUTPUTS); i++)
        if (strcmp(word, OUTPUTS[i].name) == 0)
            return OUTPUTS[i].output;
    return OUTPUT_DEFAULT;
}

/* see options.h */
enum output options_output(const char *word)
{
    enum output output = find_output(word);

    return output == OUTPUT_IDS ? OUTPUT_DEFAULT : output;
}

/* ---- Options by their names --------------------------------------------- */

/* What may follow a name. */
enum takes { TAKES_NONE, TAKES_ONE, TAKES_EITHER };

static enum takes takes_of(enum kind kind)
{
    switch (kind) {
    case KIND_TEXT:
    case KIND_SECONDS:
    case KIND_AGE:
    case KIND_COUNT:
    case KIND_SPAN:
    case KIND_ACCOUNT:
    case KIND_OUTPUT:
    case KIND_SOURCE:
    case KIND_IGNORED_TEXT: return TAKES_ONE;
    case KIND_REFUSED: return TAKES_EITHER;
    case KIND_FLAG:
    case KIND_CHOICE:
    case KIND_IGNORED: break;
    }
    return TAKES_NONE;
}

static bool is_name(const struct row *row, const char *s, size_t n)
{
    return strncmp(row->name, s, n) == 0 && row->name[n] == '\0';
}

/* The one option with a short name that other verbs' users know. */
static const char *long_name(const char *word)
{
    return strcmp(word, "-o") == 0 ? "--out" : word;
}

/* The row that "--NAME" or "--NAME=VALUE" names; NULL: none. The AWS CLI takes
 * "--reg" for "--region", but a script that relies on it breaks with the next
 * option. */
static const struct row *find_row(const char *word, bool *is_no)
{
    const char *name = word + 2;
    size_t n = strcspn(name, "=");

    for (const struct row *row = ROWS; row < ROWS + COUNT(ROWS); row++) {
        *is_no = row->kind == KIND_CHOICE && strncmp(name, "no-", 3) == 0 &&
                 is_name(row, name + 3, n - 3);
        if (*is_no || is_name(row, name, n))
            return row;
    }
    return NULL;
}

/* ---- Reading ----------------------------------------------------------- */

/* A reading under way. */
struct reading {
    struct options *o;
    const char *word;              /* the element of argv that is being read */
    const char *seen[COUNT(ROWS)]; /* how the option was written; or NULL */
};

#define DAY_S 86400u

/* Up to three digits behind the point; *end is what follows them. */
static uint32_t parse_fraction(const char *p, const char **end)
{
    uint32_t ms = 0;

    for (uint32_t unit = 100; *p >= '0' && *p <= '9' && unit > 0; unit /= 10)
        ms += (uint32_t)(*p++ - '0') * unit;
    *end = p;
    return ms;
}

/* Seconds, also "2.5", in milliseconds. 0 if it is not such a number, is 0, or
 * is more than a day. */
static uint32_t parse_seconds(const char *s)
{
    uint32_t seconds = 0, ms = 0;
    const char *p = s;

    for (; *p >= '0' && *p <= '9' && seconds <= DAY_S; p++)
        seconds = seconds * 10 + (uint32_t)(*p - '0');
    if (p > s && *p == '.')
        ms = parse_fraction(p + 1, &p);
    ms += seconds <= DAY_S ? seconds * 1000 : 0;
    return *p || seconds > DAY_S || ms > DAY_S * 1000 ? 0 : ms;
}

/* A number up to `most`; *end is what follows it. 0 if it is none. */
static uint32_t parse_number(const char *s, uint32_t most, const char **end)
{
    uint32_t v = 0;

    for (; *s >= '0' && *s <= '9' && v <= most; s++)
        v = v * 10 + (uint32_t)(*s - '0');
    *end = s;
    return v <= most ? v : 0;
}

/* "30", "30d" or "1y" in days; 0 if it is none of them. */
static uint32_t parse_age(const char *s)
{
    const char *end;
    uint32_t v = parse_number(s, 99999, &end);
    uint32_t unit = *end == 'y' ? 365 : 1;

    if (*end == 'd' || *end == 'y')
        end++;
    return *end ? 0 : v * unit;
}

/* "--NAME: ", with the value if that is part of what is wrong. */
static void begin_fault(struct out *o, const struct reading *r,
                        const struct row *row, const char *value)
{
    say_fault(o, r->o->spelling, EXIT_USAGE);
    out_str(o, r->o->spelling == SPELLING_AWS ? "argument --" : "--");
    out_str(o, row->name);
    if (value) {
        out_char(o, ' ');
        out_quoted(o, value);
    }
    out_str(o, ": ");
}

static enum exit_code fault(const struct reading *r, const struct row *row,
                            const char *value, const char *text)
{
    struct out o;

    begin_fault(&o, r, row, value);
    out_str(&o, text);
    say_end(&o);
    return EXIT_USAGE;
}

static enum exit_code store_output(const struct reading *r,
                                   const struct row *row, enum output *to,
                                   const char *value)
{
    *to = find_output(value);
    if (*to != OUTPUT_DEFAULT)
        return EXIT_DONE;
    return fault(r, row, value, "choose text, json or off; of list also ids");
}

/* "environment, assume-role, ...": in the order in which they are tried; half:
 * what separates the first half of them from the second, where a line ends. */
static void put_sources(struct out *o, const char *half)
{
    for (int i = 0; i < CILP_CHAIN_KINDS; i++) {
        if (i > 0)
            out_str(o, i == CILP_CHAIN_KINDS / 2 ? half : ", ");
        out_str(o, cilp_chain_kind_name((enum cilp_chain_kind)i));
        if (!cilp_chain_kind_linked[i])
            out_str(o, " (not built in)");
    }
}

static enum exit_code store_source(const struct reading *r,
                                   const struct row *row, const char **to,
                                   const char *value)
{
    struct out o;

    *to = value;
    for (int i = 0; i < CILP_CHAIN_KINDS; i++)
        if (strcmp(value, cilp_chain_kind_name((enum cilp_chain_kind)i)) == 0)
            return EXIT_DONE;
    begin_fault(&o, r, row, value);
    out_str(&o, "choose one of ");
    put_sources(&o, ", ");
    say_end(&o);
    return EXIT_USAGE;
}

static enum exit_code store_seconds(const struct reading *r,
                                    const struct row *row, uint32_t *to,
                                    const char *value)
{
    *to = parse_seconds(value);
    if (*to)
        return EXIT_DONE;
    return fault(r, row, value,
                 "give seconds, above 0 and up to 86400;"
                 " waiting for ever is not offered");
}

/* "90m", "24h" or "7d" in seconds, of 100 years at most; 0 if it is none. */
static uint32_t parse_span(const char *s)
{
    const char *end;
    uint32_t v = parse_number(s, 36500, &end);

    if (*end == 'm')
        v *= 60;
    else if (*end == 'h')
        v *= 3600;
    else
        v = *end == 'd' ? v * DAY_S : 0;
    return v && !end[1] ? v : 0;
}

static enum exit_code store_age(const struct reading *r, const struct row *row,
                                uint32_t *to, const char *value)
{
    *to = parse_age(value);
    if (*to)
        return EXIT_DONE;
    return fault(r, row, value, "give an age above 0, such as 30, 30d or 1y");
}

/* Without plans the verb is refused, whatever this says. */
static enum exit_code store_span(const struct reading *r, const struct row *row,
                                 uint32_t *to, const char *value)
{
    if (!CILP_REGIONS)
        return EXIT_DONE;
    *to = parse_span(value);
    if (*to)
        return EXIT_DONE;
    return fault(r, row, value, "give a time above 0, such as 90m, 24h or 7d");
}

static enum exit_code store_count(const struct reading *r,
                                  const struct row *row, uint32_t *to,
                                  const char *value)
{
    const char *end;

    *to = parse_number(value, 99999999, &end);
    if (*to && !*end)
        return EXIT_DONE;
    return fault(r, row, value, "give a number above 0");
}

static enum exit_code store_account(const struct reading *r,
                                    const struct row *row, const char **to,
                                    const char *value)
{
    *to = value;
    if (cilp_is_account(value))
        return EXIT_DONE;
    return fault(r, row, value, "an account is 12 digits");
}

static enum exit_code store(const struct reading *r, const struct row *row,
                            bool is_no, const char *value)
{
    void *field = (char *)r->o + row->field;

    switch (row->kind) {
    case KIND_TEXT: *(const char **)field = value; break;
    case KIND_SECONDS: return store_seconds(r, row, field, value);
    case KIND_AGE: return store_age(r, row, field, value);
    case KIND_SPAN: return store_span(r, row, field, value);
    case KIND_COUNT: return store_count(r, row, field, value);
    case KIND_ACCOUNT: return store_account(r, row, field, value);
    case KIND_OUTPUT: return store_output(r, row, field, value);
    case KIND_SOURCE: return store_source(r, row, field, value);
    case KIND_FLAG: *(bool *)field = true; break;
    case KIND_CHOICE:
        *(enum choice *)field = is_no ? CHOICE_NO : CHOICE_YES;
        break;
    case KIND_REFUSED: return fault(r, row, NULL, row->help);
    case KIND_IGNORED:
    case KIND_IGNORED_TEXT: break;
    }
    return EXIT_DONE;
}

#define SHOWN_MAX 64 /* of an option's name, with its end */

/* The option's name alone: a value may be a secret that went astray. */
static const char *name_of(const char *word, char name[SHOWN_MAX])
{
    size_t n = strcspn(word, "=");

    n = n < SHOWN_MAX - 1 ? n : SHOWN_MAX - 1;
    memcpy(name, word, n);
    name[n] = '\0';
    return name;
}

static enum exit_code name_fault(const struct reading *r, const char *before,
                                 const char *after)
{
    char name[SHOWN_MAX];

    return complain(r->o->spelling, EXIT_USAGE, before, name_of(r->word, name),
                    after);
}

#define NO_NAME_MAX 24 /* "no-" and the longest name of KIND_CHOICE */

/* The option that was perhaps meant, without its dashes; NULL: nobody knows. */
static const char *option_like(const char *name)
{
    static char no_names[COUNT(ROWS)][NO_NAME_MAX];
    struct nearest nearest = {.word = name + 2};

    if (strcmp(name, "-v") == 0 || strcmp(name, "-V") == 0)
        return "version";
    for (size_t i = 0; strncmp(name, "--", 2) == 0 && i < COUNT(ROWS); i++) {
        nearest_try(&nearest, ROWS[i].name);
        if (ROWS[i].kind != KIND_CHOICE)
            continue;
        memcpy(no_names[i], "no-", 3);
        strncpy(no_names[i] + 3, ROWS[i].name, NO_NAME_MAX - 4);
        nearest_try(&nearest, no_names[i]);
    }
    return nearest.found;
}

static enum exit_code unknown(const struct reading *r)
{
    char name[SHOWN_MAX];
    const char *like = option_like(name_of(r->word, name));
    struct out o;

    say_fault(&o, r->o->spelling, EXIT_USAGE);
    out_str(&o, "there is no option '");
    out_quoted(&o, name);
    out_str(&o, "' (names are not abbreviated); ");
    out_str(&o, like ? "did you mean --" : "--help lists them");
    out_str(&o, like ? like : "");
    out_str(&o, like ? "?" : "");
    say_end(&o);
    return EXIT_USAGE;
}

/* A value that stands in a word of its own and is rather the next option, or
 * the AMI: `--audit $LOG --dry-run $ID` with LOG unset would cancel. */
static const char *astray(const struct row *row, const char *value)
{
    if (strncmp(value, "--", 2) == 0 || strcmp(value, "-h") == 0)
        return "' is the next option";
    if (row->field != TO(image_id) && !image_id_fault(value))
        return "' is an AMI";
    return NULL;
}

static enum exit_code astray_fault(const struct reading *r,
                                   const struct row *row, const char *value,
                                   const char *why)
{
    char name[SHOWN_MAX];
    struct out o;

    begin_fault(&o, r, row, NULL);
    out_str(&o, "expected one argument, and '");
    out_quoted(&o, name_of(value, name));
    out_str(&o, why);
    out_str(&o, ": is a variable unset? If it is the value, write --");
    out_str(&o, row->name);
    out_str(&o, "=VALUE");
    say_end(&o);
    return EXIT_USAGE;
}

static enum exit_code check_value(const struct reading *r,
                                  const struct row *row, const char *value)
{
    bool is_joined = strchr(r->word, '=') != NULL;
    const char *why = value && !is_joined ? astray(row, value) : NULL;

    if (why)
        return astray_fault(r, row, value, why);
    if (value && !*value)
        return fault(r, row, NULL,
                     "the value is empty: is a variable unset? Give one, or"
                     " leave the option out");
    return EXIT_DONE;
}

/* The value of the option in r->word, NULL if it has none; *next is taken if it
 * is that. */
static enum exit_code find_value(const struct reading *r, enum takes takes,
                                 char ***next, const char **value)
{
    *value = strchr(r->word, '=');
    if (*value)
        ++*value;
    if (*value && takes == TAKES_NONE)
        return name_fault(r, "", " takes no value; write it alone");
    if (*value || takes != TAKES_ONE)
        return EXIT_DONE;
    *value = **next;
    if (!*value)
        return complain(r->o->spelling, EXIT_USAGE, "", r->word,
                        " needs a value behind it");
    ++*next;
    return EXIT_DONE;
}

/* r->word, and *next if that is its value. */
static enum exit_code take(struct reading *r, char ***next)
{
    bool is_no = false, is_long = strncmp(r->word, "--", 2) == 0;
    const struct row *row = is_long ? find_row(r->word, &is_no) : NULL;
    const char *value;
    enum exit_code rc;

    if (!row)
        return unknown(r);
    rc = find_value(r, is_no ? TAKES_NONE : takes_of(row->kind), next, &value);
    if (rc == EXIT_DONE)
        rc = check_value(r, row, value);
    if (rc != EXIT_DONE)
        return rc;
    r->seen[row - ROWS] = r->word;
    return store(r, row, is_no, value);
}

/* Every option, wherever it stands; the other words move to argv's front. */
static enum exit_code take_all(struct reading *r, char **argv)
{
    enum exit_code rc = EXIT_DONE;
    bool is_open = true; /* no "--" was there */

    while (rc == EXIT_DONE && *argv) {
        char *word = *argv++;

        r->word = long_name(word);
        if (!is_open || word[0] != '-' || !word[1])
            r->o->words[r->o->n_words++] = word;
        else if (strcmp(word, "--") == 0)
            is_open = false;
        else if (strcmp(word, "-h") == 0)
            r->o->help = true;
        else
            rc = take(r, &argv);
    }
    return rc;
}

/* ---- Verbs ------------------------------------------------------------- */

static enum exit_code not_aws(char *const *words, size_t n)
{
    struct out o;

    say_fault(&o, SPELLING_AWS, EXIT_USAGE);
    out_str(&o, "this program is cilp, not the AWS CLI");
    for (size_t i = 0; i < n && i < 2; i++) {
        out_str(&o, i ? " " : ", and has no '");
        out_quoted(&o, words[i]);
    }
    out_str(&o, n ? "'" : "");
    out_str(&o, "; its one command is ec2 cancel-image-launch-permission, and"
                " under its own name it has list, explain and doctor");
    say_end(&o);
    return EXIT_USAGE;
}

static enum exit_code no_verb(const char *word)
{
    const char *like = verb_like(word);
    struct out o;

    say_fault(&o, SPELLING_OWN, EXIT_USAGE);
    if (strncmp(word, "ami-", 4) == 0) {
        out_str(&o, "the verb is missing: cilp cancel '");
        out_quoted(&o, word);
        out_str(&o, "', or cilp explain to look first");
        say_end(&o);
        return EXIT_USAGE;
    }
    out_str(&o, "there is no verb '");
    out_quoted(&o, word);
    out_str(&o, like ? "'; did you mean " : "'; ");
    out_str(&o, like ? like : "");
    out_str(&o, like             ? "? "
                : word[0] & 0x80 ? "is that a dash of a web page? "
                                 : "");
    out_str(&o, "cilp --help lists them");
    say_end(&o);
    return EXIT_USAGE;
}

/* The AWS CLI has help as a word; no AMI is called so. */
static bool is_help(const char *word)
{
    return strcmp(word, "help") == 0;
}

static bool is_named_aws(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strcmp(slash ? slash + 1 : path, "aws") == 0;
}

/* An option of this name, with dashes, that takes the next word for its value;
 * *known: there is one of this name at all. */
static bool takes_next(const char *word, bool *known)
{
    bool is_no = false;
    const struct row *row = find_row(long_name(word), &is_no);

    *known = row || strcmp(word, "-h") == 0;
    return row && !is_no && takes_of(row->kind) == TAKES_ONE &&
           !strchr(word, '=');
}

#define FIRST_MAX 4 /* help, two words of a verb, help */

/* The first words that are neither options nor their values, up to an option
 * that is not known. */
static size_t first_words(int argc, char **argv, char *words[FIRST_MAX])
{
    size_t n = 0;

    for (int i = 1; i < argc && n < FIRST_MAX; i++) {
        bool known = true;

        if (argv[i][0] != '-' || argv[i][1] == '\0')
            words[n++] = argv[i];
        else if (takes_next(argv[i], &known))
            i++;
        if (!known)
            break;
    }
    return n;
}

/* Is this no command of the AWS CLI's spelling, nor the beginning of ours? */
static bool is_foreign(enum verb verb, char *const *words, size_t n)
{
    return verb != VERB_EC2 && n > 0 && !(n == 1 && verb_is_aws(words[0]));
}

static enum exit_code judge_verb(struct options *o, char *const *words,
                                 size_t n)
{
    if (o->is_named_aws || (n && verb_is_aws(words[0])))
        o->spelling = SPELLING_AWS;
    o->verb = verb_find(words, n);
    if (o->spelling == SPELLING_AWS)
        return is_foreign(o->verb, words, n) ? not_aws(words, n) : EXIT_DONE;
    return n == 0 || o->verb ? EXIT_DONE : no_verb(words[0]);
}

/* The verb comes first, wherever it stands: complaints about options are made in
 * its manner, and another program's command is no question of its options. */
static enum exit_code find_verb(struct options *o, int argc, char **argv)
{
    char *first[FIRST_MAX], **words = first;
    size_t n = first_words(argc, argv, first);

    o->is_named_aws = argc > 0 && is_named_aws(argv[0]);
    if (n && is_help(words[0])) {
        o->help = true;
        words++;
        n--;
    }
    if (n && is_help(words[n - 1]))
        n--;
    return judge_verb(o, words, n);
}

static void drop_words(struct options *o, size_t n)
{
    o->words += n;
    o->n_words -= n;
}

/* Leave the verb's own words away, and help. */
static void take_verb(struct options *o)
{
    const struct verb_row *row = verb_row(o->verb);

    if (o->n_words && is_help(o->words[0]))
        drop_words(o, 1);
    if (row)
        drop_words(o, row->second ? 2 : 1);
    if (o->n_words && is_help(o->words[o->n_words - 1])) {
        o->help = true;
        o->n_words--;
    }
}

static enum exit_code check_ec2_words(const struct options *o)
{
    if (o->n_words)
        return complain(o->spelling, EXIT_USAGE,
                        "unknown options: ", o->words[0],
                        "; the AMI is given with --image-id");
    if (!o->image_id)
        return complain(o->spelling, EXIT_USAGE,
                        "the following arguments are required: --image-id",
                        NULL, "");
    if (strncmp(o->image_id, "file://", 7) == 0 ||
        strncmp(o->image_id, "fileb://", 8) == 0)
        return complain(o->spelling, EXIT_USAGE,
                        "Error parsing parameter '--image-id': Unable to load"
                        " paramfile ",
                        o->image_id,
                        ": no value is read out of a file; give the id itself");
    return EXIT_DONE;
}

static enum exit_code no_words(const struct options *o)
{
    const struct verb_row *row = verb_row(o->verb);
    bool is_file = row->words == WORDS_FILE;
    struct out out;

    say_fault(&out, o->spelling, EXIT_USAGE);
    out_str(&out, is_file ? "which file? Try: cilp " : "which AMI? Try: cilp ");
    out_str(&out, row->first);
    out_str(&out, is_file ? " FILE" : " AMI-ID");
    say_end(&out);
    return EXIT_USAGE;
}

static enum exit_code too_many_words(const struct options *o)
{
    return complain(o->spelling, EXIT_USAGE,
                    verb_row(o->verb)->words == WORDS_FILE
                        ? "one file at a time; there is also "
                        : "one AMI at a time; there is also ",
                    o->words[o->n_words - 1], "");
}

/* "-" among other words. */
static enum exit_code check_input(const struct options *o)
{
    for (size_t i = 0; o->n_words > 1 && i < o->n_words; i++)
        if (strcmp(o->words[i], "-") == 0)
            return complain(o->spelling, EXIT_USAGE,
                            "- reads the ids from standard input; give it"
                            " alone",
                            NULL, "");
    return EXIT_DONE;
}

static enum exit_code check_words(const struct options *o)
{
    size_t n = o->n_words + (o->image_id != NULL);
    enum verb_words takes = verb_row(o->verb)->words;

    if (takes == WORDS_BY_OPTION)
        return check_ec2_words(o);
    if (takes == WORDS_NONE)
        return n == 0 ? EXIT_DONE
                      : complain(o->spelling, EXIT_USAGE,
                                 "this verb takes no AMI; what is ",
                                 o->words[0], " for?");
    if (n == 0)
        return no_words(o);
    if (n > 1 && (o->image_id || takes != WORDS_MANY))
        return too_many_words(o);
    return check_input(o);
}

static enum exit_code check_verb(const struct options *o,
                                 const struct reading *r)
{
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (r->seen[i] && !(ROWS[i].verbs & o->verb))
            return complain(o->spelling, EXIT_USAGE, "", r->seen[i],
                            " does not belong to this verb; its --help lists"
                            " what does");
    for (size_t i = 0; i < COUNT(OUTPUTS); i++)
        if (o->output == OUTPUTS[i].output && !(OUTPUTS[i].verbs & o->verb))
            return complain(o->spelling, EXIT_USAGE,
                            "--output ids belongs to list; choose text, json or"
                            " off",
                            NULL, "");
    return EXIT_DONE;
}

/* One that undoes another. */
static enum exit_code check_wishes(const struct options *o)
{
    if (o->even_if_in_use && o->require_in_use_check)
        return complain(o->spelling, EXIT_USAGE,
                        "--even-if-in-use does not ask what"
                        " --require-in-use-check wants to know; give one of"
                        " them",
                        NULL, "");
    return EXIT_DONE;
}

static enum exit_code check(struct options *o, const struct reading *r)
{
    enum exit_code rc;

    if (o->verb == VERB_NONE && o->spelling == SPELLING_AWS)
        return not_aws(o->words, o->n_words);
    if (o->verb == VERB_NONE)
        return complain(o->spelling, EXIT_USAGE,
                        "what shall be done? Try: cilp cancel AMI-ID, or"
                        " cilp --help",
                        NULL, "");
    rc = check_verb(o, r);
    if (rc == EXIT_DONE)
        rc = check_wishes(o);
    if (rc == EXIT_DONE)
        rc = check_words(o);
    /* There is room: the option stood in argv, in front of what is left. */
    if (rc == EXIT_DONE && o->image_id)
        o->words[o->n_words++] = (char *)o->image_id;
    return rc;
}

/* see options.h */
enum exit_code options_read(struct options *o, int argc, char **argv)
{
    struct reading r;
    enum exit_code rc;

    memset(o, 0, sizeof *o);
    memset(&r, 0, sizeof r);
    r.o = o;
    o->words = argv + (argc > 0);
    rc = find_verb(o, argc, argv);
    if (rc == EXIT_DONE)
        rc = take_all(&r, argv + (argc > 0));
    if (rc != EXIT_DONE)
        return rc;
    take_verb(o);
    return o->help || o->version ? EXIT_DONE : check(o, &r);
}

/* ---- Help -------------------------------------------------------------- */

static void help_row(struct out *out, const struct row *row)
{
    size_t from = 4 + strlen(row->name);

    out_str(out, "  --");
    out_str(out, row->name);
    if (row->kind == KIND_CHOICE) {
        out_str(out, ", --no-");
        out_str(out, row->name);
        from += 7 + strlen(row->name);
    }
    if (row->arg[0]) {
        out_char(out, ' ');
        out_str(out, row->arg);
        from += 1 + strlen(row->arg);
    }
    out_pad(out, from, 33);
    out_str(out, row->help);
    if (row->variables) {
        out_char(out, '\n');
        out_pad(out, 0, 33);
        out_char(out, '[');
        out_str(out, row->variables);
        out_char(out, ']');
    }
    out_char(out, '\n');
}

static void help_verb(struct out *out, const struct options *o)
{
    const struct verb_row *v = verb_row(o->verb);

    out_str(out, o->is_named_aws ? "usage: aws " : "usage: cilp ");
    out_str(out, v->usage);
    out_str(out, "\n\n");
    out_str(out, v->about);
    out_char(out, '\n');
    out_str(out, v->more);
    out_char(out, '\n');
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if ((ROWS[i].verbs & v->verb) && ROWS[i].kind < KIND_IGNORED)
            help_row(out, &ROWS[i]);
    out_str(
        out,
        "\nNames in [brackets] are variables that stand in for the option, the"
        "\nfirst that is not empty; then the profile's setting is used.\n"
        "Credentials come from the first SOURCE that has some, as the AWS CLI's"
        "\ndo; cilp doctor shows which one that is. They are, in order:\n");
    put_sources(out, ",\n");
    out_char(out, '\n');
}

static const char HELP_ALL[] =
    "\nexit codes:\n"
    "  0    cancelled, or gone already, or a dry run that would succeed;\n"
    "       listed; explained, and a cancel may do something\n"
    "  250  unknown: sent, and EC2 could not be asked how it ended\n"
    "  251  nothing to cancel\n"
    "  252  the arguments are wrong; nothing was sent\n"
    "  253  Region, endpoint or credentials are wrong; nothing was sent\n"
    "  254  EC2 refused\n"
    "  255  network or TLS; nothing was sent\n"
    "  129, 130, 143  hung up, interrupted or terminated\n"
    "Several AMIs end with the worst of theirs: a signal, then 250, 255, 253,"
    "\n252, 254, 251. Lines of input that are no ids count as 252, though"
    " other\nAMIs may have been cancelled.\n";

/* see options.h */
void options_help(const struct options *o, struct out *out)
{
    struct options aws = *o;

    aws.verb = VERB_EC2;
    if (o->verb || o->is_named_aws) {
        help_verb(out, o->verb ? o : &aws);
        return;
    }
    out_str(out, "cilp calls EC2's CancelImageLaunchPermission.\n\nusage:"
                 " cilp VERB [options]\n\n");
    for (size_t i = 0; i < VERB_COUNT; i++) {
        out_str(out, "  cilp ");
        out_str(out, verb_rows[i].usage);
        out_str(out, "\n      ");
        out_str(out, verb_rows[i].about);
        out_char(out, '\n');
    }
    out_str(out, "\n  cilp cancel --help   its options\n"
                 "  cilp --version\n");
    out_str(out, HELP_ALL);
}

/* ---- The table for others ---------------------------------------------- */

/* see options.h */
bool options_facts(size_t i, struct option_facts *to)
{
    for (size_t at = 0; at < COUNT(ROWS); at++) {
        const struct row *row = &ROWS[at];

        if (row->kind >= KIND_IGNORED || i-- > 0)
            continue;
        *to = (struct option_facts){row->name, row->arg, row->help, row->verbs,
                                    row->kind == KIND_CHOICE};
        return true;
    }
    return false;
}

/* see options.h */
const char *options_word(const char *option, size_t i, unsigned *verbs)
{
    if (strcmp(option, "credentials") == 0 && i < CILP_CHAIN_KINDS) {
        *verbs = ALL;
        return cilp_chain_kind_name((enum cilp_chain_kind)i);
    }
    if (strcmp(option, "output") != 0 || i >= COUNT(OUTPUTS))
        return NULL;
    *verbs = OUTPUTS[i].verbs;
    return OUTPUTS[i].name;
}
