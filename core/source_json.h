/*
 * source_json.h - for services that speak JSON, of their errors too.
 *
 * Knows:  source.
 */
#ifndef CILP_SOURCE_JSON_H
#define CILP_SOURCE_JSON_H

#include "core/source.h"

/* The whole judge: fields are key id, secret, token and time of expiry. */
enum cilp_step cilp_source_judge_json(struct cilp_op *op,
                                      const struct cilp_json_field fields[4]);

#endif
