/* Which source gives the credentials: the AWS CLI's choice, and what is said
 * where there is none. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "port/digest.h"
#include "tests/unit/chain_text.h"

static char folder[] = "/tmp/cilp-test-chain-XXXXXX";
static struct cilp_chain c;
static char notes[512];
static const struct cilp_now noon = {.unix_s = 1768478400, .trusted = true};

static const char *path(const char *name)
{
    static char text[2][256];
    static int turn;

    turn = !turn;
    snprintf(text[turn], sizeof text[turn], "%s/%s", folder, name);
    return text[turn];
}

static void write_text(const char *name, const char *text)
{
    FILE *file = fopen(path(name), "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    chmod(path(name), 0600);
}

static const char *const folders[] = {".aws", ".aws/sso", ".aws/sso/cache",
                                      ".aws/login", ".aws/login/cache"};

#define SSO_FILE ".aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json"
#define LOGIN_FILE      \
    ".aws/login/cache/" \
    "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae.json"

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < COUNT(folders); i++)
        if (mkdir(path(folders[i]), 0700) != 0)
            return -1;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {".aws/config", ".aws/credentials",
                                        "token", SSO_FILE, LOGIN_FILE};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(path(names[i]));
    for (size_t i = COUNT(folders); i > 0; i--)
        rmdir(path(folders[i - 1]));
    return rmdir(folder);
}

static void take_note(const char *before, const char *name, const char *after)
{
    size_t len = strlen(notes);

    snprintf(notes + len, sizeof notes - len, "%s%s%s|", before, name, after);
}

/* "A=1\nB=2": nothing else is set. */
static void set_environment(const char *text)
{
    static char copy[1024];

    clearenv();
    setenv("HOME", folder, 1);
    setenv("PATH", "/usr/bin:/bin", 1);
    snprintf(copy, sizeof copy, "%s", text ? text : "");
    for (char *s = strtok(copy, "\n"); s; s = strtok(NULL, "\n")) {
        char *value = strchr(s, '=');

        *value++ = '\0';
        if (strcmp(value, "-") == 0)
            unsetenv(s);
        else
            setenv(s, value, 1);
    }
}

static void begin(const char *environment, const char *config,
                  const char *credentials)
{
    memset(&c, 0, sizeof c);
    notes[0] = '\0';
    c.note = take_note;
    unlink(path(".aws/config"));
    unlink(path(".aws/credentials"));
    if (config)
        write_text(".aws/config", config);
    if (credentials)
        write_text(".aws/credentials", credentials);
    set_environment(environment);
}

struct row {
    const char *name;
    const char *environment, *profile, *pin, *config, *credentials;
    const char *expected; /* chain_text(), or "!" and a part of why */
};

static void run_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct row *r = &rows[i];
        bool chosen;

        begin(r->environment, r->config, r->credentials);
        chosen = cilp_chain_choose(&c, r->profile, r->pin);
        if (chosen != (r->expected[0] != '!'))
            fail_msg("row \"%s\": %s", r->name,
                     chosen ? chain_text(&c) : c.why);
        if (chosen ? strcmp(chain_text(&c), r->expected) != 0
                   : !strstr(c.why, r->expected + 1))
            fail_msg("row \"%s\": %s, not %s", r->name,
                     chosen ? chain_text(&c) : c.why, r->expected);
        /* no secret in an error */
        CHECK_ROW(r->name, chosen || !strstr(c.why, "HUSH"));
    }
}
#define RUN(rows) run_rows(rows, COUNT(rows))

#define ENV  "AWS_ACCESS_KEY_ID=EK\nAWS_SECRET_ACCESS_KEY=EHUSH\n"
#define KEYS "aws_access_key_id=K\naws_secret_access_key=HUSH\n"
#define IMDS "imds: - 0 0"

/* and such as can be used */
#define ID     "AWS_ACCESS_KEY_ID=AKIAEXAMPLEKEYID\n"
#define SECRET "AWS_SECRET_ACCESS_KEY=HUSH\n"
#define WHOLE  "aws_access_key_id=AKIAEXAMPLEKEYID\naws_secret_access_key=HUSH\n"

static void the_order_is_the_aws_clis(void **state)
{
    static const struct row rows[] = {
        {"nothing at all", NULL, NULL, NULL, NULL, NULL, IMDS},
        {"no HOME", "HOME=-", NULL, NULL, "[default]\n" KEYS, NULL, IMDS},
        {"the environment first", ENV "AWS_PROFILE=a", NULL, NULL,
         "[profile a]\n" KEYS, NULL, "environment: EK EHUSH -"},
        {"--profile switches it off", ENV, "a", NULL, "[profile a]\n" KEYS,
         NULL, "config-file: K HUSH -"},
        {"AWS_PROFILE", "AWS_PROFILE=a\nAWS_DEFAULT_PROFILE=b", NULL, NULL,
         "[profile a]\n" KEYS "[profile b]\n", NULL, "config-file: K HUSH -"},
        {"AWS_DEFAULT_PROFILE", "AWS_PROFILE=\nAWS_DEFAULT_PROFILE=a", NULL,
         NULL, "[profile a]\n" KEYS, NULL, "config-file: K HUSH -"},
        {"--profile over AWS_PROFILE", "AWS_PROFILE=b", "a", NULL,
         "[profile a]\n" KEYS, NULL, "config-file: K HUSH -"},
        {"the default profile", NULL, NULL, NULL, "[default]\n" KEYS, NULL,
         "config-file: K HUSH -"},
        {"the credentials file over the config file", NULL, NULL, NULL,
         "[default]\naws_access_key_id=C\naws_secret_access_key=CS\n",
         "[default]\n" KEYS "aws_session_token=T",
         "credentials-file: K HUSH T"},
        {"a role over keys of the profile", NULL, NULL, NULL,
         "[default]\nrole_arn=r\nsource_profile=default\n", "[default]\n" KEYS,
         "assume-role(credentials-file: K HUSH -) r - - 0"},
        {"web identity over keys of the profile", NULL, NULL, NULL,
         "[default]\nrole_arn=r\nweb_identity_token_file=/t\n" KEYS, NULL,
         "web-identity: /t r -"},
        {"sso over keys of the profile", NULL, NULL, NULL,
         "[default]\nsso_account_id=1\nsso_role_name=R\nsso_region=x\n"
         "sso_start_url=u\n" KEYS,
         NULL, "sso: 1 R x 51e69892ab49d"},
        {"the credentials file over login", NULL, NULL, NULL,
         "[default]\nlogin_session=foo\n", "[default]\n" KEYS,
         "credentials-file: K HUSH -"},
        {"login over a process", NULL, NULL, NULL,
         "[default]\nlogin_session=foo\ncredential_process=p\n", NULL,
         "login: 2c26b46b68ffc"},
        {"a process over keys in the config file", NULL, NULL, NULL,
         "[default]\ncredential_process=p 'a b'\n" KEYS, NULL,
         "process: p 'a b'"},
        {"the config file over a container",
         "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/c", NULL, NULL,
         "[default]\n" KEYS, NULL, "config-file: K HUSH -"},
        {"a container over IMDS", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/c",
         NULL, NULL, "[default]\nregion=x\n", NULL, "container: /c"},
        {"nobody", "AWS_EC2_METADATA_DISABLED=TRUE", NULL, NULL, NULL, NULL,
         "!no credentials: the environment, the profile 'default' and"},
        {"nobody, but not quite", "AWS_EC2_METADATA_DISABLED=1", NULL, NULL,
         NULL, NULL, IMDS},
        {"a profile that is nowhere", ENV, "a", NULL, "[profile b]", "[c]",
         "!The config profile (a) could not be found"},
        {"one that a variable names", ENV "AWS_PROFILE=a", NULL, NULL, NULL,
         NULL, "!The config profile (a) could not be found"},
        {"one that is in the credentials file alone", NULL, "a", NULL, NULL,
         "[a]\n" KEYS, "credentials-file: K HUSH -"},
        {"one with a file that cannot be read as one", NULL, NULL, NULL,
         "[default]\nx", NULL, "!config line 2: expected 'key = value'"},
        {"what is there and cannot be read", ENV "AWS_CONFIG_FILE=/", NULL,
         NULL, NULL, NULL,
         "!/ is a folder, not a regular file; AWS_CONFIG_FILE=/dev/null"},
        {"keys that are there and cannot be read",
         ENV "AWS_SHARED_CREDENTIALS_FILE=/", NULL, NULL, NULL, NULL,
         "!/ is a folder, not a regular file; AWS_SHARED_CREDENTIALS_FILE="},
    };

    (void)state;
    RUN(rows);
}

