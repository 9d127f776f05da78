/*
 * proof.h - what the harnesses have in common: values that are anything.
 */
#ifndef CILP_PROOF_H
#define CILP_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CBMC gives any value of its type. */
bool nondet_bool(void);
char nondet_char(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
int32_t nondet_i32(void);
int64_t nondet_i64(void);
size_t nondet_size(void);

#define assume(condition)      __CPROVER_assume(condition)
#define prove(condition, text) __CPROVER_assert(condition, text)

/* What has to be possible: run.sh complains if it is not, for then what was
 * assumed leaves nothing to prove. One at least stands in each harness. */
#define can_be(condition, text) __CPROVER_assert(!(condition), "can be: " text)

/* A number of least..most. */
static inline size_t any_size(size_t least, size_t most)
{
    size_t n = nondet_size();

    assume(n >= least && n <= most);
    return n;
}

/* name[0..n) is of any content, and whoever reads or writes further is caught: it
 * is the end of an object of `most` bytes. */
#define ANY_BYTES(type, name, most, n) \
    type name##_object[most];          \
    type *name = name##_object + (most) - (n)

/* A string of 0..most bytes of any content. */
#define ANY_STRING(name, most)                                  \
    ANY_BYTES(char, name, (most) + 1, any_size(1, (most) + 1)); \
    assume(name##_object[most] == '\0')

#endif
