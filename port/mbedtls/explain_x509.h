/*
 * explain_x509.h - what mbedTLS has against a certificate that it does not read.
 */
#ifndef CILP_EXPLAIN_X509_H
#define CILP_EXPLAIN_X509_H

/* How "the certificate " goes on, for an error of mbedTLS's X.509 or of its
 * public keys. */
const char *cilp_explain_x509(int rc);

#endif
