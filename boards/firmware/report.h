/*
 * report.h - how a call ended, in words.
 */
#ifndef FIRMWARE_REPORT_H
#define FIRMWARE_REPORT_H

#include "core/cilp.h"

/* "cancelled", or "not-sent: CILP_E_CERT: the certificate ...". `why` is the
 * stream's sentence, or "". */
void report_say(const struct cilp_result *r, const char *why);

/* Which check failed: in words (what_words.c), or as a number (what_number.c). */
void report_what(enum cilp_what what);

#endif
