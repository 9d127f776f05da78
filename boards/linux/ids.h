/*
 * ids.h - the ids of a batch, one after the other: arguments, or the words of
 * standard input, which may come slowly and never end.
 *
 * A line of input is ids alone, with blanks between them, and perhaps a comment
 * behind #. Behind an id there may be its Region, "ami-... eu-west-1". One that has other words gives none from there on, nor the id in
 * front of them; what is JSON, CSV or a table is not read on.
 */
#ifndef LINUX_IDS_H
#define LINUX_IDS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IDS_WORD_MAX   256                 /* bytes of a word */
#define IDS_REGION_MAX 32                  /* and of a Region's name */
#define IDS_LINES_MAX  1000000             /* lines of one input, */
#define IDS_BYTES_MAX  (64u * 1024 * 1024) /* and bytes */

#define IDS_KNOWN_MAX 1024 /* ids that are remembered, by a hash */

enum ids_rc {
    IDS_ONE,  /* ids->id is the next */
    IDS_BAD,  /* ids->id is none: ids->fault follows it in a sentence. The
                 rest of its line was passed over */
    IDS_SAME, /* ids->id is the one before once more, in the same Region */
    IDS_END,
    IDS_BROKEN,  /* no more can be read: ids->fault */
    IDS_STOPPED, /* a signal came */
    IDS_PASSED   /* there was one, which needs no more words */
};

/* Contents are private but for the marked ones. */
struct ids {
    uint32_t line;      /* read it: number of the line or argument, from 1 */
    const char *id;     /* read it: until the next call */
    const char *region; /* read it: the same; "": none stands behind the id */
    const char *fault;  /* read it: static text */
    bool is_input;      /* read it: words of standard input */
    bool is_repeated;   /* read it: this id was one of the last IDS_KNOWN_MAX */

    /* After ids_init(): NULL, or what names the next id instead, with id, region,
     * fault, and its number of n_words in `line`; of a broken one that of its
     * line. */
    enum ids_rc (*next)(struct ids *ids);

    char *const *words;
    size_t n_words;
    bool any;
    const sigset_t *waiting;
    int fd;
    bool at_end;
    size_t pos, len;  /* in buf: what was read and not looked at yet */
    uint32_t bytes;   /* passed over */
    bool has_ahead;   /* the id behind text, on the same line, is in ahead */
    uint32_t n_known; /* hashes that were put into `known`, round and round */
    uint64_t known[IDS_KNOWN_MAX];
    char at[IDS_REGION_MAX + 1]; /* the Region behind text, */
    char before_at[IDS_REGION_MAX + 1];
    char before[IDS_WORD_MAX + 1];
    char text[IDS_WORD_MAX + 1];
    char ahead[IDS_WORD_MAX + 1];
    char buf[4096];
};

/* The words of the command line; the single word "-" stands for the input on
 * fd. any: whatever they look like. waiting: the signal mask while it waits. */
void ids_init(struct ids *ids, char *const *words, size_t n_words, bool any,
              int fd, const sigset_t *waiting);

/* The next one. */
enum ids_rc ids_next(struct ids *ids);

/* Those that were not handed out yet; 0 of an input, where nobody knows. */
size_t ids_left(const struct ids *ids);

#endif
