/* The AWS CLI's two files: where they are, and what is kept of them. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port/awscli/profile.h"

static char folder[] = "/tmp/cilp-test-profile-XXXXXX";
static struct cilp_profiles f;
static struct cilp_profile p;

static const char *path(const char *name)
{
    static char text[2][128];
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

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    return mkdir(path(".aws"), 0700);
}

static int tear_down(void **state)
{
    static const char *const names[] = {"other", ".aws/config",
                                        ".aws/credentials"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(path(names[i]));
    rmdir(path(".aws"));
    return rmdir(folder);
}

static int begin(void **state)
{
    (void)state;
    setenv("HOME", folder, 1);
    unsetenv("AWS_CONFIG_FILE");
    unsetenv("AWS_SHARED_CREDENTIALS_FILE");
    unlink(path(".aws/config"));
    unlink(path(".aws/credentials"));
    return 0;
}

static void files_are_found_as_the_aws_cli_finds_them(void **state)
{
    (void)state;
    cilp_profiles_open(&f);
    assert_null(f.config);
    assert_null(f.credentials);
    write_text(".aws/config", "");
    write_text(".aws/credentials", "");
    write_text("other", "");
    cilp_profiles_open(&f);
    assert_string_equal(f.config, path(".aws/config"));
    assert_string_equal(f.credentials, path(".aws/credentials"));
    assert_false(f.is_loose);

    chmod(path(".aws/config"), 0644);
    cilp_profiles_open(&f);
    assert_false(f.is_loose);
    chmod(path(".aws/credentials"), 0640);
    cilp_profiles_open(&f);
    assert_true(f.is_loose);

    setenv("AWS_CONFIG_FILE", path("other"), 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "", 1);
    cilp_profiles_open(&f);
    assert_string_equal(f.config, path("other"));
    assert_string_equal(f.credentials, path(".aws/credentials"));
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    cilp_profiles_open(&f);
    assert_null(f.config);
    assert_int_equal(f.files[0].seen, CILP_PROFILE_NULL);
}

static void what_became_of_a_file_is_told(void **state)
{
    static char longest[CILP_PROFILE_TEXT_MAX + 2];
    static const struct {
        const char *home, *variable;
        enum cilp_profile_seen seen;
        bool is_named;
        const char *path; /* "~": the folder; NULL: not looked at */
    } rows[] = {
        {"~", NULL, CILP_PROFILE_NOTHING, false, "~/.aws/config"},
        {"~", "", CILP_PROFILE_NOTHING, false, "~/.aws/config"},
        {"~", "~/x", CILP_PROFILE_NOTHING, true, "~/x"},
        {NULL, NULL, CILP_PROFILE_NO_HOME, false, NULL},
        {"", NULL, CILP_PROFILE_NO_HOME, false, NULL},
        {"/dev/null", NULL, CILP_PROFILE_NO_HOME, false, NULL},
        {NULL, "~/x", CILP_PROFILE_NO_HOME, true, NULL},
        {NULL, "~x", CILP_PROFILE_NOTHING, true, NULL},
        {"/dev/zero", NULL, CILP_PROFILE_BAD, false, NULL},
        {"~", "~/.aws", CILP_PROFILE_BAD, true, "~/.aws"},
        {"~", longest, CILP_PROFILE_BAD, true, NULL},
    };

    (void)state;
    memset(longest, 'x', sizeof longest - 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *home = rows[i].home, *named = rows[i].variable;
        const struct cilp_profile_file *one = &f.files[0];

        if (home)
            setenv("HOME", *home == '~' ? folder : home, 1);
        else
            unsetenv("HOME");
        if (named)
            setenv("AWS_CONFIG_FILE", named, 1);
        else
            unsetenv("AWS_CONFIG_FILE");
        cilp_profiles_open(&f);
        assert_null(f.config);
        assert_int_equal(one->seen, rows[i].seen);
        assert_int_equal(one->variable != NULL, rows[i].is_named);
        if (rows[i].path)
            assert_string_equal(one->path, path(rows[i].path + 2));
        assert_false(one->seen == CILP_PROFILE_BAD && !one->fault);
        assert_int_equal(f.files[1].variable != NULL, false);
    }
}

