/*
 * certificate.h - a client certificate and its key in PEM files.
 *
 * Two files make it: certificate.c; and certificate_none.c, of a program that has
 * neither proxies nor a source that signs by a certificate, and carries no
 * private-key code.
 */
#ifndef LINUX_CERTIFICATE_H
#define LINUX_CERTIFICATE_H

#include <stdbool.h>

#include "port/mbedtls/client_cert.h"
#include "port/port.h"

/* Bytes of either file. */
#define CERTIFICATE_FILE_MAX 32768

/* Read the two, which may be one. Whatever *c held is ended first: a certificate
 * may have been renewed since. A key that others than its owner can read gets a
 * note, once. now: one that is out of its time is refused, unless the clock is not
 * to be trusted. False: why says of which file what, and *c holds nothing. */
bool certificate_load(struct cilp_client_cert *c, const char *cert,
                      const char *key, struct cilp_now now,
                      char why[CILP_STREAM_WHY_MAX]);

/* Whether *c holds one, all zero or loaded as it may be. */
bool certificate_is_there(const struct cilp_client_cert *c);

/* Wipe it, and its key in PSA. Any number of times. */
void certificate_forget(struct cilp_client_cert *c);

#endif
