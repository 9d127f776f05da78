/*
 * verbs.h - the verbs: each is a row here, and a file of this folder.
 *
 * The row is where a verb exists: the command line, --help, the completions,
 * what is compiled and what main.c calls are made from it. Which options a verb
 * has, their table says (options.c). Verbs do not know each other.
 */
#ifndef LINUX_VERBS_H
#define LINUX_VERBS_H

#include <stdbool.h>
#include <stddef.h>

/* What may follow the verb's name. */
enum verb_words {
    WORDS_NONE,
    WORDS_ONE,      /* one AMI */
    WORDS_MANY,     /* AMIs, or "-" for those of standard input */
    WORDS_FILE,     /* one file, or "-" for standard input */
    WORDS_BY_OPTION /* nothing: --image-id is a must */
};

/* Without what the verb is of no use. */
enum verb_needs {
    NEEDS_BOTH,    /* a Region and credentials: who has none hears that */
    NEEDS_KEYS,    /* the Region is the verb's to know */
    NEEDS_NEITHER, /* and asks nobody for them */
    NEEDS_NOTHING  /* it says itself what is missing */
};

#define NO_UNDO \
    "There is no undo: only the owner of the AMI can share it again.\n"

/* ROW(name in VERB_..., its file in this folder and, behind verb_, its function
 *     there, the one or two words that name it, what follows them, needs, usage,
 *     about, what --help says beyond that)
 * Two words: the AWS CLI's spelling. CMakeLists.txt reads the first line of a
 * row. */
/* clang-format off */
#define VERBS(ROW) \
    ROW(CANCEL, cancel, "cancel", NULL, WORDS_MANY, NEEDS_BOTH, \
        "cancel [options] AMI-ID... | -", \
        "remove this account from the launch permissions of AMIs", \
        NO_UNDO "An AMI that resources of this account refer to is left" \
        " alone.\n" \
        "- stands for ids on standard input, between blanks or line ends.\n") \
    ROW(LIST, list, "list", NULL, WORDS_NONE, NEEDS_BOTH, \
        "list [options]", \
        "AMIs that are shared with this account", "") \
    ROW(EXPLAIN, explain, "explain", NULL, WORDS_ONE, NEEDS_BOTH, \
        "explain [options] AMI-ID", \
        "what stands between you and a cancel; changes nothing", "") \
    ROW(DOCTOR, doctor, "doctor", NULL, WORDS_NONE, NEEDS_NOTHING, \
        "doctor [options]", \
        "credentials, Region, network, TLS and clock; changes nothing", "") \
    ROW(SIGN, sign, "sign", NULL, WORDS_ONE, NEEDS_BOTH, \
        "sign [options] AMI-ID > REQUEST", \
        "sign a cancel for another machine to send; needs no network", \
        "EC2 takes it for 15 minutes before and after its time, from whoever" \
        " has it:\nREQUEST is a secret. Whether the AMI is in use is not" \
        " asked.\n") \
    ROW(SEND, send, "send", NULL, WORDS_FILE, NEEDS_NEITHER, \
        "send [options] REQUEST | -", \
        "send a cancel that cilp sign has signed; needs no credentials", \
        NO_UNDO) \
    ROW(PLAN, list, "plan", NULL, WORDS_NONE, NEEDS_BOTH, \
        "plan [options] > PLAN", \
        "write down what a list shows, for apply to cancel", \
        "PLAN is lines of JSON, which may be deleted by hand; a terminal gets" \
        " the list.\n") \
    ROW(APPLY, apply, "apply", NULL, WORDS_FILE, NEEDS_KEYS, \
        "apply [options] PLAN", \
        "cancel what a plan names, and nothing that has changed since", \
        NO_UNDO) \
    ROW(EC2, cancel, "ec2", "cancel-image-launch-permission", WORDS_BY_OPTION, \
        NEEDS_BOTH, \
        "ec2 cancel-image-launch-permission --image-id AMI-ID [options]", \
        "cancel one AMI in the AWS CLI's spelling; a link named aws works", \
        NO_UNDO "Output, errors and exit codes are the AWS CLI's: 254 also for" \
        " a dry run that is\npermitted and for what cannot be found, 255 also" \
        " for an unknown outcome.\n")
/* clang-format on */

#define VERB_AT_ROW(name, ...) VERB_AT_##name,
#define VERB_BIT(name, ...)    VERB_##name = 1 << VERB_AT_##name,

/* Numbers of the rows. */
enum { VERBS(VERB_AT_ROW) VERB_COUNT };

/* Bits: a row of the table of options names all verbs that have it. */
enum verb { VERB_NONE = 0, VERBS(VERB_BIT) VERB_ALL = (1 << VERB_COUNT) - 1 };

struct verb_row {
    enum verb verb;
    const char *first, *second; /* the words that name it; second: or NULL */
    enum verb_words words;
    enum verb_needs needs;
    const char *usage; /* without the program's name */
    const char *about;
    const char *more; /* lines; "" */
};

extern const struct verb_row verb_rows[VERB_COUNT];

/* What it does, for the witness of the run's one session: the exit code. All is
 * set up; *w outlives it. */
struct witness;
#define VERB_RUN(name, run, ...) int verb_##run(struct witness *w);
VERBS(VERB_RUN)

/* The row of a verb; NULL of VERB_NONE. */
const struct verb_row *verb_row(enum verb verb);

/* The verb that some words begin with: VERB_NONE if it is none. */
enum verb verb_find(char *const *words, size_t n);

/* Is it the first word of the AWS CLI's spelling? */
bool verb_is_aws(const char *word);

/* What a word that is no verb was perhaps meant to be; NULL: nobody knows. */
const char *verb_like(const char *word);

#endif
