/*
 * digest.h - the names of the AWS CLI's cache files are digests.
 */
#ifndef CILP_PORT_DIGEST_H
#define CILP_PORT_DIGEST_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum cilp_port_digest {
    CILP_PORT_SHA1, /* SSO; a name, not a proof: that SHA-1 is broken is no harm */
    CILP_PORT_SHA256 /* login */
};

/* The digest of s in lower-case hex, NUL-terminated. False, and "", if the
 * provider fails. */
bool cilp_port_digest_hex(enum cilp_port_digest kind, const char *s,
                          char hex[65]);

#ifdef __cplusplus
}
#endif

#endif
