/*
 * names.h - whether a certificate is a host's, by RFC 9525.
 *
 * mbedTLS takes also a common name where there is nothing better, a URI, and
 * "*.com": whoever is for a host by its rules and not by these is refused.
 *
 * Knows:  mbedTLS, trust.
 */
#ifndef CILP_NAMES_H
#define CILP_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "mbedtls/x509_crt.h"

/* What an entry of subjectAltName is: MBEDTLS_X509_SAN_... */
int cilp_names_kind(const mbedtls_x509_buf *entry);

/* `host`, NUL-terminated and without a dot at its end, is one of the dNSNames.
 * A wildcard is a whole first label, stands for one, and has two labels or more
 * behind it. Source: RFC 9525 sections 6.3, 7.1. */
bool cilp_names_have_host(const mbedtls_x509_crt *crt, const char *host);

/* An address of `len` bytes is one of the iPAddresses. Source: RFC 9525 section
 * 6.5. */
bool cilp_names_have_address(const mbedtls_x509_crt *crt, const void *ip,
                             size_t len);

#endif
