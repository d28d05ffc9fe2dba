/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERC_MODEL_H
#define _ERC_MODEL_H

struct erc_circuit;
struct erc_config;
struct netlink_ext_ack;

/**
 * erc_model_check - check a requested configuration against the circuit's model
 * @c: the circuit, registered or about to be; RTNL
 * @config: the whole configuration that is requested
 * @extack: gets the reason of a refusal
 *
 * The check runs only if the request changes something that the model
 * restricts, so that a port whose speed has changed does not block other
 * changes.
 *
 * Return: 0 or -EINVAL.
 */
int erc_model_check(const struct erc_circuit *c,
		    const struct erc_config *config,
		    struct netlink_ext_ack *extack);

#endif /* _ERC_MODEL_H */
