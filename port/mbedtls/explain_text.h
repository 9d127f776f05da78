/*
 * explain_text.h - words for the sentence in cilp_stream.why. Private to
 * port/mbedtls.
 */
#ifndef CILP_EXPLAIN_TEXT_H
#define CILP_EXPLAIN_TEXT_H

#include <stdbool.h>

#include "mbedtls/x509_crt.h"

#include "port/mbedtls/tls.h"

/* Begin, unless there is no room for explanations or one has been given. */
bool cilp_explain_begin(struct cilp_tls *t, struct cilp_text *x);

/* With '?' in place of what is not printable ASCII. */
void cilp_explain_put(struct cilp_text *x, const char *s);

/* The attributes that people know a certificate by: "CN=..., O=...". */
void cilp_explain_put_name(struct cilp_text *x, const mbedtls_x509_name *name);

/* "2026-01-15 12:00:00 UTC"; "; our clock says " and the same. */
void cilp_explain_put_date(struct cilp_text *x, const mbedtls_x509_time *d);
void cilp_explain_put_clock(struct cilp_text *x, int64_t unix_s);

/* Whether what failed with `rc` is an alert that came. mbedTLS says so also
 * where it sends one. */
bool cilp_explain_is_alert(const struct cilp_tls *t, int rc);

#endif
