#include <strings.h>

#include "port/awscli/kind.h"

/* Only true turns it off, as in the AWS CLI. Who has written anything else but
 * false meant to, perhaps: told while the source is chosen. */
static void note_word(const struct cilp_chain *c)
{
    const char *off = cilp_chain_variable("AWS_EC2_METADATA_DISABLED");

    if (off && strcasecmp(off, "false") != 0 && c->note &&
        c->kind == CILP_CHAIN_KINDS)
        c->note("", "AWS_EC2_METADATA_DISABLED",
                " is neither true nor false, and counts as false: EC2's"
                " metadata service is asked");
}

/* An endpoint of one's own wins over the mode, the mode over the flag. The first
 * profile's settings hold, whichever profile's role is based on it. */
static const char *take(struct cilp_chain *c, const struct cilp_profile *any)
{
    const struct cilp_profile *p = &c->profile;
    uint32_t seconds = 0, attempts = 0;
    const char *mode;
    bool ipv6;

    (void)any;
    if (!cilp_chain_bool(c, p, CILP_PROFILE_IMDS_IPV6, &ipv6))
        return cilp_chain_stopped;
    mode = cilp_profile_setting(p, CILP_PROFILE_IMDS_MODE, c->from);
    if (mode) {
        ipv6 = strcasecmp(mode, "ipv6") == 0;
        if (!ipv6 && strcasecmp(mode, "ipv4") != 0)
            return cilp_chain_stop(c, "% is neither IPv4 nor IPv6", c->from);
    }
    c->imds.endpoint =
        cilp_profile_setting(p, CILP_PROFILE_IMDS_ENDPOINT, c->from);
    if (!cilp_chain_check_url(c, c->imds.endpoint, c->from))
        return cilp_chain_stopped;
    if (!c->imds.endpoint && ipv6)
        c->imds.endpoint = CILP_IMDS_IPV6;
    mode = cilp_profile_setting(p, CILP_PROFILE_IMDS_TIMEOUT, c->from);
    if (!cilp_chain_number(c, mode, 3600, c->from, &seconds))
        return cilp_chain_stopped;
    mode = cilp_profile_setting(p, CILP_PROFILE_IMDS_ATTEMPTS, c->from);
    if (!cilp_chain_number(c, mode, 10, c->from, &attempts))
        return cilp_chain_stopped;
    c->imds.timeout_ms = seconds * 1000;
    c->imds.attempts = (uint8_t)attempts;
    c->arg = &c->imds;
    note_word(c);
    return NULL;
}

const struct cilp_kind cilp_kind_imds = {&cilp_creds_imds, take, NULL};
