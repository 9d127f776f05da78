/*
 * client_cert_own.h - what a TLS stream needs to know of a client certificate.
 * Private to port/mbedtls.
 */
#ifndef CILP_CLIENT_CERT_OWN_H
#define CILP_CLIENT_CERT_OWN_H

#include "psa/crypto.h"

#include "port/mbedtls/client_cert.h"

/* Whether it was made by client_cert.c; else NULL. */
const struct cilp_client_cert *cilp_client_cert_of(
    const struct cilp_x509_identity *id);

/* PSA's own type of the id. */
mbedtls_svc_key_id_t cilp_client_cert_key(const struct cilp_client_cert *c);

/* What tls.c calls while one is in use: client_cert_tls.c. */
extern const struct cilp_tls_own cilp_client_cert_tls;

#endif
