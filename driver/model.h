/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_MODEL_H
#define _ERC_MODEL_H

#include "ercircuit.h"

/**
 * erc_model_check - may a circuit of this model become this?
 * @c: the circuit, registered or about to be; RTNL
 * @config: all that is wanted
 * @extack: says why not
 *
 * Only if the request touches what a model is about: a port whose speed has
 * changed since stands in nobody's way.
 *
 * Return: 0 or -EINVAL.
 */
int erc_model_check(const struct erc_circuit *c,
		    const struct erc_config *config,
		    struct netlink_ext_ack *extack);

#endif /* _ERC_MODEL_H */