static void what_is_set_by_half_stops(void **state)
{
    static const struct row rows[] = {
        {"no secret", "AWS_ACCESS_KEY_ID=EK", NULL, NULL, "[default]\n" KEYS,
         NULL,
         "!Partial credentials found in env, missing: AWS_SECRET_ACCESS_"
         "KEY; set it too"},
        {"no id", "AWS_SECRET_ACCESS_KEY=EHUSH\nAWS_ACCESS_KEY_ID= ", NULL,
         NULL, "[default]\n" KEYS, NULL,
         "!Partial credentials found in env, missing: AWS_ACCESS_KEY_ID"},
        {"no secret in the credentials file", NULL, NULL, NULL,
         "[default]\n" KEYS, "[default]\naws_access_key_id=K",
         "!.aws/credentials, missing: aws_secret_access_key"},
        {"no id in the config file", NULL, NULL, NULL,
         "[default]\naws_secret_access_key=HUSH", NULL,
         "!.aws/config, missing: aws_access_key_id"},
        {"two tokens", ENV "AWS_SESSION_TOKEN=a\nAWS_SECURITY_TOKEN=b", NULL,
         NULL, NULL, NULL, "!session token and security token differ in env"},
        {"the same token twice",
         ENV "AWS_SESSION_TOKEN=a\n"
             "AWS_SECURITY_TOKEN=a",
         NULL, NULL, NULL, NULL, "environment: EK EHUSH a"},
        {"the older one", NULL, NULL, NULL, NULL,
         "[default]\naws_security_token=t\n" KEYS,
         "credentials-file: K HUSH t"},
        {"a token alone", "AWS_SESSION_TOKEN=t", NULL, NULL, NULL, NULL, IMDS},
        {"web identity without a role", "AWS_WEB_IDENTITY_TOKEN_FILE=/t", NULL,
         NULL, NULL, NULL, "!a web identity without a role: set AWS_ROLE_ARN"},
        {"sso without a role", NULL, NULL, NULL, "[default]\nsso_account_id=1",
         NULL, "!profile 'default' is to use SSO, but has no sso_role_name"},
        {"a bool that is none", "AWS_USE_FIPS_ENDPOINT=yes", NULL, NULL, NULL,
         NULL, "!AWS_USE_FIPS_ENDPOINT is neither true nor false"},
        {"a bool of the profile", NULL, NULL, NULL,
         "[default]\nuse_dualstack_endpoint=1", NULL,
         "!use_dualstack_endpoint is neither true nor false"},
    };

    (void)state;
    RUN(rows);
}

static void web_identity_is_the_environments_first(void **state)
{
#define WEB "AWS_WEB_IDENTITY_TOKEN_FILE=/t\nAWS_ROLE_ARN=r\n"
    static const struct row rows[] = {
        {"variables", WEB "AWS_ROLE_SESSION_NAME=n", NULL, NULL, NULL, NULL,
         "web-identity: /t r n"},
        {"variables and a profile", WEB "AWS_PROFILE=a", NULL, NULL,
         "[profile a]\nrole_session_name=n\nweb_identity_token_file=/u\n"
         "role_arn=s\n",
         NULL, "web-identity: /t r n"},
        {"--profile switches them off", WEB, "a", NULL,
         "[profile a]\nweb_identity_token_file=/u\nrole_arn=s\n", NULL,
         "web-identity: /u s -"},
        {"--profile without", WEB, "a", NULL, "[profile a]\n" KEYS, NULL,
         "config-file: K HUSH -"},
        {"a role variable means nothing to a profile's role", "AWS_ROLE_ARN=r",
         NULL, NULL, "[default]\n" KEYS, NULL, "config-file: K HUSH -"},
        {"a profile with a role of keys comes first", WEB, NULL, NULL,
         "[default]\nrole_arn=s\nsource_profile=b\n[profile b]\n" KEYS, NULL,
         "assume-role(config-file: K HUSH -) s - - 0"},
        {"as a base the profile's alone", WEB, NULL, NULL,
         "[default]\nrole_arn=s\nsource_profile=b\n[profile b]\nrole_arn=q\n"
         "web_identity_token_file=/u\n",
         NULL, "assume-role(web-identity: /u q -) s - - 0"},
    };

    (void)state;
    RUN(rows);
}

#define B "[profile b]\n"
#define ROLE(name, more) \
    "[profile " name "]\nrole_arn=" name "r\nsource_profile=" more "\n"

