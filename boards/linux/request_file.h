/*
 * request_file.h - the file between cilp sign and cilp send.
 *
 *     # cilp request 1 sha256=HEX          of all that follows this line
 *     # AMI in REGION: EC2 takes it from TIME to TIME ...   for people
 *     POST / HTTP/1.1 ...                  the request, byte for byte
 *
 * Whoever has it can send it: it is a secret for as long as EC2 takes it. Whoever
 * would alter it can write another sum: that is there for what is cut or changed
 * by accident. What is sent is read and judged all the same.
 */
#ifndef LINUX_REQUEST_FILE_H
#define LINUX_REQUEST_FILE_H

#include "boards/linux/say/out.h"
#include "core/signed.h"

/* Of the HTTP request: a token of 4 KB, a path, a user agent, all at their
 * longest, and the rest. */
#define REQUEST_MAX      8192
#define REQUEST_FILE_MAX (REQUEST_MAX + 512)

_Static_assert(REQUEST_MAX >= CILP_TOKEN_MAX + 4 * CILP_IMAGE_ID_MAX + 1536,
               "REQUEST_MAX is too small for the longest request");

/* Write the file of a request that was read. False: no sum could be made, or `o`
 * has failed. */
bool request_file_put(struct out *o, const struct cilp_signed *s);

/* Read a whole file, p[0..n). NULL, or what is wrong, behind its name in a
 * sentence. *s points into p. */
const char *request_file_read(struct cilp_signed *s, const char *p, size_t n);

#endif