static void paths_are_expanded(void **state)
{
    static const struct {
        const char *form, *text;
    } rows[] = {
        {"~", "/h"},
        {"~/x", "/h/x"},
        {"~root/x", "~root/x"},
        {"/~/x", "/~/x"},
        {"$A/x", "a/x"},
        {"${A}x", "ax"},
        {"$A_", "$A_"},
        {"${NONE}/$NONE", "${NONE}/$NONE"},
        {"$", "$"},
        {"$$A${", "$a${"},
        {"${A/x", "${A/x"},
        {"${}", "${}"},
        {"", ""},
    };
    static char text[64];

    (void)state;
    setenv("HOME", "/h", 1);
    setenv("A", "a", 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_profile_room r = {text, sizeof text, 0, 0, false};

        cilp_profile_expand(&r, rows[i].form);
        assert_string_equal(cilp_profile_end(&r), rows[i].text);
    }
}

static void a_room_has_an_end(void **state)
{
    char *text = guarded(NULL, 8);
    struct cilp_profile_room r = {text, 8, 0, 0, false};

    (void)state;
    cilp_profile_put(&r, "12345678");
    assert_null(cilp_profile_end(&r));
    cilp_profile_put(&r, "123");
    cilp_profile_put(&r, "56789");
    cilp_profile_put(&r, "");
    assert_null(cilp_profile_end(&r));
    cilp_profile_put(&r, "123");
    cilp_profile_put(&r, "4");
    assert_string_equal(cilp_profile_end(&r), "1234");
    cilp_profile_put(&r, "67");
    assert_string_equal(cilp_profile_end(&r), "67");
    cilp_profile_put(&r, "8");
    assert_null(cilp_profile_end(&r));
    assert_string_equal(text, "1234");
}

static void the_credentials_file_wins(void **state)
{
    (void)state;
    write_text(".aws/config",
               "[profile a]\nregion = r1\nREGION = r2\nrole_arn=x\n"
               "aws_access_key_id = C\naws_secret_access_key = CS\n"
               "output = json\nec2 =\n  endpoint_url = no\n"
               "[a]\nregion=r3\n");
    write_text(".aws/credentials",
               "[a]\naws_access_key_id = K\nrole_arn = y\nregion =\n"
               "[profile a]\nregion=r4\n");
    cilp_profiles_open(&f);
    assert_true(cilp_profiles_read(&f, &p, "a"));
    assert_true(p.found);
    assert_string_equal(p.value[CILP_PROFILE_KEY_ID], "K");
    assert_null(p.value[CILP_PROFILE_SECRET]);
    assert_string_equal(p.config[0], "C");
    assert_string_equal(p.config[1], "CS");
    assert_null(p.config[2]);
    assert_string_equal(p.value[CILP_PROFILE_ROLE_ARN], "y");
    assert_string_equal(p.value[CILP_PROFILE_REGION], "");
    assert_null(p.value[CILP_PROFILE_EC2]);
    assert_null(p.value[CILP_PROFILE_MFA_SERIAL]);
    assert_true(cilp_profiles_read(&f, &p, "b"));
    assert_false(p.found);

    cilp_profiles_forget(&f);
    for (size_t i = 0; i < sizeof f.secret_text; i++)
        assert_int_equal(f.secret_text[i], 0);
    for (size_t i = 0; i < sizeof f.piece; i++)
        assert_int_equal(f.piece[i], 0);
}

static void the_prefixed_default_wins(void **state)
{
    (void)state;
    write_text(".aws/config", "[default]\nregion=a\noutput=b\n"
                              "[profile default]\nca_bundle=c\n");
    cilp_profiles_open(&f);
    assert_true(cilp_profiles_read(&f, &p, "default"));
    assert_null(p.value[CILP_PROFILE_REGION]);
    assert_string_equal(p.value[CILP_PROFILE_CA_BUNDLE], "c");
    write_text(".aws/config", "[default]\nregion=a\n");
    assert_true(cilp_profiles_read(&f, &p, "default"));
    assert_string_equal(p.value[CILP_PROFILE_REGION], "a");
    write_text(".aws/config", "");
    assert_true(cilp_profiles_read(&f, &p, "default"));
    assert_false(p.found);
}