static void roles_are_assumed_in_turn(void **state)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"all keys", NULL, "a", NULL,
         ROLE("a", "b") "external_id=e\nrole_session_name=n\n"
         "duration_seconds=900\n" B KEYS, NULL,
         "assume-role(config-file: K HUSH -) ar n e 900"},
        {"two", NULL, "a", NULL, ROLE("a", "b") ROLE("b", "c")
         "[profile c]\n" KEYS, NULL,
         "assume-role(config-file: K HUSH -) br - - 0; ar - - 0"},
        {"keys of a source win over its role", NULL, "a", NULL,
         ROLE("a", "b") ROLE("b", "c"), "[b]\n" KEYS,
         "assume-role(credentials-file: K HUSH -) ar - - 0"},
        {"of itself", NULL, "a", NULL, ROLE("a", "a") KEYS, NULL,
         "assume-role(config-file: K HUSH -) ar - - 0"},
        {"as many as may be", NULL, "a", NULL,
         ROLE("a", "b") ROLE("b", "c") ROLE("c", "d") ROLE("d", "e")
         "[profile e]\n" KEYS, NULL,
         "assume-role(config-file: K HUSH -) dr - - 0; cr - - 0; br - - 0;"
         " ar - - 0"},
        {"one more", NULL, "a", NULL,
         ROLE("a", "b") ROLE("b", "c") ROLE("c", "d") ROLE("d", "e")
         ROLE("e", "f") "[profile f]\n" KEYS, NULL,
         "!too many roles one after the other, with that of the profile 'e'"},
        {"of sso", NULL, "a", NULL, ROLE("a", "b") B
         "sso_session=s\nsso_account_id=1\nsso_role_name=R\n[sso-session s]\n"
         "sso_region=x\nsso_start_url=u\n", NULL,
         "assume-role(sso: 1 R x a0f1490a20d02) ar - - 0"},
        {"of a process", NULL, "a", NULL, ROLE("a", "b") B
         "credential_process=p\n", NULL,
         "assume-role(process: p) ar - - 0"},
        {"of login", NULL, "a", NULL, ROLE("a", "b") B "login_session=foo\n",
         NULL, "assume-role(login: 2c26b46b68ffc) ar - - 0"},
        {"of the environment", ENV, "a", NULL,
         "[profile a]\nrole_arn=r\ncredential_source=Environment\n", NULL,
         "assume-role(environment: EK EHUSH -) r - - 0"},
        {"of the container", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/c", "a",
         NULL, "[profile a]\nrole_arn=r\ncredential_source=EcsContainer\n",
         NULL, "assume-role(container: /c) r - - 0"},
        {"of the instance", NULL, "a", NULL, ROLE("a", "b") B
         "role_arn=r\ncredential_source=Ec2InstanceMetadata\n", NULL,
         "assume-role(imds: - 0 0) r - - 0; ar - - 0"},
    };
    /* clang-format on */
    /* clang-format off */
    static const struct row bad[] = {
        {"neither", NULL, "a", NULL, "[profile a]\nrole_arn=r\n" KEYS, NULL,
         "!the profile 'a' with its role_arn has neither source_profile"},
        {"both", NULL, "a", NULL, ROLE("a", "b")
         "credential_source=Environment\n" B KEYS, NULL, "!has both"},
        {"a source that is nowhere", NULL, "a", NULL, ROLE("a", "b"), NULL,
         "!the profile 'a' names the source_profile 'b', which does not exist"},
        {"a source without", ENV, "a", NULL, ROLE("a", "b") B, NULL,
         "!the source profile 'b' has no credentials"},
        {"a source by half", NULL, "a", NULL, ROLE("a", "b") B
         "aws_access_key_id=K\n", NULL, "!missing: aws_secret_access_key"},
        {"a circle", NULL, "a", NULL, ROLE("a", "b") ROLE("b", "a"), NULL,
         "!source_profile leads in a circle: a -> b -> a"},
        {"a short one", NULL, "a", NULL, ROLE("a", "a"), NULL,
         "!source_profile leads in a circle: a -> a"},
        {"back to one that has keys", NULL, "a", NULL, ROLE("a", "b") KEYS
         ROLE("b", "a"), NULL, "!a circle: a -> b -> a"},
        {"mfa", NULL, "a", NULL, ROLE("a", "b") "mfa_serial=m\n" B KEYS, NULL,
         "!the profile 'a' has mfa_serial"},
        {"mfa of a source", NULL, "a", NULL, ROLE("a", "b") ROLE("b", "c")
         "mfa_serial=m\n[profile c]\n" KEYS, NULL,
         "!the profile 'b' has mfa_serial"},
        {"a duration that is none", NULL, "a", NULL, ROLE("a", "b")
         "duration_seconds=1h\n" B KEYS, NULL,
         "!duration_seconds is no number"},
        {"a duration of none", NULL, "a", NULL, ROLE("a", "b")
         "duration_seconds=0\n" B KEYS, NULL, "!duration_seconds is no number"},
        {"too long a duration", NULL, "a", NULL, ROLE("a", "b")
         "duration_seconds=99999999999\n" B KEYS, NULL,
         "assume-role(config-file: K HUSH -) ar - - 43200"},
        {"a source of another name", NULL, "a", NULL,
         "[profile a]\nrole_arn=r\ncredential_source=environment\n", NULL,
         "!credential_source of the profile 'a': it is not Environment"},
        {"an empty environment", NULL, "a", NULL,
         "[profile a]\nrole_arn=r\ncredential_source=Environment\n", NULL,
         "!of the profile 'a': AWS_ACCESS_KEY_ID is not set"},
        {"half an environment", "AWS_ACCESS_KEY_ID=K", "a", NULL,
         "[profile a]\nrole_arn=r\ncredential_source=Environment\n", NULL,
         "!Partial credentials found in env"},
        {"no container", NULL, "a", NULL,
         "[profile a]\nrole_arn=r\ncredential_source=EcsContainer\n", NULL,
         "!of the profile 'a': AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and"},
        {"no instance", "AWS_EC2_METADATA_DISABLED=true", "a", NULL,
         "[profile a]\nrole_arn=r\ncredential_source=Ec2InstanceMetadata\n",
         NULL, "!AWS_EC2_METADATA_DISABLED is true"},
    };
    /* clang-format on */

    (void)state;
    RUN(rows);
    RUN(bad);
}

