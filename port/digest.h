/*
 * digest.h - the names of the AWS CLI's cache files are digests.
 *
 * Known by: posix/chain; defined by mbedtls/digest.c, with CILP_TLS_SHA1.
 */
#ifndef PORT_DIGEST_H
#define PORT_DIGEST_H

#include <stdbool.h>

enum port_digest {
    PORT_SHA1,  /* SSO; a name, not a proof: that SHA-1 is broken is no harm */
    PORT_SHA256 /* login */
};

/* The digest of s in lower-case hex, NUL-terminated. False, and "", if the
 * provider fails. */
bool port_digest_hex(enum port_digest kind, const char *s, char hex[65]);

#endif
