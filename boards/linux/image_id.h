/*
 * image_id.h - is this the id of an AMI, and if not, what is it?
 *
 * Looked at before anything is sent: an id that EC2 would call malformed costs
 * a signed request and an answer that does not say what to do.
 */
#ifndef LINUX_IMAGE_ID_H
#define LINUX_IMAGE_ID_H

/* NULL if s is "ami-" and 8 or 17 lower-case hex digits; else a static text
 * that follows the id in a sentence: what is wrong, and what to do. */
const char *image_id_fault(const char *s);

#endif
