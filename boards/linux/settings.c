#include "boards/linux/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "boards/linux/image_id.h"

#define ATTEMPTS_MAX 10 /* core/cilp.h, struct cilp_request */

/* The value of a variable, NULL if it is unset or empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

/* The AWS CLI takes any word but "true" for false; a typing error in a wish
 * for FIPS should not pass. */
static enum exit_code read_bool(const struct settings *s, const char *name,
                                bool *to)
{
    const char *value = variable(name);

    *to = false;
    if (!value || strcasecmp(value, "false") == 0)
        return EXIT_DONE;
    *to = strcasecmp(value, "true") == 0;
    if (*to)
        return EXIT_DONE;
    return complain(s->spelling, EXIT_CONFIG, name, NULL,
                    " is neither true nor false");
}

static enum exit_code read_choice(const struct settings *s, enum choice given,
                                  const char *name, bool *to)
{
    *to = given == CHOICE_YES;
    return given == CHOICE_NONE ? read_bool(s, name, to) : EXIT_DONE;
}

static bool begins(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static enum exit_code no_region(const struct settings *s)
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

static enum exit_code read_region(struct settings *s, const struct options *o)
{
    const char *region = o->region;

    if (!region)
        region = variable("AWS_REGION");
    if (!region)
        region = variable("AWS_DEFAULT_REGION");
    if (!region || !region[0])
        return no_region(s);
    s->req.region = region;
    return EXIT_DONE;
}

/* The service's own variable, then the one for all. */
static const char *endpoint_variable(const char *name)
{
    const char *value = variable(name);

    return value ? value : variable("AWS_ENDPOINT_URL");
}

static enum exit_code read_endpoint(struct settings *s, const struct options *o)
{
    bool ignored;
    enum exit_code rc =
        read_bool(s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", &ignored);

    if (rc != EXIT_DONE)
        return rc;
    if (o->endpoint_url && !o->endpoint_url[0])
        return complain(s->spelling, EXIT_USAGE, "--endpoint-url", NULL,
                        " is empty; give https://host[:port]");
    s->req.endpoint = o->endpoint_url;
    if (!s->req.endpoint && !ignored)
        s->req.endpoint = endpoint_variable("AWS_ENDPOINT_URL_EC2");
    if (!ignored)
        s->sts_endpoint = endpoint_variable("AWS_ENDPOINT_URL_STS");
    rc = read_choice(s, o->fips, "AWS_USE_FIPS_ENDPOINT", &s->req.fips);
    if (rc != EXIT_DONE)
        return rc;
    return read_choice(s, o->dual_stack, "AWS_USE_DUALSTACK_ENDPOINT",
                       &s->req.dual_stack);
}

/* The isolated partitions have roots of their own, which nobody outside
 * knows. */
static bool is_isolated(const char *region)
{
    return begins(region, "us-iso") || begins(region, "eu-iso");
}

static enum exit_code read_trust(struct settings *s, const struct options *o)
{
    s->ca_bundle = o->ca_bundle ? o->ca_bundle : getenv("AWS_CA_BUNDLE");
    if (s->ca_bundle && !s->ca_bundle[0])
        return complain(s->spelling, EXIT_CONFIG,
                        o->ca_bundle ? "--ca-bundle" : "AWS_CA_BUNDLE", NULL,
                        " is empty; name a PEM file or leave it out");
    if (!s->ca_bundle && !s->req.endpoint && is_isolated(s->req.region))
        return complain(s->spelling, EXIT_CONFIG, "the Region ", s->req.region,
                        " has roots that are not built in;"
                        " name them with --ca-bundle FILE");
    return EXIT_DONE;
}

/* 0 if it is not a number. */
static uint32_t parse_count(const char *s)
{
    uint32_t v = 0;

    for (; *s >= '0' && *s <= '9' && v < 100000; s++)
        v = v * 10 + (uint32_t)(*s - '0');
    return *s ? 0 : v;
}

static enum exit_code read_retries(struct settings *s)
{
    const char *mode = variable("AWS_RETRY_MODE");
    const char *count = variable("AWS_MAX_ATTEMPTS");
    uint32_t n = count ? parse_count(count) : 0;

    if (count && n == 0)
        return complain(s->spelling, EXIT_CONFIG, "AWS_MAX_ATTEMPTS ", count,
                        " is not a number above 0");
    if (n > ATTEMPTS_MAX)
        note("AWS_MAX_ATTEMPTS is more than 10; 10 attempts are made", NULL,
             "");
    s->req.attempts = (uint8_t)(n > ATTEMPTS_MAX ? ATTEMPTS_MAX : n);
    if (!mode || strcmp(mode, "standard") == 0)
        return EXIT_DONE;
    if (strcmp(mode, "legacy") != 0)
        return complain(s->spelling, EXIT_CONFIG, "AWS_RETRY_MODE ", mode,
                        " is not offered; use standard");
    note("AWS_RETRY_MODE=legacy is treated as standard", NULL, "");
    return EXIT_DONE;
}

/* Ids that are arguments are all looked at before anything is sent, and every
 * wrong one is named. */
static enum exit_code read_images(struct settings *s, const struct options *o)
{
    /* In the AWS CLI's spelling EC2 is the judge of ids. */
    bool any = o->any_image_id || o->verb == VERB_EC2;
    enum exit_code rc = EXIT_DONE;

    s->req.any_image_id = any;
    for (size_t i = 0; !any && i < o->n_words; i++) {
        const char *fault = image_id_fault(o->words[i]);
        bool is_input = o->verb == VERB_CANCEL && strcmp(o->words[i], "-") == 0;

        if (fault && !is_input)
            rc = complain(s->spelling, EXIT_USAGE, "", o->words[i], fault);
    }
    return rc;
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
        read_images, read_max, read_region, read_endpoint, read_trust};

    memset(s, 0, sizeof *s);
    s->options = o;
    s->spelling = o->spelling;
    s->debug = o->debug;
    s->output = o->output;
    if (s->output == OUTPUT_DEFAULT)
        s->output = o->spelling == SPELLING_AWS ? OUTPUT_JSON : OUTPUT_TEXT;
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
    return read_retries(s);
}
