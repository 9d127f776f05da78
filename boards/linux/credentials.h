/*
 * credentials.h - the keys that the environment has.
 *
 * The environment block of the process is the only copy outside of core: keys
 * are used where they lie, and overwritten there.
 */
#ifndef LINUX_CREDENTIALS_H
#define LINUX_CREDENTIALS_H

#include "boards/linux/say.h"
#include "core/creds.h"

/* AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (or the older
 * AWS_SECURITY_TOKEN). An empty variable counts as unset. *c points into the
 * environment until credentials_forget(). EXIT_CONFIG after a complaint. */
enum exit_code credentials_read(struct cilp_static_creds *c,
                                enum spelling spelling);

/* Overwrite the environment's copies, all of them. */
void credentials_forget(void);

#endif