static void sso_is_read_in_both_forms(void **state)
{
#define SSO "sso_account_id=1\nsso_role_name=R\n"
    /* clang-format off */
    static const struct row rows[] = {
        {"a session", NULL, NULL, NULL, "[default]\nsso_session=foo\n" SSO
         "[sso-session foo]\nsso_region=x\nsso_start_url=u\n", NULL,
         "sso: 1 R x 0beec7b5ea3f0"},
        {"without", NULL, NULL, NULL, "[default]\nsso_region=x\n"
         "sso_start_url=foo\n" SSO, NULL, "sso: 1 R x 0beec7b5ea3f0"},
        {"a session that says the same", NULL, NULL, NULL,
         "[default]\nsso_session=foo\nsso_region=x\n" SSO
         "[sso-session foo]\nsso_region=x\nsso_start_url=u\n", NULL,
         "sso: 1 R x 0beec7b5ea3f0"},
        {"a session that says another", NULL, NULL, NULL,
         "[default]\nsso_session=foo\nsso_region=y\n" SSO
         "[sso-session foo]\nsso_region=x\nsso_start_url=u\n", NULL,
         "!the profile 'default' and its sso-session differ in sso_region"},
        {"a session that is nowhere", NULL, NULL, NULL,
         "[default]\nsso_session=foo\n" SSO, NULL, "!names 'foo', for which"},
        {"a session without a Region", NULL, NULL, NULL,
         "[default]\nsso_session=foo\n" SSO "[sso-session foo]\n"
         "sso_start_url=u\n", NULL, "!has no sso_region"},
        {"a session alone is for others", NULL, NULL, NULL,
         "[default]\nsso_session=foo\n", NULL, IMDS},
        {"no HOME", "HOME=-\nAWS_CONFIG_FILE=" "$A/.aws/config", NULL, NULL,
         "[default]\nsso_region=x\nsso_start_url=foo\n" SSO, NULL,
         "!~/.aws/sso/cache cannot be found: HOME is not set"},
        {"a folder of one's own for login", "AWS_LOGIN_CACHE_DIRECTORY=/c",
         NULL, NULL, "[default]\nlogin_session=foo\n", NULL, "login: 2c26b46b68ffc"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char environment[256];
        struct row r = rows[i];

        snprintf(environment, sizeof environment, "A=%s\n%s", folder,
                 r.environment ? r.environment : "");
        r.environment = environment;
        run_rows(&r, 1);
    }
    assert_string_equal(strstr(c.path, "/c/"), c.path);
}

static void agents_are_found(void **state)
{
#define FULL "AWS_CONTAINER_CREDENTIALS_FULL_URI="
#define REL  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="
    static const struct row rows[] = {
        {"relative wins", FULL "http://a/\n" REL "/b?c=1", NULL, NULL, NULL,
         NULL, "container: /b?c=1"},
        {"full", FULL "http://localhost:80/x", NULL, NULL, NULL, NULL,
         "container: http://localhost:80/x"},
        {"https", FULL "https://a/x", NULL, NULL, NULL, NULL,
         "container: https://a/x"},
        {"full that is relative", FULL "/x", NULL, NULL, NULL, NULL,
         "!FULL_URI begins with neither http:// nor https://"},
        {"full and empty", FULL, NULL, NULL, NULL, NULL, IMDS},
        {"relative and empty", REL "\n" FULL "http://a/", NULL, NULL, NULL,
         NULL, "container: http://a/"},
        {"relative that is full", REL "http://a/", NULL, NULL, NULL, NULL,
         "!RELATIVE_URI does not begin with a /"},
        {"full with a user", FULL "http://u:HUSH@a/", NULL, NULL, NULL, NULL,
         "!FULL_URI has a user's name in front of its host"},
        {"relative with an @", REL "/a://b@c", NULL, NULL, NULL, NULL,
         "container: /a://b@c"},
        {"IMDS with a user", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://HUSH@e/",
         NULL, NULL, NULL, NULL,
         "!_ENDPOINT has a user's name in front of its host"},
        {"IMDS elsewhere", "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://e/", NULL,
         NULL,
         "[default]\nec2_metadata_service_endpoint=http://f\n"
         "ec2_metadata_service_endpoint_mode=IPv6\n",
         NULL, "imds: http://e/ 0 0"},
        {"of the profile", NULL, "a", NULL,
         "[profile a]\nec2_metadata_service_endpoint=http://f\n", NULL,
         "imds: http://f 0 0"},
        {"IPv6", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6", NULL, NULL,
         NULL, NULL, "imds: http://[fd00:ec2::254] 0 0"},
        {"IPv6 by its flag", "AWS_IMDS_USE_IPV6=True", NULL, NULL, NULL, NULL,
         "imds: http://[fd00:ec2::254] 0 0"},
        {"the mode over the flag", "AWS_IMDS_USE_IPV6=true", NULL, NULL,
         "[default]\nec2_metadata_service_endpoint_mode=ipv4\n", NULL, IMDS},
        {"a mode that is none", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=ipv5",
         NULL, NULL, NULL, NULL, "!_ENDPOINT_MODE is neither IPv4 nor IPv6"},
        {"a flag that is none", "AWS_IMDS_USE_IPV6=1", NULL, NULL, NULL, NULL,
         "!AWS_IMDS_USE_IPV6 is neither true nor false"},
        {"times", "AWS_METADATA_SERVICE_TIMEOUT=5", NULL, NULL,
         "[default]\nmetadata_service_num_attempts=2\n", NULL,
         "imds: - 5000 2"},
        {"a time that is none", "AWS_METADATA_SERVICE_TIMEOUT=1.5", NULL, NULL,
         NULL, NULL, "!AWS_METADATA_SERVICE_TIMEOUT is no number above 0"},
        {"attempts without end", NULL, NULL, NULL,
         "[default]\nmetadata_service_num_attempts=11\n", NULL, "imds: - 0 10"},
        {"numbers beyond all bounds",
         "AWS_METADATA_SERVICE_NUM_ATTEMPTS=99999999999999999999\n"
         "AWS_METADATA_SERVICE_TIMEOUT=99999999999999999999",
         NULL, NULL, NULL, NULL, "imds: - 3600000 10"},
        {"numbers that are 1 and 2 in 32 bits",
         "AWS_METADATA_SERVICE_NUM_ATTEMPTS=4294967297\n"
         "AWS_METADATA_SERVICE_TIMEOUT=4294967298",
         NULL, NULL, NULL, NULL, "imds: - 3600000 10"},
        {"no attempts", "AWS_METADATA_SERVICE_NUM_ATTEMPTS=0", NULL, NULL, NULL,
         NULL, "!AWS_METADATA_SERVICE_NUM_ATTEMPTS is no number above 0"},
    };

    (void)state;
    RUN(rows);
}

#define FILES    "cilp_certificate=/c\ncilp_private_key=/k\n"
#define IOT      "cilp_iot_endpoint=i.example\ncilp_iot_role_alias=al\n" FILES
#define AT       "arn:aws:rolesanywhere:us-east-1:123456789012:"
#define ROLE_ARN "role_arn=arn:aws:iam::123456789012:role/r\n"
#define ANCHOR   "cilp_rolesanywhere_trust_anchor_arn=" AT "trust-anchor/t\n"
#define PROFILE  "cilp_rolesanywhere_profile_arn=" AT "profile/p\n"
#define ANYWHERE ANCHOR PROFILE ROLE_ARN FILES
#define IS_IOT   "iot: https://i.example al - /c /k"
#define IS_ANYWHERE \
    "roles-anywhere: trust-anchor/t profile/p role/r - 0 - /c /k"

static void a_certificate_is_a_source(void **state)
{
    static const struct row rows[] = {
        {"iot", NULL, NULL, NULL, "[default]\n" IOT, NULL, IS_IOT},
        {"iot pinned", ENV, NULL, "iot", "[default]\n" IOT, NULL, IS_IOT},
        {"keys come first", ENV, NULL, NULL, "[default]\n" IOT, NULL,
         "environment: EK EHUSH -"},
        {"an agent, too", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://a", NULL,
         NULL, "[default]\n" IOT, NULL, "container: http://a"},
        {"iot by variables",
         "CILP_IOT_ENDPOINT=https://i.example:8443\nCILP_IOT_ROLE_ALIAS=al\n"
         "CILP_IOT_THING_NAME=th\nCILP_CERTIFICATE=/c\nCILP_PRIVATE_KEY=/k",
         NULL, NULL, NULL, NULL, "iot: https://i.example:8443 al th /c /k"},
        {"not with --profile", "CILP_IOT_ENDPOINT=https://i.example", "a", NULL,
         "[profile a]\n" KEYS, NULL, "config-file: K HUSH -"},
        {"no alias", NULL, NULL, NULL, "[default]\ncilp_iot_endpoint=i\n", NULL,
         "!AWS IoT's credential provider needs cilp_iot_role_alias, which is not"
         " set; set it in the profile, or CILP_IOT_ROLE_ALIAS"},
        {"no endpoint", NULL, NULL, NULL, "[default]\ncilp_iot_role_alias=i\n",
         NULL, "!needs cilp_iot_endpoint"},
        {"no certificate", NULL, NULL, NULL,
         "[default]\ncilp_iot_endpoint=i\ncilp_iot_role_alias=a\n", NULL,
         "!needs cilp_certificate"},
        {"no key", NULL, NULL, NULL,
         "[default]\ncilp_iot_endpoint=i\ncilp_iot_role_alias=a\n"
         "cilp_certificate=/c\n",
         NULL, "!needs cilp_private_key"},
        {"a slash", NULL, NULL, NULL,
         "[default]\n" IOT "cilp_iot_thing_name=a/b\n", NULL,
         "!cilp_iot_thing_name 'a/b': a thing's name has 1 to 128 of"},
        {"a bad alias", NULL, NULL, NULL,
         "[default]\n" FILES "cilp_iot_endpoint=i\ncilp_iot_role_alias=a/b\n",
         NULL, "!cilp_iot_role_alias 'a/b': a role alias has"},
        {"a user", NULL, NULL, NULL,
         "[default]\n" FILES "cilp_iot_role_alias=a\n"
         "cilp_iot_endpoint=a:HUSH@b\n",
         NULL, "!cilp_iot_endpoint has a user's name in front of its host"},

        {"anywhere", NULL, NULL, NULL, "[default]\n" ANYWHERE, NULL,
         IS_ANYWHERE},
        {"anywhere with all of it", "AWS_ENDPOINT_URL_ROLESANYWHERE=https://r",
         "a", NULL,
         "[profile a]\n" ANYWHERE
         "role_session_name=sn\nduration_seconds=900\n",
         NULL,
         "roles-anywhere: trust-anchor/t profile/p role/r sn 900 https://r /c"
         " /k"},
        {"its endpoint in services", NULL, NULL, NULL,
         "[default]\nservices=s\n" ANYWHERE
         "[services s]\nrolesanywhere =\n endpoint_url=https://s\n",
         NULL,
         "roles-anywhere: trust-anchor/t profile/p role/r - 0 https://s /c /k"},
        {"a role of other keys", NULL, NULL, NULL,
         "[default]\nsource_profile=b\n" ANYWHERE "[profile b]\n" KEYS, NULL,
         "assume-role(config-file: K HUSH -) arn:aws:iam::123456789012:role/r"
         " - - 0"},
        {"a role of a certificate's", NULL, NULL, NULL,
         "[default]\nrole_arn=x\nsource_profile=b\n[profile b]\n" IOT, NULL,
         "assume-role(iot: https://i.example al - /c /k) x - - 0"},
        {"a role of a role's", NULL, NULL, NULL,
         "[default]\nrole_arn=x\nsource_profile=b\n[profile b]\n" ANYWHERE,
         NULL,
         "assume-role(roles-anywhere: trust-anchor/t profile/p role/r - 0 - /c"
         " /k) x - - 0"},
        {"no anchor", NULL, NULL, NULL, "[default]\n" PROFILE, NULL,
         "!IAM Roles Anywhere needs cilp_rolesanywhere_trust_anchor_arn"},
        {"no profile", NULL, NULL, NULL, "[default]\n" ANCHOR, NULL,
         "!needs cilp_rolesanywhere_profile_arn"},
        {"no role", NULL, NULL, NULL, "[default]\n" ANCHOR PROFILE, NULL,
         "!needs role_arn, which is not set; set it in the profile, or"
         " AWS_ROLE_ARN"},
        {"no files", NULL, NULL, NULL, "[default]\n" ANCHOR PROFILE ROLE_ARN,
         NULL, "!needs cilp_certificate"},
        {"a bad anchor", NULL, NULL, NULL,
         "[default]\ncilp_rolesanywhere_trust_anchor_arn=x\n" PROFILE ROLE_ARN
             FILES,
         NULL,
         "!cilp_rolesanywhere_trust_anchor_arn 'x': not"
         " arn:aws:rolesanywhere:REGION:ACCOUNT:trust-anchor/ID"},
        {"a bad profile", NULL, NULL, NULL,
         "[default]\ncilp_rolesanywhere_profile_arn=x\n" ANCHOR ROLE_ARN FILES,
         NULL, "!cilp_rolesanywhere_profile_arn 'x': not arn:aws:roles"},
        {"a bad role", NULL, NULL, NULL,
         "[default]\nrole_arn=x\n" ANCHOR PROFILE FILES, NULL,
         "!role_arn 'x': not arn:aws:iam::ACCOUNT:role/NAME"},
        {"a bad name", NULL, NULL, NULL,
         "[default]\nrole_session_name=x\n" ANYWHERE, NULL,
         "!role_session_name 'x': a role session name has 2 to 64"},
        {"too short", NULL, NULL, NULL,
         "[default]\nduration_seconds=899\n" ANYWHERE, NULL,
         "!duration_seconds '899': a role session lasts 900 to"},
        {"no number", NULL, NULL, NULL,
         "[default]\nduration_seconds=x\n" ANYWHERE, NULL,
         "!duration_seconds is no number above 0"},
        {"a user", "AWS_ENDPOINT_URL_ROLESANYWHERE=https://a:HUSH@b", NULL,
         NULL, "[default]\n" ANYWHERE, NULL, "!has a user's name"},
        {"two Regions", NULL, NULL, NULL,
         "[default]\ncilp_rolesanywhere_profile_arn="
         "arn:aws:rolesanywhere:us-east-2:123456789012:profile/p\n" ANCHOR
             ROLE_ARN FILES,
         NULL,
         "!trust anchor and profile are of two Regions: " AT "trust-anchor/t,"
         " arn:aws:rolesanywhere:us-east-2:123456789012:profile/p, arn"},
        {"two partitions", NULL, NULL, NULL,
         "[default]\nrole_arn=arn:aws-cn:iam::123456789012:role/r\n" ANCHOR
             PROFILE FILES,
         NULL, "!the three ARNs are of two partitions: " AT "trust-anchor/t"},
    };

    (void)state;
    RUN(rows);
}

#define HELPER "credential_process = aws_signing_helper credential-process "
#define FLAGS                                                              \
    "--certificate /c --private-key=/k --trust-anchor-arn " AT "trust-anc" \
    "hor/t --profile-arn " AT "profile/p "
#define ITS_ROLE "--role-arn arn:aws:iam::123456789012:role/r"

/* aws_signing_helper's work, where that is not there. */
static void a_helper_that_is_missing_is_replaced(void **state)
{
    static const struct row rows[] = {
        {"it is", NULL, NULL, NULL, "[default]\n" HELPER FLAGS ITS_ROLE "\n",
         NULL,
         "process(roles-anywhere: trust-anchor/t profile/p role/r - 0 - /c /k"},
        {"with more", "PATH=-", NULL, NULL,
         "[default]\n" HELPER FLAGS ITS_ROLE " --session-duration 1000"
         " --role-session-name=na --endpoint https://e\n",
         NULL,
         "process(roles-anywhere: trust-anchor/t profile/p role/r na 1000"
         " https://e /c /k"},
        {"by a path", NULL, NULL, NULL,
         "[default]\ncredential_process=/nowhere/aws_signing_helper"
         " credential-process " FLAGS ITS_ROLE "\n",
         NULL,
         "process(roles-anywhere: trust-anchor/t profile/p role/r - 0 - /c /k"},
        {"of a source profile", NULL, NULL, NULL,
         "[default]\nrole_arn=x\nsource_profile=b\n[profile b]\n" HELPER FLAGS
             ITS_ROLE "\n",
         NULL,
         "assume-role(roles-anywhere: trust-anchor/t profile/p role/r - 0 - /c"
         " /k) x - - 0"},
        {"variables are not its", "AWS_ROLE_ARN=x", NULL, NULL,
         "[default]\n" HELPER FLAGS "\n", NULL,
         "!IAM Roles Anywhere needs --role-arn, which is not set"},
        {"no such flag", NULL, NULL, NULL,
         "[default]\n" HELPER FLAGS ITS_ROLE " --cert-selector x\n", NULL,
         "!aws_signing_helper is not there, and this program, which does its"
         " work then, has no --cert-selector"},
        {"no value", NULL, NULL, NULL, "[default]\n" HELPER "--certificate\n",
         NULL, "!misses the value of --certificate"},
        {"bad value", NULL, NULL, NULL,
         "[default]\n" HELPER FLAGS "--role-arn x\n", NULL,
         "!--role-arn 'x': not arn:aws:iam"},
        {"another of its commands", NULL, NULL, NULL,
         "[default]\ncredential_process=aws_signing_helper serve\n", NULL,
         "process: aws_signing_helper serve"},
        {"alone", NULL, NULL, NULL,
         "[default]\ncredential_process=aws_signing_helper\n", NULL,
         "process: aws_signing_helper"},
        {"another program", NULL, NULL, NULL,
         "[default]\ncredential_process=helper credential-process\n", NULL,
         "process: helper credential-process"},
    };
    char config[400], expected[400];

    (void)state;
    RUN(rows);
    /* one that is there does its work itself */
    write_text("aws_signing_helper", "#!/bin/sh\n");
    snprintf(config, sizeof config,
             "[default]\ncredential_process=%s credential-process --x\n",
             path("aws_signing_helper"));
    begin(NULL, config, NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    snprintf(expected, sizeof expected, "process: %s credential-process --x",
             path("aws_signing_helper"));
    assert_string_equal(chain_text(&c), expected);
    snprintf(config, sizeof config, "PATH=/nowhere:%s", folder);
    begin(config, "[default]\n" HELPER "--x\n", NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_string_equal(chain_text(&c),
                        "process: aws_signing_helper credential-process --x");
    unlink(path("aws_signing_helper"));
}

/* What the board has read is given to core. */
static void an_identity_is_passed_on(void **state)
{
    static const struct cilp_x509_identity id;

    (void)state;
    begin(NULL, "[default]\n" IOT, NULL);
    c.identity = &id;
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_ptr_equal(c.source, &cilp_creds_iot);
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_ptr_equal(c.arg, &c.iot);
    assert_ptr_equal(c.iot.identity, &id);
    begin(NULL, "[default]\n" HELPER FLAGS ITS_ROLE "\n", NULL);
    c.identity = &id;
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_ptr_equal(c.source, &cilp_creds_roles_anywhere);
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_ptr_equal(c.arg, &c.anywhere);
    assert_ptr_equal(c.anywhere.identity, &id);
    begin(NULL, "[default]\n" KEYS, NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_null(c.certificate);
}

static void one_source_can_be_pinned(void **state)
{
    static const struct row rows[] = {
        {"over one before it", ENV, NULL, "imds", "[default]\n" KEYS, NULL,
         IMDS},
        {"with --profile", ENV, "a", "environment", "[profile a]\n" KEYS, NULL,
         "environment: EK EHUSH -"},
        {"that has none", ENV, NULL, "process", NULL, NULL,
         "!no credentials from that source: there is no credential_process"},
        {"that is not asked for", ENV, NULL, "iot", NULL, NULL,
         "!no credentials from that source: there is no cilp_iot_endpoint"},
        {"that is none", ENV, NULL, "iots", NULL, NULL,
         "!--credentials iots is none of the sources"},
    };

    (void)state;
    RUN(rows);
    assert_string_equal(cilp_chain_kind_name(CILP_CHAIN_IMDS), "imds");
}

static void why_the_earlier_ones_are_skipped_is_told(void **state)
{
    (void)state;
    begin(ENV, "[profile a]\n" KEYS, NULL);
    assert_true(cilp_chain_choose(&c, "a", NULL));
    assert_int_equal(c.kind, CILP_CHAIN_CONFIG_FILE);
    assert_string_equal(c.skipped[CILP_CHAIN_ENVIRONMENT],
                        "--profile was given");
    for (int i = 0; i < CILP_CHAIN_CONFIG_FILE; i++)
        assert_true(strlen(c.skipped[i]) > 10);
    for (int i = CILP_CHAIN_CONFIG_FILE; i < CILP_CHAIN_KINDS; i++)
        assert_null(c.skipped[i]);
    assert_ptr_equal(c.source, &cilp_creds_static);
    assert_ptr_equal(c.arg, &c.keys);
}

static void endpoints_have_an_order(void **state)
{
    static const char config[] =
        "[default]\nservices=s\nendpoint_url=http://p\n" KEYS
        "[services s]\nsts =\n  endpoint_url=http://sts\n"
        "ec2 =\n  endpoint_url=http://ec2\n"
        "[profile a]\nservices=t\n"
        "[profile b]\nservices=t\nignore_configured_endpoint_urls=true\n"
        "endpoint_url=http://p\n";

    (void)state;
    begin(NULL, config, NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_string_equal(c.ec2_endpoint, "http://ec2");
    assert_string_equal(c.sts_endpoint, "http://sts");
    assert_string_equal(c.sso_endpoint, "http://p");
    begin("AWS_ENDPOINT_URL=http://e\nAWS_ENDPOINT_URL_SSO=http://esso\n",
          config, NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_string_equal(c.ec2_endpoint, "http://e");
    assert_string_equal(c.sso_endpoint, "http://esso");
    assert_false(cilp_chain_choose(&c, "a", NULL));
    assert_non_null(strstr(c.why, "profile 'a' names 't', for which there is"));
    assert_true(cilp_chain_choose(&c, "b", NULL));
    assert_null(c.ec2_endpoint);
    begin("AWS_USE_FIPS_ENDPOINT=true\nAWS_REGION=r\n",
          "[default]\nuse_dualstack_endpoint=TRUE\nregion=q\n", NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_true(c.fips && c.dual_stack);
    assert_null(c.ec2_endpoint);
}

static void what_is_odd_is_remarked(void **state)
{
    (void)state;
    begin("AWS_ACCESS_KEY_ID= EK\r\nAWS_SECRET_ACCESS_KEY=\tS \n", NULL,
          "[default]\n");
    chmod(path(".aws/credentials"), 0644);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_string_equal(chain_text(&c), "environment: EK S -");
    assert_non_null(strstr(notes, "credentials can be read by others"));
    assert_non_null(strstr(notes, "the value of AWS_ACCESS_KEY_ID were left"));
    assert_non_null(strstr(notes, "of AWS_SECRET_ACCESS_KEY were left out|"));
    begin("AWS_ACCESS_KEY_ID= EK\nAWS_SECRET_ACCESS_KEY=S\n", NULL, "");
    c.note = NULL;
    chmod(path(".aws/credentials"), 0644);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    begin("AWS_METADATA_SERVICE_NUM_ATTEMPTS=50\nAWS_CONFIG_FILE=/no/such\n"
          "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
          NULL, NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_string_equal(
        notes, "AWS_CONFIG_FILE names /no/such, which does not exist: nothing"
               " is read there|AWS_METADATA_SERVICE_NUM_ATTEMPTS is more than"
               " 10, which is taken instead|");
    c.note = NULL;
    assert_true(cilp_chain_choose(&c, NULL, NULL));
}

/* ---- Right before the call ---------------------------------------------- */

/* 2026-01-15 12:00:00 */

static void assert_refused(const char *part)
{
    assert_false(cilp_chain_prepare(&c, noon, 5000, NULL));
    if (!strstr(c.why, part))
        fail_msg("%s, not %s", c.why, part);
}

static void sessions_are_named(void **state)
{
    (void)state;
    begin(NULL,
          ROLE("a", "b") "role_session_name=n\n" ROLE(
              "b", "c") "[profile c]\n" WHOLE,
          NULL);
    assert_true(cilp_chain_choose(&c, "a", NULL));
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_ptr_equal(c.source, &cilp_creds_assume_role);
    assert_ptr_equal(c.arg, &c.assume);
    assert_ptr_equal(c.assume.base, &cilp_creds_static);
    assert_ptr_equal(c.assume.base_arg, &c.keys);
    assert_string_equal(c.assume.roles[0].session_name, "cilp-1768478400");
    assert_string_equal(c.assume.roles[1].session_name, "n");
}

/* Whoever has written them down is told where, and nobody what. */
static void written_keys_are_looked_at(void **state)
{
#define SECRET_ID "AWS_ACCESS_KEY_ID=HUSHHUSHHUSH/HUSH+HUSH\n"
    static const struct {
        const char *environment, *config, *credentials, *said;
    } rows[] = {
        {ID SECRET, NULL, NULL, NULL},
        {SECRET_ID "AWS_SECRET_ACCESS_KEY=AKIAIOSFODNN7EXAMPLE", NULL, NULL,
         "are the two exchanged?"},
        {SECRET_ID SECRET, NULL, NULL, "an access key id has 16 to 128 of"},
        {"AWS_ACCESS_KEY_ID=\"AKIAEXAMPLEKEYID\"\n" SECRET, NULL, NULL,
         "leave them out (docker's --env-file takes none off)"},
        {"AWS_ACCESS_KEY_ID=ASIAEXAMPLEKEYID\n" SECRET, NULL, NULL,
         "without their session token: set AWS_SESSION_TOKEN too"},
        {NULL, "[default]\n" WHOLE, NULL, NULL},
        {NULL, "[default]\n" KEYS, NULL, ".aws/config: an access key id has"},
        {NULL, NULL, "[default]\n" KEYS,
         ".aws/credentials: an access key id has"},
        {NULL, NULL,
         "[default]\naws_access_key_id='AKIAEXAMPLEKEYID'\n"
         "aws_secret_access_key='HUSH'\n",
         "which would be part of it; leave them out"},
        {NULL, NULL,
         "[default]\naws_access_key_id=ASIAEXAMPLEKEYID\n"
         "aws_secret_access_key=HUSH\n",
         "without their session token: set aws_session_token too"},
        {NULL, ROLE("default", "b") "[profile b]\n" KEYS, NULL,
         ".aws/config: an access key id has"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        begin(rows[i].environment, rows[i].config, rows[i].credentials);
        assert_true(cilp_chain_choose(&c, NULL, NULL));
        if (rows[i].said)
            assert_refused(rows[i].said);
        else
            assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
        assert_null(strstr(c.why, "HUSH"));
    }
}

static void assert_nothing_is_read(void)
{
    for (size_t i = 0; i < sizeof c.text; i++)
        assert_int_equal(c.text[i], 0);
}

static void token_files_are_read_anew(void **state)
{
    static const struct {
        const char *text, *token;
    } rows[] = {{"abcd", "abcd"},    {"a.b-c\n", "a.b-c"}, {"ab \r\n\n", "ab"},
                {"", NULL},          {"\n", NULL},         {"a\nb", NULL},
                {"a b", NULL},       {"\nab", NULL},       {"ab\x7f", NULL},
                {"ab\xC3\xA9", NULL}};
    static char text[CILP_WEB_TOKEN_MAX + 3];
    char environment[300];

    (void)state;
    snprintf(environment, sizeof environment,
             "AWS_ROLE_ARN=r\nAWS_WEB_IDENTITY_TOKEN_FILE=%s", path("token"));
    begin(environment, NULL, NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    unlink(path("token"));
    assert_refused("token does not exist");
    for (size_t i = 0; i < COUNT(rows); i++) {
        write_text("token", rows[i].text);
        if (rows[i].token) {
            assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
            assert_string_equal(c.web.token, rows[i].token);
            cilp_chain_put_away(&c);
        } else {
            assert_refused("token does not hold one line of printable text");
        }
        assert_nothing_is_read();
    }
    assert_string_equal(c.web.role.session_name, "cilp-1768478400");
    memset(text, 't', CILP_WEB_TOKEN_MAX + 1);
    write_text("token", text);
    assert_refused("does not hold one line");
    text[CILP_WEB_TOKEN_MAX] = '\n';
    write_text("token", text);
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_int_equal(strlen(c.web.token), CILP_WEB_TOKEN_MAX);
    cilp_chain_forget(&c);
    assert_nothing_is_read();
}

static void an_agent_is_shown_a_token(void **state)
{
    char environment[400];

    (void)state;
    begin(REL "/x", NULL, NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_null(c.container.authorization);
    snprintf(environment, sizeof environment,
             REL "/x\nAWS_CONTAINER_AUTHORIZATION_TOKEN=v\n"
                 "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%s",
             path("token"));
    begin(environment, NULL, NULL);
    write_text("token", "Basic f\n");
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_string_equal(c.container.authorization, "Basic f");
    write_text("token", "f\r\ng");
    assert_refused("token does not hold one line");
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "", 1);
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_string_equal(c.container.authorization, "v");
    cilp_chain_forget(&c);
    assert_string_equal(getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN"), "");
}

static void a_session_of_sso_is_judged(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"{\"accessToken\": \"t\", \"expiresAt\": \"2026-01-15T12:00:01Z\"}",
         NULL},
        {"{\"expiresAt\":\"2026-01-15T12:00:01UTC\",\"accessToken\":\"t\","
         "\"x\":{\"accessToken\":1}}",
         NULL},
        {"{\"accessToken\": \"t\", \"expiresAt\": \"2026-01-15T12:00:00Z\"}",
         "holds a session that has expired; run 'aws sso login'"},
        {"{\"accessToken\": \"t\", \"expiresAt\": \"2027\"}", "has expired"},
        {"{\"accessToken\": \"t\", \"expiresAt\": \"2027-01-15 12:00:00Z\"}",
         "has expired"},
        {"{\"accessToken\": \"t\"}", "holds no accessToken and expiresAt"},
        {"{\"expiresAt\": \"2027-01-15T12:00:00Z\"}", "holds no accessToken"},
        {"{\"accessToken\": 1}", "a JSON value of another type"},
        {"{", "not one well-formed JSON object"},
        {"", "not one well-formed JSON object"},
    };
    static const struct cilp_now unset = {.unix_s = 5};

    (void)state;
    begin(NULL,
          "[default]\nsso_session=my-sso\n" SSO
          "[sso-session my-sso]\nsso_region=x\nsso_start_url=u\n",
          NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_string_equal(c.path, path(SSO_FILE));
    assert_refused("does not exist; run 'aws sso login' where a browser is");
    for (size_t i = 0; i < COUNT(rows); i++) {
        write_text(SSO_FILE, rows[i].text);
        if (rows[i].why) {
            assert_refused(rows[i].why);
            continue;
        }
        assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
        assert_string_equal(c.sso.access_token, "t");
    }
    write_text(SSO_FILE, rows[2].text);
    assert_true(cilp_chain_prepare(&c, unset, 5000, NULL));
}

static void a_login_is_handed_on(void **state)
{
    (void)state;
    begin(NULL, "[default]\nlogin_session=foo\n", NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_string_equal(c.path, path(LOGIN_FILE));
    assert_refused("does not exist; run 'aws login' where a browser is");
    write_text(LOGIN_FILE, "{}");
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_ptr_equal(c.source, &cilp_creds_json);
    assert_ptr_equal(c.arg, &c.json);
    assert_int_equal(c.json.len, 2);
    assert_int_equal(c.json.form, CILP_JSON_LOGIN);
    assert_memory_equal(c.json.text, "{}", 3);
}

static void a_process_is_run(void **state)
{
    (void)state;
    begin(NULL,
          "[default]\ncredential_process = sh -c 'printf {HUSH'\n"
          "[profile a]\ncredential_process = sh -c 'echo HUSH; echo ERR >&2;"
          " exit 2'\n"
          "[profile b]\ncredential_process = echo HUSH | cat\n"
          "[profile c]\ncredential_process = sh -c 'echo | cat'\n",
          NULL);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    assert_true(cilp_chain_prepare(&c, noon, 5000, NULL));
    assert_int_equal(c.json.len, 5);
    assert_int_equal(c.json.form, CILP_JSON_PROCESS);
    assert_memory_equal(c.json.text, "{HUSH", 5);
    assert_true(cilp_chain_choose(&c, "a", NULL));
    assert_refused("credential_process of the profile 'a' ended with exit"
                   " status 2");
    assert_string_equal(c.process.err, "ERR\n");
    assert_true(cilp_chain_choose(&c, "b", NULL));
    assert_refused("printed no JSON object; no shell runs it, so that |");
    assert_true(cilp_chain_choose(&c, "c", NULL));
    assert_refused("printed no JSON object");
    assert_null(strstr(c.why, "shell"));
    assert_null(strstr(c.why, "HUSH"));
    assert_nothing_is_read();
    cilp_chain_forget(&c);
    assert_nothing_is_read();
    assert_string_equal(c.process.err, "");
}

static void secrets_are_forgotten(void **state)
{
    (void)state;
    begin(ENV "AWS_SESSION_TOKEN=ET\nAWS_SECURITY_TOKEN=ET\n", NULL,
          "[default]\n" KEYS);
    assert_true(cilp_chain_choose(&c, NULL, NULL));
    cilp_chain_forget(&c);
    assert_string_equal(getenv("AWS_SECRET_ACCESS_KEY"), "");
    assert_string_equal(getenv("AWS_SESSION_TOKEN"), "");
    assert_string_equal(getenv("AWS_SECURITY_TOKEN"), "");
    assert_string_equal(getenv("AWS_ACCESS_KEY_ID"), "EK");
    assert_null(memmem(&c, sizeof c, "HUSH", 4));
}

static void digests_are_those_of_fips_180_4(void **state)
{
    static const struct {
        enum cilp_port_digest kind;
        const char *text, *hex;
    } rows[] = {
        {CILP_PORT_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {CILP_PORT_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {CILP_PORT_SHA1,
         "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
        {CILP_PORT_SHA1,
         "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
         "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "a49b2446a02c645bf419f995b67091253a04a259"},
        {CILP_PORT_SHA256, "abc",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    };
    char hex[65];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(cilp_port_digest_hex(rows[i].kind, rows[i].text, hex));
        assert_string_equal(hex, rows[i].hex);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_the_aws_clis),
        cmocka_unit_test(what_is_set_by_half_stops),
        cmocka_unit_test(web_identity_is_the_environments_first),
        cmocka_unit_test(roles_are_assumed_in_turn),
        cmocka_unit_test(sso_is_read_in_both_forms),
        cmocka_unit_test(agents_are_found),
        cmocka_unit_test(a_certificate_is_a_source),
        cmocka_unit_test(a_helper_that_is_missing_is_replaced),
        cmocka_unit_test(an_identity_is_passed_on),
        cmocka_unit_test(one_source_can_be_pinned),
        cmocka_unit_test(why_the_earlier_ones_are_skipped_is_told),
        cmocka_unit_test(endpoints_have_an_order),
        cmocka_unit_test(what_is_odd_is_remarked),
        cmocka_unit_test(sessions_are_named),
        cmocka_unit_test(written_keys_are_looked_at),
        cmocka_unit_test(token_files_are_read_anew),
        cmocka_unit_test(an_agent_is_shown_a_token),
        cmocka_unit_test(a_session_of_sso_is_judged),
        cmocka_unit_test(a_login_is_handed_on),
        cmocka_unit_test(a_process_is_run),
        cmocka_unit_test(secrets_are_forgotten),
        cmocka_unit_test(digests_are_those_of_fips_180_4),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
