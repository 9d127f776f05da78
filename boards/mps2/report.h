/*
 * report.h - how a call ended, in words and as an exit status.
 */
#ifndef MPS2_REPORT_H
#define MPS2_REPORT_H

#include "core/cilp.h"

/* The status that boards/linux/README.md has for this end. */
int report_status(const struct cilp_result *r);

/* The worse of two: 250, 255, 253, 254, 252, 251, 0. */
int report_worse(int a, int b);

/* "cancelled", or "not sent: CILP_E_CERT: the certificate ...". `why` is the
 * stream's sentence, or "". */
void report_say(const struct cilp_result *r, const char *why);

#endif
