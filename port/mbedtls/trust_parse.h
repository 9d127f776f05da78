/*
 * trust_parse.h - an anchor out of its DER. Private to port/mbedtls.
 */
#ifndef CILP_TRUST_PARSE_H
#define CILP_TRUST_PARSE_H

#include "mbedtls/x509_crt.h"

/* Parse a certificate and put it in front of *list; the DER is not copied.
 * `extra`, if not NULL, answers with `context` for extensions that mbedTLS does
 * not know. 0, or mbedTLS's error, with *list unchanged. In the arena: in 4.x a
 * certificate is too large for the stack. */
int cilp_trust_parse(mbedtls_x509_crt **list, const uint8_t *der, size_t len,
                     mbedtls_x509_crt_ext_cb_t extra, void *context);

/* Give a list back, whole; NULL: nothing. */
void cilp_trust_drop(mbedtls_x509_crt *list);

#endif
