/*
 * image.h - what DescribeImages tells: one image, or all that are shared with
 * the caller.
 *
 * Source: EC2 API Reference, DescribeImages and Image.
 */
#ifndef CILP_IMAGE_H
#define CILP_IMAGE_H

#include "core/cilp.h"
#include "core/pages.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest of each that is kept, NUL excluded; longer ones are cut (a name has
 * at most 128 characters, of ASCII for all that EC2 says). */
#define CILP_IMAGE_NAME_MAX 128

/* Strings are safe to print, and "" if EC2 sent none. */
struct cilp_image {
    char id[CILP_IMAGE_ID_MAX + 1];
    char owner[13]; /* account: 12 digits */
    char name[CILP_IMAGE_NAME_MAX + 1];
    char created[25];    /* "2026-01-15T12:00:00.000Z" */
    char deprecated[25]; /* when it will be, or was; or "" */
    char state[16];      /* "available", "disabled", ... */
    char is_public[6];   /* "true" or "false" */
    char is_allowed[6];  /* imageAllowed: "false" where the account's
                            Allowed AMIs hide it; "" mostly */
};

/* Look at request.image_id. memory: a struct cilp_look, written from
 * cilp_start() on.
 * Outcome CILP_ANSWERED: `found` tells. EC2 answers InvalidAMIID.NotFound for
 * what this account cannot see: that is an answer too. CILP_REFUSED with
 * UnauthorizedOperation: ec2:DescribeImages is not allowed. A reply about
 * another image is CILP_E_REPLY. */
extern const struct cilp_flow cilp_look;

/* The same, but found only if the image is shared with this account or with its
 * organization, as EC2's ExecutableBy=self has it: a public one need not be.
 * If it is not found memory's `image` is left as it was, but for its id. */
extern const struct cilp_flow cilp_look_shared;

struct cilp_look {
    bool found;
    struct cilp_image image;
};

/* List what is shared with the caller's account, page after page. memory: a
 * struct cilp_list, zero but for the first three members, which are the
 * caller's to set. Each CILP_ITEM leaves one image in `image` until cilp_took(); a
 * listing of any length runs in this memory.
 * Attempts, read_ms and deadline_ms count per page. If a page breaks after some
 * of its items were handed out it is asked for again, and those are skipped. */
extern const struct cilp_flow cilp_list;

struct cilp_list {
    const char *owner;   /* NULL, or 12 digits: of this account only */
    const char *name;    /* NULL, or a name with * and ?; 128 bytes */
    const char *account; /* NULL, or the caller's own: leave out what it
                            owns itself */

    struct cilp_image image; /* the item */
    struct cilp_pages pages; /* how far */
};

#ifdef __cplusplus
}
#endif

#endif