static void other_sections_are_read(void **state)
{
    (void)state;
    write_text(".aws/config",
               "[services s]\nec2 =\n  endpoint_url = http://a\n  x = y\n"
               "sts=\n  endpoint_url = http://b\nsso =\n"
               "s3 =\n  endpoint_url = http://c\nregion = r\n"
               "endpoint_url = http://d\nec2 = z\n"
               "[sso-session s]\nsso_region = r\nsso_start_url = u\n");
    cilp_profiles_open(&f);
    assert_true(cilp_profiles_read_other(&f, &p, "services", "s"));
    assert_true(p.found);
    assert_string_equal(p.value[CILP_PROFILE_EC2], "http://a");
    assert_string_equal(p.value[CILP_PROFILE_STS], "http://b");
    assert_null(p.value[CILP_PROFILE_SSO]);
    assert_true(cilp_profiles_read_other(&f, &p, "sso-session", "s"));
    assert_string_equal(p.value[CILP_PROFILE_SSO_REGION], "r");
    assert_string_equal(p.value[CILP_PROFILE_SSO_START_URL], "u");
    assert_true(cilp_profiles_read_other(&f, &p, "sso-session", "t"));
    assert_false(p.found);
}

static void errors_name_file_and_line(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"\nx=1", "config line 2: expected a [section] first"},
        {"[profile a]\nx=1\ny\n", "config line 3: expected 'key = value'"},
        {"[profile a]\n=1", "config line 2: expected a key before '='"},
        {"[profile a", "config line 1: expected a ']'"},
    };
    static char text[2 * CILP_INI_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        write_text(".aws/config", rows[i].text);
        cilp_profiles_open(&f);
        assert_false(cilp_profiles_read(&f, &p, "a"));
        assert_string_equal(strrchr(f.why, '/') + 1, rows[i].why);
    }
    memset(text, 'x', sizeof text - 1);
    memcpy(text, "[default]\naws_session_token=", 28);
    write_text(".aws/config", text);
    assert_false(cilp_profiles_read(&f, &p, "default"));
    assert_non_null(strstr(f.why, "line 2: a line is too long"));

    write_text(".aws/config", "");
    cilp_profiles_open(&f);
    unlink(path(".aws/config"));
    assert_false(cilp_profiles_read(&f, &p, "a"));
    assert_non_null(strstr(f.why, ".aws/config does not exist"));
}

static void what_is_kept_has_a_limit(void **state)
{
    static char text[CILP_TOKEN_MAX + 1];
    FILE *file;

    (void)state;
    memset(text, 't', CILP_TOKEN_MAX);
    write_text(".aws/credentials", "");
    file = fopen(path(".aws/credentials"), "w");
    fprintf(file, "[default]\naws_session_token=%s\naws_security_token=%s\n",
            text, text);
    cilp_profiles_open(&f);
    fclose(file);
    assert_true(cilp_profiles_read(&f, &p, "default"));
    assert_int_equal(strlen(p.value[CILP_PROFILE_LEGACY_TOKEN]),
                     CILP_TOKEN_MAX);
    assert_false(cilp_profiles_read(&f, &p, "default"));
    assert_non_null(strstr(f.why, "more than there is room for"));
}

/* Companies generate files of thousands of profiles. */
static void a_large_file_is_read_and_an_endless_one_is_not(void **state)
{
    FILE *file;

    (void)state;
    write_text(".aws/config", "");
    file = fopen(path(".aws/config"), "w");
    for (int i = 0; i < 20000; i++)
        fprintf(file,
                "[profile account-%d]\nsso_session = of-the-company\n"
                "sso_account_id = %012d\nsso_role_name = Administrator\n"
                "region = eu-central-1\n\n",
                i, i);
    assert_true(ftell(file) > 2 << 20);
    fclose(file);
    cilp_profiles_open(&f);
    assert_true(cilp_profiles_read(&f, &p, "account-19999"));
    assert_string_equal(p.value[CILP_PROFILE_SSO_ACCOUNT], "000000019999");

    assert_int_equal(truncate(path(".aws/config"), CILP_PROFILE_FILE_MAX + 1L),
                     0);
    cilp_profiles_open(&f);
    assert_int_equal(f.files[0].seen, CILP_PROFILE_BAD);
    assert_non_null(strstr(f.files[0].fault, "is too long"));
}

