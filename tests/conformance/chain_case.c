/*
 * chain_case [--profile NAME] [--credentials NAME] - what the chain chooses, for
 * conf_profile.py, conf_chain.py and conf_botocore.py: lines of "name: value",
 * "-" for nothing.
 *
 * Environment and files are those that it finds.
 */
#include "core/endpoint.h"
#include "tests/unit/chain_text.h"

static struct cilp_chain c;

static void tell(const char *name, const char *value)
{
    printf("%s: %s\n", name, or_none(value));
}

/* Where a call to EC2 would go. */
static void tell_endpoint(const char *region)
{
    const struct cilp_endpoint in = {"ec2",  region,       c.ec2_endpoint,
                                     c.fips, c.dual_stack, true};
    struct cilp_peer to;
    enum cilp_what what;

    memset(&to, 0, sizeof to);
    what = region || c.ec2_endpoint ? cilp_endpoint_resolve(&to, &in)
                                    : CILP_WHAT_NO_REGION;
    tell("region", region);
    tell("host", what ? NULL : to.host);
}

int main(int argc, char **argv)
{
    const char *profile = NULL, *pin = NULL;
    char from[CILP_PROFILE_NAME_MAX];
    bool chosen;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--profile") == 0)
            profile = argv[i + 1];
        else
            pin = argv[i + 1];
    }
    chosen = cilp_chain_choose(&c, profile, pin);
    tell("error", chosen ? NULL : c.why);
    tell("source", chosen ? chain_text(&c) : NULL);
    tell("profile", c.name);
    tell("config", c.files.config);
    tell("credentials", c.files.credentials);
    tell("ec2", c.ec2_endpoint);
    tell("sts", c.sts_endpoint);
    tell_endpoint(cilp_profile_setting(&c.profile, CILP_PROFILE_REGION, from));
    return 0;
}
