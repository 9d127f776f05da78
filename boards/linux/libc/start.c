/*
 * start.c - applies packed relative relocations (DT_RELR) before musl starts.
 *
 * A position-independent program has a relocation for each pointer in its
 * tables: 24 bytes each, or together a bit each when packed. musl knows packed
 * ones from 1.2.4 on; Debian 12 has 1.2.3. So the program is entered here.
 *
 * Nothing is relocated yet and there is no thread: no pointer in static data
 * may be read, and CMakeLists.txt turns the stack protector off.
 */
#include <elf.h>
#include <stdint.h>

/* Generic ABI, "Dynamic Section"; musl's elf.h may not have them. */
enum { TAG_RELRSZ = 35, TAG_RELR = 36 };

#define HERE __attribute__((visibility("hidden")))
extern HERE char __ehdr_start[];
extern HERE Elf64_Dyn _DYNAMIC[];

/* Generic ABI, "Relative Relocation Table": an even entry is an address, an odd
 * one says which of the next 63 words are to be relocated, too. */
static void apply(char *base, const uint64_t *entry, const uint64_t *end)
{
    uint64_t *where = 0;

    for (; entry < end; entry++) {
        if ((*entry & 1) == 0) {
            where = (uint64_t *)(void *)(base + *entry);
            *where++ += (uintptr_t)base;
            continue;
        }
        for (unsigned bit = 0; bit < 63; bit++)
            if (*entry >> (bit + 1) & 1)
                where[bit] += (uintptr_t)base;
        where += 63;
    }
}

/* A musl that knows them comes next: it is to find none. */
__attribute__((used)) static void relocate(void)
{
    char *table = 0;
    uint64_t size = 0;

    for (Elf64_Dyn *d = _DYNAMIC; d->d_tag != DT_NULL; d++) {
        if (d->d_tag == TAG_RELR)
            table = __ehdr_start + d->d_un.d_ptr;
        if (d->d_tag == TAG_RELRSZ) {
            size = d->d_un.d_val;
            d->d_un.d_val = 0;
        }
    }
    if (table)
        apply(__ehdr_start, (const uint64_t *)(void *)table,
              (const uint64_t *)(void *)(table + size));
}

/* The stack is as the kernel left it when musl's own start gets it. */
__attribute__((naked)) void packed_start(void);
__attribute__((naked)) void packed_start(void)
{
    __asm__("call relocate\n\tjmp _start");
}
