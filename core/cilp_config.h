/*
 * cilp_config.h - sizes fixed at compile time.
 *
 * Every option is a number of bytes or a count, has a default, and may be
 * given by the build as -DNAME=value. There are no feature switches here:
 * what an image can do is decided by which files it links. The installed copy
 * of this file records the sizes that the library was built with, and does not
 * compile with others; cilp_init() refuses a struct op of another size.
 */
#ifndef CILP_CONFIG_H
#define CILP_CONFIG_H

/* Longest session token, in bytes: the limit of STS since 2026. */
#ifndef CILP_TOKEN_MAX
#define CILP_TOKEN_MAX 4096
#endif

/* Longest access key id (the IAM model's bound) and secret (40 is usual). */
#ifndef CILP_KEY_MAX
#define CILP_KEY_MAX 128
#endif

/* The one I/O buffer: a window on the request, then a window on an XML reply
 * of any length, or a whole JSON reply. The default holds a request with the
 * longest token, so that it leaves in one write. */
#ifndef CILP_IO_MAX
#define CILP_IO_MAX 6144
#endif

/* Longest host name, NUL excluded (RFC 1035 section 2.3.4). */
#ifndef CILP_HOST_MAX
#define CILP_HOST_MAX 253
#endif

/* Longest Region: one DNS label set, far above today's 14 ("us-gov-west-1"). */
#ifndef CILP_REGION_MAX
#define CILP_REGION_MAX 32
#endif

/* Longest image id that is sent at all (only with any_image_id). */
#ifndef CILP_IMAGE_ID_MAX
#define CILP_IMAGE_ID_MAX 128
#endif

/* EC2's message is cut to this many bytes and marked as cut. The blob of an
 * UnauthorizedOperation alone has more than 1 KB. */
#ifndef CILP_MESSAGE_MAX
#define CILP_MESSAGE_MAX 1024
#endif

/* EC2's error code; the longest known one has 60 bytes. */
#ifndef CILP_CODE_MAX
#define CILP_CODE_MAX 64
#endif

/* A request id is a UUID, 36 bytes; older services used longer ones. */
#ifndef CILP_REQUEST_ID_MAX
#define CILP_REQUEST_ID_MAX 64
#endif

/* Bytes of a running SHA-256 in port/<crypto>/sha256.c, which checks it. */
#ifndef CILP_SHA256_STATE
#define CILP_SHA256_STATE 256
#endif

#endif
