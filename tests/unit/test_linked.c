/* An image with some sources of credentials: what asks for another is told so,
 * also in the middle of a way to keys, and nobody else's are taken. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "port/awscli/kind.h"
#include "tests/unit/chain_text.h"

/* This image's table. */
const struct cilp_kind *const cilp_chain_linked[CILP_CHAIN_KINDS] = {
    [CILP_CHAIN_ASSUME_ROLE] = &cilp_kind_assume_role,
    [CILP_CHAIN_CONFIG_FILE] = &cilp_kind_config_file,
    [CILP_CHAIN_CONTAINER] = &cilp_kind_container,
};

#define WITHOUT  " has the credentials, and this program was built without"
#define ENV      "AWS_ACCESS_KEY_ID"
#define AGENT    "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define ROLE     "[default]\nrole_arn=r\n"
#define KEYS     "aws_access_key_id=K\naws_secret_access_key=S\n"
#define NOBODY   "this program was built without that source; set"
#define NOT_HERE "no credentials from that source: this program was built"

static struct cilp_chain c;

static const struct row {
    const char *name;
    const char *variable; /* set to http://a/; NULL: none */
    const char *pin;
    const char *config;
    const char *expected; /* chain_text(), or "!" and a part of why */
} rows[] = {
    {"one that it has", NULL, NULL, "[default]\n" KEYS, "config-file: K S -"},
    {"no last resort", NULL, NULL, "", "!" NOBODY},
    {"keys of the environment", ENV, NULL, "[default]\n" KEYS,
     "!'environment'" WITHOUT},
    {"half of them", "AWS_SECRET_ACCESS_KEY", NULL, "",
     "!'environment'" WITHOUT},
    {"a variable of a web identity", "AWS_WEB_IDENTITY_TOKEN_FILE", NULL, "",
     "!'web-identity'" WITHOUT},
    {"a key of one", AGENT, NULL, "[default]\nweb_identity_token_file=/t\n",
     "!'web-identity'" WITHOUT},
    {"an account of SSO", AGENT, NULL, "[default]\nsso_account_id=1\n" KEYS,
     "!'sso'" WITHOUT},
    {"a role of SSO", AGENT, NULL, "[default]\nsso_role_name=r\n" KEYS,
     "!'sso'" WITHOUT},
    {"a login", AGENT, NULL, "[default]\nlogin_session=s\n" KEYS,
     "!'login'" WITHOUT},
    {"a process", AGENT, NULL, "[default]\ncredential_process=p\n" KEYS,
     "!'process'" WITHOUT},
    {"a role on one that it has", NULL, NULL,
     ROLE "source_profile=b\n[profile b]\n" KEYS,
     "assume-role(config-file: K S -) r - - 0"},
    {"a role on an agent", AGENT, NULL, ROLE "credential_source=EcsContainer\n",
     "assume-role(container: http://a/) r - - 0"},
    {"a role on a process", AGENT, NULL,
     ROLE "source_profile=b\n[profile b]\ncredential_process=p\n" KEYS,
     "!'process'" WITHOUT},
    {"a role on a machine", AGENT, NULL,
     ROLE "credential_source=Ec2InstanceMetadata\n",
     "!credential_source of the profile 'default': this program was built"},
    {"a role on the environment", ENV, NULL,
     ROLE "credential_source=Environment\n", "!'environment'" WITHOUT},
    {"one that it has is named", ENV, "config-file", "[default]\n" KEYS,
     "config-file: K S -"},
    {"one that it has not is named", ENV, "environment", "[default]\n" KEYS,
     "!" NOT_HERE},
    {"nor the last resort", NULL, "imds", "[default]\n" KEYS, "!" NOT_HERE},
};

static void set_up(const struct row *r, const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(r->config, file);
    fclose(file);
    clearenv();
    setenv("AWS_CONFIG_FILE", path, 1);
    if (r->variable)
        setenv(r->variable, "http://a/", 1);
    memset(&c, 0, sizeof c);
}

static void what_is_left_out_is_named(void **state)
{
    char path[] = "/tmp/cilp-test-linked-XXXXXX";

    (void)state;
    close(mkstemp(path));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];
        bool chosen, wanted = r->expected[0] != '!';
        const char *text;

        set_up(r, path);
        chosen = cilp_chain_choose(&c, NULL, r->pin);
        text = chosen ? chain_text(&c) : c.why;
        if (chosen != wanted || !strstr(text, r->expected + !wanted))
            fail_msg("row \"%s\": %s, not %s", r->name, text, r->expected);
        CHECK_ROW(r->name, !cilp_chain_metadata(&c));
    }
    unlink(path);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
