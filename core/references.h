/*
 * references.h - is an AMI in use? Which of the caller's own resources refer to
 * it, whoever owns it.
 *
 * Asked about are instances that are not terminated or shutting down, launch
 * templates (their 10 newest versions), SSM parameters, and recipes of Image
 * Builder for images and for containers.
 *
 * Source: Amazon EC2 API Reference, DescribeImageReferences, ResourceTypeRequest,
 *         ImageReference; EC2 User Guide, "Identify your resources referencing
 *         specified AMIs".
 */
#ifndef CILP_REFERENCES_H
#define CILP_REFERENCES_H

#include "core/cilp.h"
#include "core/pages.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest of each that is kept, NUL excluded; longer ones are cut. */
#define CILP_REFERENCE_TYPE_MAX 32 /* "imagebuilder:ContainerRecipe" */
#define CILP_REFERENCE_ARN_MAX  256

/* Most images that one question can be about. */
#define CILP_REFERENCES_IDS 10

/* Ask about request.image_id, page after page. memory: a struct cilp_references,
 * all zero; or with `ids` and `n_ids`, which are asked about instead, in one
 * question. Each CILP_ITEM leaves one reference in it until cilp_took().
 * Outcome CILP_ANSWERED: pages.count tells how many there are. CILP_REFUSED with
 * UnauthorizedOperation: ec2:DescribeImageReferences, or what lists one of the
 * kinds, is not allowed. A reference to another image, or of several to none that
 * is named, is CILP_E_REPLY. Attempts, read_ms and deadline_ms count per page. */
extern const struct cilp_flow cilp_image_references;

/* Strings are safe to print, and "" if EC2 sent none. */
struct cilp_references {
    /* the item */
    char image_id[CILP_IMAGE_ID_MAX + 1];
    char type[CILP_REFERENCE_TYPE_MAX + 1]; /* "ec2:Instance", ... */
    char arn[CILP_REFERENCE_ARN_MAX + 1];

    struct cilp_pages pages; /* how far */

    /* yours to set: images, borrowed as the request is. 0: the request's own */
    const char *const *ids;
    uint8_t n_ids; /* to CILP_REFERENCES_IDS */

    /* private */
    bool is_other; /* some item was of another image */
};

#ifdef __cplusplus
}
#endif

#endif
