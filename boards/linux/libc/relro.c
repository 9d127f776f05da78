/*
 * relro.c - makes read-only what was relocated at the start (GNU_RELRO).
 *
 * A dynamic linker does that for programs that need one. This one has none, and
 * musl's start of a static-PIE does not do it.
 */
#include "boards/linux/libc/relro.h"

#include <link.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>

extern __attribute__((visibility("hidden"))) const ElfW(Ehdr) __ehdr_start;

/* see relro.h */
void relro_apply(void)
{
    uintptr_t pages = ~(uintptr_t)(getauxval(AT_PAGESZ) - 1);
    uintptr_t file = (uintptr_t)&__ehdr_start, base = file;
    const ElfW(Phdr) *p = (const void *)(file + __ehdr_start.e_phoff);

    for (unsigned i = 0; i < __ehdr_start.e_phnum; i++) {
        if (p[i].p_type == PT_LOAD && p[i].p_offset == 0)
            base = file - p[i].p_vaddr;
        if (p[i].p_type == PT_GNU_RELRO) {
            uintptr_t from = (base + p[i].p_vaddr) & pages;
            uintptr_t to = (base + p[i].p_vaddr + p[i].p_memsz) & pages;

            /* Hardening: a kernel that refuses is no reason to stop. */
            mprotect((void *)from, to - from, PROT_READ);
        }
    }
}
