#include "boards/linux/settings.h"

#include <stdlib.h>
#include <string.h>

#include "boards/linux/image_id.h"
#include "boards/linux/region.h"
#include "boards/linux/regions.h"

#define ATTEMPTS_MAX 10 /* core/cilp.h, struct cilp_request */

/* A setting of the profile, or of the variable of that name; *from says whose. */
static const char *setting(const struct settings *s, enum cilp_profile_key key,
                           char from[CILP_PROFILE_NAME_MAX])
{
    return cilp_profile_setting(&s->chain->profile, key, from);
}

static bool begins(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static enum exit_code bad_setting(const struct settings *s, const char *from,
                                  const char *value, const char *after)
{
    struct out o;

    say_fault(&o, s->spelling, EXIT_CONFIG);
    out_str(&o, from);
    out_str(&o, " '");
    out_quoted(&o, value);
    out_char(&o, '\'');
    out_str(&o, after);
    say_end(&o);
    return EXIT_CONFIG;
}

/* see settings.h */
enum exit_code settings_no_region(const struct settings *s)
{
    struct out o;

    say_error(&o, s->spelling);
    out_str(&o, s->spelling == SPELLING_AWS
                    ? "An error occurred (NoRegion): You must specify a region."
                      " Give --region NAME or set AWS_REGION"
                    : "no Region: give --region NAME or set AWS_REGION (the"
                      " Region that the AMI is in)");
    say_end(&o);
    return EXIT_CONFIG;
}

static enum exit_code choose_source(struct settings *s, const struct options *o)
{
    struct out out;

    bool chosen;

    s->chain->note = note;
    chosen = cilp_chain_choose(s->chain, o->profile, o->credentials);
    if (verb_row(o->verb)->needs > NEEDS_KEYS)
        return EXIT_DONE;
    s->req.wait_ms = cilp_chain_wait_ms(s->chain);
    if (chosen)
        return EXIT_DONE;
    if (s->spelling == SPELLING_AWS &&
        begins(s->chain->why, "no credentials")) {
        say_error(&out, s->spelling);
        out_str(&out, "An error occurred (NoCredentials): Unable to locate"
                      " credentials: ");
    } else {
        say_fault(&out, s->spelling, EXIT_CONFIG);
    }
    out_str(&out, s->chain->why);
    say_end(&out);
    return EXIT_CONFIG;
}

static enum exit_code read_region(struct settings *s, const struct options *o)
{
    char from[CILP_PROFILE_NAME_MAX];

    enum exit_code rc = regions_read(s->spelling, o);

    if (rc != EXIT_DONE)
        return rc;
    s->req.region = o->region;
    if (!o->region)
        s->req.region = setting(s, CILP_PROFILE_REGION, from);
    if (CILP_REGIONS && !s->req.region && o->regions)
        s->req.region = regions_first();
    return s->req.region ? region_check(s->spelling, s->req.region) : EXIT_DONE;
}

/* The AWS CLI's variable and key, in its spelling alone. */
static const char *output_wish(const struct settings *s, const char **from)
{
    const char *word = getenv("AWS_DEFAULT_OUTPUT");

    *from = "AWS_DEFAULT_OUTPUT";
    if (word && *word)
        return word;
    *from = "output";
    word = s->chain->profile.value[CILP_PROFILE_OUTPUT];
    return word && *word ? word : NULL;
}

/* Before anything is sent: who reads True cannot make sense of JSON. */
static enum exit_code read_output(struct settings *s, const struct options *o)
{
    const char *from, *word;

    s->output = o->output;
    if (s->output != OUTPUT_DEFAULT)
        return EXIT_DONE;
    s->output = OUTPUT_TEXT;
    if (s->spelling != SPELLING_AWS)
        return EXIT_DONE;
    s->output = OUTPUT_JSON;
    word = output_wish(s, &from);
    if (!word)
        return EXIT_DONE;
    s->output = options_output(word);
    return s->output != OUTPUT_DEFAULT
               ? EXIT_DONE
               : bad_setting(s, from, word,
                             " is not offered; choose json, text or off, with"
                             " --output too");
}

static bool choice(enum choice given, bool otherwise)
{
    return given == CHOICE_NONE ? otherwise : given == CHOICE_YES;
}

static enum exit_code read_endpoint(struct settings *s, const struct options *o)
{
    s->req.endpoint = o->endpoint_url ? o->endpoint_url
                                      : s->chain->ec2_endpoint;
    s->sts_endpoint = s->chain->sts_endpoint;
    s->req.fips = choice(o->fips, s->chain->fips);
    s->req.dual_stack = choice(o->dual_stack, s->chain->dual_stack);
    if (cilp_chain_has_user(s->req.endpoint) ||
        cilp_chain_has_user(s->sts_endpoint))
        return complain(s->spelling, EXIT_CONFIG,
                        "the endpoint has a user's name in front of its host,"
                        " perhaps with a password, so it is not shown; give"
                        " https://host[:port]",
                        NULL, "");
    return EXIT_DONE;
}

/* The isolated partitions have roots of their own, which nobody outside
 * knows. */
static bool is_isolated(const char *region)
{
    return begins(region, "us-iso") || begins(region, "eu-iso");
}

/* The AWS CLI's variable and key come before what other programs have. */
static void find_bundle(struct settings *s, const struct options *o)
{
    static const char *const others[] = {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"};
    const char *value = o->ca_bundle;

    strcpy(s->ca_bundle_from, "--ca-bundle");
    if (!value)
        value = setting(s, CILP_PROFILE_CA_BUNDLE, s->ca_bundle_from);
    for (size_t i = 0; !value && i < sizeof others / sizeof others[0]; i++) {
        strcpy(s->ca_bundle_from, others[i]);
        value = getenv(others[i]);
        if (value && !*value)
            value = NULL;
    }
    s->ca_bundle = value;
}

static enum exit_code read_trust(struct settings *s, const struct options *o)
{
    find_bundle(s, o);
    if (s->ca_bundle && !s->ca_bundle[0])
        return complain(s->spelling, EXIT_CONFIG, s->ca_bundle_from, NULL,
                        " is empty; name a PEM file or leave it out");
    if (!s->ca_bundle && !s->req.endpoint && s->req.region &&
        is_isolated(s->req.region))
        return complain(s->spelling, EXIT_CONFIG, "the Region ", s->req.region,
                        " has roots that are not built in;"
                        " name them with --ca-bundle FILE");
    return EXIT_DONE;
}

/* 0 if it is not a number; one that is too large is cut. */
static uint32_t parse_count(const char *s)
{
    uint32_t v = 0;

    for (; *s >= '0' && *s <= '9'; s++)
        v = v <= ATTEMPTS_MAX ? v * 10 + (uint32_t)(*s - '0') : v;
    return *s ? 0 : v;
}

static enum exit_code read_attempts(struct settings *s)
{
    char from[CILP_PROFILE_NAME_MAX];
    const char *count = setting(s, CILP_PROFILE_MAX_ATTEMPTS, from);
    uint32_t n = count ? parse_count(count) : 0;

    if (count && n == 0)
        return bad_setting(s, from, count, " is not a number above 0");
    if (n > ATTEMPTS_MAX)
        note(from, NULL, " is more than 10; 10 attempts are made");
    s->req.attempts = (uint8_t)(n > ATTEMPTS_MAX ? ATTEMPTS_MAX : n);
    return EXIT_DONE;
}

static enum exit_code read_retries(struct settings *s)
{
    char from[CILP_PROFILE_NAME_MAX];
    const char *mode = setting(s, CILP_PROFILE_RETRY_MODE, from);

    if (mode && strcmp(mode, "legacy") == 0)
        note(from, NULL, "=legacy is treated as standard");
    else if (mode && strcmp(mode, "adaptive") == 0)
        note(from, NULL, "=adaptive is treated as standard");
    else if (mode && strcmp(mode, "standard") != 0)
        return bad_setting(s, from, mode, " is not offered; use standard");
    return read_attempts(s);
}

/* The AWS CLI's set of characters. */
static bool is_app_id(const char *s)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                         "0123456789!$%&'*+-.^_`|~,");

    return n <= APP_ID_MAX && s[n] == '\0';
}

