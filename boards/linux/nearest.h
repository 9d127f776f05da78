/*
 * nearest.h - which of some names was perhaps meant by a word that is none.
 */
#ifndef LINUX_NEAREST_H
#define LINUX_NEAREST_H

#define NEAREST_MAX 32 /* bytes of a word or name; longer ones are like none */

/* Set `word`; all else zero. */
struct nearest {
    const char *word;
    const char *found; /* the name that is most like it; NULL: none is */
    unsigned distance; /* of `found` */
};

/* Is this name more like the word than the ones before? Like it are a name that
 * begins with it, and one that is up to two slips away (a letter too much, too
 * few, another one, or two that changed places; capitals are none), of words of
 * two or three letters one slip. Names are in lower case. */
void nearest_try(struct nearest *nearest, const char *name);

#endif
