/*
 * endpoint.h - from a Region and options, or from a URL, to a host.
 *
 * Source: partitions.json and the EC2 endpoint rule set of the AWS SDKs
 *         (2026): eight partitions, FIPS and dual-stack variants.
 * Knows:  text.
 */
#ifndef CILP_ENDPOINT_H
#define CILP_ENDPOINT_H

#include "core/cilp.h"
#include "core/text.h"

/* Bytes of a custom endpoint's path. */
#define CILP_ENDPOINT_PATH_MAX 255

struct cilp_endpoint {
    const char *service; /* "ec2": the first label */
    const char *region;  /* checked with a custom endpoint too: it is signed;
                            NULL is refused as "" is */
    const char *url;     /* NULL or a custom endpoint */
    bool fips, dual_stack, allow_http;
};

/* Fill host, full_name, port, path, tls and reach of *to. Returns NONE, or which rule was broken
 * (CILP_E_CONFIG), with *to->host "".
 *
 * Without a custom URL a Region ends with a digit: the names that old SDKs gave
 * to things that are no Region ("aws-global", "fips-us-east-1",
 * "us-east-1-fips") are refused, and so is an Availability Zone ("us-east-1a").
 *
 * A custom URL: scheme "https" or "http" (any case), a host name, an IPv4
 * address or an IPv6 address in brackets (no zone), ":port" 1..65535 without
 * leading zeros, an optional path of pchar (RFC 3986 section 3.3), at most
 * CILP_ENDPOINT_PATH_MAX bytes, to which to->path points inside url. User info,
 * queries, fragments, and parts of a path that are empty or dots alone are
 * refused. The host is made lower case and must be a DNS name of
 * labels [a-z0-9_-], 1 to 63 bytes each, so nothing that could end a header or a
 * host name gets through. A dot at its end is taken off and sets full_name, as a
 * Region's host has it. What is in brackets must have
 * a ':' and be made of [0-9a-f:.]; whether it is an address is for the port to
 * find out, whose reader of addresses is not repeated here.
 * "http" needs a loopback host (127.0.0.0/8 in full, "::1" in this spelling,
 * "localhost") - then reach is CILP_LOCAL, so that a lying resolver cannot
 * widen it - or allow_http. Only the four-part form is an IPv4 address: "127.1"
 * is a name, and not loopback.
 * A custom URL with fips or dual_stack is an error, as in the SDKs' rules. */
enum cilp_what cilp_endpoint_resolve(struct cilp_peer *to,
                                     const struct cilp_endpoint *in);

/* For services that give keys: scheme://host[:port], then "/path" or "?query" or
 * nothing, at which *rest points afterwards. *to is all zero, and direct then. Over http only
 * `reach` is allowed, by name too: the port judges the address. */
enum cilp_what cilp_endpoint_agent(struct cilp_peer *to, const char *url,
                                   enum cilp_reach reach, const char **rest);

/* True if the Region matched none of the partitions and "aws" was assumed. */
bool cilp_endpoint_is_guess(const char *region);

/* Write the Host header's value: the host, in brackets if it is an IPv6
 * address, and ":port" unless it is the scheme's default (RFC 9110 section
 * 7.2). */
void cilp_endpoint_host(struct cilp_text *out, const struct cilp_peer *to);

#endif