static void a_command_is_kept_whole(void **state)
{
    (void)state;
    write_text(".aws/config",
               "[default]\nregion = a # b\n"
               "Credential_Process = x --item \"team #1\" ; y\n");
    cilp_profiles_open(&f);
    assert_true(cilp_profiles_read(&f, &p, "default"));
    assert_string_equal(p.value[CILP_PROFILE_REGION], "a");
    assert_string_equal(p.value[CILP_PROFILE_PROCESS],
                        "x --item \"team #1\" ; y");
}

static void variables_win_over_keys(void **state)
{
    static const struct {
        enum cilp_profile_key key;
        const char *name, *variable;
    } rows[] = {
        {CILP_PROFILE_REGION, "region", "AWS_REGION"},
        {CILP_PROFILE_FIPS, "use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT"},
        {CILP_PROFILE_APP_ID, "sdk_ua_app_id", "AWS_SDK_UA_APP_ID"},
        {CILP_PROFILE_IMDS_MODE, "ec2_metadata_service_endpoint_mode",
         "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"},
        {CILP_PROFILE_IGNORE_ENDPOINTS, "ignore_configured_endpoint_urls",
         "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"},
        {CILP_PROFILE_SESSION_NAME, "role_session_name",
         "AWS_ROLE_SESSION_NAME"},
        {CILP_PROFILE_EC2, "ec2", "AWS_ENDPOINT_URL_EC2"},
        {CILP_PROFILE_SSO, "sso", "AWS_ENDPOINT_URL_SSO"},
    };
    char from[CILP_PROFILE_NAME_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum cilp_profile_key key = rows[i].key;

        assert_string_equal(cilp_profile_key_name(key), rows[i].name);
        memset(&p, 0, sizeof p);
        unsetenv(rows[i].variable);
        assert_null(cilp_profile_setting(&p, key, from));
        p.value[key] = "";
        assert_null(cilp_profile_setting(&p, key, from));
        p.value[key] = "k";
        assert_string_equal(cilp_profile_setting(&p, key, from), "k");
        assert_string_equal(from, rows[i].name);
        setenv(rows[i].variable, "", 1);
        assert_string_equal(cilp_profile_setting(&p, key, from), "k");
        setenv(rows[i].variable, "v", 1);
        assert_string_equal(cilp_profile_setting(&p, key, from), "v");
        assert_string_equal(from, rows[i].variable);
        unsetenv(rows[i].variable);
    }
    setenv("AWS_DEFAULT_REGION", "d", 1);
    assert_string_equal(cilp_profile_setting(&p, CILP_PROFILE_REGION, from),
                        "d");
    assert_string_equal(from, "AWS_DEFAULT_REGION");
    unsetenv("AWS_DEFAULT_REGION");
    setenv("AWS_CA_BUNDLE", "", 1);
    assert_string_equal(cilp_profile_setting(&p, CILP_PROFILE_CA_BUNDLE, from),
                        "");
    unsetenv("AWS_CA_BUNDLE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(files_are_found_as_the_aws_cli_finds_them,
                               begin),
        cmocka_unit_test_setup(what_became_of_a_file_is_told, begin),
        cmocka_unit_test_setup(paths_are_expanded, begin),
        cmocka_unit_test_setup(a_room_has_an_end, begin),
        cmocka_unit_test_setup(the_credentials_file_wins, begin),
        cmocka_unit_test_setup(the_prefixed_default_wins, begin),
        cmocka_unit_test_setup(other_sections_are_read, begin),
        cmocka_unit_test_setup(errors_name_file_and_line, begin),
        cmocka_unit_test_setup(what_is_kept_has_a_limit, begin),
        cmocka_unit_test_setup(a_large_file_is_read_and_an_endless_one_is_not,
                               begin),
        cmocka_unit_test_setup(a_command_is_kept_whole, begin),
        cmocka_unit_test_setup(variables_win_over_keys, begin),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
