/*
 * verify.h - what is asked of a server's chain beside what mbedTLS asks of it.
 *
 *   dates      by the time that core gives (dates.h)
 *   the host   one of the leaf's dNSNames or iPAddresses: a common name, or a
 *              URI, is no host's name; a wildcard is the whole first label, and
 *              two more follow it
 *   usage      each certificate, the anchor too, is for TLS servers, if it
 *              says what it is for
 *   names      what each CA above it may vouch for, whoever holds the anchor
 *              (constraints.h)
 *   schemes    TLS 1.3's CertificateVerify has one that belongs to the leaf's
 *              key: mbedTLS takes also those that were offered for
 *              certificates and for TLS 1.2
 *
 * Source: RFC 5280 section 4.2.1.12, RFC 9525 sections 4 and 6, RFC 8446
 * sections 4.2.3 and 4.4.3.
 * Knows:  mbedTLS, tls, trust, constraints, dates, explain.
 */
#ifndef CILP_VERIFY_H
#define CILP_VERIFY_H

#include <stdint.h>

#include "mbedtls/x509_crt.h"

#include "port/mbedtls/tls.h"
#include "port/mbedtls/tls_session.h"

/* All signature schemes that are offered, in the order of our wish, and
 * MBEDTLS_TLS1_3_SIG_NONE: for mbedtls_ssl_conf_sig_algs(). */
void cilp_verify_offer(uint16_t offered[CILP_TLS_SCHEMES]);

/* Whether it may be in a TLS server's chain: 0, or
 * MBEDTLS_X509_BADCERT_EXT_KEY_USAGE. */
uint32_t cilp_verify_usage(const mbedtls_x509_crt *crt);

/* For mbedtls_ssl_conf_ca_cb() and mbedtls_ssl_conf_verify(); `tls` is a
 * struct cilp_tls in a step of its handshake. What is against a certificate is
 * put into *flags, and explained. 0, or an mbedTLS error. */
int cilp_verify_find(void *tls, const mbedtls_x509_crt *child,
                     mbedtls_x509_crt **found);
int cilp_verify_link(void *tls, mbedtls_x509_crt *crt, int depth,
                     uint32_t *flags);

#endif
