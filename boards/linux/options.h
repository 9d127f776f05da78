/*
 * options.h - the command line, read with one table.
 *
 * The table is where an option exists: what is read, --help and what is refused
 * with which reason are made from it.
 */
#ifndef LINUX_OPTIONS_H
#define LINUX_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boards/linux/say/say.h"
#include "boards/linux/verbs/verbs.h"

enum choice {
    CHOICE_NONE, /* not given: environment, then default */
    CHOICE_YES,
    CHOICE_NO
};

enum output {
    OUTPUT_DEFAULT, /* text; in the AWS CLI's spelling json */
    OUTPUT_TEXT,
    OUTPUT_JSON,
    OUTPUT_IDS, /* of a listing alone */
    OUTPUT_OFF
};

/* All zero: nothing was given. Strings are argv's. */
struct options {
    enum spelling spelling;
    bool is_named_aws; /* the program, by its link */
    enum verb verb;
    char **words; /* what follows the verb's name: AMI ids, also the one of
                     --image-id */
    size_t n_words;

    const char *image_id; /* --image-id */
    const char *profile;
    const char *credentials; /* the one source that may give them */
    const char *region;
    const char *regions; /* "all", or names; regions.h */
    const char *endpoint_url;
    const char *ca_bundle;
    const char *proxy;   /* a URL, or "none" */
    uint32_t connect_ms; /* 0: not given */
    uint32_t read_ms;
    uint32_t deadline_ms;
    const char *expect_account;
    const char *audit;
    const char *at;
    const char *to_file; /* --out, -o */
    const char *owner;
    const char *name;
    uint32_t older_than; /* days; 0: not given */
    uint32_t max;        /* 0: not given */
    uint32_t max_age;    /* seconds; 0: not given */
    enum output output;
    enum choice dry_run;
    enum choice verify;
    bool even_if_in_use;
    bool require_in_use_check;
    bool in_use; /* of a listing: which ones are */
    enum choice fips;
    enum choice dual_stack;
    bool allow_http;
    bool any_image_id;
    bool debug;
    bool help;
    bool version;
};

/* Read the command line into *o. EXIT_DONE, or EXIT_USAGE after a complaint.
 * argv's order is changed: the words come first. */
enum exit_code options_read(struct options *o, int argc, char **argv);

/* The output of that name, as any verb may have it; OUTPUT_DEFAULT: none. */
enum output options_output(const char *word);

/* What --help prints, for the verb if one was named. */
void options_help(const struct options *o, struct out *out);

/* ---- The table as completion.c sees it; the program calls none of these - */

struct option_facts {
    const char *name; /* without "--" */
    const char *arg;  /* what its value is called; "": it takes none */
    const char *help;
    unsigned verbs; /* enum verb, added up */
    bool has_no;    /* there is --no-NAME, too */
};

/* Option i of those that --help shows; false behind the last one. */
bool options_facts(size_t i, struct option_facts *to);

/* Word i that the option takes, and the verbs for which it does. NULL behind
 * the last one, and for an option that takes other values than words. */
const char *options_word(const char *option, size_t i, unsigned *verbs);

#endif
