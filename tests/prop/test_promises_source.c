/*
 * The five promises of core/cilp.h, over every cut and every fault point of the
 * way to keys and of the cancel that follows: what breaks before EC2 was asked
 * is never an outcome that nobody knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/creds.h"
#include "tests/prop/promises.h"

#define ARN "arn:aws:iam::123456789012:role/a-role"

static const struct cilp_container agent = {"http://127.0.0.1/v1/keys", PROOF};
static const struct cilp_container relative = {"/v2/keys", NULL};
static const struct cilp_web_identity web = {
    PROOF, {ARN, "a-session", NULL, 0}, NULL};
static const struct cilp_sso sso = {PROOF, "123456789012", "a-role",
                                    "us-east-1", NULL};
static const struct cilp_role roles[] = {{ARN, "a-session", "external", 900},
                                         {ARN, "another", NULL, 0}};
static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID",
                                              "secretsecret", NULL};
static const struct cilp_assume_role of_keys = {&cilp_creds_static, &keys,
                                                roles, 2, NULL};
static const struct cilp_assume_role of_instance = {&cilp_creds_imds, NULL,
                                                    roles, 1, NULL};

/* No two of its signatures are the same: within one request they are. */
static bool sign(const struct cilp_x509_identity *id, const uint8_t hash[32],
                 uint8_t *sig, size_t cap, size_t *len)
{
    static uint8_t n;

    (void)id;
    n++;
    *len = 64;
    if (cap < *len)
        return false;
    for (size_t i = 0; i < 64; i++)
        sig[i] = (uint8_t)(hash[i % 32] + n);
    return true;
}

static const uint8_t leaf[300] = {0x30, 0x82, 0x01, 0x28};
static const struct cilp_x509_identity id = {
    leaf, leaf, sizeof leaf, sizeof leaf, 1, {9}, CILP_X509_ECDSA, sign};
static const struct cilp_iot iot = {"https://iot.example", "alias", "thing",
                                    &id};
#define ANYWHERE "arn:aws:rolesanywhere:us-east-1:123456789012:"
static const struct cilp_roles_anywhere anywhere = {
    ANYWHERE "trust-anchor/a", ANYWHERE "profile/b", ARN, NULL, 0, NULL, &id};

#define GRANTED true, false, {ANSWER_TRUTH}, 1
#define CLOSING true, true, {ANSWER_TRUTH}, 1
#define GOOD    CILP_CANCELLED, 1, &cilp_cancel, CLOCK_RIGHT
#define NONE(n) CILP_NOT_SENT, n, &cilp_cancel, CLOCK_RIGHT
#define ID      SOURCED_ID "/"
#define ROLE_ID SOURCED_ID "R/"

/* clang-format off */
static const struct scenario scenarios[] = {
    {"imds", GRANTED, GOOD, &cilp_creds_imds, NULL, ID, SOURCE_KEYS, 0},
    {"imds, close", CLOSING, GOOD, &cilp_creds_imds, NULL, ID, SOURCE_KEYS, 0},
    {"container", GRANTED, GOOD, &cilp_creds_container, &agent, ID,
     SOURCE_KEYS, 0},
    {"container, close", CLOSING, GOOD, &cilp_creds_container, &relative, ID,
     SOURCE_KEYS, 0},
    {"web identity", GRANTED, GOOD, &cilp_creds_web_identity, &web, ROLE_ID,
     SOURCE_KEYS, 0},
    {"sso", GRANTED, GOOD, &cilp_creds_sso, &sso, ID, SOURCE_KEYS, 0},
    {"iot", GRANTED, GOOD, &cilp_creds_iot, &iot, ID, SOURCE_KEYS, 0},
    {"roles anywhere", CLOSING, GOOD, &cilp_creds_roles_anywhere, &anywhere, ID,
     SOURCE_KEYS, 0},
    {"two roles", GRANTED, GOOD, &cilp_creds_assume_role, &of_keys, ROLE_ID,
     SOURCE_KEYS, 0},
    {"role of imds", CLOSING, GOOD, &cilp_creds_assume_role, &of_instance,
     ROLE_ID, SOURCE_KEYS, 0},
    {"imds, then lost", true, true, {ANSWER_ACT_500, ANSWER_TRUTH}, 2,
     CILP_GONE, 2, &cilp_cancel, CLOCK_RIGHT, &cilp_creds_imds, NULL, ID,
     SOURCE_KEYS, 0},

    {"imds, 500 once", GRANTED, GOOD, &cilp_creds_imds, NULL, ID,
     SOURCE_500, 1},
    {"container, 500 once", CLOSING, GOOD, &cilp_creds_container, &agent, ID,
     SOURCE_500, 1},
    {"roles, 500 once", GRANTED, GOOD, &cilp_creds_assume_role, &of_keys,
     ROLE_ID, SOURCE_500, 1},

    {"imds, 500", GRANTED, NONE(3), &cilp_creds_imds, NULL, ID, SOURCE_500, 0},
    {"imds, denied", GRANTED, NONE(1), &cilp_creds_imds, NULL, ID,
     SOURCE_DENY, 0},
    {"imds, garbage", GRANTED, NONE(1), &cilp_creds_imds, NULL, ID,
     SOURCE_GARBAGE, 0},
    {"container, denied", GRANTED, NONE(1), &cilp_creds_container, &agent, ID,
     SOURCE_DENY, 0},
    {"container, garbage", CLOSING, NONE(1), &cilp_creds_container, &agent, ID,
     SOURCE_GARBAGE, 0},
    {"web identity, 500", GRANTED, NONE(3), &cilp_creds_web_identity, &web,
     ROLE_ID, SOURCE_500, 0},
    {"web identity, garbage", GRANTED, NONE(3), &cilp_creds_web_identity, &web,
     ROLE_ID, SOURCE_GARBAGE, 0},
    {"sso, denied", GRANTED, NONE(1), &cilp_creds_sso, &sso, ID,
     SOURCE_DENY, 0},
    {"iot, denied", CLOSING, NONE(1), &cilp_creds_iot, &iot, ID,
     SOURCE_DENY, 0},
    {"roles anywhere, 500 once", GRANTED, GOOD, &cilp_creds_roles_anywhere,
     &anywhere, ID, SOURCE_500, 1},
    {"roles anywhere, garbage", GRANTED, NONE(1), &cilp_creds_roles_anywhere,
     &anywhere, ID, SOURCE_GARBAGE, 0},
    {"role of imds, denied", GRANTED, NONE(1), &cilp_creds_assume_role,
     &of_instance, ROLE_ID, SOURCE_DENY, 0},
};
/* clang-format on */

static void keys_come_and_cancel(void **state)
{
    (void)state;
    promises_undisturbed(scenarios, COUNT(scenarios));
}

static void any_split(void **state)
{
    (void)state;
    promises_any_split(scenarios, COUNT(scenarios));
}

static void no_fault_on_the_way_hides_the_truth(void **state)
{
    (void)state;
    promises_all_faults(scenarios, COUNT(scenarios));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_and_cancel),
        cmocka_unit_test(any_split),
        cmocka_unit_test(no_fault_on_the_way_hides_the_truth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
