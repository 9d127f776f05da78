/*
 * linked.h - the sources of credentials that an image has. Private to
 * port/awscli.
 */
#ifndef CILP_CHAIN_LINKED_H
#define CILP_CHAIN_LINKED_H

#include "core/creds.h"
#include "port/awscli/chain_kind.h"

/* By kind. NULL: the image was built without it, and a choice that falls on it
 * stops with its name. */
extern const struct cilp_source *const cilp_chain_linked[CILP_CHAIN_KINDS];

#endif
