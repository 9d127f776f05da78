/*
 * tls_session.h - what of a TLS stream is mbedTLS's own. Private to
 * port/mbedtls, so that no header for others depends on mbedTLS's sizes or
 * needs its headers.
 */
#ifndef CILP_TLS_SESSION_H
#define CILP_TLS_SESSION_H

#include "mbedtls/ssl.h"

struct cilp_tls_session {
    mbedtls_ssl_config conf;
    mbedtls_ssl_context ssl;
};

#endif
