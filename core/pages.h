/*
 * pages.h - where a listing is that comes in pages of items: of any length, in
 * this memory.
 *
 * Source: Amazon EC2 API Reference, "Pagination".
 */
#ifndef CILP_PAGES_H
#define CILP_PAGES_H

#include <stdint.h>

/* Longest NextToken that is kept, NUL excluded. */
#define CILP_PAGE_TOKEN_MAX 1024

/* All zero before the first page. */
struct cilp_pages {
    /* Read it. */
    uint32_t count; /* items handed out so far */
    uint32_t whole; /* pages that were read to their end */

    /* private */
    uint32_t skip, in_page; /* items of this page: to be skipped; seen */
    char token[CILP_PAGE_TOKEN_MAX + 1];
    char next_token[CILP_PAGE_TOKEN_MAX + 2]; /* 1 more: too long */
};

#endif
