/*
 * settings.h - from options and environment to a request.
 *
 * An option wins over a variable, a variable over a default, in the AWS CLI's
 * order. An empty variable counts as unset, AWS_CA_BUNDLE apart: there it
 * would turn a wish for one's own roots into the built-in ones.
 */
#ifndef LINUX_SETTINGS_H
#define LINUX_SETTINGS_H

#include "boards/linux/options.h"
#include "core/cilp.h"
#include "port/awscli/chain.h"

#define APP_ID_MAX 50 /* AWS SDKs and Tools Reference Guide, "Application ID" */
#define AGENT_MAX  (sizeof "cilp/" CILP_VERSION " app/" + APP_ID_MAX)

struct settings {
    const struct options *options;
    struct cilp_request req;  /* what all flows have in common: all but flow,
                                 image_id, source, memory and random */
    struct cilp_chain *chain; /* yours to set first: what the profile says, and
                                 where the keys come from */
    const char *sts_endpoint; /* NULL: the Region's */
    enum spelling spelling;
    enum output output;                         /* never OUTPUT_DEFAULT */
    const char *ca_bundle;                      /* NULL: the built-in roots */
    char ca_bundle_from[CILP_PROFILE_NAME_MAX]; /* who has named it */
    bool debug;
    char agent[AGENT_MAX]; /* "cilp/VERSION app/ID" */
};

/* EXIT_DONE, or EXIT_USAGE or EXIT_CONFIG after a complaint. req.region is still
 * NULL if nothing names one. Strings stay argv's, the environment's and the
 * chain's. */
enum exit_code settings_read(struct settings *s, const struct options *o);

/* The complaint about that, when nobody else could tell the Region. */
enum exit_code settings_no_region(const struct settings *s);

#endif
