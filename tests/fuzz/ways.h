/*
 * ways.h - the ways to keys, for the fuzzer and for who makes its seeds.
 */
#ifndef WAYS_H
#define WAYS_H

#include "core/creds.h"
#include "tests/fuzz/conversation.h"

#define PROOF "aProofOfWhoAsks-0123456789"

static bool sign(const struct cilp_x509_identity *id, const uint8_t hash[32],
                 uint8_t *sig, size_t cap, size_t *len)
{
    need(id->leaf_len > 0 && cap >= CILP_X509_SIG_MAX);
    *len = 32u + hash[0] % (CILP_X509_SIG_MAX - 32u);
    memset(sig, hash[1], *len);
    return hash[2] != 0;
}

static const uint8_t leaf[] = {0x30, 0x03, 0x02, 0x01, 0x05};
static const struct cilp_x509_identity identity = {.leaf = leaf,
                                                   .leaf_len = sizeof leaf,
                                                   .serial_len = 1,
                                                   .serial = {5},
                                                   .key = CILP_X509_ECDSA,
                                                   .sign = sign};

#define ROLE "arn:aws:iam::123456789012:role/r"
static const struct cilp_role roles[] = {{.arn = ROLE, .session_name = "me"},
                                         {.arn = ROLE, .session_name = "me"}};
static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID", "secret",
                                              PROOF};
static const struct cilp_container container = {.uri = "/v2/credentials",
                                                .authorization = PROOF};
static const struct cilp_web_identity web = {
    .token = PROOF, .role = {.arn = ROLE, .session_name = "me"}};
static const struct cilp_assume_role assume = {.base = &cilp_creds_static,
                                               .base_arg = &keys,
                                               .roles = roles,
                                               .n_roles = 2};
static const struct cilp_sso sso = {.access_token = PROOF,
                                    .account_id = "123456789012",
                                    .role_name = "r",
                                    .region = "us-east-1"};
static const struct cilp_iot iot = {
    .endpoint = "https://x.credentials.iot.us-east-1.amazonaws.com",
    .role_alias = "alias",
    .thing_name = "thing",
    .identity = &identity};
static const struct cilp_roles_anywhere anywhere = {
    .trust_anchor_arn =
        "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/1",
    .profile_arn = "arn:aws:rolesanywhere:us-east-1:123456789012:profile/1",
    .role_arn = ROLE,
    .identity = &identity};

enum way {
    WAY_STATIC,
    WAY_IMDS,
    WAY_CONTAINER,
    WAY_WEB,
    WAY_ASSUME,
    WAY_SSO,
    WAY_IOT,
    WAY_ANYWHERE,
    WAY_COUNT
};

static const struct {
    const struct cilp_source *source;
    const void *arg;
} ways[WAY_COUNT] = {
    [WAY_STATIC] = {&cilp_creds_static, &keys},
    [WAY_IMDS] = {&cilp_creds_imds, NULL},
    [WAY_CONTAINER] = {&cilp_creds_container, &container},
    [WAY_WEB] = {&cilp_creds_web_identity, &web},
    [WAY_ASSUME] = {&cilp_creds_assume_role, &assume},
    [WAY_SSO] = {&cilp_creds_sso, &sso},
    [WAY_IOT] = {&cilp_creds_iot, &iot},
    [WAY_ANYWHERE] = {&cilp_creds_roles_anywhere, &anywhere},
};

static const struct cilp_request *ways_request(enum way way)
{
    static char room[4096];
    static struct cilp_request request;

    request = (struct cilp_request){.flow = &cilp_cancel,
                                    .clock = &cilp_clock_learn,
                                    .image_id = "ami-12345678",
                                    .region = "us-east-1",
                                    .source = ways[way].source,
                                    .source_arg = ways[way].arg,
                                    .room = room,
                                    .room_len = sizeof room};
    return &request;
}

#endif