/* A name for CloudTrail: a bad one is no reason not to cancel. */
static void read_app_id(struct settings *s)
{
    char from[CILP_PROFILE_NAME_MAX];
    const char *id = setting(s, CILP_PROFILE_APP_ID, from);

    if (!id)
        return;
    if (!is_app_id(id)) {
        note(from, NULL,
             " is not sent: an application id has 1 to 50 letters,"
             " digits and !$%&'*+-.^_`|~,");
        return;
    }
    stpcpy(stpcpy(s->agent, "cilp/" CILP_VERSION " app/"), id);
    s->req.user_agent = s->agent;
}

#define FAULTS_SHOWN 10

static bool is_input(const struct options *o, const char *word)
{
    return verb_row(o->verb)->words == WORDS_MANY && strcmp(word, "-") == 0;
}

/* Ids that are arguments are all looked at before anything is sent, and every
 * wrong one is named, as long as a reader has use for that. */
static enum exit_code read_images(struct settings *s, const struct options *o)
{
    /* In the AWS CLI's spelling EC2 is the judge of ids. */
    bool any = o->any_image_id || o->spelling == SPELLING_AWS;
    uint32_t faults = 0;

    s->req.any_image_id = any;
    any = any || verb_row(o->verb)->words == WORDS_FILE;
    for (size_t i = 0; !any && i < o->n_words; i++) {
        const char *word = o->words[i], *fault = image_id_fault(word);

        if (fault && !is_input(o, word) && ++faults <= FAULTS_SHOWN)
            complain(s->spelling, EXIT_USAGE, "", word, fault);
    }
    if (faults > FAULTS_SHOWN)
        complain(s->spelling, EXIT_USAGE,
                 "more of the arguments are no ids; nothing was sent", NULL,
                 "");
    return faults ? EXIT_USAGE : EXIT_DONE;
}

static enum exit_code read_max(struct settings *s, const struct options *o)
{
    struct out out;

    if (!o->max || o->n_words <= o->max)
        return EXIT_DONE;
    say_fault(&out, s->spelling, EXIT_USAGE);
    out_uint(&out, (uint32_t)o->n_words);
    out_str(&out, " AMIs are more than --max ");
    out_uint(&out, o->max);
    out_str(&out, " allows; nothing was sent");
    say_end(&out);
    return EXIT_USAGE;
}

/* see settings.h */
enum exit_code settings_read(struct settings *s, const struct options *o)
{
    static enum exit_code (*const parts[])(struct settings *,
                                           const struct options *) = {
        read_images, read_max,      choose_source, read_output,
        read_region, read_endpoint, read_trust};
    struct cilp_chain *chain = s->chain;

    memset(s, 0, sizeof *s);
    s->chain = chain;
    s->options = o;
    s->spelling = o->spelling;
    s->debug = o->debug;
    s->req.clock = &cilp_clock_learn;
    s->req.connect_ms = o->connect_ms;
    s->req.read_ms = o->read_ms;
    s->req.deadline_ms = o->deadline_ms;
    s->req.allow_http = o->allow_http;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        enum exit_code rc = parts[i](s, o);

        if (rc != EXIT_DONE)
            return rc;
    }
    read_app_id(s);
    return read_retries(s);
}
