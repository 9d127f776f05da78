/*
 * regions.h - in which Regions may this account act? DescribeRegions.
 *
 * Source: Amazon EC2 API Reference, DescribeRegions and Region.
 */
#ifndef CILP_REGIONS_H
#define CILP_REGIONS_H

#include "core/cilp.h"
#include "core/pages.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest status that is kept, NUL excluded; a longer one is cut. */
#define CILP_OPT_IN_MAX 23

/* List the Regions that are enabled for the caller's account. memory: a struct
 * cilp_regions, all zero. Each CILP_ITEM leaves one Region in it until
 * cilp_took(). Outcome CILP_ANSWERED: pages.count tells how many there were.
 * CILP_REFUSED with UnauthorizedOperation: ec2:DescribeRegions is not allowed. If
 * the reply breaks after some items were handed out it is asked for again, and
 * those are skipped. */
extern const struct cilp_flow cilp_regions;

/* Strings are safe to print, and "" if EC2 sent none. */
struct cilp_regions {
    /* the item */
    char name[CILP_REGION_MAX + 2]; /* "eu-west-1"; a longer name than a Region
                                        can have is cut to one that is still too
                                        long, and is refused as one */
    char opt_in[CILP_OPT_IN_MAX + 1]; /* "opt-in-not-required", "opted-in" */

    struct cilp_pages pages; /* how far; there is one */
};

#ifdef __cplusplus
}
#endif

#endif
